package dev.tenon.integration.soak;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;

/** Of 64 bits, over bits of numbers in their order; refuses what is not finite. */
final class Hash {
  private static final long FACTOR = 0x9e3779b97f4a7c15L;

  private long value = 1;

  void add(long bits) {
    long mixed = (value ^ bits) * FACTOR;
    value = mixed ^ (mixed >>> 32);
  }

  void add(double number) {
    requireFinite(number);
    add(Double.doubleToRawLongBits(number));
  }

  void add(float[] numbers) {
    for (float number : numbers) {
      requireFinite(number);
      add(Float.floatToRawIntBits(number));
    }
  }

  void add(double[] numbers) {
    for (double number : numbers) {
      add(number);
    }
  }

  /** Null for what has no gradient. */
  void add(Tensor[] tensors) {
    for (Tensor tensor : tensors) {
      if (tensor != null) {
        add(tensor);
      }
    }
  }

  private void add(Tensor tensor) {
    if (tensor.dtype() == DType.FLOAT32) {
      add(tensor.toFloatArray());
    } else {
      add(tensor.toDoubleArray());
    }
  }

  /** One number that is none would make all after it equal. */
  private static void requireFinite(double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalStateException("not finite: " + number);
    }
  }

  long value() {
    return value;
  }
}
