package dev.tenon.samples.digits;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static dev.tenon.runtime.schedule.Schedules.cosine;

import dev.tenon.runtime.train.Evaluation;
import dev.tenon.runtime.train.Split;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.samples.console.GeneratedSources;
import dev.tenon.samples.console.TrainingConsole;
import dev.tenon.samples.data.DigitsData;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains {@link DigitsNet} on 1438 images and tests it on 359 others. */
@Command(
    name = "digits",
    description = "Trains a small convolutional network to read handwritten digits.",
    showDefaultValues = true)
public final class Digits implements Callable<Integer> {
  static final int EPOCHS = 15;
  static final int BATCH_SIZE = 16;
  static final double LEARNING_RATE = 0.05;

  @Spec private CommandSpec spec;

  @Option(names = "--epochs", description = "How often to go over the images.")
  private int epochs = EPOCHS;

  @Option(names = "--batch-size", description = "Images a step.")
  private int batchSize = BATCH_SIZE;

  @Option(names = "--learning-rate", description = "Of the first epoch; falls to 0 as a cosine.")
  private double learningRate = LEARNING_RATE;

  @Option(names = "--seed", description = "Of initial values, dropout and the order of images.")
  private long seed = 1;

  /** Read by picocli only. */
  @SuppressWarnings("UnusedVariable")
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this and ends.")
  private boolean help;

  /**
   * Runs the sample.
   *
   * @param args the options; {@code --help} lists them
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Digits()).execute(args));
  }

  @Override
  public Integer call() {
    require(epochs >= 1, "--epochs must be at least 1, but is " + epochs + ".");
    require(batchSize >= 1, "--batch-size must be at least 1, but is " + batchSize + ".");
    require(learningRate > 0, "--learning-rate must be above 0, but is " + learningRate + ".");
    PrintWriter out = spec.commandLine().getOut();

    Split<int[]> data = DigitsData.split();
    DigitsNetModel model = DigitsNetModel.create(seed);
    out.println("A network that javac compiled learns to read handwritten digits.");
    out.println();
    out.println("  data        " + data.train().size() + " images of 8x8 pixels to learn from");
    out.println("              " + data.test().size() + " others to be tested by");
    out.println("  network     DigitsNet, " + model.parameterCount() + " parameters");
    out.println("  its source  " + GeneratedSources.of(model.getClass()));
    out.println();
    out.flush();

    Trainer<int[]> trainer = trainer(model, epochs, batchSize, learningRate, seed);
    long start = System.nanoTime();
    try (TrainingConsole console = new TrainingConsole(out, trainer, data.test(), 1)) {
      trainer.fit(data.train(), epochs, console);
    }
    double seconds = (System.nanoTime() - start) / 1e9;

    Evaluation result = trainer.evaluate(data.test());
    out.println();
    out.printf(
        Locale.ROOT,
        "  test accuracy %.2f %%: %d of %d images read correctly%n",
        100 * result.accuracy(),
        result.correct(),
        result.labels());
    out.printf(Locale.ROOT, "  training took %.1f s%n", seconds);
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  /** How the digits are trained, here and wherever figures are given for them. */
  static Trainer<int[]> trainer(
      DigitsNetModel model, int epochs, int batchSize, double learningRate, long seed) {
    return Trainer.of(model)
        .loss(crossEntropy())
        .optimizer(sgd(learningRate).momentum(0.9).nesterov().weightDecay(2e-3))
        .schedule(cosine(epochs))
        .batchSize(batchSize)
        .shuffleSeed(seed)
        .build();
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
