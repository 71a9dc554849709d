package dev.tenon.samples.fashion;

import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Split;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.samples.console.TrainingOptions;
import dev.tenon.samples.data.IdxFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin
  private final TrainingOptions options = new TrainingOptions(EPOCHS, BATCH_SIZE, LEARNING_RATE);

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
    options.check();
    PrintWriter out = spec.commandLine().getOut();
    Split<int[]> data = new Split<>(read("train"), read("t10k"));
    FashionNetModel model = FashionNetModel.create(options.seed());
    TrainingOptions.printHead(
        out,
        "A network that javac compiled learns to tell garments apart.",
        model,
        data,
        "images of 28x28 pixels");
    options.run(out, trainer(model, options), data, 1, "images recognised");
    return CommandLine.ExitCode.OK;
  }

  /** How the network is trained, here and wherever figures are given for it. */
  static Trainer<int[]> trainer(FashionNetModel model, TrainingOptions options) {
    return options.classifier(model, 5e-4);
  }

  private Dataset<int[]> read(String prefix) {
    try {
      return IdxFiles.read(folder, prefix);
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), "--data: " + e.getMessage(), e);
    }
  }
}
