package dev.tenon.processor.plan.schedule;

import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.plan.schedule.PlannedProgram.PlannedStep;
import java.util.List;
import java.util.Optional;

/**
 * Steps that run one after the other, each as a whole; or, with items, together: all of them on
 * some items, then all of them on the next.
 *
 * @param steps in their order
 * @param items what they run over together
 */
public record Stretch(List<PlannedStep> steps, Optional<Items> items) {
  public Stretch {
    steps = List.copyOf(steps);
  }

  /**
   * The items of a stretch.
   *
   * @param axis samples or channels
   * @param scales for each step, how many items one point of its own loop is
   * @param align ranges begin at multiples of it
   * @param chunk items at a time
   */
  public record Items(Axis axis, List<Integer> scales, int align, int chunk) {
    public Items {
      scales = List.copyOf(scales);
    }
  }

  /** A step that runs as a whole. */
  public static Stretch alone(PlannedStep step) {
    return new Stretch(List.of(step), Optional.empty());
  }

  /** A stretch of its own for each step. */
  public static List<Stretch> eachAlone(List<PlannedStep> steps) {
    return steps.stream().map(Stretch::alone).toList();
  }

  /** The nests of all steps. */
  public List<Nest> nests() {
    return steps.stream().flatMap(step -> step.work().stream()).map(Work::nest).toList();
  }
}
