package dev.tenon.processor.ir;

/** One step of a network's program, in order: a loop nest, or the count of a batch. */
public sealed interface Step permits Nest, Step.Increment {
  /** Name of the layer that asked for it. */
  String layer();

  /** Adds one to a counter of the state, {@code bn1.num_batches_tracked}. */
  record Increment(String layer, String counter) implements Step {}
}
