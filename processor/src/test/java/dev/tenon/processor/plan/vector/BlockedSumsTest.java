package dev.tenon.processor.plan.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.processor.ir.Accumulator;
import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.KernelInterpreter;
import dev.tenon.processor.ir.KernelInterpreter.Rounding;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.InterpretedNests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums over a batch in blocks of floats, beside the same in double precision. */
class BlockedSumsTest {
  private static final Axis N = Axis.batch();
  private static final Axis C = new Axis("c", 3);

  /** What operations on floats give; doubles stay. */
  private static final Rounding FLOATS =
      (type, exact) -> type == ElementType.FLOAT ? (float) exact : exact;

  /**
   * Of the sum of the terms' magnitudes; a float holds 6e-8 of a value, and the interpreter adds up
   * to a thousand of them one behind the other.
   */
  private static final double TOLERANCE = 1e-6;

  /** Planes of so many rows and columns; without rows, features or sequences. */
  private static Sums of(int rows, int columns) {
    return new Sums(rows > 0 ? List.of(rows, columns) : columns > 0 ? List.of(columns) : List.of());
  }

  /** Values of three channels, and the nests that sum them. */
  private static final class Sums {
    private final List<Axis> others;
    private final Tensor x;
    private final Tensor dy;
    private final Tensor shift =
        new Tensor("bn", "mean", ElementType.DOUBLE, Role.VALUE, List.of(3));
    private final Tensor sum = new Tensor("bn", "sum", ElementType.DOUBLE, Role.VALUE, List.of(3));
    private final Tensor second =
        new Tensor("bn", "second", ElementType.DOUBLE, Role.VALUE, List.of(3));

    Sums(List<Integer> sizes) {
      others =
          IntStream.range(0, sizes.size()).mapToObj(i -> new Axis("a" + i, sizes.get(i))).toList();
      List<Integer> dims = new ArrayList<>(List.of(Axis.BATCH, 3));
      dims.addAll(sizes);
      x = new Tensor("bn", "input", ElementType.FLOAT, Role.VALUE, dims);
      dy = new Tensor("bn", "outputGradient", ElementType.FLOAT, Role.VALUE, dims);
    }

    private Expr load(Tensor tensor) {
      List<Affine> index = new ArrayList<>(List.of(Affine.of(N), Affine.of(C)));
      others.forEach(axis -> index.add(Affine.of(axis)));
      return Expr.cast(ElementType.DOUBLE, new Expr.Load(tensor, index, Expr.Outside.NEVER));
    }

    private Expr shift() {
      return Expr.load(shift, Affine.of(C));
    }

    private Nest nest(String firstName, Expr first, String secondName, Expr other) {
      List<Axis> reduction = new ArrayList<>(List.of(N));
      reduction.addAll(others);
      Expr zero = Expr.constant(ElementType.DOUBLE, 0);
      return Nest.of("bn", "sums", "two sums of each channel")
          .over(C)
          .reduce(reduction)
          .sum(firstName, zero, first)
          .sum(secondName, zero, other)
          .store(
              Store.set(
                  sum, new Expr.AccumulatorValue(firstName, ElementType.DOUBLE), Affine.of(C)))
          .store(
              Store.set(
                  second, new Expr.AccumulatorValue(secondName, ElementType.DOUBLE), Affine.of(C)))
          .build();
    }

    /** The two sums of a batch norm's backward. */
    private Nest gradients() {
      Expr deviation = Expr.subtract(load(x), load(dy));
      return nest("sum", load(dy), "dot", Expr.multiply(deviation, load(dy)));
    }

    /** The two sums of its statistics. */
    private Nest moments() {
      Expr deviation = Expr.subtract(load(x), shift());
      return nest("sum", deviation, "squares", Expr.multiply(deviation, deviation));
    }

    private int count(int batch) {
      return KernelInterpreter.count(x, batch) / 3;
    }

    private void assertSameGradients(int batch) {
      Nest nest = gradients();
      InterpretedNests whole = memory(batch, values(batch)).run(List.of(nest));
      List<Nest> nests = blocks(nest).orElseThrow();
      InterpretedNests exact = memory(batch, values(batch)).run(nests);
      InterpretedNests floats = memory(batch, values(batch)).run(nests, FLOATS);
      for (Tensor result : List.of(sum, second)) {
        for (int c = 0; c < 3; c++) {
          double expected = whole.get(result)[c];
          // Every term is at most 2.
          assertThat(Math.abs(exact.get(result)[c] - expected))
              .isLessThan(1e-12 * 2 * count(batch));
          assertThat(Math.abs(floats.get(result)[c] - expected))
              .isLessThan(TOLERANCE * 2 * count(batch));
        }
      }
    }

    /** Mean and variance, as the sums say them, to a part of the standard deviation. */
    private void assertSameMoments(int batch, double[] values) {
      Nest nest = moments();
      List<Nest> nests = blocks(nest).orElseThrow();
      InterpretedNests whole = memory(batch, values).run(List.of(nest));
      InterpretedNests exact = memory(batch, values).run(nests);
      InterpretedNests floats = memory(batch, values).run(nests, FLOATS);
      int count = count(batch);
      for (int c = 0; c < 3; c++) {
        double mean = mean(whole, c, count);
        double variance = variance(whole, c, count);
        assertThat(Math.abs(mean(exact, c, count) - mean))
            .isLessThanOrEqualTo(1e-12 * Math.abs(mean) + 1e-9 * Math.sqrt(variance));
        assertThat(Math.abs(variance(exact, c, count) - variance))
            .isLessThanOrEqualTo(1e-9 * variance);
        // What floats add up are squares of distances to the first value of each block, s, and
        // the variance has terms of (s - mean) * (x - s): both are at most these squares.
        double squares = squares(exact, nests.get(0), c) / count;
        assertThat(Math.abs(mean(floats, c, count) - mean))
            .isLessThanOrEqualTo(TOLERANCE * Math.sqrt(squares));
        assertThat(Math.abs(variance(floats, c, count) - variance))
            .isLessThanOrEqualTo(3 * TOLERANCE * squares);
      }
    }

    /** The sum of all blocks' sums of squares. */
    private static double squares(InterpretedNests memory, Nest blocks, int channel) {
      double[] values = memory.get(blocks.stores().get(1).tensor());
      double all = 0;
      for (int i = channel; i < values.length; i += 3) {
        all += values[i];
      }
      return all;
    }

    private double mean(InterpretedNests memory, int c, int count) {
      return memory.get(sum)[c] / count;
    }

    private double variance(InterpretedNests memory, int c, int count) {
      double mean = mean(memory, c, count);
      return Math.max(0, memory.get(second)[c] / count - mean * mean);
    }

    private InterpretedNests memory(int batch, double[] values) {
      return new InterpretedNests(batch)
          .with(x, values)
          .withFloats(dy)
          .with(shift, first(values, 0), first(values, 1), first(values, 2));
    }

    /** The first value of a channel if it is finite, else 0. */
    private double first(double[] values, int channel) {
      int plane = others.stream().mapToInt(Axis::extent).reduce(1, (a, b) -> a * b);
      double first = values[channel * plane];
      return Double.isFinite(first) ? first : 0;
    }

    private double[] values(int batch) {
      return new InterpretedNests(batch).withFloats(x).get(x);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // batch, rows, columns
    "1, 0, 0",
    "127, 0, 0",
    "128, 0, 0",
    "300, 0, 0",
    "1100, 0, 0",
    "70, 0, 7",
    "5, 0, 40",
    "2, 0, 1024",
    "9, 3, 5",
    "3, 8, 8",
    "2, 40, 40"
  })
  void blocksGiveTheSumsOfTheWhole(int batch, int rows, int columns) {
    Sums test = of(rows, columns);
    test.assertSameGradients(batch);
    test.assertSameMoments(batch, test.values(batch));
  }

  /** The mean is a thousand deviations from zero, as near as floats of that size allow. */
  @Test
  void aLargeMeanCostsNothing() {
    Sums test = of(8, 8);
    double[] values = test.values(20);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (1000 + values[i]);
    }
    test.assertSameMoments(20, values);
  }

  /** Wherever it stands: first of all, so that it is the nest's shift, first of a block, inside. */
  @ParameterizedTest
  @CsvSource({"0, 1e4", "192, 1e4", "1000, 1e4", "0, 1e6", "192, -1e6", "1000, 1e6"})
  void anOutlierCostsPrecisionInItsOwnBlockOnly(int position, double outlier) {
    Sums test = of(8, 8);
    double[] values = test.values(64);
    values[position] = outlier;
    test.assertSameMoments(64, values);
  }

  @ParameterizedTest
  @CsvSource({"NaN, NaN", "Infinity, Infinity", "-Infinity, -Infinity"})
  void whatIsNotFiniteShows(double value, double mean) {
    for (int position : new int[] {0, 192, 1000}) {
      Sums test = of(8, 8);
      double[] values = test.values(64);
      values[position] = value;
      int channel = position / 64 % 3;
      InterpretedNests whole = test.memory(64, values).run(List.of(test.moments()));
      InterpretedNests blocks =
          test.memory(64, values).run(blocks(test.moments()).orElseThrow(), FLOATS);
      assertThat(test.mean(whole, channel, 64 * 64)).isEqualTo(Double.valueOf(mean));
      assertThat(test.mean(blocks, channel, 64 * 64)).isEqualTo(Double.valueOf(mean));
      assertThat(test.variance(whole, channel, 64 * 64)).isNaN();
      assertThat(test.variance(blocks, channel, 64 * 64)).isNaN();
      int other = (channel + 1) % 3;
      assertThat(test.variance(blocks, other, 64 * 64)).isFinite();
    }
  }

  /** Floats end at 3.4e38, and products below 1.4e-45 are 0. */
  @ParameterizedTest
  @ValueSource(doubles = {0x1p-100, 0x1p-76, 0x1p-40, 0x1p50, 0x1p76, 0x1p100, 0x1p124})
  void sumsBeyondTheRangeOfFloatsAreThoseOfTheWhole(double scale) {
    Sums test = of(8, 8);
    double[] values = test.values(20);
    double[] scaled = Arrays.stream(values).map(value -> value * scale).toArray();
    InterpretedNests whole = test.memory(20, scaled).run(List.of(test.moments()));
    List<Nest> nests = BlockedSums.of(test.moments(), true, false).orElseThrow();
    InterpretedNests blocks = test.memory(20, scaled).run(nests, FLOATS);
    boolean areOrdinary = scale == 0x1p-40 || scale == 0x1p50;
    for (int c = 0; c < 3; c++) {
      double squares = whole.get(test.second)[c];
      assertThat(blocks.get(test.sum)[c])
          .isCloseTo(whole.get(test.sum)[c], within(TOLERANCE * 2 * test.count(20) * scale));
      assertThat(blocks.get(test.second)[c])
          .isCloseTo(squares, within((areOrdinary ? 2 * TOLERANCE : 1e-12) * squares));
    }
  }

  @Test
  void sumsOfSmallProductsAreDoneAgainOnlyWhereTheyMatter() {
    Nest nest = of(8, 8).moments();
    InterpretedNests memory = of(8, 8).memory(2, new double[2 * 3 * 64]);
    assertThat(
            memory
                .run(BlockedSums.of(nest, true, false).orElseThrow().subList(0, 2), FLOATS)
                .get(of(8, 8).second))
        .containsOnly(Double.NaN);
    memory = of(8, 8).memory(2, new double[2 * 3 * 64]);
    assertThat(
            memory
                .run(BlockedSums.of(nest, false, false).orElseThrow().subList(0, 2), FLOATS)
                .get(of(8, 8).second))
        .containsOnly(0);
  }

  @Test
  void theBlocksAreSummedInFloatsAndTheirSumsInDoubles() {
    List<Nest> nests = blocks(of(8, 8).gradients()).orElseThrow();
    assertThat(nests).extracting(Nest::repairs).containsExactly(false, false, true);
    assertThat(nests.get(0).accumulators())
        .extracting(Accumulator::type)
        .containsOnly(ElementType.FLOAT);
    assertThat(nests.get(0).stores()).allMatch(s -> s.tensor().type() == ElementType.FLOAT);
    assertThat(nests.get(1).accumulators())
        .extracting(Accumulator::type)
        .containsOnly(ElementType.DOUBLE);
  }

  @Test
  void aBlockHoldsSoManyValuesThatFloatsAreEnough() {
    assertThat(inside(of(0, 0))).isEqualTo(128);
    assertThat(inside(of(0, 7))).isEqualTo(133);
    assertThat(inside(of(0, 16))).isEqualTo(16);
    assertThat(inside(of(32, 32))).isEqualTo(1024);
    assertThat(inside(of(40, 40))).isEqualTo(40);
    assertThat(blocks(of(0, 1025).gradients())).as("one axis, too long").isEmpty();
  }

  /** Blocks that vectors run along hold more; the interpreter has no lanes, so in doubles only. */
  @ParameterizedTest
  @CsvSource({"70, 0, 7", "5, 0, 40", "9, 3, 5", "2, 40, 40", "9, 40, 40", "1, 100, 100"})
  void blocksAlongThePixelsGiveTheSumsOfTheWhole(int batch, int rows, int columns) {
    Sums test = of(rows, columns);
    double[] values = test.values(batch);
    for (Nest nest : List.of(test.gradients(), test.moments())) {
      InterpretedNests whole = test.memory(batch, values).run(List.of(nest));
      InterpretedNests blocks =
          test.memory(batch, values).run(BlockedSums.of(nest, false, true).orElseThrow());
      for (int c = 0; c < 3; c++) {
        assertThat(blocks.get(test.sum)[c])
            .isCloseTo(whole.get(test.sum)[c], within(1e-12 * 4 * test.count(batch)));
        assertThat(blocks.get(test.second)[c])
            .isCloseTo(whole.get(test.second)[c], within(1e-12 * 4 * test.count(batch)));
      }
    }
  }

  private static Optional<List<Nest>> blocks(Nest nest) {
    return BlockedSums.of(nest, false, false);
  }

  private static int inside(Sums test) {
    Nest blocks = blocks(test.gradients()).orElseThrow().get(0);
    int values = 1;
    for (Axis axis : blocks.reduction()) {
      values *=
          axis.isBatch()
              ? blocks.parallel().stream()
                  .filter(Axis::isBlocks)
                  .mapToInt(Axis::blockNumber)
                  .findFirst()
                  .orElseThrow()
              : axis.extent();
    }
    return values;
  }

  @Test
  void sumsInsideOfASampleStayAsTheyAre() {
    Sums test = of(0, 8);
    Nest nest =
        Nest.of("ln", "sums", "a sum of each sample")
            .over(N)
            .reduce(C)
            .sum("sum", Expr.constant(ElementType.DOUBLE, 0), test.shift())
            .store(
                Store.set(
                    new Tensor("ln", "sum", ElementType.DOUBLE, Role.VALUE, List.of(Axis.BATCH)),
                    new Expr.AccumulatorValue("sum", ElementType.DOUBLE),
                    Affine.of(N)))
            .build();
    assertThat(blocks(nest)).isEmpty();
  }
}
