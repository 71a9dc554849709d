package dev.tenon.processor.plan.schedule;

import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A program on its way from what a network computes to what a back end runs: nests, with their
 * schedules once those are known, and which of them run together.
 *
 * @param ends what goes in and out
 * @param forward training forward
 * @param backward gradients of all parameters and of the inputs
 * @param predict evaluation forward
 */
public record PlannedProgram(
    Program.Ends ends, List<Stretch> forward, List<Stretch> backward, List<Stretch> predict) {

  public PlannedProgram {
    forward = List.copyOf(forward);
    backward = List.copyOf(backward);
    predict = List.copyOf(predict);
  }

  /** A nest to run, or something that the model does itself, and when. */
  public record PlannedStep(Optional<Work> work, Optional<Step> host, Step.Condition condition) {
    /** A nest and when it runs. */
    public static PlannedStep of(Work work, Step.Condition condition) {
      return new PlannedStep(Optional.of(work), Optional.empty(), condition);
    }

    private static PlannedStep of(Step step) {
      return new PlannedStep(
          step.nest().map(Work::general),
          step.nest().isPresent() ? Optional.empty() : Optional.of(step.bare()),
          step.condition());
    }

    /** The layer that it belongs to. */
    public String layer() {
      return work.map(w -> w.nest().layer()).orElseGet(() -> host.orElseThrow().layer());
    }

    /** The nest, if it is one that is not scheduled yet. */
    public Optional<Nest> open() {
      return work.filter(w -> w.schedule().isEmpty() && w.ready().isEmpty()).map(Work::nest);
    }

    /** Other work under the same condition. */
    public PlannedStep with(Work other) {
      return of(other, condition);
    }

    private Step step() {
      Step bare = work.<Step>map(Work::nest).orElseGet(host::orElseThrow);
      return condition == Step.Condition.ALWAYS ? bare : new Step.Conditional(condition, bare);
    }
  }

  /** A program of which nothing is scheduled. */
  public static PlannedProgram of(Program program) {
    return new PlannedProgram(
        program.ends(), of(program.forward()), of(program.backward()), of(program.predict()));
  }

  private static List<Stretch> of(List<Step> steps) {
    return Stretch.eachAlone(steps.stream().map(PlannedStep::of).toList());
  }

  /** What it computes, without schedules. */
  public Program program() {
    return new Program(ends, program(forward), program(backward), program(predict));
  }

  private static List<Step> program(List<Stretch> stretches) {
    return steps(stretches).stream().map(PlannedStep::step).toList();
  }

  /** The steps of some stretches. */
  public static List<PlannedStep> steps(List<Stretch> stretches) {
    return stretches.stream().flatMap(stretch -> stretch.steps().stream()).toList();
  }

  /** The steps of all phases. */
  public Stream<PlannedStep> steps() {
    return Stream.of(forward, backward, predict)
        .flatMap(List::stream)
        .flatMap(stretch -> stretch.steps().stream());
  }

  /** The nests of all phases. */
  public List<Nest> nests() {
    return steps().flatMap(step -> step.work().stream()).map(Work::nest).toList();
  }

  /** The same with other steps in each phase, none of which run together. */
  public PlannedProgram withSteps(UnaryOperator<List<PlannedStep>> change) {
    return withStretches(steps -> Stretch.eachAlone(change.apply(steps)));
  }

  /** The same with other stretches in each phase. */
  public PlannedProgram withStretches(Function<List<PlannedStep>, List<Stretch>> change) {
    return new PlannedProgram(
        ends,
        change.apply(steps(forward)),
        change.apply(steps(backward)),
        change.apply(steps(predict)));
  }

  /** The same with nests in the place of each that is not scheduled yet. */
  public PlannedProgram withNests(Function<Nest, List<Nest>> change) {
    return withSteps(steps -> inPlace(steps, nest -> Optional.of(change.apply(nest))));
  }

  /**
   * Puts nests in the place of some.
   *
   * @param change empty for a nest that stays
   */
  public static List<PlannedStep> inPlace(
      List<PlannedStep> steps, Function<Nest, Optional<List<Nest>>> change) {
    List<PlannedStep> result = new ArrayList<>();
    for (PlannedStep step : steps) {
      Optional<List<Nest>> nests = step.open().flatMap(change);
      if (nests.isPresent()) {
        nests.get().forEach(nest -> result.add(step.with(Work.general(nest))));
      } else {
        result.add(step);
      }
    }
    return result;
  }

  /** Drops the last step, when all it does is set a tensor to a constant. */
  public static void removeClearing(List<PlannedStep> steps, Tensor tensor) {
    int last = steps.size() - 1;
    boolean clears =
        last >= 0
            && steps
                .get(last)
                .work()
                .map(Work::nest)
                .filter(nest -> nest.stores().size() == 1)
                .map(nest -> nest.stores().get(0))
                .filter(store -> store.mode() == Store.Mode.SET)
                .filter(store -> store.tensor().equals(tensor))
                .filter(store -> store.value() instanceof Expr.Constant)
                .isPresent();
    if (clears) {
      steps.remove(last);
    }
  }
}
