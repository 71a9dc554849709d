package dev.tenon.processor.layer;

import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.ir.ElementType;
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

  /**
   * Checks the numbers that the layer computes with in the network's own precision: a float holds
   * less than the attribute's double.
   *
   * @param real FLOAT or DOUBLE
   * @param report takes numbers that it does not hold
   */
  default void checkPrecision(ElementType real, Report report) {}

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

  /** The attribute that says how many channels (features) the layer gives, if there is one. */
  default Optional<String> outputChannels() {
    return Optional.empty();
  }

  /**
   * Looks at the layers around this one, once the whole network is right; for what is right in
   * itself but known to be a mistake together.
   *
   * @param self this layer in its place
   * @param report takes notes and warnings
   */
  default void checkPlace(PlacedLayer self, Report report) {}
}
