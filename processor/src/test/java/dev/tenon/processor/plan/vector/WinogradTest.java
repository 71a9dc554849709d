package dev.tenon.processor.plan.vector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.KernelInterpreter.Rounding;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.InterpretedNests;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Convolutions by Winograd's F(4, 3) beside the direct ones. */
class WinogradTest {
  private static final int BATCH = 2;
  private static final double TOLERANCE = 1e-12;
  private static final Axis N = Axis.batch();

  /** A convolution over images of so many rows, or of one where there are no rows at all. */
  private static final class Direct {
    private final Axis k;
    private final Axis c;
    private final List<Axis> places = new ArrayList<>();
    private final List<Axis> taps = new ArrayList<>();
    private final List<Affine> at = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private boolean backwards;

    Direct(int in, int out) {
      this.c = new Axis("c", in);
      this.k = new Axis("k", out);
    }

    Direct dim(int size, int kernel, int stride, int dilation, int padding) {
      String name = places.isEmpty() ? "y" : "x";
      int reach = dilation * (kernel - 1) + 1;
      Axis place = new Axis(name, (size + 2 * padding - reach) / stride + 1);
      Axis tap = new Axis(places.isEmpty() ? "r" : "s", kernel);
      places.add(place);
      taps.add(tap);
      at.add(Affine.constant(-padding).plus(place, stride).plus(tap, dilation));
      sizes.add(size);
      return this;
    }

    /** Windows run against the places of the kernel, as they do in a gradient of the input. */
    Direct backwards() {
      backwards = true;
      return this;
    }

    Tensor image() {
      return tensor("input", Role.VALUE, List.of(Axis.BATCH, c.extent()), sizes);
    }

    Tensor output() {
      return tensor("output", Role.VALUE, List.of(Axis.BATCH, k.extent()), extents(places));
    }

    Tensor weight() {
      return tensor("weight", Role.PARAMETER, List.of(k.extent(), c.extent()), extents(taps));
    }

    Tensor bias() {
      return tensor("bias", Role.PARAMETER, List.of(k.extent()), List.of());
    }

    private static List<Integer> extents(List<Axis> axes) {
      return axes.stream().map(Axis::extent).toList();
    }

    private static Tensor tensor(String name, Role role, List<Integer> first, List<Integer> more) {
      List<Integer> dims = new ArrayList<>(first);
      dims.addAll(more);
      return new Tensor("conv", name, ElementType.FLOAT, role, dims);
    }

    private static List<Affine> index(Axis first, Axis second, List<Affine> more) {
      List<Affine> index = new ArrayList<>(List.of(Affine.of(first), Affine.of(second)));
      index.addAll(more);
      return index;
    }

    private Affine against(Affine index, Axis tap) {
      return index
          .plus(tap, -2 * index.coefficient(tap))
          .plus(index.coefficient(tap) * (tap.extent() - 1));
    }

    Nest nest() {
      List<Affine> place = new ArrayList<>();
      for (int d = 0; d < at.size(); d++) {
        place.add(backwards ? against(at.get(d), taps.get(d)) : at.get(d));
      }
      List<Axis> over = new ArrayList<>(List.of(N, k));
      over.addAll(places);
      List<Axis> reduction = new ArrayList<>(List.of(c));
      reduction.addAll(taps);
      Expr image = new Load(image(), index(N, c, place), Outside.ZERO);
      Expr weight =
          new Load(weight(), index(k, c, taps.stream().map(Affine::of).toList()), Outside.NEVER);
      Expr sum = new Expr.AccumulatorValue("sum", ElementType.FLOAT);
      // Something joined to the convolution that depends on the place of the output.
      Expr relu = Expr.max(sum, Expr.constant(ElementType.FLOAT, -0.5));
      return Nest.of("conv", "forward", "y = bias + x * weight")
          .over(over)
          .reduce(reduction)
          .sum("sum", Expr.load(bias(), Affine.of(k)), Expr.multiply(image, weight))
          .store(
              new Store(
                  output(),
                  index(N, k, places.stream().map(Affine::of).toList()),
                  relu,
                  Store.Mode.SET))
          .build();
    }

    InterpretedNests memory() {
      return new InterpretedNests(BATCH)
          .withFloats(image())
          .withFloats(weight())
          .withFloats(bias());
    }

    void check() {
      List<Nest> nests = Winograd.rewrite(nest()).orElseThrow().nests();
      assertThat(nests).extracting(Nest::name).doesNotHaveDuplicates();
      double[] expected = memory().run(List.of(nest())).get(output());
      double[] actual = memory().run(nests).get(output());
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat(Math.abs(actual[i] - expected[i]))
            .as("element %s is %s, not %s", i, actual[i], expected[i])
            .isLessThanOrEqualTo(TOLERANCE);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // size, padding
    "1, 1",
    "2, 1",
    "3, 0",
    "3, 1",
    "4, 1",
    "5, 0",
    "5, 1",
    "6, 0",
    "6, 2",
    "7, 1",
    "8, 1",
    "9, 2",
    "10, 2",
    "11, 1",
    "12, 0",
    "13, 1"
  })
  void tilesAreDirect(int size, int padding) {
    new Direct(3, 4).dim(size, 3, 1, 1, padding).check();
    new Direct(3, 4).dim(size + 1, 3, 1, 1, padding).dim(size, 3, 1, 1, padding).check();
    new Direct(3, 4)
        .dim(size + 1, 3, 1, 1, padding)
        .dim(size, 3, 1, 1, padding)
        .backwards()
        .check();
  }

  @Test
  void otherAxesMayBeAnything() {
    new Direct(2, 3).dim(9, 5, 2, 1, 2).dim(7, 3, 1, 1, 1).check();
    new Direct(2, 3).dim(9, 2, 1, 3, 0).dim(6, 3, 1, 1, 0).check();
    new Direct(2, 3).dim(4, 1, 1, 1, 0).dim(6, 3, 1, 1, 1).check();
  }

  @Test
  void whatIsNoConvolutionOfThisKindStays() {
    assertThat(Winograd.rewrite(new Direct(2, 3).dim(9, 3, 2, 1, 1).nest())).isEmpty();
    assertThat(Winograd.rewrite(new Direct(2, 3).dim(9, 3, 1, 2, 1).nest())).isEmpty();
    assertThat(Winograd.rewrite(new Direct(2, 3).dim(9, 5, 1, 1, 1).nest())).isEmpty();
  }

  /**
   * Every operation rounded to a float. Each term of a sum goes through at most so many roundings:
   * 4 for the weight, 4 for the pixel, one for the product, one for each addition, and 5 for the
   * output. What it can then be off by grows with what cancels, {@link Winograd#ERROR_FACTOR}.
   */
  @ParameterizedTest
  @CsvSource({"16, 0", "32, 1", "64, 2"})
  void errorsStayBelowTheBound(int channels, int padding) {
    Direct direct = new Direct(channels, 8).dim(9, 3, 1, 1, padding).dim(10, 3, 1, 1, padding);
    Rounding toFloat = (type, exact) -> type == ElementType.FLOAT ? (float) exact : exact;
    Tensor output = direct.output();
    double[] exact = direct.memory().run(List.of(direct.nest())).get(output);
    double[] rounded = direct.memory().run(List.of(direct.nest()), toFloat).get(output);
    double[] tiles =
        direct
            .memory()
            .run(Winograd.rewrite(direct.nest()).orElseThrow().nests(), toFloat)
            .get(output);
    // All values lie within -1 and 1: six pixels and three weights for each channel and row.
    double most = Winograd.ERROR_FACTOR * channels * 3 * Winograd.POINTS * Winograd.TAPS;
    double bound = (channels * 3 + 15) * 0x1p-24 * most;
    double ofTiles = 0;
    double ofDirect = 0;
    for (int i = 0; i < exact.length; i++) {
      assertThat(Math.abs(tiles[i] - exact[i])).isLessThanOrEqualTo(bound);
      ofTiles += Math.pow(tiles[i] - exact[i], 2);
      ofDirect += Math.pow(rounded[i] - exact[i], 2);
    }
    // Errors are far from the worst case: on average they are little larger than those of a
    // convolution as it is written.
    double ratio = Math.sqrt(ofTiles / ofDirect);
    assertThat(ratio).isLessThan(2);
  }

  @Test
  void theErrorFactorIsThatOfTheMatrices() {
    // What an output gets of a unit pixel and a unit weight when nothing cancels.
    double a = 0.75;
    double b = 1.5;
    double[] points = {0, a, -a, b, -b};
    double largest = 0;
    for (int j = 0; j < Winograd.TILE; j++) {
      for (int s = 0; s < Winograd.TAPS; s++) {
        for (int l = 0; l < Winograd.POINTS; l++) {
          double sum =
              j == Winograd.TILE - 1 && s == Winograd.TAPS - 1 ? coefficient(points, 5, l) : 0;
          for (int e = 0; e < points.length; e++) {
            double scale = 1;
            for (int i = 0; i < points.length; i++) {
              scale *= i == e ? 1 : points[e] - points[i];
            }
            sum += Math.abs(Math.pow(points[e], j + s) / scale) * coefficient(points, e, l);
          }
          largest = Math.max(largest, sum);
        }
      }
    }
    assertThat(largest).isLessThanOrEqualTo(Winograd.ERROR_FACTOR);
    assertThat(largest).isGreaterThan(0.99 * Winograd.ERROR_FACTOR);
  }

  /** The size of the coefficient of x^l in the product of (x - p) over all points but one. */
  private static double coefficient(double[] points, int without, int l) {
    double[] polynomial = new double[points.length + 2];
    polynomial[0] = 1;
    for (int i = 0; i < points.length; i++) {
      if (i != without) {
        for (int d = polynomial.length - 1; d >= 0; d--) {
          polynomial[d] = (d == 0 ? 0 : polynomial[d - 1]) - points[i] * polynomial[d];
        }
      }
    }
    return Math.abs(polynomial[l]);
  }
}
