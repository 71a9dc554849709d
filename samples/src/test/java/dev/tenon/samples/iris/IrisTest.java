package dev.tenon.samples.iris;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.samples.SampleRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class IrisTest {
  @Test
  void namesMostFlowers() {
    SampleRun run = SampleRun.of(new Iris());

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    // 4 * 16 + 16 + 16 + 16 * 3 + 3
    assertThat(run.after("network")).isEqualTo("IrisNet, 147 parameters");
    assertThat(Path.of(run.after("its source"))).isRegularFile();
    assertThat(run.lines()).anyMatch(line -> line.matches("epoch +1/50 .*"));
    assertThat(run.lines()).anyMatch(line -> line.matches("epoch +50/50 .*"));
    assertThat(run.lines())
        .filteredOn(
            line -> line.matches("[0-9. ]+(setosa|versicolor|virginica) +[0-9.]+ % +[a-z]+"))
        .hasSize(10);
    double accuracy = Double.parseDouble(run.after("test accuracy").replaceFirst(" .*", ""));
    assertThat(accuracy).isGreaterThan(90);
  }

  @Test
  void noEpochsAreRefused() {
    SampleRun run = SampleRun.of(new Iris(), "--epochs", "0");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("--epochs must be at least 1, but is 0.");
  }
}
