package dev.tenon.processor.layers.maxpool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.reference.Networks;
import dev.tenon.processor.reference.ReferenceModel;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which element of a window wins: the semantics, section 3. */
final class MaxPool2dChoiceTest {
  private static final double NAN = Double.NaN;
  private static final double LOW = Double.NEGATIVE_INFINITY;

  @Test
  void theFirstOfEqualValuesWins() {
    assertChoice(3, 1, 3, 3, 0);
    assertChoice(1, 5, 5, 5, 1);
  }

  @Test
  void aNanWinsAndTheLastOfThem() {
    assertChoice(NAN, 9, 9, 9, 0);
    assertChoice(NAN, 9, NAN, 9, 2);
    assertChoice(9, NAN, 9, Double.POSITIVE_INFINITY, 1);
  }

  @Test
  void minusInfinityIsAValueLikeOthers() {
    assertChoice(LOW, LOW, LOW, LOW, 0);
    assertChoice(LOW, LOW, -5, LOW, 2);
  }

  /** The four windows around a 2x2 image begin in the padding, which must not be chosen. */
  @Test
  void paddingNeverWins() {
    ReferenceModel model =
        model(2, 2, "@MaxPool2d(kernel = 2, stride = 2, padding = 1) Layer pool();");
    double[] x = {LOW, LOW, LOW, LOW};
    assertThat(model.forward(x)).containsExactly(LOW, LOW, LOW, LOW);
    assertThat(model.backward(new double[] {1, 2, 3, 4})).containsExactly(1, 2, 3, 4);
    assertThat(model.predict(x)).containsExactly(LOW, LOW, LOW, LOW);
  }

  /** With dilation 3 and padding 2 the first elements inside are not the window's second ones. */
  @Test
  void aDilatedWindowStartsAtItsFirstElementInside() {
    ReferenceModel model =
        model(4, 4, "@MaxPool2d(kernel = 2, stride = 1, padding = 2, dilation = 3) Layer pool();");
    double[] x = new double[16];
    Arrays.fill(x, LOW);
    double[] y = model.forward(x);
    assertThat(y).hasSize(25).containsOnly(LOW);
    double[] ones = new double[25];
    Arrays.fill(ones, 1);
    // Every window hands its gradient to an element inside.
    assertThat(model.backward(ones)).satisfies(dx -> assertThat(sum(dx)).isEqualTo(25));
  }

  @Test
  void overlappingWindowsAddTheirGradients() {
    ReferenceModel model = model(1, 3, "@MaxPool2d(kernel = {1, 2}, stride = 1) Layer pool();");
    assertThat(model.forward(new double[] {1, 7, 2})).containsExactly(7, 7);
    assertThat(model.backward(new double[] {10, 100})).containsExactly(0, 110, 0);
  }

  /** One 2x2 window: the gradient goes to the chosen element, and prediction gives the same. */
  private static void assertChoice(double a, double b, double c, double d, int chosen) {
    ReferenceModel model = model(2, 2, "@MaxPool2d(kernel = 2) Layer pool();");
    double[] x = {a, b, c, d};
    assertThat(model.forward(x)).containsExactly(x[chosen]);
    double[] expected = new double[4];
    expected[chosen] = 8;
    assertThat(model.backward(new double[] {8})).containsExactly(expected);
    assertThat(model.predict(x)).containsExactly(x[chosen]);
  }

  private static double sum(double[] values) {
    return Arrays.stream(values).sum();
  }

  private static ReferenceModel model(int height, int width, String layer) {
    return new ReferenceModel(Networks.of("float64", List.of(1, height, width), List.of(layer)));
  }
}
