package dev.tenon.samples.digits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.train.Split;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.samples.SampleRun;
import dev.tenon.samples.data.DigitsData;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigitsTest {
  @TempDir private Path folder;

  @Test
  void printsALineAnEpochAndTheResult() {
    Path file = folder.resolve("digits.safetensors");
    SampleRun run = SampleRun.of(new Digits(), "--epochs", "2", "--save", file.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.after("data")).startsWith("1438 images");
    assertThat(run.after("network")).isEqualTo("DigitsNet, 7234 parameters");
    assertThat(Path.of(run.after("its source"))).isRegularFile();
    List<String> epochs = run.lines().stream().filter(line -> line.startsWith("epoch")).toList();
    assertThat(epochs).hasSize(2);
    assertThat(epochs.get(1))
        .matches("epoch +2/2 +loss 0\\.\\d{4} +test accuracy +\\d+\\.\\d\\d %.*");
    assertThat(run.after("test accuracy")).endsWith("of 359 images read correctly");
    assertThat(run.after("training took")).endsWith(" s");
    assertThat(run.after("saved as")).isEqualTo(file.toString());
    assertThat(file).isRegularFile();
    // A log gets no progress bars.
    assertThat(run.lines()).hasSizeLessThan(15);
  }

  /** The promise of the README, with the settings it is given for. */
  @Test
  void readsAtLeast985OfAThousandImages() {
    Split<int[]> data = DigitsData.split();
    DigitsNetModel model = DigitsNetModel.create(1);
    Trainer<int[]> trainer = Digits.trainer(model, Digits.defaults());

    trainer.fit(data.train(), Digits.EPOCHS);

    assertThat(trainer.evaluate(data.test()).accuracy()).isGreaterThanOrEqualTo(0.985);
  }

  @Test
  void optionsThatCannotBeAreRefused() {
    assertRefused("--epochs must be at least 1, but is 0.", "--epochs", "0");
    assertRefused("--batch-size must be at least 1, but is -4.", "--batch-size", "-4");
    assertRefused("--learning-rate must be above 0, but is 0.0.", "--learning-rate", "0");
    assertRefused("Unknown option: '--epoch=3'", "--epoch=3");
  }

  @Test
  void helpListsTheOptions() {
    SampleRun run = SampleRun.of(new Digits(), "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("--epochs", "--batch-size", "--learning-rate", "--seed");
  }

  private static void assertRefused(String message, String... args) {
    SampleRun run = SampleRun.of(new Digits(), args);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith(message);
    assertThat(run.out()).isEmpty();
  }
}
