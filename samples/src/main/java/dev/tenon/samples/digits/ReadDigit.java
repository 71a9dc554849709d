package dev.tenon.samples.digits;

import dev.tenon.runtime.Tensor;
import dev.tenon.samples.data.DigitImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Loads the model that {@link Digits} has saved, in a process of its own, and reads an image. */
@Command(
    name = "read-digit",
    description = "Reads a handwritten digit with the model that the sample digits has saved.",
    showDefaultValues = true)
public final class ReadDigit implements Callable<Integer> {
  private static final int SHOWN = 3;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      description = "What the sample digits has saved.",
      defaultValue = Digits.SAVED)
  private Path model;

  @Parameters(
      arity = "0..1",
      paramLabel = "IMAGE",
      description = "A PNG with one digit, dark on light or light on dark; a seven, if not given.")
  private Path image;

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
    System.setProperty("java.awt.headless", "true");
    System.exit(new CommandLine(new ReadDigit()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (Files.notExists(model)) {
      throw new ParameterException(
          spec.commandLine(),
          "There is no model at "
              + model
              + ". Train one first: mvn -q -pl samples -am compile exec:exec@digits");
    }
    DigitsNetModel net = DigitsNetModel.load(model);
    Tensor pixels = read();
    out.println(DigitImage.text(pixels));
    double[] shares = softmax(net.predict(pixels).toDoubleArray());
    List<Integer> best =
        IntStream.range(0, shares.length)
            .boxed()
            .sorted(Comparator.comparingDouble(digit -> -shares[digit]))
            .limit(SHOWN)
            .toList();
    out.println("  this is a " + best.get(0));
    out.println();
    for (int digit : best) {
      out.printf(Locale.ROOT, "  %d %6.2f %%%n", digit, 100 * shares[digit]);
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private Tensor read() throws IOException {
    try (InputStream in = image == null ? DigitImage.sample() : Files.newInputStream(image)) {
      return DigitImage.read(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "The image " + image + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Scores as shares of 1. */
  private static double[] softmax(double[] scores) {
    double most = IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).max().orElseThrow();
    double[] shares = new double[scores.length];
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      shares[i] = Math.exp(scores[i] - most);
      sum += shares[i];
    }
    for (int i = 0; i < scores.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }
}
