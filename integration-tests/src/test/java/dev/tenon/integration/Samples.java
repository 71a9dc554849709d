package dev.tenon.integration;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.random.Randoms;
import dev.tenon.runtime.state.Counter;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.RunningStat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tensors to feed to networks, and everything that a model remembers, to compare. */
final class Samples {
  private Samples() {}

  /** Normally distributed values. */
  static Tensor normal(DType dtype, long seed, int... shape) {
    Tensor tensor = Tensor.zeros(dtype, shape);
    double[] values = new double[tensor.size()];
    Arrays.setAll(values, i -> Randoms.normal(seed, i));
    return of(dtype, values, shape);
  }

  /** A batch of a model's input, normally distributed. */
  static Tensor input(SingleModel model, long seed, int batch) {
    return normal(model.dtype(), seed, withBatch(batch, model.inputShape()));
  }

  /** A gradient of a model's output, normally distributed. */
  static Tensor outputGradient(SingleModel model, long seed, int batch) {
    return normal(model.dtype(), seed, withBatch(batch, model.outputShape()));
  }

  /** The values, rounded when the type is float32. */
  static Tensor of(DType dtype, double[] values, int... shape) {
    if (dtype == DType.FLOAT64) {
      return Tensor.of(values, shape);
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Tensor.of(floats, shape);
  }

  static int[] withBatch(int batch, int... sampleShape) {
    int[] shape = new int[sampleShape.length + 1];
    shape[0] = batch;
    System.arraycopy(sampleShape, 0, shape, 1, sampleShape.length);
    return shape;
  }

  /** Fills every parameter with normally distributed values, batch norm's included. */
  static void fillParameters(SingleModel model, long seed) {
    long key = seed;
    for (Parameter parameter : model.parameters()) {
      parameter.value().copyFrom(normal(model.dtype(), ++key, parameter.shape()));
    }
  }

  /** The bits of all parameters, gradients, running statistics and counters, by name. */
  static List<String> bits(SingleModel model) {
    List<String> bits = new ArrayList<>();
    for (Parameter parameter : model.parameters()) {
      bits.add(parameter.name() + " " + bits(parameter.value()));
      bits.add(parameter.name() + " gradient " + bits(parameter.gradient()));
    }
    for (RunningStat stat : model.runningStats()) {
      bits.add(stat.name() + " " + bits(stat.value()));
    }
    for (Counter counter : model.state().counterList()) {
      bits.add(counter.name() + " " + counter.get());
    }
    return bits;
  }

  /** The bits of the values. */
  static String bits(Tensor tensor) {
    return Arrays.toString(
        Arrays.stream(Fixtures.values(tensor)).mapToLong(Double::doubleToRawLongBits).toArray());
  }
}
