package dev.tenon.processor.plan.schedule;

import dev.tenon.processor.ir.Step;
import java.util.List;
import java.util.Optional;

/**
 * A program on its way to a plan: nests as a back end has rewritten them, with their schedules
 * where those are known. It still computes the same, which tests prove by interpreting both.
 */
public record PlannedProgram(
    List<PlannedStep> forward, List<PlannedStep> backward, List<PlannedStep> predict) {

  /** A nest to run, or something that the model does itself, and when. */
  public record PlannedStep(Optional<Work> work, Optional<Step> host, Step.Condition condition) {
    /** The layer that it belongs to. */
    public String layer() {
      return work.map(w -> w.nest().layer()).orElseGet(() -> host.orElseThrow().layer());
    }
  }

  public PlannedProgram {
    forward = List.copyOf(forward);
    backward = List.copyOf(backward);
    predict = List.copyOf(predict);
  }
}
