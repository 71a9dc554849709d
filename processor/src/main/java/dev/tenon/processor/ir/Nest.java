package dev.tenon.processor.ir;

import dev.tenon.processor.ir.Accumulator.Replace;
import dev.tenon.processor.ir.Accumulator.Sum;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A perfect loop nest: for every point of the parallel axes, set up the accumulators, fold in every
 * point of the reduction axes, then do the stores.
 *
 * <p>An index may also use axes that are looked up, see {@link Lookup}.
 *
 * <p>Without accumulators the stores run at every point of all axes. The nest says what is
 * computed; order, tiles and memory are the planner's.
 *
 * @param layer the layer that it belongs to
 * @param name what it does in that layer: {@code forward}, {@code statistics}; with the layer's
 *     name it names the generated method
 * @param summary the comment in the generated method: a line for what it computes, and one for each
 *     thing that has been joined to it
 * @param names what the author of the layer calls some of the values that its expressions are made
 *     of; for readers
 */
public record Nest(
    String layer,
    String name,
    String summary,
    List<Axis> parallel,
    List<Axis> reduction,
    List<Lookup> lookups,
    List<Accumulator> accumulators,
    List<Store> stores,
    Map<Expr, String> names)
    implements Step {

  /** A nest in which no value has a name. */
  public Nest(
      String layer,
      String name,
      String summary,
      List<Axis> parallel,
      List<Axis> reduction,
      List<Lookup> lookups,
      List<Accumulator> accumulators,
      List<Store> stores) {
    this(layer, name, summary, parallel, reduction, lookups, accumulators, stores, Map.of());
  }

  public Nest {
    parallel = List.copyOf(parallel);
    reduction = List.copyOf(reduction);
    lookups = List.copyOf(lookups);
    accumulators = List.copyOf(accumulators);
    stores = List.copyOf(stores);
    names = Map.copyOf(names);
  }

  /**
   * The same with the names of another nest that it was made from, for what is left of its values.
   *
   * @param function what the expressions of the other nest were passed through
   */
  public Nest withNamesOf(Nest other, UnaryOperator<Expr> function) {
    if (other.names.isEmpty()) {
      return this;
    }
    Set<Expr> parts = new HashSet<>();
    values().forEach(value -> collectParts(value, parts));
    Map<Expr, String> passed = new HashMap<>(names);
    other.names.forEach((value, called) -> passed.put(function.apply(value), called));
    passed.keySet().retainAll(parts);
    return new Nest(
        layer, name, summary, parallel, reduction, lookups, accumulators, stores, passed);
  }

  /** All axes that it runs over, parallel ones first. */
  public List<Axis> axes() {
    return Stream.concat(parallel.stream(), reduction.stream()).toList();
  }

  /** Whether it runs only where what it would replace is not finite. */
  public boolean repairs() {
    return stores.stream().anyMatch(store -> store.mode() == Store.Mode.REPAIR);
  }

  public static Builder of(String layer, String name, String summary) {
    return new Builder(layer, name, summary);
  }

  /** Every expression of the nest. */
  public List<Expr> values() {
    List<Expr> values = new ArrayList<>();
    lookups.forEach(lookup -> values.add(lookup.value()));
    for (Accumulator accumulator : accumulators) {
      values.add(accumulator.init());
      values.add(
          accumulator.fold() instanceof Sum sum
              ? sum.term()
              : ((Replace) accumulator.fold()).next());
    }
    stores.forEach(store -> values.add(store.value()));
    return values;
  }

  /** Every load of the nest. */
  public List<Expr.Load> loads() {
    List<Expr.Load> loads = new ArrayList<>();
    values().forEach(value -> collectLoads(value, loads));
    return loads;
  }

  /** Every tensor that the nest writes or reads, once, those that it writes first. */
  public List<Tensor> tensors() {
    Set<Tensor> all = new LinkedHashSet<>();
    stores.forEach(store -> all.add(store.tensor()));
    loads().forEach(load -> all.add(load.tensor()));
    return List.copyOf(all);
  }

  /** The same over other tensors. */
  public Nest withTensors(UnaryOperator<Tensor> other) {
    UnaryOperator<Expr> loads =
        node ->
            node instanceof Expr.Load load
                ? new Expr.Load(other.apply(load.tensor()), load.index(), load.outside())
                : node;
    return withValues(loads)
        .withStores(
            store ->
                new Store(other.apply(store.tensor()), store.index(), store.value(), store.mode()));
  }

  /** The same with every node of every expression passed through the function. */
  public Nest withValues(UnaryOperator<Expr> function) {
    List<Accumulator> mapped =
        accumulators.stream()
            .map(
                a ->
                    new Accumulator(
                        a.name(),
                        Exprs.rewrite(a.init(), function),
                        a.fold() instanceof Sum sum
                            ? new Sum(Exprs.rewrite(sum.term(), function))
                            : new Replace(Exprs.rewrite(((Replace) a.fold()).next(), function))))
            .toList();
    List<Lookup> moved =
        lookups.stream()
            .map(l -> new Lookup(l.axis(), Exprs.rewrite(l.value(), function)))
            .toList();
    return new Nest(layer, name, summary, parallel, reduction, moved, mapped, stores)
        .withStores(
            s -> new Store(s.tensor(), s.index(), Exprs.rewrite(s.value(), function), s.mode()))
        .withNamesOf(this, value -> Exprs.rewrite(value, function));
  }

  private Nest withStores(UnaryOperator<Store> function) {
    return new Nest(
        layer,
        name,
        summary,
        parallel,
        reduction,
        lookups,
        accumulators,
        stores.stream().map(function).toList(),
        names);
  }

  /** The same under other names. */
  public Nest named(String newLayer, String newName, String newSummary) {
    return new Nest(
        newLayer, newName, newSummary, parallel, reduction, lookups, accumulators, stores, names);
  }

  private static void collectParts(Expr expr, Set<Expr> parts) {
    if (parts.add(expr)) {
      Exprs.children(expr).forEach(child -> collectParts(child, parts));
    }
  }

  private static void collectLoads(Expr expr, List<Expr.Load> loads) {
    if (expr instanceof Expr.Load load) {
      loads.add(load);
    }
    Exprs.children(expr).forEach(child -> collectLoads(child, loads));
  }

  /** Puts a nest together in the order in which it reads. */
  public static final class Builder {
    private final String layer;
    private final String name;
    private final String summary;
    private List<Axis> parallel = List.of();
    private List<Axis> reduction = List.of();
    private final List<Lookup> lookups = new ArrayList<>();
    private final List<Accumulator> accumulators = new ArrayList<>();
    private final List<Store> stores = new ArrayList<>();
    private final Map<Expr, String> names = new HashMap<>();

    private Builder(String layer, String name, String summary) {
      this.layer = layer;
      this.name = name;
      this.summary = summary;
    }

    /** The axes whose points are independent of each other. */
    public Builder over(Axis... axes) {
      return over(List.of(axes));
    }

    public Builder over(List<Axis> axes) {
      parallel = axes;
      return this;
    }

    /** The axes over which accumulators, or adding stores, gather. */
    public Builder reduce(Axis... axes) {
      return reduce(List.of(axes));
    }

    public Builder reduce(List<Axis> axes) {
      reduction = axes;
      return this;
    }

    /** An axis whose value at each point is worked out of tensors. */
    public Builder lookUp(Axis axis, Expr value) {
      lookups.add(new Lookup(axis, value));
      return this;
    }

    /** A sum, from this initial value. */
    public Builder sum(String accumulator, Expr init, Expr term) {
      accumulators.add(new Accumulator(accumulator, init, new Sum(term)));
      return this;
    }

    /** A fold in row-major order. */
    public Builder fold(String accumulator, Expr init, Expr next) {
      accumulators.add(new Accumulator(accumulator, init, new Replace(next)));
      return this;
    }

    public Builder store(Store store) {
      stores.add(store);
      return this;
    }

    /** Says what a value that the expressions are made of is called. */
    public Builder named(String called, Expr value) {
      names.put(value, called);
      return this;
    }

    public Nest build() {
      return new Nest(
          layer, name, summary, parallel, reduction, lookups, accumulators, stores, names);
    }
  }
}
