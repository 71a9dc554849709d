package dev.tenon.processor.plan.rewrite;

import dev.tenon.processor.ir.Accumulator;
import dev.tenon.processor.ir.Accumulator.Replace;
import dev.tenon.processor.ir.Accumulator.Sum;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Exprs;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Counts the floating-point operations of nests, by what they say and not by how they run: a
 * multiplication with an addition is two, what is multiplied with padding counts like the rest, a
 * function such as an exponential is 16.
 */
public final class OperationCount {
  /** An exponential, tangent or error function: what its polynomial takes, about. */
  private static final int FUNCTION = 16;

  private OperationCount() {}

  /**
   * Operations for each sample in the steps of each layer. What is done once a batch, such as the
   * factors of a batch normalisation, is not among them.
   */
  public static Map<String, Long> perSample(List<Step> steps) {
    return steps.stream()
        .filter(step -> step.condition() != Step.Condition.FROZEN)
        .flatMap(step -> step.nest().stream())
        .filter(nest -> nest.axes().stream().anyMatch(Axis::isBatch))
        .collect(Collectors.groupingBy(Nest::layer, Collectors.summingLong(OperationCount::of)));
  }

  /** Operations of a nest on a batch of one. */
  public static long of(Nest nest) {
    if (nest.repairs()) {
      // As good as always it compares only.
      return (long) (points(nest.parallel()) * nest.stores().size());
    }
    double all = points(nest.axes());
    double outer = points(nest.parallel());
    double count = 0;
    for (Accumulator accumulator : nest.accumulators()) {
      count += outer * operations(accumulator.init());
      count +=
          all
              * (accumulator.fold() instanceof Sum sum
                  ? operations(sum.term()) + 1
                  : operations(((Replace) accumulator.fold()).next()));
    }
    for (Store store : nest.stores()) {
      count +=
          (nest.accumulators().isEmpty() ? all : outer)
              * (operations(store.value()) + (store.mode() == Store.Mode.ADD ? 1 : 0));
    }
    return (long) count;
  }

  /** In floating point, as the product of large sizes need not fit a long. */
  private static double points(List<Axis> axes) {
    return axes.stream()
        .filter(axis -> !axis.isBatch())
        .mapToDouble(Axis::extent)
        .reduce(1, (a, b) -> a * b);
  }

  private static long operations(Expr expr) {
    boolean operation =
        expr.type().isReal()
            && (expr instanceof Expr.Unary
                || expr instanceof Expr.Binary
                || expr instanceof Expr.Select);
    return (Exprs.isFunction(expr) ? FUNCTION : operation ? 1 : 0)
        + Exprs.children(expr).stream().mapToLong(OperationCount::operations).sum();
  }
}
