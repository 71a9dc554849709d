package dev.tenon.samples.fashion;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static dev.tenon.runtime.schedule.Schedules.cosine;

import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Evaluation;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.samples.console.GeneratedSources;
import dev.tenon.samples.console.TrainingConsole;
import dev.tenon.samples.data.IdxFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Trains {@link FashionNet} on Fashion-MNIST: 60,000 images, tested by 10,000 others. The data do
 * not come with the samples; Debian has them in the package {@code dataset-fashion-mnist}.
 */
@Command(
    name = "fashion",
    description = "Trains a convolutional network to tell ten kinds of garments apart.",
    showDefaultValues = true)
public final class Fashion implements Callable<Integer> {
  static final int EPOCHS = 10;
  static final int BATCH_SIZE = 64;
  static final double LEARNING_RATE = 0.05;

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      description = "Folder with the four files of Fashion-MNIST, as they are published.")
  private Path folder;

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
    System.exit(new CommandLine(new Fashion()).execute(args));
  }

  @Override
  public Integer call() {
    require(epochs >= 1, "--epochs must be at least 1, but is " + epochs + ".");
    require(batchSize >= 1, "--batch-size must be at least 1, but is " + batchSize + ".");
    require(learningRate > 0, "--learning-rate must be above 0, but is " + learningRate + ".");
    PrintWriter out = spec.commandLine().getOut();

    Dataset<int[]> train = read("train");
    Dataset<int[]> test = read("t10k");
    FashionNetModel model = FashionNetModel.create(seed);
    out.println("A network that javac compiled learns to tell garments apart.");
    out.println();
    out.println("  data        " + train.size() + " images of 28x28 pixels to learn from");
    out.println("              " + test.size() + " others to be tested by");
    out.println("  network     FashionNet, " + model.parameterCount() + " parameters");
    out.println("  its source  " + GeneratedSources.of(model.getClass()));
    out.println();
    out.flush();

    Trainer<int[]> trainer = trainer(model, epochs, batchSize, learningRate, seed);
    long start = System.nanoTime();
    try (TrainingConsole console = new TrainingConsole(out, trainer, test, 1)) {
      trainer.fit(train, epochs, console);
    }
    double seconds = (System.nanoTime() - start) / 1e9;

    Evaluation result = trainer.evaluate(test);
    out.println();
    out.printf(
        Locale.ROOT,
        "  test accuracy %.2f %%: %d of %d images recognised%n",
        100 * result.accuracy(),
        result.correct(),
        result.labels());
    out.printf(Locale.ROOT, "  training took %.1f s%n", seconds);
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  /** How the network is trained, here and wherever figures are given for it. */
  static Trainer<int[]> trainer(
      FashionNetModel model, int epochs, int batchSize, double learningRate, long seed) {
    return Trainer.of(model)
        .loss(crossEntropy())
        .optimizer(sgd(learningRate).momentum(0.9).nesterov().weightDecay(5e-4))
        .schedule(cosine(epochs))
        .batchSize(batchSize)
        .shuffleSeed(seed)
        .build();
  }

  private Dataset<int[]> read(String prefix) {
    try {
      return IdxFiles.read(folder, prefix);
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), "--data: " + e.getMessage(), e);
    }
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
