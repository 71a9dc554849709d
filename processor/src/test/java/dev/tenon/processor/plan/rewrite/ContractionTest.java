package dev.tenon.processor.plan.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which nests are sums of products of two tensors' elements, and nothing else. */
class ContractionTest {
  private static final Axis SAMPLE = Axis.batch();
  private static final Axis OUT = new Axis("o", 3);
  private static final Axis IN = new Axis("i", 4);

  private static final Tensor X =
      new Tensor("fc", "x", ElementType.FLOAT, Role.VALUE, List.of(Axis.BATCH, 4));
  private static final Tensor WEIGHT =
      new Tensor("fc", "weight", ElementType.FLOAT, Role.PARAMETER, List.of(3, 4));
  private static final Tensor Y =
      new Tensor("fc", "y", ElementType.FLOAT, Role.VALUE, List.of(Axis.BATCH, 3));
  private static final Tensor COPY =
      new Tensor("fc", "copy", ElementType.FLOAT, Role.VALUE, List.of(Axis.BATCH, 3));

  private static final Load LEFT = Expr.load(X, Affine.of(SAMPLE), Affine.of(IN));
  private static final Load RIGHT = Expr.load(WEIGHT, Affine.of(OUT), Affine.of(IN));
  private static final Expr ZERO = Expr.constant(ElementType.FLOAT, 0);
  private static final Expr SUM = new Expr.AccumulatorValue("sum", ElementType.FLOAT);

  private static Nest.Builder nest(Expr term) {
    return Nest.of("fc", "forward", "y = x * weight")
        .over(SAMPLE, OUT)
        .reduce(IN)
        .sum("sum", ZERO, term);
  }

  private static Store to(Tensor tensor, Expr value) {
    return Store.set(tensor, value, Affine.of(SAMPLE), Affine.of(OUT));
  }

  @Test
  void aProductOfMatricesIsOne() {
    Store store = to(Y, SUM);
    assertThat(Contraction.of(nest(Expr.multiply(LEFT, RIGHT)).store(store).build()))
        .contains(new Contraction(LEFT, RIGHT, store));
  }

  @Test
  void soIsOneWhoseSumsAreWorkedOnBeforeTheyAreStored() {
    Store store = to(Y, Expr.multiply(SUM, SUM));
    assertThat(Contraction.is(nest(Expr.multiply(LEFT, RIGHT)).store(store).build())).isTrue();
  }

  @Test
  void otherTermsAreNone() {
    for (Expr term :
        List.of(LEFT, Expr.add(LEFT, RIGHT), Expr.multiply(LEFT, Expr.multiply(RIGHT, RIGHT)))) {
      assertThat(Contraction.is(nest(term).store(to(Y, SUM)).build())).as("%s", term).isFalse();
    }
  }

  @Test
  void whatDoesSomethingBesidesIsNone() {
    Expr product = Expr.multiply(LEFT, RIGHT);
    assertThat(Contraction.is(nest(product).store(to(Y, SUM)).store(to(COPY, SUM)).build()))
        .as("two stores")
        .isFalse();
    assertThat(Contraction.is(nest(product).sum("other", ZERO, LEFT).store(to(Y, SUM)).build()))
        .as("two sums")
        .isFalse();
    assertThat(
            Contraction.is(
                Nest.of("fc", "forward", "y = x * weight")
                    .over(SAMPLE, OUT, IN)
                    .store(Store.set(Y, product, Affine.of(SAMPLE), Affine.of(OUT)))
                    .build()))
        .as("no sum")
        .isFalse();
  }

  /** The largest product is found by the same loops, but nothing is added. */
  @Test
  void aMaximumIsNone() {
    Nest nest =
        Nest.of("fc", "forward", "y = max of x * weight")
            .over(SAMPLE, OUT)
            .reduce(IN)
            .fold("sum", ZERO, Expr.max(SUM, Expr.multiply(LEFT, RIGHT)))
            .store(to(Y, SUM))
            .build();
    assertThat(Contraction.is(nest)).isFalse();
  }
}
