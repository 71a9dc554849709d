package dev.tenon.samples.digits;

import dev.tenon.runtime.train.Split;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.samples.console.TrainingOptions;
import dev.tenon.samples.data.DigitsData;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

  @Mixin private final TrainingOptions options = defaults();

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
