package dev.tenon.processor.plan.rewrite;

import dev.tenon.processor.ir.Accumulator.Sum;
import dev.tenon.processor.ir.Expr.Binary;
import dev.tenon.processor.ir.Expr.BinaryOp;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import java.util.Optional;

/**
 * A nest that sums products of two tensors' elements and does nothing else: a matrix product, a
 * convolution, or a gradient of one. Back ends have loops of their own for it.
 *
 * <pre>
 *     y[i, j] = sum over k of left[i, k] * right[k, j]
 * </pre>
 *
 * @param left the first factor
 * @param right the second
 * @param store where the sums go, as they are or with something done to each
 */
public record Contraction(Load left, Load right, Store store) {
  /** What a nest contracts; empty if it is something else. */
  public static Optional<Contraction> of(Nest nest) {
    return nest.accumulators().size() == 1
            && !nest.reduction().isEmpty()
            && nest.stores().size() == 1
            && nest.accumulators().get(0).fold() instanceof Sum sum
            && sum.term() instanceof Binary product
            && product.op() == BinaryOp.MULTIPLY
            && product.left() instanceof Load left
            && product.right() instanceof Load right
        ? Optional.of(new Contraction(left, right, nest.stores().get(0)))
        : Optional.empty();
  }

  public static boolean is(Nest nest) {
    return of(nest).isPresent();
  }
}
