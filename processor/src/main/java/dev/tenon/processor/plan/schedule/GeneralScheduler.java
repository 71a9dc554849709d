package dev.tenon.processor.plan.schedule;

import dev.tenon.processor.ir.Accumulator.Replace;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.plan.schedule.ScheduledNest.Loop;
import dev.tenon.processor.plan.schedule.ScheduledNest.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Schedules what no rewriting has scheduled: maps, whose inner loop runs along memory, and
 * reductions, whose sums are kept in several locals so that additions need not wait for each other.
 */
public final class GeneralScheduler {
  /**
   * Partial sums of a reduction: as many as it takes for an addition not to wait for the one before
   * it, which takes three or four cycles.
   */
  private static final int PARTIAL_SUMS = 4;

  /**
   * The schedule that writes out most, but no method beyond its budget.
   *
   * @param fits whether every method of a nest stays within its budget
   */
  public static ScheduledNest withinBudget(PhysicalNest physical, Predicate<ScheduledNest> fits) {
    ScheduledNest scheduled = null;
    for (int writtenOut : WRITTEN_OUT) {
      scheduled = schedule(physical, writtenOut);
      if (fits.test(scheduled)) {
        return scheduled;
      }
    }
    return scheduled;
  }

  /**
   * How many points of a kernel window to write out, in order of preference: the most that keeps
   * every method within its budget is taken.
   */
  public static final List<Integer> WRITTEN_OUT = List.of(16, 9, 4, 2, 1);

  private GeneralScheduler() {}

  static ScheduledNest schedule(PhysicalNest physical, int mostWrittenOut) {
    PhysicalNest collapsed = AxisCollapse.of(physical);
    Nest nest = collapsed.nest();
    List<Loop> loops = new ArrayList<>();
    boolean window =
        scatters(nest) || nest.accumulators().stream().anyMatch(a -> a.fold() instanceof Replace);
    if (nest.accumulators().isEmpty()) {
      List<Axis> order = new ArrayList<>(nest.parallel());
      order.addAll(nest.reduction());
      addLoops(loops, order, window ? mostWrittenOut : 1);
      return new ScheduledNest(
          nest, collapsed.storeBounds(), new Schedule(loops, loops.size(), Integer.MAX_VALUE));
    }
    nest.parallel().forEach(axis -> loops.add(Loop.plain(axis)));
    int reductionFrom = loops.size();
    boolean small = product(nest.reduction()) <= mostWrittenOut;
    if (window || small) {
      addLoops(loops, nest.reduction(), mostWrittenOut);
    } else {
      for (int i = 0; i < nest.reduction().size(); i++) {
        Axis axis = nest.reduction().get(i);
        loops.add(
            i == nest.reduction().size() - 1
                ? Loop.partialSums(axis, PARTIAL_SUMS)
                : Loop.plain(axis));
      }
    }
    boolean longReduction = nest.reduction().stream().anyMatch(axis -> !axis.isFixed());
    return new ScheduledNest(
        nest,
        collapsed.storeBounds(),
        new Schedule(loops, longReduction ? reductionFrom : loops.size(), Integer.MAX_VALUE));
  }

  /** Whether one value of a sample goes to several places, such as those of a window. */
  public static boolean scatters(Nest nest) {
    if (!nest.lookups().isEmpty()) {
      return false;
    }
    if (nest.stores().stream().anyMatch(s -> s.mode() == Store.Mode.ADD)) {
      return true;
    }
    List<Axis> axes = nest.axes();
    return !axes.isEmpty()
        && nest.loads().stream()
            .filter(load -> !uses(load, axes.get(axes.size() - 1)))
            .anyMatch(load -> nest.parallel().stream().anyMatch(n -> n.isBatch() && uses(load, n)));
  }

  private static boolean uses(Expr.Load load, Axis axis) {
    return load.index().stream().anyMatch(index -> index.uses(axis));
  }

  /** Plain loops; the last few axes written out as far as their points stay within the limit. */
  private static void addLoops(List<Loop> loops, List<Axis> axes, int mostWrittenOut) {
    int writtenOutFrom = axes.size();
    long points = 1;
    while (mostWrittenOut > 1
        && writtenOutFrom > 0
        && axes.get(writtenOutFrom - 1).isFixed()
        && points * axes.get(writtenOutFrom - 1).extent() <= mostWrittenOut) {
      writtenOutFrom--;
      points *= axes.get(writtenOutFrom).extent();
    }
    int from = writtenOutFrom;
    IntStream.range(0, axes.size())
        .forEach(i -> loops.add(i < from ? Loop.plain(axes.get(i)) : Loop.writtenOut(axes.get(i))));
  }

  /** Points of the axes together; as good as endless with the batch. */
  private static long product(List<Axis> axes) {
    long product = 1;
    for (Axis axis : axes) {
      if (!axis.isFixed()) {
        return Long.MAX_VALUE;
      }
      product *= axis.extent();
    }
    return product;
  }
}
