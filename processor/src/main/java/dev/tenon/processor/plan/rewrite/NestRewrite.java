package dev.tenon.processor.plan.rewrite;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Exprs;
import dev.tenon.processor.ir.Lookup;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Nests with parts replaced. */
public final class NestRewrite {
  private NestRewrite() {}

  /**
   * Cuts a parallel axis in two: {@code axis = inner extent * outer + inner}. Together they may
   * reach beyond the axis, over the padding of tensors.
   *
   * @param outer left out if it has one point
   */
  public static Nest splitAxis(Nest nest, Axis axis, Axis outer, Axis inner) {
    return splitAxis(nest, axis, outer, inner, 0, "");
  }

  /** The same from an offset on, under another name. */
  public static Nest splitAxis(
      Nest nest, Axis axis, Axis outer, Axis inner, int offset, String suffix) {
    Affine both = Affine.of(inner).plus(offset);
    if (outer.extent() != 1) {
      both = both.plus(outer, inner.extent());
    }
    Affine place = both;
    UnaryOperator<Affine> index = i -> i.substitute(a -> a.equals(axis) ? place : Affine.of(a));
    List<Axis> two = outer.extent() == 1 ? List.of(inner) : List.of(outer, inner);
    Nest moved =
        nest.withValues(
            node -> Exprs.children(node).isEmpty() ? Exprs.mapIndices(node, index) : node);
    return new Nest(
        nest.layer(),
        nest.name() + suffix,
        nest.summary(),
        replace(nest.parallel(), axis, two),
        replace(nest.reduction(), axis, two),
        moved.lookups(),
        moved.accumulators(),
        moved.stores().stream()
            .map(
                s ->
                    new Store(
                        s.tensor(), s.index().stream().map(index).toList(), s.value(), s.mode()))
            .toList(),
        moved.names());
  }

  private static List<Axis> replace(List<Axis> axes, Axis old, List<Axis> by) {
    List<Axis> result = new ArrayList<>();
    axes.forEach(axis -> result.addAll(axis.equals(old) ? by : List.of(axis)));
    return result;
  }

  /** Puts something else in the place of accumulators. */
  public static Expr accumulators(Expr expr, Function<String, Expr> replacement) {
    return Exprs.rewrite(
        expr,
        node ->
            node instanceof Expr.AccumulatorValue accumulator
                ? replacement.apply(accumulator.name())
                : node);
  }

  /** What is looked up, its places passed through the function. */
  public static List<Lookup> lookups(Nest nest, UnaryOperator<Expr> function) {
    return nest.lookups().stream()
        .map(lookup -> new Lookup(lookup.axis(), function.apply(lookup.value())))
        .toList();
  }

  /** Names of the layers whose random numbers the nest draws. */
  public static Set<String> randomLayers(Nest nest) {
    Set<String> layers = new HashSet<>();
    nest.withValues(
        node -> {
          if (node instanceof Expr.Uniform uniform) {
            layers.add(uniform.key().layer());
          }
          return node;
        });
    return layers;
  }
}
