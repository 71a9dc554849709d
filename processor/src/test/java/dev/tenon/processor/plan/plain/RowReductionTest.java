package dev.tenon.processor.plan.plain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.InterpretedNests;
import dev.tenon.processor.plan.schedule.Work;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A sum down each column of {@code x[n, c]} becomes three nests: a row of sums that starts from its
 * first value, rows that are added to it, and what is done with each sum.
 */
class RowReductionTest {
  private static final int BATCH = 5;
  private static final Axis SAMPLE = Axis.batch();
  private static final Axis FEATURE = new Axis("c", 3);

  private static final Tensor X =
      new Tensor("bn", "x", ElementType.FLOAT, Role.VALUE, List.of(Axis.BATCH, 3));
  private static final Tensor SHIFT =
      new Tensor("bn", "shift", ElementType.FLOAT, Role.VALUE, List.of(3));
  private static final Tensor MEAN =
      new Tensor("bn", "mean", ElementType.FLOAT, Role.VALUE, List.of(3));

  private static final Expr ZERO = Expr.constant(ElementType.FLOAT, 0);
  private static final Expr SUM = new Expr.AccumulatorValue("sum", ElementType.FLOAT);
  private static final Expr VALUE = Expr.load(X, Affine.of(SAMPLE), Affine.of(FEATURE));
  private static final Expr TWICE =
      Expr.multiply(Expr.constant(ElementType.FLOAT, 2), Expr.load(SHIFT, Affine.of(FEATURE)));

  private static Nest nest(Axis over, Axis along, Expr term, Store store) {
    return Nest.of("bn", "statistics", "mean = sum of x - 2 shift")
        .over(over)
        .reduce(along)
        .sum("sum", ZERO, term)
        .store(store)
        .build();
  }

  private static Nest columns(Expr term) {
    return nest(
        FEATURE, SAMPLE, term, Store.set(MEAN, Expr.multiply(SUM, SUM), Affine.of(FEATURE)));
  }

  private static List<Work> planned(Nest nest) {
    return new RowReduction(new Layouts()).plan(nest).orElseThrow();
  }

  @Test
  void sumsDownColumnsAreRowsThatAreAdded() {
    List<Nest> nests = planned(columns(VALUE)).stream().map(Work::nest).toList();

    assertThat(nests)
        .extracting(Nest::name)
        .containsExactly("statisticsStart", "statistics", "statisticsFinish");
    assertThat(nests.get(1).accumulators()).isEmpty();
    assertThat(nests.get(1).stores()).extracting(Store::mode).containsExactly(Store.Mode.ADD);
    assertThat(nests.get(2).stores().get(0).tensor()).isEqualTo(MEAN);
  }

  /** The samples are the outer loop, four at a time, so memory is read in order. */
  @Test
  void wholeRowsAreInnermost() {
    assertThat(planned(columns(VALUE)).get(1).schedule().orElseThrow())
        .hasToString("n<N by 4 | tile: c<3");
  }

  @Test
  void whatAllSamplesHaveInCommonIsComputedOnceBefore() {
    List<Nest> nests =
        planned(columns(Expr.subtract(VALUE, TWICE))).stream().map(Work::nest).toList();

    assertThat(nests.get(0).stores())
        .extracting(store -> store.tensor().name())
        .containsExactly("bn.statisticsSum", "bn.statisticsFixed");
    assertThat(nests.get(1).loads())
        .extracting(load -> load.tensor().name())
        .contains("bn.x", "bn.statisticsFixed")
        .doesNotContain("bn.shift");
  }

  @Test
  void theSumsAreThoseOfTheNest() {
    Nest nest = columns(Expr.subtract(VALUE, TWICE));
    double[] before = run(List.of(nest));
    assertThat(run(planned(nest).stream().map(Work::nest).toList()))
        .isEqualTo(before)
        .doesNotContain(0);
  }

  private static double[] run(List<Nest> nests) {
    return new InterpretedNests(BATCH).withFloats(X).withFloats(SHIFT).run(nests).get(MEAN);
  }

  /** Along a row there is nothing to gain. */
  @Test
  void sumsOfRowsStay() {
    Tensor sums = new Tensor("bn", "sums", ElementType.FLOAT, Role.VALUE, List.of(Axis.BATCH));
    Nest rows = nest(SAMPLE, FEATURE, VALUE, Store.set(sums, SUM, Affine.of(SAMPLE)));
    assertThat(new RowReduction(new Layouts()).plan(rows)).isEmpty();
  }
}
