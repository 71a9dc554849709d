package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.TrackedNorm;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.random.Randoms;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.StateEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The evaluation forward that backward can follow: it gives what {@code predict} gives, its
 * gradients are those of {@code predict}, by finite differences, and it leaves all state alone.
 */
class EvaluationForwardTest {
  private static final double STEP = 1e-6;
  private static final int BATCH = 3;

  private static SingleModel model() {
    SingleModel model =
        CompiledNetwork.of(
                "Eval",
                "input = {2, 5, 5}, precision = Precision.FLOAT64",
                List.of(
                    "@Conv2d(out = 3, kernel = 3, padding = 1, bias = false) Weighted conv();",
                    "@BatchNorm2d BatchNorm bn1();",
                    "@ReLU Layer relu();",
                    "@InstanceNorm2d(affine = true, trackRunningStats = true) InstanceNorm in();",
                    "@GroupNorm(groups = 3) Norm gn();",
                    "@LayerNorm(shape = 5) Norm ln();",
                    "@Dropout(p = 0.5) Layer drop1();",
                    "@Flatten Layer flat();",
                    "@Linear(out = 4, bias = false) Weighted fc();",
                    "@BatchNorm1d BatchNorm bn2();",
                    "@Dropout(p = 1) Layer drop2();"))
            .create(1);
    for (Layer layer : model.layers()) {
      if (layer instanceof TrackedNorm norm) {
        for (int c = 0; c < norm.runningMean().shape()[0]; c++) {
          norm.runningMean().set(0.3 * c - 0.2, c);
          norm.runningVar().set(0.5 + 0.4 * c, c);
          norm.weight().set(1.5 - 0.3 * c, c);
          norm.bias().set(0.2 * c, c);
        }
      }
    }
    return model;
  }

  private static Tensor input() {
    double[] x = new double[BATCH * 2 * 5 * 5];
    for (int i = 0; i < x.length; i++) {
      x[i] = 2 * Randoms.uniformDouble(9, i) - 1;
    }
    return Tensor.of(x, BATCH, 2, 5, 5);
  }

  /** {@code mean(exp(y))}. */
  private static double loss(Tensor y) {
    return Arrays.stream(y.toDoubleArray()).map(Math::exp).average().orElseThrow();
  }

  private static Tensor lossGradient(Tensor y) {
    double[] g = Arrays.stream(y.toDoubleArray()).map(Math::exp).toArray();
    for (int i = 0; i < g.length; i++) {
      g[i] /= g.length;
    }
    return Tensor.of(g, y.shape());
  }

  @Test
  void givesWhatPredictGives() {
    SingleModel model = model();
    Tensor x = input();
    double[] predicted = model.predict(x).toDoubleArray();
    Fixtures.assertClose("y", model.forwardEvaluation(x).toDoubleArray(), predicted, 1e-12);
  }

  @Test
  void leavesAllStateAlone() {
    SingleModel model = model();
    List<double[]> before = snapshot(model);
    model.forwardEvaluation(input());
    model.forwardEvaluation(Tensor.zeros(model.dtype(), 1, 2, 5, 5));
    model.forwardEvaluation(Tensor.zeros(model.dtype(), 0, 2, 5, 5));
    assertThat(snapshot(model)).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void theNextTrainingForwardTrains() {
    SingleModel model = model();
    model.forwardEvaluation(input());
    model.forward(input());
    BatchNorm norm = (BatchNorm) model.layers().get(1);
    assertThat(norm.numBatchesTracked().get()).isEqualTo(1);
    assertThat(norm.areStatisticsFrozen()).isFalse();
  }

  private static List<double[]> snapshot(SingleModel model) {
    List<double[]> values = new ArrayList<>();
    for (StateEntry entry : model.state().entries()) {
      values.add(Fixtures.stateValues(model, entry.name()));
    }
    return values;
  }

  @Test
  void gradientsAreThoseOfPredict() {
    SingleModel model = model();
    Tensor x = input();
    Tensor y = model.forwardEvaluation(x);
    double[] dx = model.backwardToInput(lossGradient(y)).toDoubleArray();
    check("dx", model, x, x, dx);
    for (Parameter parameter : model.parameters()) {
      check(parameter.name(), model, x, parameter.value(), parameter.gradient().toDoubleArray());
    }
  }

  /** Moves each value a step up and down and compares the difference quotient of the loss. */
  private static void check(
      String what, SingleModel model, Tensor x, Tensor moved, double[] gradient) {
    double[] values = moved.doubleArray();
    for (int i = 0; i < gradient.length; i++) {
      int at = moved.offset() + i;
      double old = values[at];
      values[at] = old + STEP;
      double up = loss(model.predict(x));
      values[at] = old - STEP;
      double down = loss(model.predict(x));
      values[at] = old;
      double numeric = (up - down) / (2 * STEP);
      // Difference quotients of float64 are good to about 1e-9 here.
      assertThat(gradient[i])
          .as("%s[%d]", what, i)
          .isCloseTo(numeric, offset(1e-7 + 1e-5 * Math.abs(numeric)));
    }
  }
}
