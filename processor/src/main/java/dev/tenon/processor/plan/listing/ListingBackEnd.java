package dev.tenon.processor.plan.listing;

import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.plan.backend.BackEnd;
import dev.tenon.processor.plan.backend.Pass;
import dev.tenon.processor.plan.backend.Planning;
import dev.tenon.processor.plan.backend.SharedPasses;
import dev.tenon.processor.plan.schedule.PlannedProgram;
import dev.tenon.processor.plan.schedule.PlannedProgram.PlannedStep;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import dev.tenon.processor.plan.schedule.ScheduledNest.Loop;
import dev.tenon.processor.plan.schedule.ScheduledNest.Schedule;
import dev.tenon.processor.plan.schedule.Work;
import java.util.List;
import java.util.function.Predicate;

/**
 * Shows what a network computes: joined as for any back end, its loops in the order in which the
 * layers name them, and its tensors indexed as the layers index them, wherever they lie.
 */
public final class ListingBackEnd implements BackEnd.Text {
  @Override
  public String name() {
    return "a listing";
  }

  @Override
  public boolean computes(ElementType real) {
    return true;
  }

  @Override
  public Planning start(Predicate<ScheduledNest> fits) {
    return () ->
        List.of(
            SharedPasses.disjointStores(),
            SharedPasses.fusion(1),
            Pass.of("Loops", program -> program.withSteps(ListingBackEnd::scheduled)));
  }

  private static List<PlannedStep> scheduled(List<PlannedStep> steps) {
    return steps.stream()
        .map(
            step ->
                step.open().map(nest -> step.with(Work.ready(nest, inOrder(nest)))).orElse(step))
        .toList();
  }

  private static ScheduledNest inOrder(Nest nest) {
    List<Loop> loops = nest.axes().stream().map(Loop::plain).toList();
    List<List<ScheduledNest.Bound>> bounds =
        nest.stores().stream().map(store -> List.<ScheduledNest.Bound>of()).toList();
    return new ScheduledNest(nest, bounds, new Schedule(loops, loops.size(), Integer.MAX_VALUE));
  }

  @Override
  public List<String> write(PlannedProgram program) {
    return new Listing(program).lines();
  }
}
