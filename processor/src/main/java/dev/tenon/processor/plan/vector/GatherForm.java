package dev.tenon.processor.plan.vector;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.plan.rewrite.Contraction;
import dev.tenon.processor.plan.rewrite.WindowGeometry;
import dev.tenon.processor.plan.rewrite.WindowGeometry.Dim;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns the gradient of a convolution's input, which a layer writes as additions at every place of
 * every window, into sums for each element: a convolution again, over the gradient of the output,
 * that register tiles can do.
 *
 * <p>Along one axis, window {@code y} meets element {@code u} at tap {@code r} when {@code stride *
 * y + dilation * r - padding = u}. Elements whose {@code u} leaves the same remainder by the stride
 * (a phase) meet the same taps, {@code r = first + step * j}, at the windows {@code y = q + offset
 * - shift * j} for {@code u = stride * q + phase}. So each phase is a nest of its own; without a
 * stride there is one.
 */
public final class GatherForm {
  private GatherForm() {}

  /** One phase along one axis. */
  private record Phase(
      Axis element, int stride, int phase, Axis tap, int first, int step, int offset, int shift) {
    Affine elementIndex() {
      return Affine.constant(phase).plus(element, stride);
    }

    Affine tapIndex() {
      return Affine.constant(first).plus(tap, step);
    }

    Affine windowIndex() {
      return Affine.constant(offset).plus(element).plus(tap, -shift);
    }

    boolean isEmpty() {
      return tap.extent() == 0;
    }
  }

  /** One nest for each phase; empty if the nest is no such gradient. */
  public static Optional<List<Nest>> of(Nest nest) {
    Optional<Contraction> contraction = Contraction.of(nest);
    if (contraction.isEmpty() || contraction.get().store().mode() != Store.Mode.ADD) {
      return Optional.empty();
    }
    Store store = contraction.get().store();
    if (!(store.value() instanceof Expr.AccumulatorValue)) {
      return Optional.empty();
    }
    Load left = contraction.get().left();
    Load right = contraction.get().right();
    Load weight = left.tensor().isState() ? left : right;
    Load gradient = weight.equals(left) ? right : left;
    if (!isPlain(gradient)) {
      return Optional.empty();
    }
    List<Axis> taps =
        nest.parallel().stream()
            .filter(axis -> uses(weight, axis) && !uses(gradient, axis))
            .filter(axis -> store.index().stream().skip(2).anyMatch(i -> i.uses(axis)))
            .toList();
    return WindowGeometry.of(store.tensor().dims(), store.index(), taps)
        .map(geometry -> nests(nest, geometry, weight, gradient));
  }

  /** Whether each spatial axis has a dimension of its own, at whose ends the reading stops. */
  private static boolean isPlain(Load gradient) {
    return gradient.index().size() > 2
        && gradient.index().stream()
            .skip(2)
            .allMatch(i -> i.constant() == 0 && i.terms().size() == 1);
  }

  private static boolean uses(Load load, Axis axis) {
    return load.index().stream().anyMatch(index -> index.uses(axis));
  }

  private static List<Nest> nests(Nest nest, WindowGeometry geometry, Load weight, Load gradient) {
    List<List<Phase>> combinations = new ArrayList<>(List.of(List.of()));
    for (Dim dim : geometry.dims()) {
      List<List<Phase>> longer = new ArrayList<>();
      for (List<Phase> combination : combinations) {
        for (int phase = 0; phase < Math.min(dim.stride(), dim.size()); phase++) {
          List<Phase> more = new ArrayList<>(combination);
          more.add(phase(dim, phase));
          longer.add(more);
        }
      }
      combinations = longer;
    }
    List<Nest> nests = new ArrayList<>();
    for (List<Phase> combination : combinations) {
      String name = nest.name() + (combinations.size() == 1 ? "" : "Phase" + nests.size());
      nests.add(nest(nest, name, geometry, combination, weight, gradient));
    }
    return nests;
  }

  private static Phase phase(Dim dim, int phase) {
    int stride = dim.stride();
    int count = (dim.size() - phase + stride - 1) / stride;
    Axis element = new Axis(dim.out().name(), count);
    int divisor =
        BigInteger.valueOf(stride).gcd(BigInteger.valueOf(dim.dilation())).intValueExact();
    int step = stride / divisor;
    int first = 0;
    int taps = dim.tap().extent();
    while (first < taps
        && Math.floorMod(phase + dim.before() - first * dim.dilation(), stride) != 0) {
      first++;
    }
    int of = first >= taps ? 0 : (taps - first + step - 1) / step;
    return new Phase(
        element,
        stride,
        phase,
        new Axis(dim.tap().name(), of),
        first,
        step,
        Math.floorDiv(phase + dim.before() - first * dim.dilation(), stride),
        step * dim.dilation() / stride);
  }

  private static Nest nest(
      Nest nest,
      String name,
      WindowGeometry geometry,
      List<Phase> phases,
      Load weight,
      Load gradient) {
    Map<Axis, Affine> elements = new HashMap<>();
    Map<Axis, Affine> places = new HashMap<>();
    for (int d = 0; d < phases.size(); d++) {
      Dim dim = geometry.dims().get(d);
      elements.put(dim.out(), phases.get(d).windowIndex());
      elements.put(dim.tap(), phases.get(d).tapIndex());
      places.put(dim.out(), phases.get(d).elementIndex());
    }
    List<Axis> parallel = new ArrayList<>(nest.parallel());
    parallel.removeAll(geometry.outAxes());
    parallel.removeAll(geometry.tapAxes());
    phases.forEach(phase -> parallel.add(phase.element()));
    Store store = nest.stores().get(0);
    List<Affine> target = new ArrayList<>(store.index().subList(0, 2));
    for (int d = 0; d < phases.size(); d++) {
      target.add(places.get(geometry.dims().get(d).out()));
    }
    Nest.Builder builder = Nest.of(nest.layer(), name, nest.summary()).over(parallel);
    Expr init = nest.accumulators().get(0).init();
    if (phases.stream().anyMatch(Phase::isEmpty)) {
      return builder.store(new Store(store.tensor(), target, init, Store.Mode.SET)).build();
    }
    List<Axis> reduction = new ArrayList<>();
    phases.forEach(phase -> reduction.add(phase.tap()));
    reduction.addAll(nest.reduction());
    Load moved =
        new Load(
            gradient.tensor(),
            gradient.index().stream().map(i -> i.substitute(a -> at(elements, a))).toList(),
            Outside.ZERO);
    Load movedWeight =
        new Load(
            weight.tensor(),
            weight.index().stream().map(i -> i.substitute(a -> at(elements, a))).toList(),
            Outside.NEVER);
    String sum = nest.accumulators().get(0).name();
    return builder
        .reduce(reduction)
        .sum(sum, init, Expr.multiply(moved, movedWeight))
        .store(
            new Store(
                store.tensor(),
                target,
                new Expr.AccumulatorValue(sum, init.type()),
                Store.Mode.SET))
        .build();
  }

  private static Affine at(Map<Axis, Affine> places, Axis axis) {
    Affine place = places.get(axis);
    return place == null ? Affine.of(axis) : place;
  }
}
