package dev.tenon.samples.iris;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;

import dev.tenon.runtime.train.Evaluation;
import dev.tenon.runtime.train.Split;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.typed.Classification;
import dev.tenon.samples.console.TrainingOptions;
import dev.tenon.samples.data.Flower;
import dev.tenon.samples.data.IrisData;
import dev.tenon.samples.data.Species;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Trains {@link IrisNet} on 120 flowers and names the species of 30 others. */
@Command(
    name = "iris",
    description = "Trains a small network: four measurements of a flower to its species.",
    showDefaultValues = true)
public final class Iris implements Callable<Integer> {
  private static final int TEST_EVERY = 5;
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
    // The file has one species after the other, so every fifth flower makes a fair test.
    List<Flower> testFlowers = everyFifth(IrisData.flowers(), true);
    List<Species> testSpecies = everyFifth(IrisData.species(), true);
    IrisNetModel model = IrisNetModel.create(options.seed());
    Split<int[]> data =
        new Split<>(
            model.dataset(
                everyFifth(IrisData.flowers(), false), everyFifth(IrisData.species(), false)),
            model.dataset(testFlowers, testSpecies));

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
    printGuesses(out, model, testFlowers, testSpecies);

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

  /** Every fifth element, or all others. */
  private static <T> List<T> everyFifth(List<T> all, boolean fifth) {
    return IntStream.range(0, all.size())
        .filter(i -> i % TEST_EVERY == 0 == fifth)
        .mapToObj(all::get)
        .toList();
  }

  /** Prints some test flowers, spread over the species: measurements, guess, and truth. */
  private static void printGuesses(
      PrintWriter out, IrisNetModel model, List<Flower> flowers, List<Species> species) {
    out.println("  sepal length, width   petal length, width   the network says      it is");
    for (int i = 0; i < SHOWN; i++) {
      int at = i * flowers.size() / SHOWN;
      Flower flower = flowers.get(at);
      Classification<Species> guess = model.predict(flower);
      out.printf(
          Locale.ROOT,
          "  %12.1f %7.1f   %12.1f %7.1f   %-10s %5.1f %%   %s%n",
          flower.sepalLength(),
          flower.sepalWidth(),
          flower.petalLength(),
          flower.petalWidth(),
          name(guess.label()),
          100 * guess.probability(),
          name(species.get(at)));
    }
  }

  private static String name(Species species) {
    return species.name().toLowerCase(Locale.ROOT);
  }
}
