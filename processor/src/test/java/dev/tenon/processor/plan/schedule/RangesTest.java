package dev.tenon.processor.plan.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.code.KernelEmitter;
import dev.tenon.processor.code.Meaning.RuntimeArgument;
import dev.tenon.processor.code.Value.Variable;
import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.schedule.ScheduledNest.Loop;
import dev.tenon.processor.plan.schedule.ScheduledNest.Schedule;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which kernels threads may share. */
class RangesTest {
  private static final Axis N = Axis.batch();
  private static final Axis C = new Axis("c", 6);
  private static final Axis P = new Axis("p", 10);
  private static final Tensor FLAT =
      new Tensor("fc", "sums", ElementType.FLOAT, Tensor.Role.VALUE, List.of(64));
  private static final Tensor ROWS =
      new Tensor("fc", "output", ElementType.FLOAT, Tensor.Role.VALUE, List.of(Axis.BATCH, 64));

  private static Affine at(Axis axis) {
    return Affine.of(axis);
  }

  private static Store set(Tensor tensor, Affine... index) {
    return Store.set(tensor, Expr.constant(ElementType.FLOAT, 1), index);
  }

  private static Store add(Tensor tensor, Affine... index) {
    return Store.add(tensor, Expr.constant(ElementType.FLOAT, 1), index);
  }

  /** The first so many axes are parallel; loops are in the order of the axes. */
  private static ScheduledNest scheduled(int parallel, List<Loop> loops, Store... stores) {
    List<Axis> axes = loops.stream().map(Loop::axis).toList();
    Nest.Builder nest =
        Nest.of("fc", "forward", "what it does")
            .over(axes.subList(0, parallel))
            .reduce(axes.subList(parallel, axes.size()));
    Arrays.stream(stores).forEach(nest::store);
    return new ScheduledNest(
        nest.build(),
        Stream.of(stores).map(store -> List.<ScheduledNest.Bound>of()).toList(),
        new Schedule(loops, loops.size(), Integer.MAX_VALUE));
  }

  private static ScheduledNest plain(int parallel, List<Axis> axes, Store... stores) {
    return scheduled(parallel, axes.stream().map(Loop::plain).toList(), stores);
  }

  private static void assertSplits(ScheduledNest nest) {
    assertThat(Ranges.of(nest)).contains(nest.schedule().loops().get(0));
  }

  private static void assertRunsAsAWhole(ScheduledNest nest) {
    assertThat(Ranges.of(nest)).isEmpty();
    List<Variable> parameters =
        KernelEmitter.emit(nest, "kernel", layer -> true).methods().get(0).parameters();
    assertThat(parameters)
        .extracting(Variable::meaning)
        .doesNotContain(RuntimeArgument.FROM, RuntimeArgument.TO);
  }

  @Test
  void mapsSplit() {
    assertSplits(plain(2, List.of(N, P), set(ROWS, at(N), at(P))));
    assertSplits(plain(2, List.of(C, P), set(FLAT, at(C).times(10).plus(at(P)))));
  }

  @Test
  void reductionsDoNot() {
    assertRunsAsAWhole(plain(0, List.of(N, P), add(FLAT, at(P))));
  }

  @Test
  void anAxisWithoutALoopDoesNot() {
    assertRunsAsAWhole(
        scheduled(
            2, List.of(Loop.writtenOut(C), Loop.plain(P)), set(FLAT, at(C).times(10).plus(at(P)))));
  }

  @Test
  void sumsSplitWhereTheirElementsStayApart() {
    // Rows of their own: n * 6 + c.
    Affine row = at(N).times(6).plus(at(C));
    assertSplits(plain(2, List.of(N, C, P), add(ROWS, row, at(P))));
    // A row a sample, which all reduction points of it meet in.
    assertSplits(plain(1, List.of(N, P), add(ROWS, at(N), Affine.constant(3))));
    // The axis is the larger digit, or the smaller one.
    assertSplits(plain(1, List.of(C, P), add(FLAT, at(C).times(10).plus(at(P)))));
    assertSplits(plain(1, List.of(P, C), add(FLAT, at(C).times(10).plus(at(P)))));
  }

  @Test
  void sumsDoNotWhereTheyMayMeet() {
    // Windows that overlap: 5 * c + p.
    assertRunsAsAWhole(plain(1, List.of(C, P), add(FLAT, at(C).times(5).plus(at(P)))));
    // Nothing says how many samples there are.
    assertRunsAsAWhole(plain(1, List.of(C, N), add(FLAT, at(N).plus(at(C).times(10)))));
    // All points of c meet.
    assertRunsAsAWhole(plain(1, List.of(C, P), add(FLAT, at(P))));
    // Each sum keeps its points apart, but not from those of the other one.
    assertRunsAsAWhole(plain(1, List.of(C), add(FLAT, at(C)), add(FLAT, at(C).plus(1))));
  }
}
