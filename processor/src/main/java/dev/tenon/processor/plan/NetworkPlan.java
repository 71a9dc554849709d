package dev.tenon.processor.plan;

import dev.tenon.processor.graph.Network;
import dev.tenon.processor.plan.Plan.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Everything decided about a network; rendering it takes no further decision.
 *
 * @param network what was declared
 * @param plain how plain Java runs it
 * @param vector how vectors run it, when they may
 * @param explained tells what was decided; putting that into words takes longer than to decide it,
 *     and few ask
 */
public record NetworkPlan(
    Network network, Plan plain, Optional<Plan> vector, Supplier<Explanation> explained) {

  /** What was decided. */
  public Explanation explanation() {
    return explained.get();
  }

  /** Where the counters lie, whatever the back end. */
  public StateOffsets state() {
    return plain.state();
  }

  /** All back ends. */
  public List<Plan> plans() {
    return Stream.concat(Stream.of(plain), vector.stream()).toList();
  }

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

    /** This and a sentence behind it. */
    Explanation with(String sentence) {
      List<String> more = new ArrayList<>(lines);
      more.add(sentence);
      return new Explanation(summary, more);
    }

    /** This and what was decided about another back end, under a heading. */
    Explanation with(String heading, Explanation other) {
      List<String> more = new ArrayList<>(lines);
      more.add(heading);
      more.addAll(other.lines());
      return new Explanation(summary, more);
    }
  }
}
