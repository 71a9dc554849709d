package dev.tenon.processor.plan.vector;

import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Exprs;
import dev.tenon.processor.ir.Nest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sums that a layer asks for in doubles, in floats: those over the batch by {@link BlockedSums},
 * short ones inside a sample as they are, with a repair where their values may be too large.
 */
final class FloatSums {
  /** Values of a sum that is taken in floats throughout. */
  private static final int MOST_FLOAT_SUM = 1024;

  /** An {@code eps} beside which the square of what vanishes in floats is nothing. */
  private static final double SMALLEST_EPS = 0x1p-80;

  private final boolean channelsFirst;
  private final VectorFormats formats;

  /** The layers that divide by a root to which next to nothing is added. */
  private final Set<String> withoutEps;

  /**
   * Prepares for a program.
   *
   * @param nests all nests of the program
   * @param channelsFirst whether vectors run along the pixels of a channel
   * @param formats takes down along what the sums of blocks lie
   */
  FloatSums(List<Nest> nests, boolean channelsFirst, VectorFormats formats) {
    this.channelsFirst = channelsFirst;
    this.formats = formats;
    this.withoutEps =
        nests.stream()
            .filter(
                nest -> nest.values().stream().anyMatch(v -> Exprs.count(v, FloatSums::isBare) > 0))
            .map(Nest::layer)
            .collect(Collectors.toSet());
  }

  /** The nests that replace a sum; empty for anything else. */
  Optional<List<Nest>> of(Nest nest) {
    Optional<List<Nest>> blocks =
        BlockedSums.of(nest, withoutEps.contains(nest.layer()), channelsFirst);
    blocks.ifPresent(
        nests ->
            nests
                .get(0)
                .stores()
                .forEach(store -> formats.setLaneDim(store.tensor(), store.tensor().rank() - 1)));
    return blocks.or(
        () ->
            floatSums(nest)
                .map(
                    sum ->
                        isOfFunctions(nest)
                            ? List.of(sum)
                            : List.of(sum, BlockedSums.repair(nest))));
  }

  /** Whether it adds up values of functions, such as exponentials, which are far from too large. */
  private static boolean isOfFunctions(Nest nest) {
    return nest.values().stream().anyMatch(value -> Exprs.count(value, Exprs::isFunction) > 0);
  }

  private static boolean isBare(Expr expr) {
    return expr instanceof Expr.Unary root
        && root.op() == Expr.UnaryOp.SQRT
        && root.operand() instanceof Expr.Binary sum
        && sum.op() == Expr.BinaryOp.ADD
        && sum.right() instanceof Expr.Constant eps
        && eps.value() < SMALLEST_EPS;
  }

  /** Short sums inside a sample, in floats rather than in doubles. */
  private static Optional<Nest> floatSums(Nest nest) {
    boolean shortSums =
        !nest.accumulators().isEmpty()
            && nest.parallel().stream().anyMatch(Axis::isBatch)
            && nest.reduction().stream().allMatch(Axis::isFixed)
            && nest.reduction().stream().mapToLong(Axis::extent).reduce(1, (a, b) -> a * b)
                <= MOST_FLOAT_SUM
            && nest.accumulators().stream().allMatch(a -> a.type() == ElementType.DOUBLE)
            && nest.stores().stream().allMatch(s -> s.tensor().type() == ElementType.FLOAT);
    return shortSums ? BlockedSums.inFloats(nest) : Optional.empty();
  }
}
