package dev.tenon.samples.data;

import dev.tenon.runtime.Tensor;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import javax.imageio.ImageIO;

/** Brings an image of a digit into the form of {@link DigitsData}: 8 x 8 grey values of ink. */
public final class DigitImage {
  private static final int SIDE = 8;
  private static final double WHITE = 255;
  private static final String SHADES = " .:-=+*#@";

  private DigitImage() {}

  /**
   * An image that ships with the samples, as PNG.
   *
   * @return to be closed
   */
  public static InputStream sample() {
    return Objects.requireNonNull(
        DigitImage.class.getResourceAsStream("seven.png"), "seven.png is missing");
  }

  /**
   * Reads an image and averages it over 8 x 8 fields. What most of its margin is like, light or
   * dark, is the paper.
   *
   * @param in an image in a format that Java reads, such as PNG, of at least 8 x 8 pixels
   * @return {@code [1, 1, 8, 8]}, from 0 (paper) to 1 (ink)
   * @throws IOException if it is no image
   * @throws IllegalArgumentException if it is too small
   */
  public static Tensor read(InputStream in) throws IOException {
    ImageIO.setUseCache(false);
    BufferedImage image = ImageIO.read(in);
    if (image == null) {
      throw new IOException("it is in no format that Java reads, such as PNG");
    }
    int width = image.getWidth();
    int height = image.getHeight();
    if (width < SIDE || height < SIDE) {
      throw new IllegalArgumentException(
          "it has " + width + " x " + height + " pixels, and needs at least 8 x 8");
    }
    boolean dark = margin(image) < 0.5;
    float[] ink = new float[SIDE * SIDE];
    for (int y = 0; y < SIDE; y++) {
      for (int x = 0; x < SIDE; x++) {
        double light =
            mean(
                image,
                x * width / SIDE,
                y * height / SIDE,
                (x + 1) * width / SIDE,
                (y + 1) * height / SIDE);
        ink[y * SIDE + x] = (float) (dark ? light : 1 - light);
      }
    }
    return Tensor.of(ink, 1, 1, SIDE, SIDE);
  }

  /**
   * A picture of letters.
   *
   * @param pixels as {@link #read} gives them
   * @return a line for each row
   */
  public static String text(Tensor pixels) {
    StringBuilder text = new StringBuilder();
    for (int y = 0; y < SIDE; y++) {
      text.append("  ");
      for (int x = 0; x < SIDE; x++) {
        int shade = (int) Math.round(pixels.get(0, 0, y, x) * (SHADES.length() - 1));
        text.append(SHADES.charAt(shade)).append(SHADES.charAt(shade));
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** How light the outermost pixels are on average. */
  private static double margin(BufferedImage image) {
    int right = image.getWidth() - 1;
    int bottom = image.getHeight() - 1;
    return (mean(image, 0, 0, right, 1)
            + mean(image, 0, bottom, right, bottom + 1)
            + mean(image, 0, 0, 1, bottom)
            + mean(image, right, 0, right + 1, bottom))
        / 4;
  }

  /** How light a field is on average, from 0 to 1; what is transparent is light. */
  private static double mean(BufferedImage image, int left, int top, int right, int bottom) {
    double sum = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        sum += light(image, x, y);
      }
    }
    return sum / ((right - left) * (bottom - top));
  }

  /** A grey value is taken as it is; as a colour, Java would make it brighter for the eye. */
  private static double light(BufferedImage image, int x, int y) {
    ColorModel colours = image.getColorModel();
    boolean grey = colours instanceof ComponentColorModel && colours.getNumComponents() == 1;
    return grey
        ? image.getRaster().getSample(x, y, 0) / (Math.scalb(1.0, colours.getComponentSize(0)) - 1)
        : light(image.getRGB(x, y));
  }

  /** How bright a colour is for the eye, as television weighs red, green and blue. */
  private static double light(int argb) {
    double opaque = (argb >>> 24) / WHITE;
    int red = (argb >> 16) & 0xff;
    int green = (argb >> 8) & 0xff;
    int blue = argb & 0xff;
    double light = (0.299 * red + 0.587 * green + 0.114 * blue) / WHITE;
    return opaque * light + (1 - opaque);
  }
}
