package dev.tenon.processor.plan.schedule;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Joins neighbouring axes that every index runs through without a gap, such as the rows and columns
 * of an image: one long loop in place of a loop in a loop.
 */
public final class AxisCollapse {
  private AxisCollapse() {}

  public static PhysicalNest of(PhysicalNest nest) {
    return of(nest, (outer, inner) -> true);
  }

  /** Joins only the neighbours that may be. */
  public static PhysicalNest of(PhysicalNest nest, BiPredicate<Axis, Axis> mayJoin) {
    PhysicalNest result = dropSingle(nest);
    Optional<PhysicalNest> next = collapseOnce(result, mayJoin);
    while (next.isPresent()) {
      result = next.get();
      next = collapseOnce(result, mayJoin);
    }
    return result;
  }

  /** Removes axes of one iteration. */
  private static PhysicalNest dropSingle(PhysicalNest nest) {
    return nest.withAxes(
        nest.nest().parallel().stream().filter(axis -> axis.extent() != 1).toList(),
        nest.nest().reduction().stream().filter(axis -> axis.extent() != 1).toList(),
        index -> index.substitute(axis -> axis.extent() == 1 ? Affine.ZERO : Affine.of(axis)));
  }

  private static Optional<PhysicalNest> collapseOnce(
      PhysicalNest nest, BiPredicate<Axis, Axis> mayJoin) {
    for (List<Axis> group : List.of(nest.nest().parallel(), nest.nest().reduction())) {
      for (int i = 0; i + 1 < group.size(); i++) {
        Axis outer = group.get(i);
        Axis inner = group.get(i + 1);
        if (mayJoin.test(outer, inner) && canCollapse(nest, outer, inner)) {
          return Optional.of(collapse(nest, outer, inner));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean canCollapse(PhysicalNest nest, Axis outer, Axis inner) {
    if (!outer.isFixed() || !inner.isFixed()) {
      return false;
    }
    return nest.indices().stream()
        .allMatch(
            index -> index.coefficient(outer) == (long) inner.extent() * index.coefficient(inner));
  }

  private static PhysicalNest collapse(PhysicalNest nest, Axis outer, Axis inner) {
    Axis joined = new Axis(outer.name() + inner.name(), outer.extent() * inner.extent());
    return nest.withAxes(
        replace(nest.nest().parallel(), outer, inner, joined),
        replace(nest.nest().reduction(), outer, inner, joined),
        index ->
            index.substitute(
                axis -> {
                  if (axis.equals(outer)) {
                    return Affine.ZERO;
                  }
                  return Affine.of(axis.equals(inner) ? joined : axis);
                }));
  }

  private static List<Axis> replace(List<Axis> axes, Axis outer, Axis inner, Axis joined) {
    List<Axis> result = new ArrayList<>();
    for (Axis axis : axes) {
      if (axis.equals(inner)) {
        result.add(joined);
      } else if (!axis.equals(outer)) {
        result.add(axis);
      }
    }
    return result;
  }
}
