package dev.tenon.samples.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.file.Weights;
import dev.tenon.samples.SampleRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FineTuneTest {
  @TempDir private Path folder;

  @Test
  void learnsTenDigitsOnTopOfFive() throws IOException {
    Path file = folder.resolve("new").resolve("five.safetensors");
    SampleRun run = SampleRun.of(new FineTune(), "--epochs", "4", "--save", file.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    List<String> networks =
        run.lines().stream().filter(line -> line.startsWith("network")).toList();
    assertThat(networks).hasSize(2);
    assertThat(networks.get(0)).contains("FiveDigitsNet, 5493 parameters");
    assertThat(networks.get(1)).contains("TenDigitsNet, 6138 parameters");
    assertThat(run.after("saved as")).isEqualTo(file.toString());
    assertThat(run.after("loaded"))
        .isEqualTo("12 entries, all but the head; 1290 of 6138 parameters learn");
    List<Double> accuracies =
        run.lines().stream()
            .filter(line -> line.startsWith("test accuracy"))
            .map(line -> Double.parseDouble(line.split(" ", -1)[2]))
            .toList();
    assertThat(accuracies).hasSize(2);
    assertThat(accuracies.get(0)).isGreaterThan(95);
    assertThat(accuracies.get(1)).as("what five digits taught helps with ten").isGreaterThan(80);
    assertThat(Weights.read(file).info("head.weight").shape()).containsExactly(5, 128);
  }
}
