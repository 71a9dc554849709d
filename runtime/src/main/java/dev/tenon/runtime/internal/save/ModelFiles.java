package dev.tenon.runtime.internal.save;

import dev.tenon.runtime.file.Weights;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.state.LoadOptions;
import dev.tenon.runtime.state.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.LongFunction;

/**
 * Saves models and makes them again; generated models call it. Its methods are those of an object,
 * because Java expects a type after {@code new}, whatever names a network has.
 */
public final class ModelFiles {
  private static final String SEED = "tenon.seed";

  /** Creates one; it has no state. */
  public ModelFiles() {}

  /**
   * Writes everything that a model remembers, and what it is, to a file of safetensors.
   *
   * @param model to save
   * @param path where to; its directory must exist
   * @throws IOException if it cannot be written; what was at the path is as before
   */
  public void save(Model model, Path path) throws IOException {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(path, "path");
    State state = model.state();
    Weights.of(state.tensors()).withMetadata(state.metadata()).write(path);
  }

  /**
   * A new model with the state of a file.
   *
   * @param path a file that {@link #save} wrote, or weights of PyTorch under the network's names
   * @param create makes a model from a seed: that of the model that was saved, or 0
   * @param <M> the model
   * @return the model
   * @throws IllegalArgumentException if the file does not fit the network; the message lists every
   *     problem
   * @throws dev.tenon.runtime.file.WeightsException if the file is damaged or of another format
   * @throws IOException if the file cannot be read
   */
  public <M extends Model> M load(Path path, LongFunction<M> create) throws IOException {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(create, "create");
    Weights weights = Weights.read(path);
    M model = create.apply(seed(weights));
    model.state().load(weights, LoadOptions.strict());
    return model;
  }

  /** Dropout goes on from it; a file that has none was not written here. */
  private static long seed(Weights weights) {
    String seed = weights.metadata().get(SEED);
    try {
      return seed == null ? 0 : Long.parseLong(seed);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
