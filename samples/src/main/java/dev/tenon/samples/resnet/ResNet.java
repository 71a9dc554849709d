package dev.tenon.samples.resnet;

import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Split;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.samples.console.TrainingOptions;
import dev.tenon.samples.data.IdxFiles;
import dev.tenon.samples.data.Images;
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

  @Mixin
  private final TrainingOptions options = new TrainingOptions(EPOCHS, BATCH_SIZE, LEARNING_RATE);

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
    options.check();
    PrintWriter out = spec.commandLine().getOut();
    Split<int[]> data = folder == null ? Images.digits() : new Split<>(read("train"), read("t10k"));
    ResNet20Model model = ResNet20Model.create(options.seed());
    TrainingOptions.printHead(
        out,
        "ResNet-20, compiled by javac, learns to tell images apart.",
        model,
        data,
        "images of 32x32 pixels");
    options.run(out, trainer(model, options), data, 1, "images recognised");
    return CommandLine.ExitCode.OK;
  }

  /** How the network is trained, here and wherever figures are given for it. */
  static Trainer<int[]> trainer(ResNet20Model model, TrainingOptions options) {
    return options.classifier(model, 5e-4);
  }

  private Dataset<int[]> read(String prefix) {
    try {
      return Images.padded(IdxFiles.read(folder, prefix), 32);
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), "--data: " + e.getMessage(), e);
    }
  }
}
