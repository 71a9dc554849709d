package dev.tenon.processor.plan.plain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Comparison;
import dev.tenon.processor.ir.Expr.IndexValue;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.InterpretedNests;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients of max pools over two axes, each window with another choice. */
class ScatterFormTest {
  private static final int BATCH = 2;
  private static final Axis N = Axis.batch();
  private static final Expr ZERO = Expr.constant(ElementType.FLOAT, 0);

  /** A pool of {@code kernel x 3} windows, which overlap if the stride is below either. */
  private record Pool(int kernel, int stride, Store.Mode mode) {
    private static final int ROWS = 3;
    private static final int COLUMNS = 4;

    Tensor output() {
      return new Tensor(
          "pool",
          "outputGradient",
          ElementType.FLOAT,
          Role.VALUE,
          List.of(Axis.BATCH, ROWS, COLUMNS));
    }

    Tensor choice() {
      return new Tensor(
          "pool", "choice", ElementType.INT, Role.VALUE, List.of(Axis.BATCH, ROWS, COLUMNS));
    }

    Tensor input() {
      return new Tensor(
          "pool",
          "inputGradient",
          ElementType.FLOAT,
          Role.VALUE,
          List.of(Axis.BATCH, (ROWS - 1) * stride + kernel, (COLUMNS - 1) * stride + 3));
    }

    Tensor values() {
      return new Tensor("relu", "output", ElementType.FLOAT, Role.VALUE, input().dims());
    }

    List<Step> steps() {
      Axis y = new Axis("y", ROWS);
      Axis x = new Axis("x", COLUMNS);
      Axis r = new Axis("r", kernel);
      Axis s = new Axis("s", 3);
      Affine[] window = {Affine.of(N), Affine.of(y), Affine.of(x)};
      Affine[] place = {
        Affine.of(N), Affine.ZERO.plus(y, stride).plus(r), Affine.ZERO.plus(x, stride).plus(s)
      };
      Expr chosen =
          Expr.select(
              Comparison.EQUAL,
              Expr.load(choice(), window),
              new IndexValue(Affine.ZERO.plus(r, 3).plus(s)),
              Expr.load(output(), window),
              ZERO);
      Expr masked =
          Expr.select(Comparison.LESS_EQUAL, Expr.load(values(), place), ZERO, ZERO, chosen);
      Axis h = new Axis("h", input().dims().get(1));
      Axis w = new Axis("w", input().dims().get(2));
      Nest clear =
          Nest.of("pool", "clear", "dx = 0")
              .over(N, h, w)
              .store(Store.set(input(), ZERO, Affine.of(N), Affine.of(h), Affine.of(w)))
              .build();
      Nest nest =
          Nest.of("pool", "backward", "dx += dy at the choice")
              .over(N, y, x, r, s)
              .store(new Store(input(), List.of(place), masked, mode))
              .build();
      return kernel == stride && mode == Store.Mode.SET ? List.of(nest) : List.of(clear, nest);
    }

    List<Step> scattered() {
      return scatter(steps());
    }

    private List<Step> scatter(List<Step> steps) {
      return ScatterForm.of(
              new Program(
                  Program.Ends.of(output(), input(), output(), input(), output(), input()),
                  List.of(),
                  steps,
                  List.of()))
          .backward();
    }

    double[] run(List<Step> steps) {
      double[] choices =
          IntStream.range(0, BATCH * ROWS * COLUMNS)
              .mapToDouble(i -> i * 7 % (kernel * 3))
              .toArray();
      return new InterpretedNests(BATCH)
          .withFloats(output())
          .withFloats(values())
          .with(choice(), choices)
          .run(steps.stream().map(step -> step.nest().orElseThrow()).toList())
          .get(input());
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 3, SET", "3, 3, ADD", "2, 2, ADD", "4, 1, ADD", "1, 3, SET"})
  void oneAdditionAWindowGivesTheSame(int kernel, int stride, Store.Mode mode) {
    Pool pool = new Pool(kernel, stride, mode);
    List<Step> scattered = pool.scattered();
    assertThat(scattered).hasSize(2);
    assertThat(scattered.get(1).nest().orElseThrow().axes())
        .extracting(Axis::name)
        .containsExactly("n", "y", "x");
    assertThat(pool.run(scattered)).containsExactly(pool.run(pool.steps()));
  }

  @Test
  void aValueThatIsNotZeroElsewhereStays() {
    Pool pool = new Pool(3, 3, Store.Mode.SET);
    Step step = pool.steps().get(0);
    Nest nest = step.nest().orElseThrow();
    Store store = nest.stores().get(0);
    Nest shifted =
        Nest.of(nest.layer(), nest.name(), nest.summary())
            .over(nest.parallel())
            .store(
                new Store(
                    store.tensor(),
                    store.index(),
                    Expr.add(store.value(), Expr.constant(ElementType.FLOAT, 1)),
                    Store.Mode.SET))
            .build();
    List<Step> steps = List.of(step.withNest(shifted));
    assertThat(pool.scatter(steps)).isEqualTo(steps);
  }
}
