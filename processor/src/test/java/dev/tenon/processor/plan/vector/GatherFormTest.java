package dev.tenon.processor.plan.vector;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The gradient of a convolution's input, gathered, beside the scattered one that a layer writes.
 */
class GatherFormTest {
  private static final int BATCH = 2;
  private static final double TOLERANCE = 1e-13;
  private static final Axis N = Axis.batch();

  /** The nest that a convolution's layer writes, on planes whose sides differ. */
  private static final class Scattered {
    private final int groups;
    private final Axis g;
    private final Axis k = new Axis("k", 3);
    private final Axis c = new Axis("c", 2);
    private final List<Axis> places = new ArrayList<>();
    private final List<Axis> taps = new ArrayList<>();
    private final List<Affine> at = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();

    Scattered(int groups) {
      this.groups = groups;
      this.g = new Axis("g", groups);
    }

    Scattered dim(int size, int kernel, int stride, int dilation, int padding) {
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

    private Affine channel(Axis inGroup) {
      return groups == 1 ? Affine.of(inGroup) : Affine.of(inGroup).plus(g, inGroup.extent());
    }

    Tensor tensor(String name, Role role, List<Integer> first, List<Integer> more) {
      List<Integer> dims = new ArrayList<>(first);
      dims.addAll(more);
      return new Tensor("conv", name, ElementType.FLOAT, role, dims);
    }

    Tensor input() {
      return tensor("inputGradient", Role.VALUE, List.of(Axis.BATCH, 2 * groups), sizes);
    }

    Tensor output() {
      List<Integer> extents = places.stream().map(Axis::extent).toList();
      return tensor("outputGradient", Role.VALUE, List.of(Axis.BATCH, 3 * groups), extents);
    }

    Tensor weight() {
      List<Integer> extents = taps.stream().map(Axis::extent).toList();
      return tensor("weight", Role.PARAMETER, List.of(3 * groups, 2), extents);
    }

    private static List<Affine> index(Affine first, Affine second, List<Affine> more) {
      List<Affine> index = new ArrayList<>(List.of(first, second));
      index.addAll(more);
      return index;
    }

    Nest nest(Store.Mode mode) {
      List<Axis> over = new ArrayList<>(List.of(N));
      if (groups > 1) {
        over.add(g);
      }
      over.add(c);
      over.addAll(places);
      over.addAll(taps);
      Expr gradient =
          new Expr.Load(
              output(),
              index(Affine.of(N), channel(k), places.stream().map(Affine::of).toList()),
              Expr.Outside.NEVER);
      Expr weight =
          new Expr.Load(
              weight(),
              index(channel(k), Affine.of(c), taps.stream().map(Affine::of).toList()),
              Expr.Outside.NEVER);
      return Nest.of("conv", "inputGradient", "dx += dy * weight")
          .over(over)
          .reduce(k)
          .sum("sum", Expr.constant(ElementType.FLOAT, 0), Expr.multiply(gradient, weight))
          .store(
              new Store(
                  input(),
                  index(Affine.of(N), channel(c), at),
                  new Expr.AccumulatorValue("sum", ElementType.FLOAT),
                  mode))
          .build();
    }
  }

  private static void assertSame(Scattered scattered, int phases) {
    Nest nest = scattered.nest(Store.Mode.ADD);
    List<Nest> gathered = GatherForm.of(nest).orElseThrow();
    assertThat(gathered).hasSize(phases);
    assertThat(gathered).extracting(Nest::name).doesNotHaveDuplicates();
    // Gathered nests set every element once; the scattered one needs zeros to add to.
    assertThat(gathered)
        .allSatisfy(g -> assertThat(g.stores().get(0).mode()).isEqualTo(Store.Mode.SET));
    Tensor input = scattered.input();
    int values = scattered.sizes.stream().reduce(2 * scattered.groups * BATCH, (a, b) -> a * b);
    double[] expected =
        memory(scattered).with(input, new double[values]).run(List.of(nest)).get(input);
    double[] actual = memory(scattered).run(gathered).get(input);
    assertThat(actual).hasSize(values);
    for (int i = 0; i < values; i++) {
      assertThat(Math.abs(actual[i] - expected[i]))
          .as("element %s is %s, not %s", i, actual[i], expected[i])
          .isLessThanOrEqualTo(TOLERANCE);
    }
  }

  private static InterpretedNests memory(Scattered scattered) {
    return new InterpretedNests(BATCH)
        .withFloats(scattered.output())
        .withFloats(scattered.weight());
  }

  @ParameterizedTest
  @CsvSource({
    // size, kernel, stride, dilation, padding
    "7, 3, 1, 1, 0",
    "7, 3, 1, 1, 1",
    "7, 3, 1, 1, 2",
    "6, 1, 1, 1, 0",
    "8, 3, 2, 1, 1",
    "7, 3, 2, 1, 0",
    // The last column is in no window.
    "8, 3, 2, 1, 0",
    "7, 1, 2, 1, 0",
    "9, 3, 3, 1, 1",
    // Between windows that leave gaps there is nothing to gather.
    "9, 2, 3, 1, 0",
    "10, 3, 3, 1, 2",
    "7, 3, 1, 2, 2",
    "7, 3, 1, 2, 0",
    // A stride and a dilation with a common divisor: half of the elements meet no tap.
    "9, 3, 2, 2, 2",
    "9, 3, 3, 2, 1",
    "11, 4, 2, 3, 4",
    "13, 3, 4, 6, 5",
    // Fewer elements than phases.
    "2, 2, 3, 1, 1"
  })
  void gatheredIsScattered(int size, int kernel, int stride, int dilation, int padding) {
    int phases = Math.min(stride, size);
    assertSame(new Scattered(1).dim(size, kernel, stride, dilation, padding), phases);
    assertSame(
        new Scattered(1)
            .dim(size, kernel, stride, dilation, padding)
            .dim(size + 1, kernel, stride, dilation, padding),
        phases * Math.min(stride, size + 1));
    assertSame(new Scattered(2).dim(size, kernel, stride, dilation, padding), phases);
  }

  @Test
  void axesMayDiffer() {
    assertSame(new Scattered(1).dim(7, 3, 2, 1, 1).dim(9, 2, 3, 2, 0), 6);
  }

  @Test
  void withoutAStrideThereIsOneNestOfTheSameName() {
    Nest nest = new Scattered(1).dim(7, 3, 1, 1, 1).nest(Store.Mode.ADD);
    Optional<List<Nest>> gathered = GatherForm.of(nest);
    assertThat(gathered.orElseThrow()).extracting(Nest::name).containsExactly("inputGradient");
  }

  @Test
  void whatReplacesElementsIsNoGradientOfThisKind() {
    assertThat(GatherForm.of(new Scattered(1).dim(7, 3, 1, 1, 1).nest(Store.Mode.SET))).isEmpty();
  }

  @Test
  void aProductOfMatricesIsNone() {
    Axis n = Axis.batch();
    Axis f = new Axis("f", 4);
    Axis k = new Axis("k", 5);
    Tensor dx = new Tensor("fc", "dx", ElementType.FLOAT, Role.VALUE, List.of(Axis.BATCH, 4));
    Tensor dy = new Tensor("fc", "dy", ElementType.FLOAT, Role.VALUE, List.of(Axis.BATCH, 5));
    Tensor weight = new Tensor("fc", "weight", ElementType.FLOAT, Role.PARAMETER, List.of(5, 4));
    Nest nest =
        Nest.of("fc", "inputGradient", "dx = dy * weight")
            .over(n, f)
            .reduce(k)
            .sum(
                "sum",
                Expr.constant(ElementType.FLOAT, 0),
                Expr.multiply(
                    Expr.load(dy, Affine.of(n), Affine.of(k)),
                    Expr.load(weight, Affine.of(k), Affine.of(f))))
            .store(
                Store.add(
                    dx,
                    new Expr.AccumulatorValue("sum", ElementType.FLOAT),
                    Affine.of(n),
                    Affine.of(f)))
            .build();
    assertThat(GatherForm.of(nest)).isEmpty();
  }
}
