package dev.tenon.processor.plan.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.schedule.PlannedProgram.PlannedStep;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import dev.tenon.processor.plan.schedule.ScheduledNest.Loop;
import dev.tenon.processor.plan.schedule.ScheduledNest.Schedule;
import dev.tenon.processor.plan.schedule.Stretch;
import dev.tenon.processor.plan.schedule.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InterleavingTest {
  private static final Axis N = Axis.batch();
  private static final Axis C = new Axis("c", 8);
  private static final Axis X = new Axis("x", 64);

  private static final Tensor INPUT = image("input", 64);
  private static final Tensor A = image("a.output", 64);
  private static final Tensor B = image("b.output", 64);
  private static final Tensor WEIGHT =
      new Tensor("w", "weight", ElementType.FLOAT, Role.PARAMETER, List.of(8));
  private static final Tensor MEAN =
      new Tensor("m", "mean", ElementType.FLOAT, Role.VALUE, List.of(8));

  private static Tensor image(String name, int size) {
    return new Tensor("", name, ElementType.FLOAT, Role.VALUE, List.of(Axis.BATCH, 8, size));
  }

  private static PlannedStep step(Nest nest, int unroll) {
    List<Loop> loops = new ArrayList<>();
    for (Axis axis : nest.axes()) {
      loops.add(loops.isEmpty() ? Loop.unrolled(axis, unroll) : Loop.plain(axis));
    }
    List<List<ScheduledNest.Bound>> bounds =
        nest.stores().stream().map(store -> List.<ScheduledNest.Bound>of()).toList();
    ScheduledNest scheduled =
        new ScheduledNest(nest, bounds, new Schedule(loops, loops.size(), Integer.MAX_VALUE));
    return new PlannedStep(
        Optional.of(Work.ready(nest, scheduled)), Optional.empty(), Step.Condition.ALWAYS);
  }

  private static Nest map(String name, Tensor from, Tensor to) {
    return map(name, from, to, Affine.of(N));
  }

  private static Nest map(String name, Tensor from, Tensor to, Affine sample) {
    return Nest.of("layer", name, "y = x")
        .over(List.of(N, C, X))
        .store(
            Store.set(
                to,
                Expr.load(from, sample, Affine.of(C), Affine.of(X)),
                Affine.of(N),
                Affine.of(C),
                Affine.of(X)))
        .build();
  }

  /** The sum over all samples and pixels. */
  private static Nest sum(String name, Tensor from) {
    return Nest.of("layer", name, "mean = sum x")
        .over(C)
        .reduce(List.of(N, X))
        .sum(
            "sum",
            Expr.constant(ElementType.FLOAT, 0),
            Expr.load(from, Affine.of(N), Affine.of(C), Affine.of(X)))
        .store(Store.set(MEAN, new Expr.AccumulatorValue("sum", ElementType.FLOAT), Affine.of(C)))
        .build();
  }

  private static Nest subtract(Tensor from, Tensor to, List<Axis> order) {
    return Nest.of("layer", "subtract", "y = x - mean")
        .over(order)
        .store(
            Store.set(
                to,
                Expr.subtract(
                    Expr.load(from, Affine.of(N), Affine.of(C), Affine.of(X)),
                    Expr.load(MEAN, Affine.of(C))),
                Affine.of(N),
                Affine.of(C),
                Affine.of(X)))
        .build();
  }

  private static List<List<String>> names(List<Stretch> stretches) {
    return stretches.stream()
        .map(stretch -> stretch.nests().stream().map(Nest::name).toList())
        .toList();
  }

  @Test
  void stepsOverSamplesRunTogether() {
    List<Stretch> stretches =
        Interleaving.of(
            List.of(step(map("first", INPUT, A), 1), step(map("second", A, B), 4)), false);
    assertThat(names(stretches)).containsExactly(List.of("first", "second"));
    Stretch.Items items = stretches.get(0).items().orElseThrow();
    assertThat(items.axis()).isEqualTo(N);
    assertThat(items.align()).isEqualTo(4);
    // Three tensors of 2,048 bytes a sample, in 256 KiB.
    assertThat(items.chunk()).isEqualTo(40);
  }

  @Test
  void whatReadsAnotherSampleDoesNot() {
    List<Stretch> stretches =
        Interleaving.of(
            List.of(
                step(map("first", INPUT, A), 1),
                step(map("second", A, B, Affine.of(N).plus(1)), 1)),
            false);
    assertThat(names(stretches)).containsExactly(List.of("first"), List.of("second"));
    assertThat(stretches).allMatch(stretch -> stretch.items().isEmpty());
  }

  @Test
  void stepsInBetweenMoveBeforeOrBehind() {
    Nest prepares =
        Nest.of("layer", "prepares", "no business of anybody else's")
            .over(C)
            .store(Store.set(MEAN, Expr.load(WEIGHT, Affine.of(C)), Affine.of(C)))
            .build();
    List<Stretch> before =
        Interleaving.of(
            List.of(
                step(map("first", INPUT, A), 1),
                step(prepares, 1),
                step(subtract(A, B, List.of(N, C, X)), 1)),
            false);
    assertThat(names(before)).containsExactly(List.of("prepares"), List.of("first", "subtract"));
    List<Stretch> behind =
        Interleaving.of(
            List.of(
                step(map("first", INPUT, A), 1),
                step(sum("sum", A), 1),
                step(map("second", A, B), 1)),
            false);
    assertThat(names(behind)).containsExactly(List.of("first", "second"), List.of("sum"));
  }

  @Test
  void whoNeedsAllSamplesWaits() {
    List<Stretch> stretches =
        Interleaving.of(
            List.of(
                step(map("first", INPUT, A), 1),
                step(sum("sum", A), 1),
                step(subtract(A, B, List.of(N, C, X)), 1)),
            false);
    assertThat(names(stretches))
        .containsExactly(List.of("first"), List.of("sum"), List.of("subtract"));
  }

  @Test
  void nothingMovesPastWhatTheModelDoesItself() {
    Step count = new Step.Increment("layer", "num_batches_tracked");
    List<Stretch> stretches =
        Interleaving.of(
            List.of(
                step(map("first", INPUT, A), 1),
                new PlannedStep(Optional.empty(), Optional.of(count), Step.Condition.ALWAYS),
                step(map("second", A, B), 1)),
            false);
    assertThat(names(stretches)).containsExactly(List.of("first"), List.of(), List.of("second"));
  }

  @Test
  void channelsFirstAWholeNormRunsByChannels() {
    Step join = new Step.Join("layer", Step.Join.How.SUMS, List.of(MEAN), 64);
    List<Stretch> stretches =
        Interleaving.of(
            List.of(
                step(sum("sum", INPUT), 2),
                new PlannedStep(Optional.empty(), Optional.of(join), Step.Condition.ALWAYS),
                step(subtract(INPUT, A, List.of(C, N, X)), 1)),
            true);
    assertThat(names(stretches)).containsExactly(List.of("sum", "subtract"));
    assertThat(stretches.get(0).steps()).hasSize(3);
    Stretch.Items items = stretches.get(0).items().orElseThrow();
    assertThat(items.axis()).isEqualTo(C);
    assertThat(items.chunk()).isEqualTo(2);
  }
}
