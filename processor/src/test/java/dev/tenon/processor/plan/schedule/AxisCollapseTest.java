package dev.tenon.processor.plan.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.plain.Layouts;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A loop over the rows of an image around one over its columns becomes one over its pixels. */
class AxisCollapseTest {
  private static final Axis SAMPLE = Axis.batch();
  private static final Axis CHANNEL = new Axis("c", 2);
  private static final Axis ROW = new Axis("y", 3);
  private static final Axis COLUMN = new Axis("x", 4);

  private static final Tensor IN =
      new Tensor("relu", "x", ElementType.FLOAT, Role.VALUE, List.of(Axis.BATCH, 2, 3, 4));
  private static final Tensor OUT =
      new Tensor("relu", "y", ElementType.FLOAT, Role.VALUE, List.of(Axis.BATCH, 2, 3, 4));

  private static Nest copy(Axis columns, Affine column) {
    Affine[] to = {Affine.of(SAMPLE), Affine.of(CHANNEL), Affine.of(ROW), Affine.of(columns)};
    Affine[] from = {Affine.of(SAMPLE), Affine.of(CHANNEL), Affine.of(ROW), column};
    return Nest.of("relu", "forward", "y = x")
        .over(SAMPLE, CHANNEL, ROW, columns)
        .store(Store.set(OUT, Expr.load(IN, from), to))
        .build();
  }

  private static List<Axis> collapsed(Nest nest) {
    return AxisCollapse.of(PhysicalNest.of(nest, new Layouts()::of)).nest().parallel();
  }

  @Test
  void whatLiesWithoutAGapIsOneAxis() {
    assertThat(collapsed(copy(COLUMN, Affine.of(COLUMN))))
        .containsExactly(SAMPLE, CHANNEL, new Axis("yx", 12));
  }

  /** A window that leaves a column out has a gap at the end of each row. */
  @Test
  void aGapKeepsThemApart() {
    Axis narrow = new Axis("x", 3);
    assertThat(collapsed(copy(narrow, Affine.of(narrow))))
        .containsExactly(SAMPLE, CHANNEL, ROW, narrow);
  }

  /** Rows are arrays of their own, so channels are not joined to what lies in them. */
  @Test
  void theNumberOfARowStaysAsItIs() {
    assertThat(collapsed(copy(COLUMN, Affine.of(COLUMN)))).contains(CHANNEL);
  }

  @Test
  void axesOfOnePointGo() {
    Axis single = new Axis("x", 1);
    assertThat(collapsed(copy(single, Affine.of(single)))).doesNotContain(single);
  }

  @Test
  void theCallerMayKeepNeighboursApart() {
    PhysicalNest nest = PhysicalNest.of(copy(COLUMN, Affine.of(COLUMN)), new Layouts()::of);
    assertThat(AxisCollapse.of(nest, (outer, inner) -> false).nest().parallel())
        .containsExactly(SAMPLE, CHANNEL, ROW, COLUMN);
  }
}
