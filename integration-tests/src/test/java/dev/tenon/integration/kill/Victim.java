package dev.tenon.integration.kill;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.adam;
import static dev.tenon.runtime.schedule.Schedules.cosine;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.random.Randoms;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Every;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;

/** Trains in a process of its own, with a checkpoint after every step, until it is killed. */
final class Victim {
  /** What it writes when it comes to its end. */
  static final String END = "end.safetensors";

  private static final int EPOCHS = 20;
  private static final int SAMPLES = 100;

  private Victim() {}

  /**
   * Begins, or goes on where it was killed.
   *
   * @param args a folder
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    try (Trainer<int[]> trainer = trainer()) {
      trainer.resumeIfPresent(folder);
      trainer.fit(
          data(SAMPLES, 1),
          EPOCHS,
          fit ->
              fit.validate(data(30, 2))
                  .stopEarly(EPOCHS)
                  .checkpoint(folder, Every.steps(1))
                  .listen(new FirstStep()));
      trainer.checkpoint(folder.resolve(END));
    }
  }

  /** Says once that a step was made. */
  private static final class FirstStep implements TrainingListener {
    private boolean told;

    @Override
    public void onBatch(int epoch, int batch, int batches, double loss) {
      if (!told) {
        told = true;
        System.out.println("first step");
      }
    }
  }

  /** The same run, which nobody kills and which writes nothing but its end. */
  static void live(Path folder) throws IOException {
    try (Trainer<int[]> trainer = trainer()) {
      trainer.fit(data(SAMPLES, 1), EPOCHS, fit -> fit.validate(data(30, 2)).stopEarly(EPOCHS));
      trainer.checkpoint(folder.resolve(END));
    }
  }

  private static Trainer<int[]> trainer() {
    return Trainer.of(KilledNetModel.create(3))
        .loss(crossEntropy())
        .optimizer(adam(0.01).weightDecay(0.001))
        .schedule(cosine(EPOCHS))
        .batchSize(9)
        .shuffleSeed(5)
        .build();
  }

  private static Dataset<int[]> data(int size, long seed) {
    float[] values = new float[6 * size];
    int[] labels = new int[size];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Randoms.normal(seed, i);
    }
    for (int i = 0; i < size; i++) {
      labels[i] = values[6 * i] > 0.5 ? 2 : values[6 * i + 1] > 0 ? 1 : 0;
    }
    return Dataset.of(Tensor.of(values, size, 6), labels);
  }
}
