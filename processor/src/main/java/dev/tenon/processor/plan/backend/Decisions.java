package dev.tenon.processor.plan.backend;

/** Takes what was decided about layers, to be told on request. */
public interface Decisions {
  /**
   * Notes one decision.
   *
   * @param layer name of the layer
   * @param decision {@code forward: runs in bn.normalise}
   */
  void add(String layer, String decision);
}
