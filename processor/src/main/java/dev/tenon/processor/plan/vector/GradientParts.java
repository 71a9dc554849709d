package dev.tenon.processor.plan.vector;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.rewrite.Contraction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The gradient of a convolution's weights: a gradient for each part of the batch, then their sum,
 * so that threads can share the work. The parts depend on the batch alone, so the bits do not
 * depend on the threads.
 */
final class GradientParts {
  /** Parts of a batch that add to a weight's gradient of their own. */
  private static final int MOST_PARTS = 16;

  /** Floats of all such gradients of one weight together. */
  private static final int MOST_PART_VALUES = 1 << 20;

  private GradientParts() {}

  /**
   * The nests that replace a gradient; empty for anything else.
   *
   * @param formats knows along what the weight lies, and takes that down for the parts
   */
  static Optional<List<Nest>> of(Nest nest, VectorFormats formats) {
    if (!Contraction.is(nest)
        || nest.stores().get(0).tensor().role() != Role.PARAMETER_GRADIENT
        || nest.stores().get(0).mode() != Store.Mode.SET
        || !(nest.stores().get(0).value() instanceof Expr.AccumulatorValue)
        || nest.reduction().stream().noneMatch(Axis::isBatch)
        || nest.reduction().size() < 2) {
      return Optional.empty();
    }
    Store store = nest.stores().get(0);
    long values = 1;
    for (int d : store.tensor().dims()) {
      values *= d;
    }
    int parts = (int) Math.min(MOST_PARTS, MOST_PART_VALUES / values);
    if (parts < 2) {
      return Optional.empty();
    }
    Axis part = Axis.parts(parts);
    List<Integer> dims = new ArrayList<>(List.of(part.extent()));
    dims.addAll(store.tensor().dims());
    String weight = store.tensor().name();
    Tensor partial =
        new Tensor(nest.layer(), nest.name() + "Parts", ElementType.FLOAT, Role.VALUE, dims);
    Integer dim = formats.laneDimOf(store.tensor());
    if (dim == null) {
      return Optional.empty();
    }
    formats.setLaneDim(partial, dim + 1);
    List<Affine> index = new ArrayList<>(List.of(Affine.of(part)));
    index.addAll(store.index());
    List<Axis> over = new ArrayList<>(List.of(part));
    over.addAll(nest.parallel());
    Nest sums =
        new Nest(
            nest.layer(),
            nest.name() + "Parts",
            nest.summary() + "\nof each part of the batch",
            over,
            nest.reduction(),
            nest.lookups(),
            nest.accumulators(),
            List.of(new Store(partial, index, store.value(), Store.Mode.SET)));
    Expr zero = Expr.constant(ElementType.FLOAT, 0);
    Nest total =
        Nest.of(nest.layer(), nest.name(), "the sum of all parts of " + weight)
            .over(nest.parallel())
            .reduce(part)
            .sum("sum", zero, new Load(partial, index, Expr.Outside.NEVER))
            .store(
                new Store(
                    store.tensor(),
                    store.index(),
                    new Expr.AccumulatorValue("sum", ElementType.FLOAT),
                    Store.Mode.SET))
            .build();
    return Optional.of(List.of(sums, total));
  }
}
