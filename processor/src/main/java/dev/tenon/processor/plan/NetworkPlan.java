package dev.tenon.processor.plan;

import dev.tenon.processor.graph.Network;
import dev.tenon.processor.plan.Plan.Count;
import java.util.List;

/**
 * Everything decided about a network; rendering it takes no further decision.
 *
 * @param network what was declared
 * @param state where the state lies
 * @param plain how plain Java runs it
 * @param explanation what was decided
 */
public record NetworkPlan(
    Network network, StateOffsets state, Plan plain, Explanation explanation) {

  /** What a training forward counts, whatever the back end. */
  public List<Count> counts() {
    return plain.forward().stream().filter(Count.class::isInstance).map(Count.class::cast).toList();
  }

  /**
   * What was decided, for people.
   *
   * @param summary the whole network in one sentence: operations and memory
   * @param lines layer by layer, under the layer's heading
   */
  public record Explanation(String summary, List<String> lines) {
    public Explanation {
      lines = List.copyOf(lines);
    }
  }
}
