package dev.tenon.samples.console;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static dev.tenon.runtime.schedule.Schedules.cosine;

import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.train.Evaluation;
import dev.tenon.runtime.train.Split;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.train.TrainerBuilder;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The options of every sample that trains, as a picocli mixin, and what the samples do with them.
 */
public final class TrainingOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--epochs", description = "How often to go over the samples.")
  private int epochs;

  @Option(names = "--batch-size", description = "Samples a step.")
  private int batchSize;

  @Option(names = "--learning-rate", description = "Of the first epoch; falls to 0 as a cosine.")
  private double learningRate;

  @Option(names = "--seed", description = "Of initial values, dropout and the order of samples.")
  private long seed = 1;

  /** Read by picocli only. */
  @SuppressWarnings("UnusedVariable")
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this and ends.")
  private boolean help;

  /**
   * Options with the defaults of one sample.
   *
   * @param epochs how often to go over the samples
   * @param batchSize samples a step
   * @param learningRate of the first epoch
   */
  public TrainingOptions(int epochs, int batchSize, double learningRate) {
    this.epochs = epochs;
    this.batchSize = batchSize;
    this.learningRate = learningRate;
  }

  /**
   * The same with another seed.
   *
   * @param newSeed any number; 1 is the default
   * @return these options
   */
  public TrainingOptions seed(long newSeed) {
    seed = newSeed;
    return this;
  }

  /**
   * Of initial values, dropout and the order of samples.
   *
   * @return the seed
   */
  public long seed() {
    return seed;
  }

  /**
   * How often to go over the samples.
   *
   * @return at least 1 after {@link #check}
   */
  public int epochs() {
    return epochs;
  }

  /**
   * The learning rate of the first epoch.
   *
   * @return above 0 after {@link #check}
   */
  public double learningRate() {
    return learningRate;
  }

  /**
   * Refuses values that cannot be.
   *
   * @throws ParameterException for the first of them, which picocli prints
   */
  public void check() {
    require(epochs >= 1, "--epochs must be at least 1, but is " + epochs + ".");
    require(batchSize >= 1, "--batch-size must be at least 1, but is " + batchSize + ".");
    require(learningRate > 0, "--learning-rate must be above 0, but is " + learningRate + ".");
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  /**
   * Completes a trainer: schedule, batches and order of the samples.
   *
   * @param builder has a loss and an optimiser
   * @param <T> type of the targets
   * @return the trainer
   */
  public <T> Trainer<T> trainer(TrainerBuilder<T> builder) {
    return builder.schedule(cosine(epochs)).batchSize(batchSize).shuffleSeed(seed).build();
  }

  /**
   * How the samples train networks that tell classes apart: stochastic gradient descent with
   * Nesterov's momentum.
   *
   * @param model what to train
   * @param weightDecay pulls the parameters toward zero
   * @return the trainer
   */
  public Trainer<int[]> classifier(Model model, double weightDecay) {
    return trainer(
        Trainer.of(model)
            .loss(crossEntropy())
            .optimizer(sgd(learningRate).momentum(0.9).nesterov().weightDecay(weightDecay)));
  }

  /**
   * Prints what is about to happen.
   *
   * @param out where lines go
   * @param headline what is learnt
   * @param model what learns it
   * @param data from which samples, and by which it is tested
   * @param samples what they are: {@code images of 8x8 pixels}
   */
  public static void printHead(
      PrintWriter out, String headline, Model model, Split<?> data, String samples) {
    out.println(headline);
    out.println();
    out.println("  data        " + data.train().size() + " " + samples + " to learn from");
    out.println("              " + data.test().size() + " others to be tested by");
    out.println("  network     " + model.name() + ", " + model.parameterCount() + " parameters");
    out.println("  its source  " + GeneratedSources.of(model.getClass()));
    out.println();
    out.flush();
  }

  /**
   * Trains, and prints a line an epoch.
   *
   * @param out where lines go
   * @param trainer made by these options
   * @param data what to learn from and to be tested by
   * @param everyEpochs prints every so many epochs
   * @param <T> type of the targets
   * @return how long it took, in seconds
   */
  public <T> double fit(PrintWriter out, Trainer<T> trainer, Split<T> data, int everyEpochs) {
    long start = System.nanoTime();
    try (TrainingConsole<T> console =
        new TrainingConsole<>(out, trainer, data.test(), everyEpochs)) {
      trainer.fit(data.train(), epochs, console);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /**
   * Trains a network that tells classes apart, and prints how it went.
   *
   * @param out where lines go
   * @param trainer made by these options
   * @param data what to learn from and to be tested by
   * @param everyEpochs prints every so many epochs
   * @param right what it means to be right: {@code images recognised}
   */
  public void run(
      PrintWriter out, Trainer<int[]> trainer, Split<int[]> data, int everyEpochs, String right) {
    double seconds = fit(out, trainer, data, everyEpochs);
    Evaluation result = trainer.evaluate(data.test());
    out.println();
    out.printf(
        Locale.ROOT,
        "  test accuracy %.2f %%: %d of %d %s%n",
        100 * result.accuracy(),
        result.correct(),
        result.labels(),
        right);
    out.printf(Locale.ROOT, "  training took %.1f s%n", seconds);
    out.flush();
  }
}
