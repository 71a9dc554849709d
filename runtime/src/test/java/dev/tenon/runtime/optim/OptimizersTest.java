package dev.tenon.runtime.optim;

import static dev.tenon.runtime.Fixtures.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.runtime.Allocation;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Fixtures;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.init.Initializer;
import dev.tenon.runtime.state.State;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class OptimizersTest {
  @TestFactory
  Stream<DynamicTest> matchesPyTorch() {
    return Fixtures.cases("optimizers").stream()
        .map(
            test ->
                DynamicTest.dynamicTest(
                    test.get("kind").asText()
                        + " "
                        + test.get("dtype").asText()
                        + " "
                        + test.get("options"),
                    () -> run(test)));
  }

  private static void run(JsonNode test) {
    DType dtype = Fixtures.dtype(test);
    double[] start = Fixtures.doubles(test.get("start"));
    State state =
        State.builder(dtype).parameter("p", Initializer.constant(0), start.length).build(0);
    state.parameter("p").value().copyFrom(Fixtures.tensor(dtype, start, start.length));
    Optimizer optimizer = spec(test.get("kind").asText(), test.get("options")).create(state);
    double tolerance = dtype == DType.FLOAT32 ? 1e-6 : 1e-12;
    for (int step = 0; step < test.get("gradients").size(); step++) {
      if (step == test.get("changeRateBeforeStep").asInt()) {
        optimizer.learningRate(test.get("changedRate").asDouble());
      }
      Tensor gradient =
          Fixtures.tensor(dtype, Fixtures.doubles(test.get("gradients").get(step)), start.length);
      state.parameter("p").gradient().copyFrom(gradient);

      optimizer.step();

      assertClose(
          "parameters after step " + (step + 1),
          state.parameter("p").value().toDoubleArray(),
          Fixtures.doubles(test.get("parameters").get(step)),
          tolerance,
          0);
      assertThat(state.parameter("p").gradient().toDoubleArray())
          .as("gradients stay")
          .isEqualTo(gradient.toDoubleArray());
    }
    assertThat(optimizer.stepCount()).isEqualTo(10);
  }

  static OptimizerSpec spec(String kind, JsonNode options) {
    double rate = options.get("lr").asDouble();
    boolean maximize = options.has("maximize");
    if (kind.equals("sgd")) {
      Sgd sgd =
          Optimizers.sgd(rate)
              .momentum(options.path("momentum").asDouble(0))
              .dampening(options.path("dampening").asDouble(0))
              .weightDecay(options.path("weight_decay").asDouble(0));
      sgd = options.has("nesterov") ? sgd.nesterov() : sgd;
      return maximize ? sgd.maximize() : sgd;
    }
    if (kind.equals("adam")) {
      Adam adam = Optimizers.adam(rate);
      if (options.has("betas")) {
        double[] betas = Fixtures.doubles(options.get("betas"));
        adam = adam.betas(betas[0], betas[1]).eps(options.get("eps").asDouble());
      }
      if (options.has("weight_decay")) {
        adam = adam.weightDecay(options.get("weight_decay").asDouble());
      }
      adam = options.has("amsgrad") ? adam.amsgrad() : adam;
      return maximize ? adam.maximize() : adam;
    }
    if (kind.equals("rmsProp")) {
      RmsProp rms =
          Optimizers.rmsProp(rate)
              .alpha(options.path("alpha").asDouble(0.99))
              .eps(options.path("eps").asDouble(1e-8))
              .weightDecay(options.path("weight_decay").asDouble(0))
              .momentum(options.path("momentum").asDouble(0));
      rms = options.has("centered") ? rms.centered() : rms;
      return maximize ? rms.maximize() : rms;
    }
    assertThat(kind).isEqualTo("adamW");
    AdamW adam = Optimizers.adamW(rate);
    if (options.has("betas")) {
      double[] betas = Fixtures.doubles(options.get("betas"));
      adam = adam.betas(betas[0], betas[1]).eps(options.get("eps").asDouble());
    }
    if (options.has("weight_decay")) {
      adam = adam.weightDecay(options.get("weight_decay").asDouble());
    }
    adam = options.has("amsgrad") ? adam.amsgrad() : adam;
    return maximize ? adam.maximize() : adam;
  }

  /** The table of semantics 9: loss 0.5 |p|^2, so the gradient is p; first component, 3 steps. */
  @Test
  void workedExamples() {
    assertFirst(Optimizers.sgd(0.1), .9, .81, .729);
    assertFirst(Optimizers.sgd(0.1).momentum(0.9), .9, .72, .486);
    assertFirst(Optimizers.sgd(0.1).momentum(0.9).nesterov(), .81, .5751, .327321);
    assertFirst(
        Optimizers.sgd(0.1).momentum(0.9).dampening(0.5).weightDecay(0.01),
        .899,
        .7627005,
        .60151457475);
    assertFirst(Optimizers.adam(0.1), .900000001, .800412229712, .701586274504);
    assertFirst(Optimizers.adamW(0.1), .899000001, .798519028189, .698911184716);
    assertFirst(Optimizers.adam(0.1).weightDecay(0.1), .900000000909, .800412229527, .701586274221);
    assertSecond(Optimizers.adam(0.1), -1.9000000005, -1.800166486621, -1.700623392812);
  }

  private static void assertFirst(OptimizerSpec spec, double... expected) {
    assertSteps(spec, 0, expected);
  }

  private static void assertSecond(OptimizerSpec spec, double... expected) {
    assertSteps(spec, 1, expected);
  }

  private static void assertSteps(OptimizerSpec spec, int component, double... expected) {
    State state = State.builder(DType.FLOAT64).parameter("p", Initializer.constant(0), 2).build(0);
    state.parameter("p").value().copyFrom(Tensor.of(new double[] {1, -2}, 2));
    Optimizer optimizer = spec.create(state);
    double[] actual = new double[expected.length];
    for (int step = 0; step < expected.length; step++) {
      state.parameter("p").gradient().copyFrom(state.parameter("p").value());
      optimizer.step();
      actual[step] = state.parameter("p").get(component);
    }
    // The table is given to 12 digits behind the point.
    assertClose("steps", actual, expected, 0, 6e-13);
  }

  @Test
  void optionsAreChecked() {
    assertRefused(() -> Optimizers.sgd(-1), "Sgd: learningRate must be finite and at least 0");
    assertRefused(() -> Optimizers.sgd(Double.NaN), "learningRate");
    assertRefused(() -> Optimizers.sgd(1).momentum(-0.1), "Sgd: momentum");
    assertRefused(() -> Optimizers.sgd(1).weightDecay(-0.1), "Sgd: weightDecay");
    assertRefused(() -> Optimizers.sgd(1).dampening(Double.NaN), "Sgd: dampening");
    assertRefused(() -> Optimizers.adam(-1), "Adam: learningRate");
    assertRefused(
        () -> Optimizers.adam(1).betas(1, 0.9), "Adam: beta1 must be in [0, 1), but is 1.0.");
    assertRefused(() -> Optimizers.adam(1).betas(0.9, -0.1), "Adam: beta2");
    assertRefused(() -> Optimizers.adam(1).eps(-1), "Adam: eps");
    assertRefused(() -> Optimizers.adam(1).weightDecay(-1), "Adam: weightDecay");
    assertRefused(() -> Optimizers.adamW(1).weightDecay(-1), "AdamW: weightDecay");
  }

  @Test
  void nesterovNeedsMomentumAndNoDampening() {
    State state = oneParameter(DType.FLOAT32);
    assertRefused(
        () -> Optimizers.sgd(0.1).nesterov().create(state),
        "Sgd: nesterov needs a momentum above 0 and dampening 0, but momentum is 0.0 and dampening"
            + " is 0.0.");
    assertRefused(
        () -> Optimizers.sgd(0.1).nesterov().momentum(0.9).dampening(0.1).create(state),
        "but momentum is 0.9 and dampening is 0.1");
  }

  @Test
  void aStateWithoutParametersIsRefused() {
    State empty = State.builder(DType.FLOAT32).build(0);
    assertRefused(() -> Optimizers.sgd(0.1).create(empty), "Sgd: the network has no parameters");
    assertRefused(() -> Optimizers.adamW(0.1).create(empty), "AdamW: the network has no param");
  }

  @Test
  void theRateIsCheckedWhenItChanges() {
    for (OptimizerSpec spec :
        new OptimizerSpec[] {Optimizers.sgd(0.1), Optimizers.adam(0.1), Optimizers.adamW(0.1)}) {
      Optimizer optimizer = spec.create(oneParameter(DType.FLOAT64));
      optimizer.learningRate(0.5);
      assertRefused(() -> optimizer.learningRate(-0.5), "learningRate");
      assertThat(optimizer.learningRate()).isEqualTo(0.5);
      assertThat(optimizer.stepCount()).isZero();
    }
  }

  @Test
  void oneSpecificationServesManyModels() {
    Sgd spec = Optimizers.sgd(0.1).momentum(0.9);
    State one = oneParameter(DType.FLOAT64);
    State two = oneParameter(DType.FLOAT64);
    Optimizer first = spec.create(one);
    Optimizer second = spec.create(two);
    one.parameter("p").gradient().fill(1);
    two.parameter("p").gradient().fill(1);

    first.step();
    first.step();
    second.step();

    assertThat(one.parameter("p").get(0)).isEqualTo(-0.1 - 0.19);
    assertThat(two.parameter("p").get(0)).isEqualTo(-0.1);
  }

  @Test
  void stepsAllocateNothing() {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      State state = oneParameter(dtype);
      for (OptimizerSpec spec :
          new OptimizerSpec[] {
            Optimizers.sgd(0.1),
            Optimizers.sgd(0.1).momentum(0.9),
            Optimizers.sgd(0.1).momentum(0.9).nesterov(),
            Optimizers.adam(0.1),
            Optimizers.adamW(0.1).amsgrad()
          }) {
        Optimizer optimizer = spec.create(state);
        Allocation.assertNone(optimizer::step);
      }
    }
  }

  private static State oneParameter(DType dtype) {
    return State.builder(dtype).parameter("p", Initializer.constant(0), 37).build(0);
  }

  private static void assertRefused(Runnable action, String message) {
    assertThatThrownBy(action::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
