package dev.tenon.processor.plan;

import dev.tenon.processor.code.ScheduledNest;
import dev.tenon.processor.code.ScheduledNest.Schedule;
import dev.tenon.processor.ir.Nest;
import java.util.Optional;

/**
 * A nest of the planned program.
 *
 * @param nest what to compute
 * @param schedule how, when the rewriting that made the nest knows; otherwise the general scheduler
 *     decides
 * @param ready the nest with its places in memory and its schedule, when both are known
 */
record Work(Nest nest, Optional<Schedule> schedule, Optional<ScheduledNest> ready) {
  static Work general(Nest nest) {
    return new Work(nest, Optional.empty(), Optional.empty());
  }

  static Work scheduled(Nest nest, Schedule schedule) {
    return new Work(nest, Optional.of(schedule), Optional.empty());
  }

  static Work ready(Nest nest, ScheduledNest scheduled) {
    return new Work(nest, Optional.empty(), Optional.of(scheduled));
  }
}
