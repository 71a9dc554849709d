package dev.tenon.samples.tabular;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.train.Split;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.samples.console.TrainingOptions;
import dev.tenon.samples.data.PenguinsData;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Trains {@link PenguinNet} on a table of 256 penguins and tests it on 86 others. */
@Command(
    name = "tabular",
    description = "Trains a network on a table of numbers and categories: the species of penguins.",
    showDefaultValues = true)
public final class Tabular implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private final TrainingOptions options = new TrainingOptions(40, 16, 0.02);

  /**
   * Runs the sample.
   *
   * @param args the options; {@code --help} lists them
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Tabular()).execute(args));
  }

  @Override
  public Integer call() {
    options.check();
    PrintWriter out = spec.commandLine().getOut();
    Split<int[]> data = PenguinsData.split();
    PenguinNetModel model = PenguinNetModel.create(options.seed());
    TrainingOptions.printHead(
        out,
        "Which penguin is it? A network learns it from sizes, an island and a sex.",
        model,
        data,
        "penguins");

    Trainer<int[]> trainer = options.classifier(model, 1e-3);
    options.run(out, trainer, data, 10, "penguins named correctly");

    out.println();
    out.println("What it has learnt of the islands, two numbers for each:");
    out.println();
    printCodes(out, model);
    out.println();
    out.println("A penguin of Dream, 48.5 and 17.9 mm of bill, 192 mm of flippers, 3.5 kg, whose");
    out.printf("sex is not known, is a %s.%n", guess(model));
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private static void printCodes(PrintWriter out, PenguinNetModel model) {
    Tensor codes = model.islandCode().weight().value();
    for (int island = 0; island < PenguinsData.ISLANDS.size(); island++) {
      out.printf(
          Locale.ROOT,
          "  %-10s %6.2f %6.2f%n",
          PenguinsData.ISLANDS.get(island),
          codes.get(island, 0),
          codes.get(island, 1));
    }
  }

  /** The generated model takes its inputs by name, in the order of their declaration. */
  private static String guess(PenguinNetModel model) {
    Tensor sizes = Tensor.of(new float[] {48.5f, 17.9f, 192, 3500}, 1, 4);
    Tensor island = Tensor.of(new int[] {PenguinsData.ISLANDS.indexOf("Dream")}, 1);
    Tensor sex = Tensor.of(new int[] {PenguinsData.SEXES.indexOf("NA")}, 1);
    Tensor scores = model.predict(sizes, island, sex);
    List<String> species = PenguinsData.SPECIES;
    int best = 0;
    for (int label = 1; label < species.size(); label++) {
      best = scores.get(0, label) > scores.get(0, best) ? label : best;
    }
    return species.get(best);
  }
}
