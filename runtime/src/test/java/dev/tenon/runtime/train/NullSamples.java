package dev.tenon.runtime.train;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.state.State;

/** What {@code NullArgumentsTest} passes where it does not pass null. */
public final class NullSamples {
  private NullSamples() {}

  /** A model of two inputs and two outputs. */
  public static Model model() {
    return new LinearModel(2, 2, false);
  }

  /** Its state. */
  public static State state() {
    return model().state();
  }

  /** Three samples. */
  public static Dataset<int[]> data() {
    return Dataset.of(Tensor.zeros(DType.FLOAT64, 3, 2), new int[3]);
  }

  /** A trainer of that model. */
  public static Trainer<int[]> trainer() {
    return Trainer.of(model()).loss(crossEntropy()).optimizer(sgd(0.1)).build();
  }

  /** Options of a fit. */
  public static FitOptions<int[]> options() {
    return new FitOptions<>();
  }
}
