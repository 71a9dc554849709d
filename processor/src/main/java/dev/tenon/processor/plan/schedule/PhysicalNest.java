package dev.tenon.processor.plan.schedule;

import dev.tenon.processor.ir.Accumulator;
import dev.tenon.processor.ir.Accumulator.Replace;
import dev.tenon.processor.ir.Accumulator.Sum;
import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Comparison;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Exprs;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.rewrite.NestRewrite;
import dev.tenon.processor.plan.schedule.ScheduledNest.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A nest whose indices are places in memory: {@code [row, element]} for a tensor of rows, {@code
 * [element]} for a flat one. Padding has become conditions.
 *
 * @param nest the nest; the tensors in it have their physical sizes
 * @param storeBounds for each store, the conditions under which it happens
 */
public record PhysicalNest(Nest nest, List<List<Bound>> storeBounds) {
  public PhysicalNest {
    storeBounds = storeBounds.stream().map(List::copyOf).toList();
  }

  public static PhysicalNest of(Nest nest, Function<Tensor, Layout> layouts) {
    UnaryOperator<Expr> physical = node -> node instanceof Load load ? load(load, layouts) : node;
    List<Accumulator> accumulators =
        nest.accumulators().stream()
            .map(a -> map(a, expr -> Exprs.rewrite(expr, physical)))
            .toList();
    List<Store> stores = new ArrayList<>();
    List<List<Bound>> bounds = new ArrayList<>();
    for (Store store : nest.stores()) {
      bounds.add(bounds(store.tensor(), store.index(), layouts));
      stores.add(
          new Store(
              tensor(store.tensor(), layouts),
              index(store.tensor(), store.index(), layouts),
              Exprs.rewrite(store.value(), physical),
              store.mode()));
    }
    return new PhysicalNest(
        new Nest(
                nest.layer(),
                nest.name(),
                nest.summary(),
                nest.parallel(),
                nest.reduction(),
                NestRewrite.lookups(nest, expr -> Exprs.rewrite(expr, physical)),
                accumulators,
                stores)
            .withNamesOf(nest, value -> Exprs.rewrite(value, physical)),
        bounds);
  }

  private static Accumulator map(Accumulator accumulator, UnaryOperator<Expr> function) {
    return new Accumulator(
        accumulator.name(),
        function.apply(accumulator.init()),
        accumulator.fold() instanceof Sum sum
            ? new Sum(function.apply(sum.term()))
            : new Replace(function.apply(((Replace) accumulator.fold()).next())));
  }

  private static Tensor tensor(Tensor tensor, Function<Tensor, Layout> layouts) {
    if (layouts.apply(tensor) instanceof Layout.Rows rows) {
      List<Integer> dims = tensor.dims();
      int rowCount =
          dims.get(0) == Axis.BATCH ? Axis.BATCH : product(dims.subList(0, rows.leading()));
      return tensor.withDims(List.of(rowCount, product(dims.subList(rows.leading(), dims.size()))));
    }
    if (layouts.apply(tensor) instanceof Layout.Formatted formatted) {
      return tensor.withDims(List.of(formatted.format().length()));
    }
    return tensor.withDims(List.of(product(tensor.dims())));
  }

  private static int product(List<Integer> dims) {
    return dims.stream().reduce(1, Math::multiplyExact);
  }

  private static List<Affine> index(
      Tensor tensor, List<Affine> index, Function<Tensor, Layout> layouts) {
    if (layouts.apply(tensor) instanceof Layout.Rows rows) {
      int leading = rows.leading();
      return List.of(
          linear(tensor.dims().subList(0, leading), index.subList(0, leading)),
          linear(
              tensor.dims().subList(leading, tensor.rank()),
              index.subList(leading, tensor.rank())));
    }
    if (layouts.apply(tensor) instanceof Layout.Formatted formatted) {
      return List.of(
          formatted
              .format()
              .place(tensor, index)
              .orElseThrow(() -> new IllegalStateException(tensor + " at " + index)));
    }
    return List.of(linear(tensor.dims(), index));
  }

  /** Row-major position. */
  public static Affine linear(List<Integer> dims, List<Affine> index) {
    Affine position = Affine.ZERO;
    for (int d = 0; d < dims.size(); d++) {
      position = (d == 0 ? position : position.times(dims.get(d))).plus(index.get(d));
    }
    return position;
  }

  private static Expr load(Load load, Function<Tensor, Layout> layouts) {
    List<Affine> index = index(load.tensor(), load.index(), layouts);
    Tensor tensor = tensor(load.tensor(), layouts);
    if (load.outside() == Outside.NEVER) {
      return new Load(tensor, index, Outside.NEVER);
    }
    if (load.outside() == Outside.ZERO && isWithinHalo(load, layouts)) {
      return new Load(tensor, index, Outside.NEVER);
    }
    List<Bound> bounds = bounds(load.tensor(), load.index(), layouts);
    Expr guarded = new Load(tensor, index, bounds.isEmpty() ? Outside.NEVER : load.outside());
    Expr fallback =
        Expr.constant(load.type(), load.outside() == Outside.ZERO ? 0 : Double.NEGATIVE_INFINITY);
    for (int b = bounds.size() - 1; b >= 0; b--) {
      Bound bound = bounds.get(b);
      Expr at = new Expr.IndexValue(bound.index());
      if (bound.checkHigh()) {
        guarded =
            Expr.select(
                Comparison.LESS,
                at,
                Expr.constant(ElementType.INT, bound.limit()),
                guarded,
                fallback);
      }
      if (bound.checkLow()) {
        guarded =
            Expr.select(Comparison.LESS, at, Expr.constant(ElementType.INT, 0), fallback, guarded);
      }
    }
    return guarded;
  }

  /** Whether all that a load reads outside the tensor is zero in memory. */
  private static boolean isWithinHalo(Load load, Function<Tensor, Layout> layouts) {
    if (!(layouts.apply(load.tensor()) instanceof Layout.Formatted formatted)) {
      return false;
    }
    MemoryFormat format = formatted.format();
    for (int d = MemoryFormat.leading(load.tensor()); d < load.index().size(); d++) {
      long first = minimum(load.index().get(d)) + format.before().get(d);
      long last = maximum(load.index().get(d)) + format.before().get(d);
      if (first < 0 || last >= format.room(d)) {
        return false;
      }
    }
    return true;
  }

  /** The conditions under which an index is inside, without those that always hold. */
  private static List<Bound> bounds(
      Tensor tensor, List<Affine> index, Function<Tensor, Layout> layouts) {
    List<Bound> bounds = new ArrayList<>();
    for (int d = 0; d < index.size(); d++) {
      if (tensor.dims().get(d) < 0) {
        continue;
      }
      int limit = limit(tensor, d, layouts);
      boolean low = minimum(index.get(d)) < 0;
      boolean high = maximum(index.get(d)) >= limit;
      if (low || high) {
        bounds.add(new Bound(index.get(d), low, limit, high));
      }
    }
    return bounds;
  }

  /** The size of a dimension; with the padding that makes whole vectors of channels. */
  private static int limit(Tensor tensor, int d, Function<Tensor, Layout> layouts) {
    if (layouts.apply(tensor) instanceof Layout.Formatted formatted
        && (d == MemoryFormat.leading(tensor) || formatted.format().groupsOf(d) > 0)) {
      return formatted.format().room(d);
    }
    return tensor.dims().get(d);
  }

  public static long minimum(Affine index) {
    long value = index.constant();
    for (Map.Entry<Axis, Integer> term : index.terms().entrySet()) {
      value += Math.min(0, (long) term.getValue() * (term.getKey().extent() - 1));
    }
    return value;
  }

  public static long maximum(Affine index) {
    long value = index.constant();
    for (Map.Entry<Axis, Integer> term : index.terms().entrySet()) {
      value += Math.max(0, (long) term.getValue() * (term.getKey().extent() - 1));
    }
    return value;
  }

  /** Every index of the nest, conditions included. */
  List<Affine> indices() {
    List<Affine> all = new ArrayList<>();
    UnaryOperator<Affine> collect =
        index -> {
          all.add(index);
          return index;
        };
    mapIndices(collect);
    return all;
  }

  /** The nest with every index passed through the function, over other axes. */
  PhysicalNest withAxes(List<Axis> parallel, List<Axis> reduction, UnaryOperator<Affine> function) {
    PhysicalNest mapped = mapIndices(function);
    Nest inner = mapped.nest;
    return new PhysicalNest(
        new Nest(
            inner.layer(),
            inner.name(),
            inner.summary(),
            parallel,
            reduction,
            inner.lookups(),
            inner.accumulators(),
            inner.stores(),
            inner.names()),
        mapped.storeBounds);
  }

  private PhysicalNest mapIndices(UnaryOperator<Affine> function) {
    UnaryOperator<Expr> expr = e -> Exprs.mapIndices(e, function);
    return new PhysicalNest(
        new Nest(
                nest.layer(),
                nest.name(),
                nest.summary(),
                nest.parallel(),
                nest.reduction(),
                NestRewrite.lookups(nest, expr),
                nest.accumulators().stream().map(a -> map(a, expr)).toList(),
                nest.stores().stream()
                    .map(
                        s ->
                            new Store(
                                s.tensor(),
                                s.index().stream().map(function).toList(),
                                expr.apply(s.value()),
                                s.mode()))
                    .toList())
            .withNamesOf(nest, expr),
        storeBounds.stream()
            .map(
                list ->
                    list.stream()
                        .map(
                            b ->
                                new Bound(
                                    function.apply(b.index()),
                                    b.checkLow(),
                                    b.limit(),
                                    b.checkHigh()))
                        .toList())
            .toList());
  }
}
