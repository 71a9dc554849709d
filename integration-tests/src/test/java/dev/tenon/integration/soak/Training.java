package dev.tenon.integration.soak;

import static dev.tenon.runtime.loss.Losses.meanSquaredError;
import static dev.tenon.runtime.optim.Optimizers.adam;
import static dev.tenon.runtime.optim.Optimizers.adamW;
import static dev.tenon.runtime.optim.Optimizers.rmsProp;
import static dev.tenon.runtime.optim.Optimizers.sgd;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.TensorSpec;
import dev.tenon.runtime.loss.MeanSquaredError;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.optim.Optimizer;
import dev.tenon.runtime.optim.OptimizerSpec;
import dev.tenon.runtime.random.Randoms;
import dev.tenon.runtime.state.StateArrays;
import java.lang.reflect.Method;
import java.util.List;

/**
 * Steps of training of one network, on batches of two sizes in turn: forward, loss, backward to the
 * inputs, optimiser, and a prediction.
 */
final class Training {
  private static final List<OptimizerSpec> OPTIMIZERS =
      List.of(sgd(0.01).momentum(0.9).weightDecay(1e-3), adam(1e-3), adamW(1e-3), rmsProp(1e-3));

  /** One batch of everything that a step reads and writes. */
  private static final class Batch {
    private final Tensor[] inputs;
    private final Tensor[] targets;
    private final Tensor[] gradients;

    Batch(Model model, int samples, long seed) {
      inputs = random(model.inputs(), samples, seed);
      targets = random(model.outputs(), samples, seed + 10);
      gradients = random(model.outputs(), samples, seed + 20);
    }
  }

  private final Model start;
  private final Model model;
  private final OptimizerSpec spec;
  private final MeanSquaredError loss = meanSquaredError();
  private final Batch[] batches;

  /** Null where there is nothing to optimise. */
  private Optimizer optimizer;

  private double lastLoss;
  private Tensor[] outputs;
  private Tensor[] inputGradients;
  private Tensor[] predictions;

  Training(SoakNetwork network) {
    start = create(network);
    model = create(network);
    spec = OPTIMIZERS.get(Math.floorMod(network.name().hashCode(), OPTIMIZERS.size()));
    optimizer = optimizer();
    batches =
        new Batch[] {
          new Batch(model, network.batch(), 1),
          new Batch(model, network.batch() - 1, 2),
          new Batch(model, network.batch(), 3)
        };
  }

  private static Model create(SoakNetwork network) {
    try {
      Method create = Class.forName(network.model()).getDeclaredMethod("create", long.class);
      create.setAccessible(true);
      return (Model) create.invoke(null, 1L);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(network.name(), e);
    }
  }

  /** Null where there is nothing to optimise. */
  private Optimizer optimizer() {
    return model.parameters().isEmpty() ? null : spec.create(model.state());
  }

  private static Tensor[] random(List<TensorSpec> specs, int samples, long seed) {
    return specs.stream().map(spec -> random(spec, samples, seed)).toArray(Tensor[]::new);
  }

  private static Tensor random(TensorSpec spec, int samples, long seed) {
    int[] shape = new int[spec.shape().length + 1];
    shape[0] = samples;
    System.arraycopy(spec.shape(), 0, shape, 1, spec.shape().length);
    Tensor tensor = Tensor.zeros(spec.dtype(), shape);
    for (int i = 0; i < tensor.size(); i++) {
      if (spec.isIndices()) {
        tensor.intArray()[i] = (int) (Randoms.uniformDouble(seed, i) * spec.limit());
      } else if (spec.dtype() == DType.FLOAT32) {
        tensor.floatArray()[i] = (float) Randoms.normal(seed, i);
      } else {
        tensor.doubleArray()[i] = Randoms.normal(seed, i);
      }
    }
    return tensor;
  }

  /** Uses this many threads only. */
  void threads(int count) {
    model.threads(count);
  }

  /** As before the first step. */
  void restart() {
    model.state().copyFrom(start.state());
    model.randomPosition(0);
    optimizer = optimizer();
  }

  /** A whole step. */
  void step(int call) {
    Batch batch = batches[call % batches.length];
    outputs = model.forward(batch.inputs);
    lastLoss = 0;
    for (int i = 0; i < outputs.length; i++) {
      lastLoss += loss.forwardBackward(outputs[i], batch.targets[i], batch.gradients[i]);
    }
    inputGradients = model.backwardToInputs(batch.gradients);
    if (optimizer != null) {
      optimizer.step();
    }
    predictions = model.predict(batch.inputs);
  }

  /**
   * All bits that the last step gave: loss, outputs, gradients of inputs and of parameters, the
   * state after it, and predictions.
   */
  long hash() {
    Hash hash = new Hash();
    hash.add(lastLoss);
    hash.add(outputs);
    hash.add(inputGradients);
    hash.add(predictions);
    StateArrays arrays = model.state().arrays();
    if (model.state().dtype() == DType.FLOAT32) {
      hash.add(arrays.floatGradients());
      hash.add(arrays.floatParameters());
      hash.add(arrays.floatRunningStats());
    } else {
      hash.add(arrays.doubleGradients());
      hash.add(arrays.doubleParameters());
      hash.add(arrays.doubleRunningStats());
    }
    for (long counter : arrays.counters()) {
      hash.add(counter);
    }
    return hash.value();
  }
}
