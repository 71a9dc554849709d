package dev.tenon.runtime.state;

import dev.tenon.runtime.Tensor;

/** One named entry of a model's state dictionary. */
public sealed interface StateEntry permits Parameter, RunningStat, Counter {
  /**
   * The path in the state dictionary.
   *
   * @return the layer's path, a dot and the entry, such as {@code bn1.running_mean}
   */
  String name();

  /**
   * The values.
   *
   * @return a view: writing to it changes the model
   */
  Tensor value();
}
