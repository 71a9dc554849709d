package dev.tenon.processor.layers.dropout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.processor.reference.Networks;
import dev.tenon.processor.reference.ReferenceModel;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The mask of a dropout: the semantics, section 5. */
final class DropoutMaskTest {
  private static final int COUNT = 20_000;

  @Test
  void keepsTheRightShareAndScalesIt() {
    double[] y = model("@Dropout(p = 0.25) Layer drop();").forward(ones());
    double kept = Arrays.stream(y).filter(v -> v != 0).count() / (double) COUNT;
    // Four standard deviations of a share of 20000.
    assertThat(kept).isCloseTo(0.75, within(4 * Math.sqrt(0.75 * 0.25 / COUNT)));
    assertThat(Arrays.stream(y).distinct()).containsExactlyInAnyOrder(0.0, 1 / 0.75);
  }

  @Test
  void backwardUsesTheMaskOfItsForward() {
    ReferenceModel model = model("@Dropout Layer drop();");
    double[] y = model.forward(ones());
    assertThat(model.backward(ones())).containsExactly(y);
  }

  @Test
  void everyStepAndEveryLayerHasAnotherMask() {
    ReferenceModel model = model("@Dropout Layer drop();");
    double[] first = model.forward(ones());
    assertThat(model.forward(ones())).containsExactly(first);
    model.nextStep();
    assertThat(model.forward(ones())).isNotEqualTo(first);

    double[] two = model("@Dropout Layer drop1();", "@Dropout Layer drop2();").forward(ones());
    double kept = Arrays.stream(two).filter(v -> v != 0).count() / (double) COUNT;
    assertThat(kept).isCloseTo(0.25, within(4 * Math.sqrt(0.75 * 0.25 / COUNT)));
  }

  @Test
  void droppedNansAreGone() {
    double[] x = new double[COUNT];
    Arrays.fill(x, Double.NaN);
    assertThat(model("@Dropout(p = 1.0) Layer drop();").forward(x)).containsOnly(0);
    assertThat(model("@Dropout Layer drop();").forward(x)).contains(0.0, Double.NaN);
  }

  @Test
  void evaluationPassesOn() {
    double[] x = ones();
    assertThat(model("@Dropout(p = 1.0) Layer drop();").predict(x)).containsExactly(x);
  }

  private static double[] ones() {
    double[] ones = new double[COUNT];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static ReferenceModel model(String... layers) {
    return new ReferenceModel(Networks.of("float64", List.of(100), List.of(layers)));
  }
}
