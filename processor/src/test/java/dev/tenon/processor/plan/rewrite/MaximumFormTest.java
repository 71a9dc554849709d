package dev.tenon.processor.plan.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Comparison;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.InterpretedNests;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The fold of a max pool over windows with and without a NaN. */
class MaximumFormTest {
  private static final Axis N = Axis.batch();
  private static final Axis R = new Axis("r", 3);
  private static final Tensor X =
      new Tensor("pool", "input", ElementType.FLOAT, Role.VALUE, List.of(Axis.BATCH, 3));
  private static final Tensor Y =
      new Tensor("pool", "output", ElementType.FLOAT, Role.VALUE, List.of(Axis.BATCH, 1));
  private static final Expr VALUE = Expr.load(X, Affine.of(N), Affine.of(R));
  private static final Expr BEST = new Expr.AccumulatorValue("best", ElementType.FLOAT);

  private static Nest pool(Comparison better) {
    return Nest.of("pool", "forward", "y = max")
        .over(N)
        .reduce(R)
        .fold(
            "best",
            Expr.constant(ElementType.FLOAT, Double.NEGATIVE_INFINITY),
            Expr.select(
                Comparison.NOT_EQUAL,
                VALUE,
                VALUE,
                VALUE,
                Expr.select(better, VALUE, BEST, VALUE, BEST)))
        .store(Store.set(Y, BEST, Affine.of(N), Affine.ZERO))
        .build();
  }

  private static double[] run(Nest nest) {
    return new InterpretedNests(4)
        .with(X, 1, 3, 2, -1, Double.NaN, 5, Double.NaN, 7, 8, -4, -3, -6)
        .run(List.of(nest))
        .get(Y);
  }

  @Test
  void aChoiceThatIsAMaximumIsOne() {
    Nest maximum = MaximumForm.of(pool(Comparison.GREATER));
    assertThat(maximum).isNotEqualTo(pool(Comparison.GREATER));
    assertThat(run(maximum)).containsExactly(3, Double.NaN, Double.NaN, -3);
    assertThat(run(pool(Comparison.GREATER))).containsExactly(3, Double.NaN, Double.NaN, -3);
  }

  @Test
  void anotherChoiceStays() {
    assertThat(MaximumForm.of(pool(Comparison.LESS))).isEqualTo(pool(Comparison.LESS));
  }
}
