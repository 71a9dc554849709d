package dev.tenon.samples.iris;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static dev.tenon.runtime.schedule.Schedules.cosine;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Evaluation;
import dev.tenon.runtime.train.Split;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.samples.console.GeneratedSources;
import dev.tenon.samples.console.TrainingConsole;
import dev.tenon.samples.data.IrisData;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains {@link IrisNet} on 120 flowers and names the species of 30 others. */
@Command(
    name = "iris",
    description = "Trains the smallest network: four measurements of a flower to its species.",
    showDefaultValues = true)
public final class Iris implements Callable<Integer> {
  private static final double TEST_FRACTION = 0.2;
  private static final long SPLIT_SEED = 1;
  private static final int BATCH_SIZE = 16;
  private static final double LEARNING_RATE = 0.02;
  private static final int SHOWN = 10;

  @Spec private CommandSpec spec;

  @Option(names = "--epochs", description = "How often to go over the flowers.")
  private int epochs = 50;

  @Option(names = "--seed", description = "Of initial values and the order of flowers.")
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
    System.exit(new CommandLine(new Iris()).execute(args));
  }

  @Override
  public Integer call() {
    if (epochs < 1) {
      throw new ParameterException(
          spec.commandLine(), "--epochs must be at least 1, but is " + epochs + ".");
    }
    PrintWriter out = spec.commandLine().getOut();
    Split<int[]> data = IrisData.load().stratifiedSplit(TEST_FRACTION, SPLIT_SEED);
    IrisNetModel model = IrisNetModel.create(seed);

    out.println("Which iris is it? A network learns it from the sizes of sepals and petals.");
    out.println();
    out.println("  data        " + data.train().size() + " flowers to learn from");
    out.println("              " + data.test().size() + " others to be tested by");
    out.println("  network     IrisNet, " + model.parameterCount() + " parameters");
    out.println("  its source  " + GeneratedSources.of(model.getClass()));
    out.println();
    out.println("Learning. The loss says how wrong the network still is; it should fall.");
    out.println();
    out.flush();

    Trainer<int[]> trainer =
        Trainer.of(model)
            .loss(crossEntropy())
            .optimizer(sgd(LEARNING_RATE).momentum(0.9))
            .schedule(cosine(epochs))
            .batchSize(BATCH_SIZE)
            .shuffleSeed(seed)
            .build();
    try (TrainingConsole console = new TrainingConsole(out, trainer, data.test(), 10)) {
      trainer.fit(data.train(), epochs, console);
    }

    out.println();
    out.println("Some flowers it has never seen (cm):");
    out.println();
    printGuesses(out, model, data.test());

    Evaluation result = trainer.evaluate(data.test());
    out.println();
    out.printf(
        Locale.ROOT,
        "  test accuracy %.2f %%: %d of %d flowers named correctly%n",
        100 * result.accuracy(),
        result.correct(),
        result.labels());
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  /** Prints some test flowers, spread over the species: measurements, guess, and truth. */
  private static void printGuesses(PrintWriter out, IrisNetModel model, Dataset<int[]> test) {
    List<String> species = IrisData.species();
    Tensor scores = model.predict(test.features());
    out.println("  sepal length, width   petal length, width   the network says   it is");
    for (int i = 0; i < SHOWN; i++) {
      int flower = i * test.size() / SHOWN;
      out.printf(
          Locale.ROOT,
          "  %12.1f %7.1f   %12.1f %7.1f   %-16s   %s%n",
          test.features().get(flower, 0),
          test.features().get(flower, 1),
          test.features().get(flower, 2),
          test.features().get(flower, 3),
          species.get(highest(scores, flower)),
          species.get(test.targets()[flower]));
    }
  }

  private static int highest(Tensor scores, int row) {
    int best = 0;
    for (int label = 1; label < scores.dim(1); label++) {
      if (scores.get(row, label) > scores.get(row, best)) {
        best = label;
      }
    }
    return best;
  }
}
