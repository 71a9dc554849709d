package dev.tenon.runtime.model;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.TensorSpec;
import dev.tenon.runtime.internal.layout.Shapes;
import dev.tenon.runtime.random.Randoms;
import dev.tenon.runtime.state.Claim;
import dev.tenon.runtime.state.StateSnapshot;
import java.util.List;

/** Runs a model until the virtual machine has compiled it, and leaves no trace in it. */
final class WarmUp {
  /**
   * Samples of the first rounds. Interpreted, a vector operation takes hundreds of nanoseconds
   * rather than one; these rounds are short, but go through the same register tiles.
   */
  private static final int FEW_SAMPLES = 16;

  /** Rounds that are timed together: as many as take this long. */
  private static final long WINDOW_NANOS = 100_000_000L;

  /** It is at its final speed when so many windows in a row were no faster than the best before. */
  private static final int STEADY_WINDOWS = 5;

  /** What counts as faster. */
  private static final double FASTER = 0.95;

  private static final long MOST_NANOS_OF_FEW = 2_500_000_000L;

  private static final long MOST_NANOS = 4_000_000_000L;

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
    Claim claim = model.state().claim();
    String outer = claim.begin(model.name(), "warmUp");
    try {
      runTwin(model, batch);
    } finally {
      claim.end(outer);
    }
  }

  private static void runTwin(Model model, int batch) {
    StateSnapshot before = new StateSnapshot(model.state());
    before.save();
    // It has gradients, working memory, results and random numbers of its own, and runs the same
    // code. What it shares with the model are the parameters, which no forward or backward changes,
    // and what is saved here.
    Model twin = model.piece(new Alone());
    twin.threads(model.threads());
    try {
      repeat(twin, batch);
    } finally {
      before.restore();
    }
  }

  private static void repeat(Model twin, int batch) {
    if (batch > FEW_SAMPLES) {
      int few = Math.max(FEW_SAMPLES, twin.minimumTrainingBatch());
      repeat(twin, few, MOST_NANOS_OF_FEW);
    }
    repeat(twin, batch, MOST_NANOS);
  }

  /** Runs rounds until they no longer become faster, or the time is up. */
  private static void repeat(Model twin, int batch, long mostNanos) {
    Tensor[] inputs = random(twin.inputs(), 1, batch);
    Tensor[] gradients = random(twin.outputs(), 2, batch);
    long begun = System.nanoTime();
    double best = Double.POSITIVE_INFINITY;
    int steadyWindows = 0;
    int rounds = 0;
    while (true) {
      long from = System.nanoTime();
      int before = rounds;
      long now = from;
      while (now - from < WINDOW_NANOS) {
        twin.forward(inputs);
        twin.backward(gradients);
        twin.predict(inputs);
        rounds++;
        now = System.nanoTime();
      }
      double nanosPerRound = (double) (now - from) / (rounds - before);
      steadyWindows = nanosPerRound < best * FASTER ? 0 : steadyWindows + 1;
      best = Math.min(best, nanosPerRound);
      if (steadyWindows >= STEADY_WINDOWS || now - begun > mostNanos) {
        return;
      }
    }
  }

  /** Zeros would not do: the compiler learns from them which way branches go. */
  private static Tensor[] random(List<TensorSpec> specs, int stream, int batch) {
    Tensor[] tensors = new Tensor[specs.size()];
    for (int t = 0; t < tensors.length; t++) {
      TensorSpec spec = specs.get(t);
      tensors[t] = Tensor.zeros(spec.dtype(), Shapes.withBatch(batch, spec.shape()));
      long key = Randoms.key(0, t, stream);
      for (int i = 0; i < tensors[t].size(); i++) {
        switch (spec.dtype()) {
          case FLOAT32 -> tensors[t].floatArray()[i] = (float) Randoms.normal(key, i);
          case FLOAT64 -> tensors[t].doubleArray()[i] = Randoms.normal(key, i);
          case INT32 ->
              tensors[t].intArray()[i] = (int) (Randoms.uniformDouble(key, i) * spec.limit());
          case INT64 -> throw new IllegalStateException(spec + " is no input of a network");
        }
      }
    }
    return tensors;
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
