package dev.tenon.runtime.train;

import static dev.tenon.runtime.loss.Losses.meanSquaredError;
import static dev.tenon.runtime.optim.Optimizers.adam;
import static dev.tenon.runtime.optim.Optimizers.groups;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.loss.Reduction;
import dev.tenon.runtime.optim.Adam;
import dev.tenon.runtime.optim.Optimizer;
import dev.tenon.runtime.optim.OptimizerSpec;
import dev.tenon.runtime.schedule.Schedule;
import dev.tenon.runtime.schedule.Schedules;
import dev.tenon.runtime.state.State;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A step that fails, wherever it does, leaves all bits but the gradients as they were. */
class FailedStepTest {
  private static final Tensor INPUT = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2);
  private static final Tensor TARGET = Tensor.of(new double[] {1, 0, 2}, 3, 1);

  /** Everything a step can fail by, switched on one at a time. */
  private static final class Faults {
    RuntimeException check;
    RuntimeException loss;
    RuntimeException schedule;
    RuntimeException optimizer;
    double rate = Double.NaN;
    double value = Double.NaN;
    boolean badValue;
    boolean badGradient;
  }

  private static Loss<Tensor> loss(Faults faults) {
    Loss<Tensor> real = meanSquaredError();
    return new Loss<>() {
      @Override
      public void check(Tensor prediction, Tensor target) {
        if (faults.check != null) {
          throw faults.check;
        }
        real.check(prediction, target);
      }

      @Override
      public double forward(Tensor prediction, Tensor target) {
        return faults.badValue ? faults.value : real.forward(prediction, target);
      }

      @Override
      public double forwardBackward(Tensor prediction, Tensor target, Tensor gradient) {
        double value = real.forwardBackward(prediction, target, gradient);
        if (faults.loss != null) {
          throw faults.loss;
        }
        if (faults.badGradient) {
          gradient.set(Double.NEGATIVE_INFINITY, 1, 0);
        }
        return faults.badValue ? faults.value : value;
      }

      @Override
      public void elementwise(Tensor prediction, Tensor target, Tensor losses) {
        real.elementwise(prediction, target, losses);
      }

      @Override
      public Reduction reduction() {
        return Reduction.MEAN;
      }
    };
  }

  private static OptimizerSpec optimizer(Faults faults, OptimizerSpec real) {
    return state -> {
      Optimizer inner = real.create(state);
      return new Optimizer() {
        @Override
        public void step() {
          if (faults.optimizer != null) {
            throw faults.optimizer;
          }
          inner.step();
        }

        @Override
        public double learningRate() {
          return inner.learningRate();
        }

        @Override
        public void learningRate(double learningRate) {
          inner.learningRate(learningRate);
        }

        @Override
        public long stepCount() {
          return inner.stepCount();
        }
      };
    };
  }

  private static Schedule schedule(Faults faults) {
    Schedule real = Schedules.cosine(100);
    return (base, step) -> {
      if (faults.schedule != null) {
        throw faults.schedule;
      }
      return Double.isNaN(faults.rate) ? real.learningRate(base, step) : faults.rate;
    };
  }

  private static long[] bits(State state, Trainer<?> trainer) {
    double[] parameters = state.doubleParameters();
    double[] statistics = state.arrays().doubleRunningStats();
    long[] counters = state.arrays().counters();
    long[] bits = new long[parameters.length + statistics.length + counters.length + 3];
    int at = 0;
    for (double value : parameters) {
      bits[at++] = Double.doubleToRawLongBits(value);
    }
    for (double value : statistics) {
      bits[at++] = Double.doubleToRawLongBits(value);
    }
    for (long count : counters) {
      bits[at++] = count;
    }
    bits[at++] = trainer.optimizer().stepCount();
    bits[at++] = Double.doubleToRawLongBits(trainer.optimizer().learningRate());
    bits[at] = trainer.epochsDone();
    return bits;
  }

  @Test
  void whereverItFails() {
    Map<String, Runnable> places = new LinkedHashMap<>();
    Faults faults = new Faults();
    for (OptimizerSpec spec :
        new OptimizerSpec[] {
          sgd(0.1).momentum(0.9), adam(0.1), groups(sgd(0.1)).with(p -> p.isFrozen(), adam(0.2))
        }) {
      LinearModel linear = new LinearModel(2, 1, true);
      FailingModel model = new FailingModel(linear);
      if (!(spec instanceof Adam)) {
        linear.state().parameter("head.bias").freeze();
      }
      Trainer<Tensor> trainer =
          Trainer.of(model)
              .loss(loss(faults))
              .optimizer(optimizer(faults, spec))
              .schedulePerStep(schedule(faults))
              .clipNorm(1)
              .build();
      // The twin never fails: what the other does after failures must have its bits.
      LinearModel twinModel = new LinearModel(2, 1, true);
      if (linear.state().parameter("head.bias").isFrozen()) {
        twinModel.state().parameter("head.bias").freeze();
      }
      Trainer<Tensor> twin =
          Trainer.of(twinModel)
              .loss(meanSquaredError())
              .optimizer(spec)
              .schedulePerStep(Schedules.cosine(100))
              .clipNorm(1)
              .build();
      RuntimeException boom = new RuntimeException("boom");
      places.put("check", () -> faults.check = boom);
      places.put("forward", () -> model.afterForward = boom);
      places.put("loss", () -> faults.loss = boom);
      places.put("schedule", () -> faults.schedule = boom);
      places.put("rate", () -> faults.rate = -1);
      places.put("backward", () -> model.beforeBackward = boom);
      places.put("optimizer", () -> faults.optimizer = boom);
      places.put("value", () -> faults.badValue = true);
      places.put("gradient", () -> faults.badGradient = true);
      places.forEach(
          (place, fail) -> {
            trainer.step(INPUT, TARGET);
            twin.step(INPUT, TARGET);
            long[] before = bits(linear.state(), trainer);
            assertThat(before).isEqualTo(bits(twinModel.state(), twin));
            fail.run();
            Throwable thrown = catchThrowable(() -> trainer.step(INPUT, TARGET));
            assertThat(thrown).as(place).isNotNull();
            assertThat(bits(linear.state(), trainer)).as(place).isEqualTo(before);
            faults.check = null;
            faults.loss = null;
            faults.schedule = null;
            faults.optimizer = null;
            faults.rate = Double.NaN;
            faults.badValue = false;
            faults.badGradient = false;
            model.afterForward = null;
            model.beforeBackward = null;
          });
      trainer.step(INPUT, TARGET);
      twin.step(INPUT, TARGET);
      assertThat(bits(linear.state(), trainer)).isEqualTo(bits(twinModel.state(), twin));
      // The forwards that were done, and no others, were taken back.
      assertThat(model.undone).isEqualTo(5);
    }
  }

  @Test
  void inputsAndTargetsThatAreNoNumbersAreNamed() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      LinearModel model = new LinearModel(2, 1, true);
      Trainer<Tensor> trainer =
          Trainer.of(model).loss(meanSquaredError()).optimizer(sgd(0.1)).build();
      Tensor input = Tensor.of(new double[] {1, 2, 3, bad, 5, 6}, 3, 2);
      assertThatThrownBy(() -> trainer.step(input, TARGET))
          .isInstanceOf(NonFiniteException.class)
          .hasMessageContaining("value 1 in the input of sample 1 of the batch is " + bad);
      assertThatThrownBy(() -> trainer.step(INPUT, Tensor.of(new double[] {0, 1, bad}, 3, 1)))
          .isInstanceOf(NonFiniteException.class)
          .hasMessageContaining("value 0 in the target of sample 2 of the batch is " + bad);
      assertThat(model.state().arrays().counters()[0]).isZero();
    }
  }

  @Test
  void parametersThatAreNoNumbersAreNamed() {
    LinearModel model = new LinearModel(2, 1, true);
    model.state().parameter("head.bias").set(Double.NaN, 0);
    Trainer<Tensor> trainer =
        Trainer.of(model).loss(meanSquaredError()).optimizer(sgd(0.1)).build();
    NonFiniteException thrown =
        (NonFiniteException) catchThrowable(() -> trainer.step(INPUT, TARGET));
    assertThat(thrown)
        .hasMessageContaining("It began in head (Linear): head.bias has been NaN")
        .hasMessageContaining("step 1, learning rate 0.1");
    assertThat(thrown.layer()).isEqualTo("head");
    assertThat(thrown.step()).isEqualTo(1);
    assertThat(thrown.epoch()).isZero();
    assertThat(thrown.learningRate()).isEqualTo(0.1);
  }

  /** What overflows in the forward, in the loss and in the backward. */
  @Test
  void overflowsAreNamed() {
    LinearModel model = new LinearModel(2, 1, true);
    Trainer<Tensor> trainer =
        Trainer.of(model).loss(meanSquaredError()).optimizer(sgd(0.1)).build();
    model.state().parameter("head.weight").value().fill(1e308);
    assertThatThrownBy(() -> trainer.step(INPUT, TARGET))
        .hasMessageContaining("It began in head (Linear)")
        .hasMessageContaining("the largest in head is 1.0E308")
        .hasMessageContaining("lower learning rate");
    model.state().parameter("head.weight").value().fill(1e200);
    assertThatThrownBy(() -> trainer.step(INPUT, TARGET))
        .hasMessageContaining("The predictions are finite, so it began in the loss.");
    Tensor large = Tensor.of(new double[] {1e200, 1e200, 1e200, 1, 1, 1}, 3, 2);
    model.state().parameter("head.weight").value().fill(0);
    Tensor far = Tensor.of(new double[] {1e150, 0, 0}, 3, 1);
    assertThatThrownBy(() -> trainer.step(large, far))
        .hasMessageContaining("a gradient is not finite")
        .hasMessageContaining("It began in head (Linear), whose gradient is too large")
        .hasMessageContaining("Normalise the inputs, whose largest value in this batch is 1.0E200");
    assertThat(model.state().arrays().counters()[0]).isZero();
  }

  @Test
  void itCanBeAllowed() {
    LinearModel model = new LinearModel(2, 1, true);
    Trainer<Tensor> trainer =
        Trainer.of(model)
            .loss(meanSquaredError())
            .optimizer(sgd(0.1))
            .clipNorm(1)
            .allowNonFinite()
            .build();
    Tensor input = Tensor.of(new double[] {1, 2, 3, Double.NaN, 5, 6}, 3, 2);
    assertThat(trainer.step(input, TARGET)).isNaN();
    assertThat(model.state().parameter("head.weight").get(0, 1)).isNaN();
    assertThat(model.state().arrays().counters()[0]).isEqualTo(1);
  }

  @Test
  void buildRefusesBeforeItChangesTheModel() {
    LinearModel model = new LinearModel(2, 1, true);
    model.splitsLoops = true;
    TrainerBuilder<Tensor> builder =
        Trainer.of(model)
            .loss(meanSquaredError())
            .optimizer(sgd(0.1).nesterov())
            .threads(3)
            .accumulate(2);
    assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
    assertThat(model.threads()).isEqualTo(1);
    assertThat(model.pieces).isEmpty();
    assertThat(Arrays.stream(model.state().arrays().doubleGradients())).containsOnly(0.0);
  }
}
