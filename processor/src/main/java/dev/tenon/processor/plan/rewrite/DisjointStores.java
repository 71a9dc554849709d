package dev.tenon.processor.plan.rewrite;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Additions that never meet in one element become plain stores: the gradients of pools whose
 * windows do not overlap. The tensor then need not be read, and where the windows leave nothing out
 * it need not be cleared before.
 */
public final class DisjointStores {
  private DisjointStores() {}

  public static Program of(Program program) {
    return new Program(
        program.ends(), of(program.forward()), of(program.backward()), of(program.predict()));
  }

  private static List<Step> of(List<Step> steps) {
    List<Step> result = new ArrayList<>();
    for (Step step : steps) {
      Optional<Nest> clearing =
          result.isEmpty() ? Optional.empty() : result.get(result.size() - 1).nest();
      Optional<Places> places =
          step.nest().filter(nest -> clears(clearing, nest)).flatMap(DisjointStores::places);
      if (places.isEmpty()) {
        result.add(step);
        continue;
      }
      if (places.get().everywhere()) {
        result.remove(result.size() - 1);
      }
      result.add(step.withNest(setting(step.nest().orElseThrow())));
    }
    return result;
  }

  /** Whether the nest before sets all of the tensor that this one adds to to zero. */
  private static boolean clears(Optional<Nest> before, Nest nest) {
    return before
        .filter(clearing -> nest.lookups().isEmpty())
        .filter(clearing -> clearing.stores().size() == 1 && nest.stores().size() == 1)
        .map(clearing -> clearing.stores().get(0))
        .filter(store -> store.tensor().equals(nest.stores().get(0).tensor()))
        .filter(store -> store.mode() == Store.Mode.SET)
        .filter(store -> store.value() instanceof Expr.Constant zero && zero.value() == 0)
        .isPresent();
  }

  /**
   * Where a nest stores.
   *
   * @param everywhere whether no element is left out
   */
  private record Places(boolean everywhere) {}

  /** Empty if two points may store to the same element, or one outside of the tensor. */
  private static Optional<Places> places(Nest nest) {
    Store store = nest.stores().get(0);
    if (store.mode() != Store.Mode.ADD
        || !nest.accumulators().isEmpty()
        || !nest.reduction().isEmpty()) {
      return Optional.empty();
    }
    Set<Axis> used = new HashSet<>();
    boolean everywhere = true;
    for (int d = 0; d < store.index().size(); d++) {
      Affine index = store.index().get(d);
      if (!used.addAll(index.terms().keySet()) && !index.terms().isEmpty()) {
        return Optional.empty();
      }
      int size = store.tensor().dims().get(d);
      long end = end(index);
      boolean whole = index.equals(batchOf(index)) && size == Axis.BATCH;
      if (!whole && (end < 0 || size == Axis.BATCH || end > size)) {
        return Optional.empty();
      }
      everywhere &= whole || end == size;
    }
    return used.containsAll(nest.parallel())
        ? Optional.of(new Places(everywhere))
        : Optional.empty();
  }

  private static Affine batchOf(Affine index) {
    return index.terms().keySet().stream()
        .filter(Axis::isBatch)
        .findFirst()
        .map(Affine::of)
        .orElse(Affine.ZERO);
  }

  /**
   * The end of the places that an index takes, if it takes each from 0 on once, as a number of
   * digits counts; -1 otherwise.
   */
  private static long end(Affine index) {
    if (index.constant() != 0) {
      return -1;
    }
    List<Map.Entry<Axis, Integer>> digits =
        index.terms().entrySet().stream()
            .sorted(Comparator.comparingInt(Map.Entry::getValue))
            .toList();
    long end = 1;
    for (Map.Entry<Axis, Integer> digit : digits) {
      if (!digit.getKey().isFixed() || digit.getValue() != end) {
        return -1;
      }
      end *= digit.getKey().extent();
    }
    return end;
  }

  private static Nest setting(Nest nest) {
    Store store = nest.stores().get(0);
    return new Nest(
        nest.layer(),
        nest.name(),
        nest.summary(),
        nest.parallel(),
        nest.reduction(),
        nest.lookups(),
        nest.accumulators(),
        List.of(new Store(store.tensor(), store.index(), store.value(), Store.Mode.SET)));
  }
}
