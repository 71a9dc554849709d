package dev.tenon.processor.plan.schedule;

import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.plan.schedule.ScheduledNest.Schedule;
import java.util.Optional;

/**
 * A nest of the planned program.
 *
 * @param nest what to compute
 * @param schedule how, when the rewriting that made the nest knows; otherwise the general scheduler
 *     decides
 * @param ready the nest with its places in memory and its schedule, when both are known
 */
public record Work(Nest nest, Optional<Schedule> schedule, Optional<ScheduledNest> ready) {
  public static Work general(Nest nest) {
    return new Work(nest, Optional.empty(), Optional.empty());
  }

  public static Work scheduled(Nest nest, Schedule schedule) {
    return new Work(nest, Optional.of(schedule), Optional.empty());
  }

  public static Work ready(Nest nest, ScheduledNest scheduled) {
    return new Work(nest, Optional.empty(), Optional.of(scheduled));
  }
}
