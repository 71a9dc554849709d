package dev.tenon.runtime.typed;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.Model;

/** The outputs of many samples, in batches. */
final class Predictions {
  private static final int BATCH = 64;

  private Predictions() {}

  /** {@code [samples, ...]} of the first output. */
  static Tensor of(Model model, Tensor[] inputs, int samples) {
    int[] shape = model.outputs().get(0).shape();
    int[] all = new int[shape.length + 1];
    all[0] = samples;
    System.arraycopy(shape, 0, all, 1, shape.length);
    Tensor outputs = Tensor.zeros(model.dtype(), all);
    for (int from = 0; from < samples; from += BATCH) {
      int count = Math.min(BATCH, samples - from);
      Tensor[] batch = new Tensor[inputs.length];
      for (int i = 0; i < batch.length; i++) {
        batch[i] = inputs[i].samples(from, count);
      }
      outputs.samples(from, count).copyFrom(model.predict(batch)[0]);
    }
    return outputs;
  }
}
