package dev.tenon.processor.plan.plain;

import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Phase;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.backend.CodePlanning;
import dev.tenon.processor.plan.backend.Pass;
import dev.tenon.processor.plan.backend.SharedPasses;
import dev.tenon.processor.plan.rewrite.MaximumForm;
import dev.tenon.processor.plan.schedule.KnownSchedules;
import dev.tenon.processor.plan.schedule.Layout;
import dev.tenon.processor.plan.schedule.PlannedProgram;
import dev.tenon.processor.plan.schedule.PlannedProgram.PlannedStep;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import dev.tenon.processor.plan.schedule.Stretch;
import dev.tenon.processor.plan.schedule.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Takes a program to what plain Java runs fast: the list of passes is {@link #passes}. */
final class PlainPlanning implements CodePlanning {
  private final Predicate<ScheduledNest> fits;
  private final Layouts layouts = new Layouts();
  private final KnownSchedules schedules = new KnownSchedules();

  PlainPlanning(Predicate<ScheduledNest> fits) {
    this.fits = fits;
  }

  @Override
  public List<Pass> passes() {
    return List.of(
        SharedPasses.disjointStores(),
        SharedPasses.fusion(1),
        Pass.ofProgram("ScatterForm", ScatterForm::of),
        Pass.ofNests("MaximumForm", nest -> List.of(MaximumForm.of(nest))),
        Pass.of("WindowedContraction", this::windowed),
        Pass.of("DenseContraction", works(new DenseContraction(layouts)::plan)),
        Pass.of("RowReduction", works(new RowReduction(layouts)::plan)),
        Pass.of("GeneralScheduler", program -> schedules.all(program, layouts::of, fits)));
  }

  /** Backward uses the copies that the training forward has made. */
  private PlannedProgram windowed(PlannedProgram program) {
    WindowedContraction forward = WindowedContraction.of(Phase.FORWARD, layouts);
    return new PlannedProgram(
        program.ends(),
        windowed(program.forward(), forward),
        windowed(program.backward(), forward.backward()),
        windowed(program.predict(), WindowedContraction.of(Phase.EVALUATION, layouts)));
  }

  private static List<Stretch> windowed(List<Stretch> stretches, WindowedContraction windowed) {
    List<PlannedStep> result = new ArrayList<>();
    for (PlannedStep step : PlannedProgram.steps(stretches)) {
      Optional<WindowedContraction.Result> window =
          step.open().filter(nest -> nest.lookups().isEmpty()).flatMap(windowed::plan);
      if (window.isEmpty()) {
        result.add(step);
        continue;
      }
      if (window.get().replacesClearing()) {
        Nest nest = step.open().orElseThrow();
        PlannedProgram.removeClearing(result, nest.stores().get(0).tensor());
      }
      window.get().works().forEach(work -> result.add(step.with(work)));
    }
    return Stretch.eachAlone(result);
  }

  /** Puts work in the place of nests that are not scheduled yet. */
  private static UnaryOperator<PlannedProgram> works(Function<Nest, Optional<List<Work>>> plan) {
    return program -> program.withSteps(steps -> works(steps, plan));
  }

  private static List<PlannedStep> works(
      List<PlannedStep> steps, Function<Nest, Optional<List<Work>>> plan) {
    List<PlannedStep> result = new ArrayList<>();
    for (PlannedStep step : steps) {
      Optional<List<Work>> works =
          step.open().filter(nest -> nest.lookups().isEmpty()).flatMap(plan);
      if (works.isPresent()) {
        works.get().forEach(work -> result.add(step.with(work)));
      } else {
        result.add(step);
      }
    }
    return result;
  }

  @Override
  public Layout layout(Tensor tensor) {
    return layouts.of(tensor);
  }

  @Override
  public boolean isKeptZero(String tensor) {
    return layouts.isKeptZero(tensor);
  }

  @Override
  public boolean worksInPlace() {
    return false;
  }

  @Override
  public Optional<StateFormat> stateFormat(String entry) {
    return Optional.empty();
  }
}
