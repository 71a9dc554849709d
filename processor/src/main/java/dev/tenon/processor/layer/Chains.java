package dev.tenon.processor.layer;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * Sums and products of any number of tensors. A nest reads a few of them only, as a method takes
 * 255 arguments at most and an expression is walked by recursion; the next nest goes on from what
 * the one before has stored. The order of the operations, and so every bit, is that of one long
 * expression.
 */
public final class Chains {
  /** Tensors that one nest reads. */
  public static final int MOST = 32;

  private Chains() {}

  /**
   * Nests for {@code y = x1 op x2 op x3 ...}, from left to right.
   *
   * @param layer that the nests belong to
   * @param name of the last nest, or of the only one
   * @param summary of it
   * @param axes over the elements of all tensors
   * @param xs at least one
   * @param y takes the result
   */
  public static List<Nest> of(
      String layer,
      String name,
      String summary,
      List<Axis> axes,
      List<Tensor> xs,
      BinaryOperator<Expr> op,
      Tensor y) {
    List<Nest> nests = new ArrayList<>();
    List<Tensor> open = new ArrayList<>(xs);
    for (int part = 1; open.size() > MOST; part++) {
      Tensor partial = new Tensor(layer, name + "Part" + part, y.type(), Role.VALUE, y.dims());
      nests.add(
          nest(
              layer,
              name + "Part" + part,
              "the first " + (part * (MOST - 1) + 1) + " for: " + summary,
              axes,
              open.subList(0, MOST),
              op,
              partial));
      open.subList(0, MOST).clear();
      open.add(0, partial);
    }
    nests.add(nest(layer, name, summary, axes, open, op, y));
    return List.copyOf(nests);
  }

  private static Nest nest(
      String layer,
      String name,
      String summary,
      List<Axis> axes,
      List<Tensor> xs,
      BinaryOperator<Expr> op,
      Tensor y) {
    Affine[] index = axes.stream().map(Affine::of).toArray(Affine[]::new);
    Expr value = xs.stream().map(x -> (Expr) Expr.load(x, index)).reduce(op).orElseThrow();
    return Nest.of(layer, name, summary).over(axes).store(Store.set(y, value, index)).build();
  }
}
