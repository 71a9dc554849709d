package dev.tenon.processor.plan.schedule;

import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The schedules of nests, each found once: nests that differ in nothing but the layer that they
 * belong to run alike. A deep network repeats its layers.
 */
public final class KnownSchedules {
  private final Map<Key, Known> known = new HashMap<>();

  /** What a schedule depends on. */
  private record Key(Nest nest, List<Layout> layouts, Optional<Axis> lane) {}

  /** The first nest's schedule, and what its tensors are called. */
  private record Known(List<Tensor> tensors, ScheduledNest scheduled) {}

  /**
   * Schedules all that is left: as the rewriting said, or by {@link GeneralScheduler}.
   *
   * @param fits whether every method of a nest's code stays within its budget
   */
  public PlannedProgram all(
      PlannedProgram program, Function<Tensor, Layout> layouts, Predicate<ScheduledNest> fits) {
    return program.withSteps(
        steps ->
            steps.stream()
                .map(
                    step ->
                        step.work().map(work -> step.with(ready(work, layouts, fits))).orElse(step))
                .toList());
  }

  private Work ready(Work work, Function<Tensor, Layout> layouts, Predicate<ScheduledNest> fits) {
    if (work.ready().isPresent()) {
      return work;
    }
    Nest nest = work.nest();
    if (work.schedule().isPresent()) {
      PhysicalNest physical = PhysicalNest.of(nest, layouts);
      return Work.ready(
          nest, new ScheduledNest(physical.nest(), physical.storeBounds(), work.schedule().get()));
    }
    return Work.ready(
        nest,
        of(
            nest,
            Optional.empty(),
            layouts,
            () -> GeneralScheduler.withinBudget(PhysicalNest.of(nest, layouts), fits)));
  }

  /**
   * The schedule of a nest.
   *
   * @param lane the axis that vectors run along
   * @param find finds the schedule if there is no nest like it
   */
  public ScheduledNest of(
      Nest nest,
      Optional<Axis> lane,
      Function<Tensor, Layout> layouts,
      Supplier<ScheduledNest> find) {
    List<Tensor> tensors = nest.tensors();
    Nest anonymous = nest.withTensors(t -> t.anonymous("" + tensors.indexOf(t))).named("", "", "");
    Key key = new Key(anonymous, tensors.stream().map(layouts).toList(), lane);
    Known same = known.get(key);
    if (same == null) {
      ScheduledNest found = find.get();
      known.put(key, new Known(tensors, found));
      return found;
    }
    Map<String, Tensor> own = new HashMap<>();
    for (int i = 0; i < tensors.size(); i++) {
      own.put(same.tensors().get(i).name(), tensors.get(i));
    }
    ScheduledNest scheduled = same.scheduled();
    return new ScheduledNest(
        scheduled
            .nest()
            .withTensors(t -> t.as(own.get(t.name())))
            .named(nest.layer(), nest.name(), nest.summary()),
        scheduled.storeBounds(),
        scheduled.schedule());
  }
}
