package dev.tenon.samples.autoencoder;

import static dev.tenon.runtime.loss.Losses.joint;
import static dev.tenon.runtime.loss.Losses.meanSquaredError;
import static dev.tenon.runtime.optim.Optimizers.adam;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.JointTargets;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Split;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.samples.console.TrainingOptions;
import dev.tenon.samples.data.DigitsData;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Trains {@link DigitsAutoencoder} to give the digits that it is given, prints how far off it is,
 * and draws digits beside what it makes of them.
 */
@Command(
    name = "autoencoder",
    description = "Squeezes images of digits into 8 numbers each, and makes images of them again.",
    showDefaultValues = true)
public final class Autoencoder implements Callable<Integer> {
  /**
   * Mean squared error on the test images when the code is their 8 principal components instead,
   * the best that any linear code of 8 numbers does on the images to learn from. {@code
   * src/test/python/digits_pca.py} computes it.
   */
  static final double PRINCIPAL_COMPONENTS = 0.0241829;

  private static final int SIDE = 8;
  private static final int PIXELS = SIDE * SIDE;
  private static final int SHOWN = 12;

  /** Pixels of the picture for each of a digit's, and between digits. */
  private static final int SCALE = 8;

  private static final int PAPER = 0xffffff;

  @Spec private CommandSpec spec;

  @Mixin private final TrainingOptions options = new TrainingOptions(12, 32, 0.005);

  @Option(
      names = "--picture",
      description = "Where to draw digits, above what the network makes of them.")
  private Path picture = Path.of("autoencoder.png");

  /**
   * Runs the sample.
   *
   * @param args the options; {@code --help} lists them
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Autoencoder()).execute(args));
  }

  @Override
  public Integer call() {
    options.check();
    PrintWriter out = spec.commandLine().getOut();
    Split<int[]> digits = DigitsData.split();
    Split<JointTargets> data = new Split<>(toItself(digits.train()), toItself(digits.test()));
    DigitsAutoencoderModel model = DigitsAutoencoderModel.create(options.seed());
    TrainingOptions.printHead(
        out,
        "A network learns to remember a digit by 8 numbers.",
        model,
        data,
        "images of 8x8 pixels");

    // Only the image has a target; what the code is like is the network's own business.
    Trainer<JointTargets> trainer =
        options.trainer(
            Trainer.of(model)
                .loss(joint(meanSquaredError(), 0).and(meanSquaredError()))
                .optimizer(adam(options.learningRate())));
    double seconds = options.fit(out, trainer, data, 1);

    out.println();
    out.printf(
        Locale.ROOT,
        "  error on the test images   %.5f, a mean of squares; a pixel is from 0 to 1%n",
        trainer.evaluate(data.test()).loss());
    out.printf(Locale.ROOT, "  of 8 principal components  %.5f%n", PRINCIPAL_COMPONENTS);
    out.printf(Locale.ROOT, "  training took %.1f s%n", seconds);
    draw(model, digits.test().features());
    out.println("  digits, and what the network makes of them, are in " + picture);
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  /** Each image is its own target. The code's is a zero that does not count. */
  private static Dataset<JointTargets> toItself(Dataset<int[]> digits) {
    Tensor images = digits.features();
    Tensor noCode = Tensor.zeros(DType.FLOAT32, digits.size(), 8, 1, 1);
    return Dataset.of(List.of(images), JointTargets.of(noCode).and(images));
  }

  private void draw(DigitsAutoencoderModel model, Tensor images) {
    Tensor some = images.samples(0, SHOWN);
    Tensor made = model.predict(some).image();
    int pitch = (SIDE + 1) * SCALE;
    BufferedImage drawing =
        new BufferedImage(SHOWN * pitch + SCALE, 2 * pitch + SCALE, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < drawing.getHeight(); y++) {
      for (int x = 0; x < drawing.getWidth(); x++) {
        drawing.setRGB(x, y, PAPER);
      }
    }
    for (int digit = 0; digit < SHOWN; digit++) {
      drawDigit(drawing, some.toFloatArray(), digit, SCALE + digit * pitch, SCALE);
      drawDigit(drawing, made.toFloatArray(), digit, SCALE + digit * pitch, SCALE + pitch);
    }
    try {
      Path folder = picture.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      ImageIO.write(drawing, "png", picture.toFile());
    } catch (IOException e) {
      throw new ParameterException(spec.commandLine(), "--picture: " + e.getMessage(), e);
    }
  }

  private static void drawDigit(BufferedImage drawing, float[] images, int digit, int x, int y) {
    for (int pixel = 0; pixel < PIXELS; pixel++) {
      int grey = 255 - Math.round(255 * images[digit * PIXELS + pixel]);
      int rgb = grey << 16 | grey << 8 | grey;
      for (int dot = 0; dot < SCALE * SCALE; dot++) {
        drawing.setRGB(
            x + pixel % SIDE * SCALE + dot % SCALE, y + pixel / SIDE * SCALE + dot / SCALE, rgb);
      }
    }
  }
}
