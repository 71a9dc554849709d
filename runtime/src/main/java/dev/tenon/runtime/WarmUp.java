package dev.tenon.runtime;

import dev.tenon.runtime.random.Randoms;

/** Runs a model until the virtual machine has compiled it, and leaves no trace in it. */
final class WarmUp {
  /**
   * HotSpot hands a method to its optimising compiler after some 5,000 calls. The hot loops are in
   * methods that a step calls often; the steps themselves are called once.
   */
  private static final int ROUNDS = 10_000;

  /**
   * Large networks are compiled long before: prototypes of training steps between 0.7 and 5
   * milliseconds were at their final speed after 0.5 to 1.6 seconds.
   */
  private static final long MOST_NANOS = 3_000_000_000L;

  private WarmUp() {}

  static void run(Model model, int batch) {
    int least = model.minimumTrainingBatch();
    if (batch < least) {
      throw new IllegalArgumentException(
          model.name()
              + ": to warm up needs a batch of at least "
              + least
              + ", not "
              + batch
              + ".");
    }
    State state = model.state();
    boolean single = state.dtype() == DType.FLOAT32;
    float[] floats = single ? state.floatRunningStats() : new float[0];
    double[] doubles = single ? new double[0] : state.doubleRunningStats();
    float[] savedFloats = floats.clone();
    double[] savedDoubles = doubles.clone();
    long[] savedCounters = state.counters().clone();
    // It has gradients, working memory, results and random numbers of its own, and runs the same
    // code. What it shares with the model are the parameters, which no forward or backward changes,
    // and what is saved here.
    Model twin = model.piece(new Alone());
    twin.threads(model.threads());
    try {
      repeat(twin, batch);
    } finally {
      System.arraycopy(savedFloats, 0, floats, 0, floats.length);
      System.arraycopy(savedDoubles, 0, doubles, 0, doubles.length);
      System.arraycopy(savedCounters, 0, state.counters(), 0, savedCounters.length);
    }
  }

  private static void repeat(Model twin, int batch) {
    Tensor input = random(twin.dtype(), 1, Shapes.withBatch(batch, twin.inputShape()));
    Tensor gradient = random(twin.dtype(), 2, Shapes.withBatch(batch, twin.outputShape()));
    long begun = System.nanoTime();
    for (int round = 0; round < ROUNDS; round++) {
      twin.forward(input);
      twin.backward(gradient);
      twin.predict(input);
      if (System.nanoTime() - begun > MOST_NANOS) {
        return;
      }
    }
  }

  /** Zeros would not do: the compiler learns from them which way branches go. */
  private static Tensor random(DType dtype, int key, int... shape) {
    Tensor tensor = Tensor.zeros(dtype, shape);
    for (int i = 0; i < tensor.size(); i++) {
      double value = Randoms.normal(Randoms.key(0, 0, key), i);
      if (dtype == DType.FLOAT32) {
        tensor.floatArray()[i] = (float) value;
      } else {
        tensor.doubleArray()[i] = value;
      }
    }
    return tensor;
  }

  /** The whole batch as a piece that does without others. */
  private static final class Alone implements PieceExchange {
    @Override
    public int index() {
      return 0;
    }

    @Override
    public int[] sizes(int samples) {
      return new int[] {samples};
    }

    @Override
    public void sum(double[] values) {
      throw new IllegalStateException("a piece that is not synchronised shares nothing");
    }

    @Override
    public boolean synchronises() {
      return false;
    }
  }
}
