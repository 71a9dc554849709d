package dev.tenon.processor.plan;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.Plan.Range;
import dev.tenon.processor.plan.backend.Speed;
import dev.tenon.processor.plan.rewrite.OperationCount;
import dev.tenon.processor.plan.schedule.Ranges;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import dev.tenon.processor.plan.schedule.ScheduledNest.Loop;
import dev.tenon.processor.plan.schedule.Stretch;
import dev.tenon.processor.plan.schedule.Work;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Estimates what a kernel takes, to tell whether a second thread is worth it: the time of its
 * operations or that of its memory, whichever is longer. The memory is what an item touches, each
 * element once. A factor of two off only matters for kernels that take about as long as handing
 * them over does.
 *
 * @param speed what one core does
 */
record CostModel(Speed speed) {
  /** No pool hands over a step that is shorter than this, however off the estimate is. */
  private static final double NEVER_WORTH_IT = 2_000;

  /**
   * How threads may share a kernel; empty when it must run as a whole, or takes no time worth
   * sharing whatever the batch is.
   */
  Optional<Range> range(ScheduledNest scheduled) {
    Optional<Loop> loop = Ranges.of(scheduled);
    if (loop.isEmpty()) {
      return Optional.empty();
    }
    Axis axis = loop.get().axis();
    double nanos = nanosPerItem(scheduled.nest(), axis);
    boolean overBatch = scheduled.nest().axes().stream().anyMatch(Axis::isBatch);
    if (axis.isBlocks()) {
      // A part is a share of the batch, a block has its number of samples.
      double perBlock = axis.isParts() ? nanos / axis.blockNumber() : nanos * axis.blockNumber();
      return Optional.of(range(loop.get(), perBlock, axis.isParts() && overBatch));
    }
    boolean perSample = axis.isFixed() && overBatch;
    boolean grows = axis.isBatch() || perSample;
    return grows || nanos * axis.extent() >= NEVER_WORTH_IT
        ? Optional.of(range(loop.get(), nanos, perSample))
        : Optional.empty();
  }

  /** How threads may share the items of a stretch. */
  Range range(Stretch stretch, Stretch.Items items) {
    double nanos = 0;
    boolean perSample = false;
    for (int i = 0; i < stretch.steps().size(); i++) {
      Optional<ScheduledNest> scheduled = stretch.steps().get(i).work().flatMap(Work::ready);
      if (scheduled.isPresent()) {
        Nest nest = scheduled.get().nest();
        Axis axis = Ranges.of(scheduled.get()).orElseThrow().axis();
        nanos += nanosPerItem(nest, axis) / items.scales().get(i);
        perSample |= axis.isFixed() && nest.axes().stream().anyMatch(Axis::isBatch);
      }
    }
    return new Range(items.axis(), items.align(), (long) Math.ceil(nanos), perSample);
  }

  private static Range range(Loop loop, double nanos, boolean perSample) {
    return new Range(loop.axis(), loop.unroll(), (long) Math.ceil(nanos), perSample);
  }

  /** Time of one point of the axis, on a batch of one. */
  private double nanosPerItem(Nest nest, Axis axis) {
    double operations = (double) OperationCount.of(nest) / (axis.isFixed() ? axis.extent() : 1);
    // In order, so that the last bit of the sum is the same in every run.
    Set<Access> accesses = new LinkedHashSet<>();
    for (Expr.Load load : nest.repairs() ? List.<Expr.Load>of() : nest.loads()) {
      accesses.add(new Access(load.tensor(), load.index()));
    }
    for (Store store : nest.stores()) {
      accesses.add(new Access(store.tensor(), store.index()));
    }
    double bytes = 0;
    for (Access access : accesses) {
      bytes += access.bytes(nest, axis);
    }
    return Math.max(operations / speed.operationsPerNano(), bytes / speed.bytesPerNano());
  }

  /** Elements of a tensor that a nest reads or writes. */
  private record Access(Tensor tensor, List<Affine> index) {
    /** Bytes at one point of the axis, in a batch of one. */
    double bytes(Nest nest, Axis at) {
      double elements =
          index.stream()
              .flatMap(affine -> affine.terms().keySet().stream())
              .distinct()
              .filter(axis -> !axis.equals(at) && axis.isFixed())
              // Of what is looked up, a point touches one.
              .filter(axis -> nest.axes().contains(axis))
              .mapToDouble(Axis::extent)
              .reduce(1, (a, b) -> a * b);
      return elements * (tensor.type() == ElementType.DOUBLE ? 8 : 4);
    }
  }
}
