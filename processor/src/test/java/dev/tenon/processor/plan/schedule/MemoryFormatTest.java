package dev.tenon.processor.plan.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where the elements of a tensor lie. */
class MemoryFormatTest {
  private static final Axis N = Axis.batch();
  private static final Axis C = new Axis("c", 3);
  private static final Axis Y = new Axis("y", 4);
  private static final Axis X = new Axis("x", 5);
  private static final Axis BLOCK = new Axis("kBlock", 2);
  private static final Axis LANE = new Axis("lane", 16);

  private static final Tensor IMAGES =
      new Tensor("conv", "input", ElementType.FLOAT, Role.VALUE, List.of(Axis.BATCH, 3, 4, 5));
  private static final Tensor WEIGHT =
      new Tensor("conv", "weight", ElementType.FLOAT, Role.PARAMETER, List.of(20, 3, 2, 5));
  private static final MemoryFormat PANELS = MemoryFormat.panels(WEIGHT, 0);

  private static Affine at(Axis axis) {
    return Affine.of(axis);
  }

  private static List<Affine> pixel(int y, int x) {
    return List.of(at(N), at(C), at(Y).plus(y), at(X).plus(x));
  }

  @Test
  void rowMajorIsTheOrderOfTheDimensions() {
    MemoryFormat format = MemoryFormat.rowMajor(IMAGES);
    assertThat(format.length()).isEqualTo(60);
    assertThat(format.place(IMAGES, pixel(0, 0)))
        .contains(Affine.ZERO.plus(N, 60).plus(C, 20).plus(Y, 5).plus(X, 1));
    assertThat(format).hasToString("d1<3 d2<4 d3<5");
  }

  @Test
  void channelsLiePaddedBehindThePixelsAndHalosAroundThem() {
    MemoryFormat format =
        MemoryFormat.channelsLast(IMAGES, List.of(0, 0, 1, 2), List.of(0, 0, 1, 0), true);
    assertThat(format).hasToString("d2<6 d3<7 d1<16");
    assertThat(format.length()).isEqualTo(6 * 7 * 16);
    assertThat(format.hasHalo()).isTrue();
    assertThat(format.room(1)).isEqualTo(16);
    assertThat(format.place(IMAGES, pixel(0, 0)))
        .contains(
            Affine.constant((1 * 7 + 2) * 16)
                .plus(N, 6 * 7 * 16)
                .plus(Y, 7 * 16)
                .plus(X, 16)
                .plus(C, 1));
    // One to the left and above: in the halo at the border.
    assertThat(format.place(IMAGES, pixel(-1, -2)))
        .contains(Affine.ZERO.plus(N, 6 * 7 * 16).plus(Y, 7 * 16).plus(X, 16).plus(C, 1));
  }

  @Test
  void channelsThatNoVectorRunsAlongAreNotPadded() {
    List<Integer> none = MemoryFormat.none(IMAGES);
    MemoryFormat format = MemoryFormat.channelsLast(IMAGES, none, none, false);
    assertThat(format).hasToString("d2<4 d3<5 d1<3");
    assertThat(format.hasHalo()).isFalse();
  }

  @Test
  void panelsHoldSixteenOfADimensionForEveryElementOfTheOthers() {
    assertThat(PANELS).hasToString("d0/16<2 d2<2 d3<5 d1<3 d0<16");
    assertThat(PANELS.length()).isEqualTo(2 * 2 * 5 * 3 * 16);
    assertThat(PANELS.room(0)).isEqualTo(32);
    assertThat(PANELS.groupsOf(0)).isEqualTo(16);
    assertThat(PANELS.groupsOf(1)).isZero();
    Affine k = at(LANE).plus(BLOCK, 16);
    assertThat(PANELS.place(WEIGHT, List.of(k, at(C), Affine.constant(1), at(X))))
        .contains(
            Affine.constant(1 * 5 * 3 * 16)
                .plus(BLOCK, 2 * 5 * 3 * 16)
                .plus(X, 3 * 16)
                .plus(C, 16)
                .plus(LANE, 1));
  }

  @Test
  void panelsAlongASecondDimension() {
    MemoryFormat format = MemoryFormat.panels(WEIGHT, 1);
    assertThat(format).hasToString("d1/16<1 d2<2 d3<5 d0<20 d1<16");
  }

  @Test
  void aConstantFallsIntoItsPanel() {
    Axis eight = new Axis("k", 8);
    assertThat(first(at(eight).plus(24)))
        .contains(Affine.constant(2 * 5 * 3 * 16 + 8).plus(eight, 1));
    assertThat(first(Affine.constant(17))).contains(Affine.constant(2 * 5 * 3 * 16 + 1));
  }

  @Test
  void anIndexThatCrossesPanelsHasNoPlace() {
    assertThat(first(at(new Axis("k", 20)))).as("longer than a panel").isEmpty();
    assertThat(first(at(LANE).plus(3))).as("from one panel into the next").isEmpty();
    assertThat(first(Affine.constant(15).plus(LANE, -1))).as("backwards").isEmpty();
    assertThat(first(at(N))).as("as long as the batch").isEmpty();
    assertThat(first(Affine.ZERO.plus(new Axis("k", 9), 2))).as("in steps of two").isEmpty();
    assertThat(first(Affine.ZERO.plus(new Axis("k", 8), 2))).as("inside of one").isPresent();
  }

  private static java.util.Optional<Affine> first(Affine k) {
    Affine zero = Affine.ZERO;
    return PANELS.place(WEIGHT, List.of(k, zero, zero, zero));
  }

  @Test
  void everyElementHasAPlaceOfItsOwn() {
    assertPlacesDiffer(WEIGHT, PANELS);
    assertPlacesDiffer(WEIGHT, MemoryFormat.panels(WEIGHT, 1));
    assertPlacesDiffer(WEIGHT, MemoryFormat.panels(WEIGHT, 3));
    Tensor one = new Tensor("", "x", ElementType.FLOAT, Role.VALUE, List.of(Axis.BATCH, 3, 4, 5));
    assertPlacesDiffer(
        one, MemoryFormat.channelsLast(one, List.of(0, 0, 1, 0), List.of(0, 0, 0, 2), true));
  }

  private static void assertPlacesDiffer(Tensor tensor, MemoryFormat format) {
    Set<Integer> places = new HashSet<>();
    List<List<Affine>> all = elements(tensor, 0);
    for (List<Affine> element : all) {
      Affine place = format.place(tensor, element).orElseThrow();
      assertThat(place.isConstant()).isTrue();
      assertThat(place.constant()).isBetween(0, format.length() - 1);
      places.add(place.constant());
    }
    assertThat(places).as("%s as %s", tensor, format).hasSameSizeAs(all);
  }

  /** The constant indices of all elements; of the first sample if there is a batch. */
  private static List<List<Affine>> elements(Tensor tensor, int dim) {
    if (dim == tensor.rank()) {
      return List.of(List.of());
    }
    List<List<Affine>> all = new ArrayList<>();
    for (int i = 0; i < Math.max(1, tensor.dims().get(dim)); i++) {
      for (List<Affine> rest : elements(tensor, dim + 1)) {
        List<Affine> index = new ArrayList<>(List.of(Affine.constant(i)));
        index.addAll(rest);
        all.add(index);
      }
    }
    return all;
  }
}
