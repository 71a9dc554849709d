package dev.tenon.processor.plan.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.InterpretedNests;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients of pools over one axis, whose windows overlap or not, and leave nothing out or do. */
class DisjointStoresTest {
  private static final int BATCH = 3;
  private static final Axis N = Axis.batch();
  private static final Axis C = new Axis("c", 2);

  private static Tensor tensor(String name, int size) {
    return new Tensor("", name, ElementType.FLOAT, Role.VALUE, List.of(Axis.BATCH, 2, size));
  }

  /** A pool's backward, as its layer writes it. */
  private record Pool(int size, int kernel, int stride, int padding) {
    Tensor input() {
      return tensor("pool.inputGradient", size);
    }

    int windows() {
      return (size + 2 * padding - kernel) / stride + 1;
    }

    Tensor output() {
      return tensor("pool.outputGradient", windows());
    }

    List<Step> steps() {
      Axis x = new Axis("x", size);
      Axis y = new Axis("y", windows());
      Axis r = new Axis("r", kernel);
      Nest clear =
          Nest.of("pool", "clear", "dx = 0")
              .over(List.of(N, C, x))
              .store(
                  Store.set(
                      input(),
                      Expr.constant(ElementType.FLOAT, 0),
                      Affine.of(N),
                      Affine.of(C),
                      Affine.of(x)))
              .build();
      List<Affine> place =
          List.of(Affine.of(N), Affine.of(C), Affine.constant(-padding).plus(y, stride).plus(r, 1));
      Nest add =
          Nest.of("pool", "backward", "dx += dy")
              .over(List.of(N, C, y, r))
              .store(
                  new Store(
                      input(),
                      place,
                      Expr.load(output(), Affine.of(N), Affine.of(C), Affine.of(y)),
                      Store.Mode.ADD))
              .build();
      return List.of(clear, add);
    }

    List<Step> disjoint() {
      Program program =
          new Program(
              Program.Ends.of(output(), input(), output(), input(), output(), input()),
              List.of(),
              steps(),
              List.of());
      return DisjointStores.of(program).backward();
    }

    double[] run(List<Step> steps) {
      return new InterpretedNests(BATCH)
          .withFloats(output())
          .run(steps.stream().map(step -> step.nest().orElseThrow()).toList())
          .get(input());
    }
  }

  private static Store.Mode lastMode(List<Step> steps) {
    return steps.get(steps.size() - 1).nest().orElseThrow().stores().get(0).mode();
  }

  @Test
  void windowsThatLeaveNothingOutNeedNoClearing() {
    Pool pool = new Pool(8, 2, 2, 0);
    assertThat(pool.disjoint()).hasSize(1);
    assertThat(lastMode(pool.disjoint())).isEqualTo(Store.Mode.SET);
  }

  @ParameterizedTest
  @CsvSource({"9, 2, 2, 0"})
  void whatWindowsLeaveOutIsCleared(int size, int kernel, int stride, int padding) {
    Pool pool = new Pool(size, kernel, stride, padding);
    assertThat(pool.disjoint()).hasSize(2);
    assertThat(lastMode(pool.disjoint())).isEqualTo(Store.Mode.SET);
  }

  @ParameterizedTest
  @CsvSource({"8, 3, 2, 0", "8, 3, 1, 1", "8, 2, 2, 1", "9, 2, 3, 0"})
  void otherWindowsAreAdded(int size, int kernel, int stride, int padding) {
    Pool pool = new Pool(size, kernel, stride, padding);
    assertThat(pool.disjoint()).isEqualTo(pool.steps());
  }

  @ParameterizedTest
  @CsvSource({"8, 2, 2, 0", "9, 2, 2, 0", "9, 3, 3, 0", "8, 3, 2, 0", "8, 2, 2, 1", "5, 1, 1, 0"})
  void theResultIsTheSame(int size, int kernel, int stride, int padding) {
    Pool pool = new Pool(size, kernel, stride, padding);
    assertThat(pool.run(pool.disjoint())).containsExactly(pool.run(pool.steps()));
  }
}
