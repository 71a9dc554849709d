package dev.tenon.processor.plan.vector;

import dev.tenon.processor.code.CamelCase;
import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Exprs;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Maps that call several functions, as one map for each. A function of a vector is some thirty to
 * fifty operations; the JIT compiler inlines the first into a kernel, calls the others, and every
 * vector that goes into a call or comes from one is an object. To write a result and read it again
 * costs less.
 */
final class FunctionSplit {
  private FunctionSplit() {}

  /** The nests in their order; the nest alone if there is nothing to split. */
  static List<Nest> of(Nest nest) {
    if (!nest.accumulators().isEmpty()
        || !nest.reduction().isEmpty()
        || !nest.lookups().isEmpty()
        || nest.stores().stream().anyMatch(store -> store.mode() != Store.Mode.SET)) {
      return List.of(nest);
    }
    List<Nest> nests = new ArrayList<>();
    Nest rest = nest;
    while (functions(rest).size() > 1) {
      Optional<Store> like = placeOf(rest);
      Optional<Expr> first = innermost(rest);
      if (like.isEmpty() || first.isEmpty()) {
        break;
      }
      String name = CamelCase.join(nest.name(), "function" + (nests.size() + 1));
      Tensor result =
          new Tensor(nest.layer(), name, ElementType.FLOAT, Role.VALUE, like.get().tensor().dims());
      List<Affine> index = like.get().index();
      nests.add(
          Nest.of(nest.layer(), name, "a function for " + nest.summary())
              .over(rest.parallel())
              .store(new Store(result, index, first.get(), Store.Mode.SET))
              .build());
      Load load = new Load(result, index, Expr.Outside.NEVER);
      rest = rest.withValues(node -> node.equals(first.get()) ? load : node);
    }
    nests.add(rest);
    return nests;
  }

  private static Set<Expr> functions(Nest nest) {
    Set<Expr> functions = new HashSet<>();
    nest.withValues(
        node -> {
          if (Exprs.isFunction(node)) {
            functions.add(node);
          }
          return node;
        });
    return functions;
  }

  /** A function of floats that reads no other one's result. */
  private static Optional<Expr> innermost(Nest nest) {
    List<Expr> found = new ArrayList<>();
    nest.withValues(
        node -> {
          boolean isInnermost =
              node instanceof Expr.Unary unary
                  && Exprs.isFunction(unary)
                  && unary.type() == ElementType.FLOAT
                  && Exprs.count(unary.operand(), Exprs::isFunction) == 0;
          if (isInnermost) {
            found.add(node);
          }
          return node;
        });
    return found.stream().findFirst();
  }

  /**
   * A store at a place of its own for every point, so that a result can lie like what it writes.
   */
  private static Optional<Store> placeOf(Nest nest) {
    return nest.stores().stream()
        .filter(store -> store.tensor().role() == Role.VALUE)
        .filter(store -> store.tensor().type() == ElementType.FLOAT)
        .filter(store -> runsThrough(store, nest.parallel()))
        .findFirst();
  }

  private static boolean runsThrough(Store store, List<Axis> axes) {
    List<Axis> used = new ArrayList<>();
    for (int d = 0; d < store.index().size(); d++) {
      Affine at = store.index().get(d);
      boolean isAxis =
          at.constant() == 0
              && at.terms().size() == 1
              && at.coefficient(at.terms().firstKey()) == 1
              && at.terms().firstKey().extent() == store.tensor().dims().get(d);
      if (!isAxis) {
        return false;
      }
      used.add(at.terms().firstKey());
    }
    return used.size() == axes.size() && used.containsAll(axes);
  }
}
