package dev.tenon.processor.layer;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A layer's checked attributes: a record that knows nothing yet of what flows in. */
public interface LayerConfig {
  /**
   * Checks the configuration against what flows in and resolves what was left out.
   *
   * @param inputs the per-sample shapes of the values that the layer reads, all known
   * @param report takes what is wrong; the caller adds the chain of shapes to it
   * @return the layer with all its sizes, or empty when something was reported
   */
  Optional<? extends BoundLayer> bind(List<Shape> inputs, Report report);

  /** Whether it joins several inputs; other layers read one. */
  default boolean joins() {
    return false;
  }

  /** Whether it reads whole numbers, an input of indices; other layers read real numbers. */
  default boolean readsIndices() {
    return false;
  }

  /**
   * The number of channels (features) of the input that the user wrote, if any: what an earlier
   * layer would have to give, should that number be right and the earlier one wrong.
   */
  default OptionalInt wantedChannels() {
    return OptionalInt.empty();
  }

  /**
   * The same layer, but giving so many channels (features); empty if no attribute says how many it
   * gives, or if they do not go with its other attributes.
   */
  default Optional<Resized> withOutputChannels(int channels) {
    return Optional.empty();
  }

  /**
   * A layer with another number of output channels.
   *
   * @param config the layer
   * @param change what the user would write, {@code out = 16}
   */
  record Resized(LayerConfig config, String change) {}

  /**
   * Looks at the layer that reads this one's output, and nobody else does; for what is right in
   * itself but pointless together.
   *
   * @param report takes notes and warnings
   */
  default void checkReader(Reader reader, Report report) {}

  /**
   * The next layer.
   *
   * @param declaration what the user wrote
   * @param input what flows into it
   * @param layer with its sizes
   */
  record Reader(LayerDeclaration declaration, Shape input, BoundLayer layer) {}
}
