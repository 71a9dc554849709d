package dev.tenon.samples.digits;

import dev.tenon.runtime.train.Split;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.samples.console.TrainingOptions;
import dev.tenon.samples.data.DigitsData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains {@link DigitsNet} on 1438 images, tests it on 359 others, and saves it. */
@Command(
    name = "digits",
    description = "Trains a small convolutional network to read handwritten digits.",
    showDefaultValues = true)
public final class Digits implements Callable<Integer> {
  static final int EPOCHS = 15;
  static final int BATCH_SIZE = 16;
  static final double LEARNING_RATE = 0.05;

  /** Where the model is saved, for {@link ReadDigit}. */
  static final String SAVED = "target/digits.safetensors";

  @Spec private CommandSpec spec;

  @Mixin private final TrainingOptions options = defaults();

  @Option(names = "--save", description = "Where the trained model is saved.", defaultValue = SAVED)
  private Path file;

  /**
   * Runs the sample.
   *
   * @param args the options; {@code --help} lists them
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Digits()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    options.check();
    PrintWriter out = spec.commandLine().getOut();
    Split<int[]> data = DigitsData.split();
    DigitsNetModel model = DigitsNetModel.create(options.seed());
    TrainingOptions.printHead(
        out,
        "A network that javac compiled learns to read handwritten digits.",
        model,
        data,
        "images of 8x8 pixels");
    options.run(out, trainer(model, options), data, 1, "images read correctly");
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    model.save(file);
    out.println("  saved as " + file);
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  /** The options that figures are given for. */
  static TrainingOptions defaults() {
    return new TrainingOptions(EPOCHS, BATCH_SIZE, LEARNING_RATE);
  }

  /** How the digits are trained, here and wherever figures are given for them. */
  static Trainer<int[]> trainer(DigitsNetModel model, TrainingOptions options) {
    return options.classifier(model, 2e-3);
  }
}
