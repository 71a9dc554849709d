package dev.tenon.samples.finetune;

import dev.tenon.runtime.file.Weights;
import dev.tenon.runtime.layer.TrackedNorm;
import dev.tenon.runtime.state.LoadOptions;
import dev.tenon.runtime.state.LoadReport;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Split;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.samples.console.TrainingOptions;
import dev.tenon.samples.data.DigitsData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A network learns the digits 0 to 4 and is saved; another one takes over all but its head, leaves
 * what it took over as it is, and learns all ten digits.
 */
@Command(
    name = "finetune",
    description = "Learns five digits, then all ten on top of what the first five have taught.",
    showDefaultValues = true)
public final class FineTune implements Callable<Integer> {
  private static final int FIRST_DIGITS = 5;
  private static final double WEIGHT_DECAY = 1e-3;

  @Spec private CommandSpec spec;

  @Mixin private final TrainingOptions options = new TrainingOptions(10, 16, 0.05);

  @Option(
      names = "--save",
      description = "Where the first network is saved.",
      defaultValue = "target/five-digits.safetensors")
  private Path file;

  /**
   * Runs the sample.
   *
   * @param args the options; {@code --help} lists them
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new FineTune()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    options.check();
    PrintWriter out = spec.commandLine().getOut();
    Split<int[]> all = DigitsData.split();

    Split<int[]> five = new Split<>(first(all.train()), first(all.test()));
    FiveDigitsNetModel teacher = FiveDigitsNetModel.create(options.seed());
    TrainingOptions.printHead(
        out, "First the digits 0 to 4.", teacher, five, "images of 8x8 pixels");
    train(out, options.classifier(teacher, WEIGHT_DECAY), five);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    teacher.save(file);
    out.println("  saved as " + file);
    out.println();

    TenDigitsNetModel model = TenDigitsNetModel.create(options.seed());
    LoadReport report =
        model.state().load(Weights.read(file), LoadOptions.strict().except("head\\..*"));
    freezeBody(model);
    TrainingOptions.printHead(
        out, "Now all ten, with the body as it is.", model, all, "images of 8x8 pixels");
    out.printf(
        Locale.ROOT,
        "  loaded %d entries, all but the head; %d of %d parameters learn%n",
        report.loaded().size(),
        trainable(model),
        model.parameterCount());
    out.println();
    train(out, options.classifier(model, WEIGHT_DECAY), all);
    return CommandLine.ExitCode.OK;
  }

  private void train(PrintWriter out, Trainer<int[]> trainer, Split<int[]> data) {
    options.run(out, trainer, data, 2, "images read correctly");
  }

  /** The images of the digits 0 to 4. */
  private static Dataset<int[]> first(Dataset<int[]> digits) {
    int[] labels = digits.targets();
    return digits.subset(
        IntStream.range(0, labels.length).filter(i -> labels[i] < FIRST_DIGITS).toArray());
  }

  /** Parameters get no steps any more, and batch norms normalise by the statistics they have. */
  private static void freezeBody(TenDigitsNetModel model) {
    model.parameters().stream().filter(p -> p.name().startsWith("body.")).forEach(p -> p.freeze());
    model.layers().stream()
        .filter(TrackedNorm.class::isInstance)
        .forEach(norm -> ((TrackedNorm) norm).freezeStatistics());
  }

  private static int trainable(TenDigitsNetModel model) {
    return model.parameters().stream()
        .filter(parameter -> !parameter.isFrozen())
        .mapToInt(parameter -> parameter.value().size())
        .sum();
  }
}
