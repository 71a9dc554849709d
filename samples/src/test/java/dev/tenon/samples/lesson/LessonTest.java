package dev.tenon.samples.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.samples.SampleRun;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the lesson prints is what can be computed by hand. */
class LessonTest {
  private final SampleRun run = SampleRun.of(new Lesson());

  @Test
  void endsWell() {
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
  }

  @Test
  void trainingNormalisesByTheBatchAndMovesTheStatistics() {
    assertThat(numbers(1, "model.forward(batch)", 3))
        .containsExactly(
            "-1.2247 -1.2247 -1.2247 -1.2247",
            "0.0000 0.0000 0.0000 0.0000",
            "1.2247 1.2247 1.2247 1.2247");
    assertThat(numbers(1, "model.bn().runningMean()", 1))
        .containsExactly("0.2000 0.3000 0.4000 0.5000");
    assertThat(numbers(1, "model.bn().runningVar()", 1))
        .containsExactly("1.0000 1.0000 1.0000 1.0000");
  }

  @Test
  void evaluationNormalisesByTheStatistics() {
    // (1 - 0.2) / sqrt(1 + 1e-5), ...
    assertThat(numbers(2, "model.predict(batch)", 3))
        .containsExactly(
            "0.8000 1.7000 2.6000 3.5000",
            "1.8000 2.7000 3.6000 4.5000",
            "2.8000 3.7000 4.6000 5.5000");
    // Once the statistics have arrived: (1 - 2) / sqrt(1 + 1e-5), ...
    List<String> section = section(2);
    int arrived = section.indexOf("model.bn().runningMean()");
    assertThat(section.get(arrived + 1)).isEqualTo("2.0000 3.0000 4.0000 5.0000");
    assertThat(section.subList(arrived, section.size()))
        .containsSubsequence(
            "model.predict(batch)",
            "-1.0000 -1.0000 -1.0000 -1.0000",
            "0.0000 0.0000 0.0000 0.0000",
            "1.0000 1.0000 1.0000 1.0000");
  }

  @Test
  void momentumOfATwentiethMovesHalfAsFar() {
    assertThat(numbers(3, "model.bn().runningMean()", 1))
        .containsExactly("0.1000 0.1500 0.2000 0.2500");
    assertThat(numbers(3, "model.bn().runningVar()", 1))
        .containsExactly("1.0000 1.0000 1.0000 1.0000");
  }

  @Test
  void epsKeepsAConstantColumnFinite() {
    // 1 / sqrt(2/3 + 1e-5) = 1.2247 and 1 / sqrt(2/3 + 1) = 0.7746
    assertThat(section(4))
        .containsSubsequence(
            "-1.2247 0.0000 -1.2247 -1.2247",
            "0.0000 0.0000 0.0000 0.0000",
            "1.2247 0.0000 1.2247 1.2247",
            "-0.7746 0.0000 -0.7746 -0.7746",
            "0.0000 0.0000 0.0000 0.0000",
            "0.7746 0.0000 0.7746 0.7746");
  }

  @Test
  void scaleAndShiftAreSetAndLearnt() {
    // 10 - 1.224735 * (1 2 3 4), rounded
    assertThat(numbers(5, "model.forward(batch)", 3))
        .containsExactly(
            "8.7753 7.5505 6.3258 5.1011",
            "10.0000 10.0000 10.0000 10.0000",
            "11.2247 12.4495 13.6742 14.8989");
    assertThat(numbers(5, "model.bn().weight()", 1)).containsExactly("2.0000 2.0000 2.0000 2.0000");
    assertThat(numbers(5, "model.bn().bias()", 1)).containsExactly("3.0000 3.0000 3.0000 3.0000");
  }

  @Test
  void batchOfOneIsRefused() {
    assertThat(String.join(" ", section(6)))
        .contains("needs more than 1 value per channel", "shape [1, 4]");
  }

  @Test
  void mistakeIsShownWithTheCompilersMessage() {
    assertThat(section(7))
        .contains(
            "@BatchNorm1d(features = 5) BatchNorm bn();",
            "Mistaken.java:12: error: [BatchNorm1dFeatures] @BatchNorm1d on bn: features = 5, but"
                + " its input has 3 features.",
            "Set features = 3 here, or out = 5 on hidden.",
            "1 error");
  }

  /** The lines under a heading, in a section of the lesson. */
  private List<String> numbers(int section, String heading, int count) {
    List<String> lines = section(section);
    int at = lines.indexOf(heading);
    assertThat(at).as("%s in section %d", heading, section).isNotNegative();
    return lines.subList(at + 1, at + 1 + count);
  }

  /** Lines of a section, without indentation and with single blanks. */
  private List<String> section(int number) {
    return run.lines().stream()
        .dropWhile(line -> !line.startsWith(number + ". "))
        .takeWhile(line -> !line.startsWith(number + 1 + ". "))
        .map(line -> line.replaceAll(" +", " "))
        .toList();
  }
}
