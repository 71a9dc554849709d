package dev.tenon.samples.resnet;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static dev.tenon.runtime.schedule.Schedules.cosine;

import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Evaluation;
import dev.tenon.runtime.train.Split;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.samples.console.GeneratedSources;
import dev.tenon.samples.console.TrainingConsole;
import dev.tenon.samples.data.IdxFiles;
import dev.tenon.samples.data.Images;
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
 * Trains {@link ResNet20} on the digits, or on images of yours: Fashion-MNIST, or others in its
 * format of at most 32 x 32 pixels and ten classes.
 */
@Command(
    name = "resnet20",
    description = "Trains a residual network, ResNet-20, on digits or on images from a folder.",
    showDefaultValues = true)
public final class ResNet implements Callable<Integer> {
  static final int EPOCHS = 8;
  static final int BATCH_SIZE = 64;
  static final double LEARNING_RATE = 0.05;

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      description = "Folder with the four files of Fashion-MNIST; without it, the digits.")
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
    System.exit(new CommandLine(new ResNet()).execute(args));
  }

  @Override
  public Integer call() {
    require(epochs >= 1, "--epochs must be at least 1, but is " + epochs + ".");
    require(batchSize >= 1, "--batch-size must be at least 1, but is " + batchSize + ".");
    require(learningRate > 0, "--learning-rate must be above 0, but is " + learningRate + ".");
    PrintWriter out = spec.commandLine().getOut();

    Split<int[]> data = folder == null ? Images.digits() : new Split<>(read("train"), read("t10k"));
    Dataset<int[]> train = data.train();
    Dataset<int[]> test = data.test();
    ResNet20Model model = ResNet20Model.create(seed);
    out.println("ResNet-20, compiled by javac, learns to tell images apart.");
    out.println();
    out.println("  data        " + train.size() + " images of 32x32 pixels to learn from");
    out.println("              " + test.size() + " others to be tested by");
    out.println("  network     ResNet20, " + model.parameterCount() + " parameters");
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
      ResNet20Model model, int epochs, int batchSize, double learningRate, long seed) {
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
      return Images.padded(IdxFiles.read(folder, prefix), 32);
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
