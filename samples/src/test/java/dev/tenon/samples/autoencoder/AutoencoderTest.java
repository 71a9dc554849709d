package dev.tenon.samples.autoencoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.samples.SampleRun;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoencoderTest {
  @TempDir private Path folder;

  /** Better than the best linear code of as many numbers: it has learnt more than averages. */
  @Test
  void remembersMoreThanPrincipalComponents() throws IOException {
    Path picture = folder.resolve("pictures/digits.png");

    SampleRun run =
        SampleRun.of(new Autoencoder(), "--epochs", "5", "--picture", picture.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.after("network")).isEqualTo("DigitsAutoencoder, 17897 parameters");
    String error = run.after("error on the test images").replaceFirst(",.*", "");
    assertThat(Double.parseDouble(error)).isLessThan(Autoencoder.PRINCIPAL_COMPONENTS);
    BufferedImage drawing = ImageIO.read(picture.toFile());
    assertThat(drawing.getWidth()).isEqualTo(12 * 72 + 8);
    assertThat(drawing.getHeight()).isEqualTo(2 * 72 + 8);
    // Some ink, above and below.
    assertThat(darkest(drawing, 8, 72)).isLessThan(32);
    assertThat(darkest(drawing, 80, 144)).isLessThan(96);
  }

  private static int darkest(BufferedImage drawing, int fromY, int toY) {
    int darkest = 255;
    for (int y = fromY; y < toY; y++) {
      for (int x = 0; x < drawing.getWidth(); x++) {
        darkest = Math.min(darkest, drawing.getRGB(x, y) & 0xff);
      }
    }
    return darkest;
  }

  @Test
  void optionsThatCannotBeAreRefused() {
    SampleRun run = SampleRun.of(new Autoencoder(), "--learning-rate", "-1");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("--learning-rate must be above 0, but is -1.0.");
  }
}
