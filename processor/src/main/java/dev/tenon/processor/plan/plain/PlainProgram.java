package dev.tenon.processor.plan.plain;

import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Phase;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.plan.rewrite.MaximumForm;
import dev.tenon.processor.plan.schedule.PlannedProgram;
import dev.tenon.processor.plan.schedule.PlannedProgram.PlannedStep;
import dev.tenon.processor.plan.schedule.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rewrites the contractions and reductions of a program into what plain Java runs fast. */
public final class PlainProgram {
  private PlainProgram() {}

  /**
   * Rewrites a program.
   *
   * @param layouts takes down how the tensors lie that this makes or lays out in another way
   */
  public static PlannedProgram of(Program program, Layouts layouts) {
    WindowedContraction forward = WindowedContraction.of(Phase.FORWARD, layouts);
    return new PlannedProgram(
        rewrite(program.forward(), forward, layouts),
        rewrite(program.backward(), forward.backward(), layouts),
        rewrite(program.predict(), WindowedContraction.of(Phase.EVALUATION, layouts), layouts));
  }

  private static List<PlannedStep> rewrite(
      List<Step> steps, WindowedContraction windowed, Layouts layouts) {
    List<PlannedStep> planned = new ArrayList<>();
    for (Step step : steps) {
      if (step.nest().isEmpty()) {
        planned.add(new PlannedStep(Optional.empty(), Optional.of(step.bare()), step.condition()));
        continue;
      }
      Nest nest = MaximumForm.of(step.nest().get());
      if (!nest.lookups().isEmpty()) {
        planned.add(
            new PlannedStep(Optional.of(Work.general(nest)), Optional.empty(), step.condition()));
        continue;
      }
      Optional<WindowedContraction.Result> window = windowed.plan(nest);
      List<Work> works =
          window
              .map(WindowedContraction.Result::works)
              .or(() -> new DenseContraction(layouts).plan(nest))
              .or(() -> new RowReduction(layouts).plan(nest))
              .orElseGet(() -> List.of(Work.general(nest)));
      if (window.isPresent() && window.get().replacesClearing()) {
        removeClearing(planned, nest.stores().get(0).tensor().name());
      }
      works.forEach(
          work ->
              planned.add(new PlannedStep(Optional.of(work), Optional.empty(), step.condition())));
    }
    return planned;
  }

  /** Drops the step before, when all it does is set the tensor to a constant. */
  private static void removeClearing(List<PlannedStep> planned, String tensor) {
    int last = planned.size() - 1;
    boolean clears =
        last >= 0
            && planned
                .get(last)
                .work()
                .map(Work::nest)
                .filter(nest -> nest.stores().size() == 1)
                .map(nest -> nest.stores().get(0))
                .filter(store -> store.mode() == Store.Mode.SET)
                .filter(store -> store.tensor().name().equals(tensor))
                .filter(store -> store.value() instanceof Expr.Constant)
                .isPresent();
    if (clears) {
      planned.remove(last);
    }
  }
}
