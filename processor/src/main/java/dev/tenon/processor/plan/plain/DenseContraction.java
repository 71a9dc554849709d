package dev.tenon.processor.plan.plain;

import dev.tenon.processor.code.CamelCase;
import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.rewrite.Contraction;
import dev.tenon.processor.plan.rewrite.NestRewrite;
import dev.tenon.processor.plan.schedule.Layout;
import dev.tenon.processor.plan.schedule.ScheduledNest.Loop;
import dev.tenon.processor.plan.schedule.ScheduledNest.Schedule;
import dev.tenon.processor.plan.schedule.Work;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Plans a product of matrices, such as a linear layer and its gradients, for plain Java.
 *
 * <p>The inner loop runs along one axis of the result (the lane axis) and adds a few scaled rows to
 * a few rows of the result: {@code y0[o] += x00 * w0[o] + x01 * w1[o]; y1[o] += ...}. The JIT
 * compiler turns that into vector instructions where a dot product stays scalar. It wants the
 * operand with the lane axis as rows, so weights that lie otherwise are copied once a call.
 */
final class DenseContraction {
  /**
   * Rows of the result and of the operand in one tile: 4 x 2 = 8 multiply-adds. C2 of JDK 17 does
   * not vectorise loops of more than 8; JDK 25 would take 16 (64 against 60 GFLOP/s).
   */
  static final int TILE_ROWS = 4;

  static final int TILE_TERMS = 2;

  /** Below this the rows are too short to pay for the loop around them. */
  private static final int SHORTEST_LANES = 8;

  private final Layouts layouts;

  DenseContraction(Layouts layouts) {
    this.layouts = layouts;
  }

  /** The plan, or empty when the nest is something else. */
  Optional<List<Work>> plan(Nest nest) {
    Optional<Contraction> contraction = Contraction.of(nest);
    if (contraction.isEmpty() || contraction.get().store().mode() != Store.Mode.SET) {
      return Optional.empty();
    }
    Load left = contraction.get().left();
    Load right = contraction.get().right();
    if (!isPlain(left) || !isPlain(right)) {
      return Optional.empty();
    }
    Optional<Axis> lanes =
        nest.parallel().stream()
            .filter(axis -> !axis.isBatch() && uses(left, axis) != uses(right, axis))
            .filter(axis -> canRunAlong(uses(left, axis) ? left : right, axis))
            .max(Comparator.comparingInt(Axis::extent));
    if (lanes.isEmpty() || lanes.get().extent() < SHORTEST_LANES) {
      return Optional.empty();
    }
    Axis lane = lanes.get();
    List<Work> works = new ArrayList<>();
    Load rows = uses(left, lane) ? left : right;
    Load scalars = uses(left, lane) ? right : left;
    if (!isRowOf(rows, lane)) {
      rows = asRows(nest, rows, lane, works);
    }
    accumulate(nest, rows, scalars, lane, works);
    return Optional.of(works);
  }

  private static boolean isPlain(Load load) {
    return load.outside() == Outside.NEVER
        && load.index().stream()
            .allMatch(
                i ->
                    i.constant() == 0
                        && i.terms().size() == 1
                        && i.terms().get(i.terms().firstKey()) == 1);
  }

  private static boolean uses(Load load, Axis axis) {
    return load.index().stream().anyMatch(index -> index.uses(axis));
  }

  /** Either the tensor has such rows, or it is small enough to be copied into rows. */
  private boolean canRunAlong(Load load, Axis axis) {
    return isRowOf(load, axis) || !load.tensor().isBatched();
  }

  private boolean isRowOf(Load load, Axis axis) {
    return layouts.isRowOfLastAxis(load.tensor())
        && load.index().get(load.index().size() - 1).equals(Affine.of(axis));
  }

  /** Copies an operand so that the lane axis comes last and lies in rows. */
  private Load asRows(Nest nest, Load load, Axis lane, List<Work> works) {
    List<Axis> axes = new ArrayList<>();
    load.index().forEach(index -> axes.add(index.terms().firstKey()));
    axes.remove(lane);
    axes.add(lane);
    Tensor copy =
        new Tensor(
            nest.layer(),
            CamelCase.join(load.tensor().word() + "Rows", nest.name()),
            load.type(),
            Role.VALUE,
            axes.stream().map(Axis::extent).toList());
    layouts.choose(copy, new Layout.Rows(axes.size() - 1));
    Affine[] index = axes.stream().map(Affine::of).toArray(Affine[]::new);
    works.add(
        Work.general(
            Nest.of(
                    nest.layer(),
                    nest.name() + "Rows",
                    load.tensor().word() + " as rows along " + lane.name())
                .over(axes)
                .store(Store.set(copy, load, index))
                .build()));
    return Expr.load(copy, index);
  }

  private void accumulate(Nest nest, Load rows, Load scalars, Axis lane, List<Work> works) {
    Store store = nest.stores().get(0);
    Expr init = nest.accumulators().get(0).init();
    List<Axis> others = new ArrayList<>(nest.parallel());
    others.remove(lane);
    boolean direct =
        store.value() instanceof Expr.AccumulatorValue
            && layouts.isRowOfLastAxis(store.tensor())
            && store.index().get(store.index().size() - 1).equals(Affine.of(lane));
    Tensor target = store.tensor();
    Affine[] at = store.index().toArray(Affine[]::new);
    List<Axis> inOrder = new ArrayList<>(others);
    inOrder.add(lane);
    if (!direct) {
      target =
          new Tensor(
              nest.layer(),
              nest.name() + "Sums",
              init.type(),
              Role.VALUE,
              inOrder.stream().map(Axis::extent).toList());
      layouts.choose(target, new Layout.Rows(inOrder.size() - 1));
      at = inOrder.stream().map(Affine::of).toArray(Affine[]::new);
    }
    works.add(
        Work.general(
            Nest.of(nest.layer(), nest.name() + "Start", "the sums start from their first value")
                .over(inOrder)
                .store(Store.set(target, init, at))
                .build()));
    Nest sums =
        Nest.of(nest.layer(), nest.name(), nest.summary())
            .over(inOrder)
            .reduce(nest.reduction())
            .store(Store.add(target, Expr.multiply(scalars, rows), at))
            .build();
    works.add(Work.scheduled(sums, schedule(others, nest.reduction(), lane)));
    if (!direct) {
      Load sum = Expr.load(target, at);
      works.add(
          Work.general(
              Nest.of(nest.layer(), nest.name() + "Finish", "the finished sums where they belong")
                  .over(inOrder)
                  .store(
                      new Store(
                          store.tensor(),
                          store.index(),
                          NestRewrite.accumulators(store.value(), name -> sum),
                          store.mode()))
                  .build()));
    }
  }

  private static Schedule schedule(List<Axis> others, List<Axis> reduction, Axis lane) {
    List<Loop> loops = new ArrayList<>();
    for (int i = 0; i < others.size(); i++) {
      loops.add(
          i == others.size() - 1
              ? Loop.unrolled(others.get(i), TILE_ROWS)
              : Loop.plain(others.get(i)));
    }
    for (int i = 0; i < reduction.size(); i++) {
      loops.add(
          i == reduction.size() - 1
              ? Loop.unrolled(reduction.get(i), TILE_TERMS)
              : Loop.plain(reduction.get(i)));
    }
    loops.add(Loop.plain(lane));
    return new Schedule(loops, loops.size() - 1, Integer.MAX_VALUE);
  }
}
