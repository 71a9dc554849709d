package dev.tenon.processor.plan.schedule;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.schedule.ScheduledNest.Loop;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which kernels can run in ranges of their outermost loop, several at the same time and with the
 * same bits: those whose outermost loop is over a parallel axis, as its points are independent of
 * each other. Only stores that add need a closer look: several points may add to one element.
 */
public final class Ranges {
  private Ranges() {}

  /** The loop that ranges are of; empty when the nest must run as a whole. */
  public static Optional<Loop> of(ScheduledNest scheduled) {
    List<Loop> loops = scheduled.schedule().loops();
    if (loops.isEmpty()) {
      return Optional.empty();
    }
    Loop outermost = loops.get(0);
    Nest nest = scheduled.nest();
    boolean isLoop = !outermost.axis().isFixed() || outermost.unroll() < outermost.axis().extent();
    return isLoop
            && !outermost.lanes()
            && nest.parallel().contains(outermost.axis())
            && nest.stores().stream().allMatch(store -> keepsApart(store, nest, outermost.axis()))
        ? Optional.of(outermost)
        : Optional.empty();
  }

  /** Whether two points of the axis never write the same element of the store's tensor. */
  private static boolean keepsApart(Store store, Nest nest, Axis axis) {
    if (store.mode() != Store.Mode.ADD) {
      return true;
    }
    for (int d = 0; d < store.index().size(); d++) {
      Affine index = store.index().get(d);
      if (index.uses(axis)
          && tellsApart(index, axis)
          && isTheSame(index, d, store.tensor(), nest)) {
        return true;
      }
    }
    return false;
  }

  /** Whether every store to the tensor has this very index in this dimension. */
  private static boolean isTheSame(Affine index, int dimension, Tensor tensor, Nest nest) {
    return nest.stores().stream()
        .filter(store -> store.tensor().equals(tensor))
        .allMatch(store -> store.index().get(dimension).equals(index));
  }

  /**
   * Whether no two points of the axis give the same index, whatever the other axes are: as with the
   * digits of a number, its coefficient and each larger one is larger than all that the terms with
   * smaller ones can add up to.
   */
  private static boolean tellsApart(Affine index, Axis of) {
    long own = Math.abs((long) index.coefficient(of));
    List<Map.Entry<Axis, Integer>> terms =
        index.terms().entrySet().stream()
            .sorted(Comparator.comparingLong(term -> Math.abs((long) term.getValue())))
            .toList();
    long most = 0;
    for (int i = 0; i < terms.size(); i++) {
      Axis axis = terms.get(i).getKey();
      long coefficient = Math.abs((long) terms.get(i).getValue());
      // Nothing is known of how large the batch is: only the first digit can run over it.
      boolean isDigit = coefficient > most && (axis.isFixed() || i == terms.size() - 1);
      if (!isDigit && (coefficient >= own || !axis.isFixed())) {
        return false;
      }
      most = axis.isFixed() ? most + coefficient * (axis.extent() - 1) : most;
    }
    return true;
  }
}
