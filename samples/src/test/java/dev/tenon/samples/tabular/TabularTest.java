package dev.tenon.samples.tabular;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.samples.SampleRun;
import org.junit.jupiter.api.Test;

class TabularTest {
  @Test
  void tellsPenguinsApart() {
    SampleRun run = SampleRun.of(new Tabular());

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.after("data")).startsWith("256 penguins");
    // Two tables of 3 * 2, then 8 * 16 + 16 and 16 * 3 + 3
    assertThat(run.after("network")).isEqualTo("PenguinNet, 207 parameters");
    double accuracy = Double.parseDouble(run.after("test accuracy").replaceFirst(" .*", ""));
    assertThat(accuracy).isGreaterThan(95);
    assertThat(run.out()).endsWith("is a Chinstrap.\n");
  }

  @Test
  void optionsThatCannotBeAreRefused() {
    SampleRun run = SampleRun.of(new Tabular(), "--batch-size", "0");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("--batch-size must be at least 1, but is 0.");
  }
}
