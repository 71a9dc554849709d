package dev.tenon.samples.iris;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Evaluation;
import dev.tenon.runtime.train.Split;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.samples.console.TrainingOptions;
import dev.tenon.samples.data.IrisData;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Trains {@link IrisNet} on 120 flowers and names the species of 30 others. */
@Command(
    name = "iris",
    description = "Trains the smallest network: four measurements of a flower to its species.",
    showDefaultValues = true)
public final class Iris implements Callable<Integer> {
  private static final double TEST_FRACTION = 0.2;
  private static final long SPLIT_SEED = 1;
  private static final int SHOWN = 10;

  @Spec private CommandSpec spec;

  @Mixin private final TrainingOptions options = new TrainingOptions(50, 16, 0.02);

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
    options.check();
    PrintWriter out = spec.commandLine().getOut();
    Split<int[]> data = IrisData.load().stratifiedSplit(TEST_FRACTION, SPLIT_SEED);
    IrisNetModel model = IrisNetModel.create(options.seed());

    TrainingOptions.printHead(
        out,
        "Which iris is it? A network learns it from the sizes of sepals and petals.",
        model,
        data,
        "flowers");
    out.println("Learning. The loss says how wrong the network still is; it should fall.");
    out.println();
    out.flush();

    Trainer<int[]> trainer =
        options.trainer(
            Trainer.of(model)
                .loss(crossEntropy())
                .optimizer(sgd(options.learningRate()).momentum(0.9)));
    options.fit(out, trainer, data, 10);

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
