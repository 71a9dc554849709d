package dev.tenon.processor.plan;

import dev.tenon.processor.graph.Network;
import dev.tenon.processor.plan.Plan.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Everything decided about a network; rendering it takes no further decision.
 *
 * @param network what was declared
 * @param plans how each back end runs it whose code is rendered; the first one can run anywhere,
 *     each further one is preferred to those before it where it can run
 * @param texts what the other back ends write
 * @param explained tells what was decided; putting that into words takes longer than to decide it,
 *     and few ask
 */
public record NetworkPlan(
    Network network, List<Plan> plans, List<Text> texts, Supplier<Explanation> explained) {
  public NetworkPlan {
    plans = List.copyOf(plans);
    texts = List.copyOf(texts);
  }

  /**
   * What a back end writes that is not code.
   *
   * @param name of the back end
   * @param lines what it writes, made on request
   */
  public record Text(String name, Supplier<List<String>> lines) {}

  /** What was decided. */
  public Explanation explanation() {
    return explained.get();
  }

  /** The state, whose entries are the same for all back ends, and so are the counters. */
  public StateOffsets state() {
    return plans.get(0).state();
  }

  /** What a training forward counts, whatever the back end. */
  public List<Count> counts() {
    return plans.get(0).forward().stream()
        .filter(Count.class::isInstance)
        .map(Count.class::cast)
        .toList();
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

    /** A sentence by itself. */
    static Explanation only(String sentence) {
      return new Explanation("", List.of(sentence));
    }

    /** This and the lines of another one behind it. */
    Explanation with(Explanation other) {
      List<String> more = new ArrayList<>(lines);
      more.addAll(other.lines());
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
