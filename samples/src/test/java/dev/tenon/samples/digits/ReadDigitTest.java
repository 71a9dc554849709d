package dev.tenon.samples.digits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.samples.SampleRun;
import dev.tenon.samples.data.DigitImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadDigitTest {
  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void train() {
    model = folder.resolve("digits.safetensors");
    SampleRun run = SampleRun.of(new Digits(), "--epochs", "4", "--save", model.toString());
    assertThat(run.err()).isEmpty();
    assertThat(run.after("saved as")).isEqualTo(model.toString());
  }

  @Test
  void readsTheSevenThatShips() {
    SampleRun run = SampleRun.of(new ReadDigit(), "--model", model.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.after("this is a")).isEqualTo("7");
    assertThat(run.lines()).anyMatch(line -> line.matches("7 +\\d+\\.\\d\\d %"));
  }

  /** The model comes from the file alone. */
  @Test
  void readsItInAVirtualMachineOfItsOwn() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                List.of(
                    ProcessHandle.current().info().command().orElseThrow(),
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    ReadDigit.class.getName(),
                    "--model",
                    model.toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(output).contains("this is a 7");
  }

  /** White on black, of any size, in colour. */
  @Test
  void readsImagesOfOtherKinds() throws IOException {
    BufferedImage seven = ImageIO.read(DigitImage.sample());
    BufferedImage negative = new BufferedImage(100, 90, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 90; y++) {
      for (int x = 0; x < 100; x++) {
        negative.setRGB(x, y, ~seven.getRGB(x * 64 / 100, y * 64 / 90));
      }
    }
    Path file = folder.resolve("negative.png");
    ImageIO.write(negative, "png", file.toFile());

    SampleRun run = SampleRun.of(new ReadDigit(), "--model", model.toString(), file.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.after("this is a")).isEqualTo("7");
  }

  @Test
  void whatCannotBeReadIsRefused() throws IOException {
    assertRefused("There is no model at nowhere", "--model", "nowhere");
    Path file = Files.writeString(folder.resolve("text.png"), "no image");
    assertRefused(
        "The image " + file + " cannot be read: it is in no format",
        "--model",
        model.toString(),
        file.toString());
    Path small = folder.resolve("small.png");
    ImageIO.write(new BufferedImage(7, 9, BufferedImage.TYPE_INT_RGB), "png", small.toFile());
    assertRefused(
        "The image " + small + " cannot be read: it has 7 x 9 pixels",
        "--model",
        model.toString(),
        small.toString());
  }

  private static void assertRefused(String message, String... args) {
    SampleRun run = SampleRun.of(new ReadDigit(), args);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith(message);
  }
}
