package dev.tenon.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.benchmarks.peers.Contenders;
import dev.tenon.benchmarks.workload.Answer;
import dev.tenon.benchmarks.workload.Checked;
import dev.tenon.benchmarks.workload.Contender;
import dev.tenon.benchmarks.workload.Problem;
import dev.tenon.benchmarks.workload.Reference;
import dev.tenon.benchmarks.workload.Workload;
import dev.tenon.benchmarks.workload.Workloads;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everyone computes the reference's numbers, before and after being measured. */
class ContendersTest {
  /** The largest workloads take the reference seconds, and the benchmarks check them anyway. */
  private static final int LARGEST_INPUT = 1_100_000;

  static Stream<Arguments> contests() {
    return Contenders.NAMES.stream()
        .flatMap(
            name ->
                Workloads.ALL.stream()
                    .filter(workload -> workload.inputSize() <= LARGEST_INPUT)
                    .filter(workload -> Contenders.named(name).supports(workload, 1))
                    .map(workload -> Arguments.of(name, workload)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("contests")
  void everyAnswerIsTheReferences(String name, Workload workload) throws Exception {
    Contender contender = Contenders.named(name);
    try (Checked checked = Checked.start(contender, Problem.of(workload), 1)) {
      checked.job().run();
      checked.job().run();
      assertThat(checked.error()).isLessThan(1e-3);
    }
  }

  @Test
  void aWrongAnswerIsFound() {
    Problem problem = Problem.of(Workloads.named("train-tiny-16"));
    Answer right = Reference.answer(problem, false);
    Answer wrong = Reference.answer(problem, true);

    assertThat(right.requireCloseTo(right, problem)).isZero();
    assertThatThrownBy(() -> wrong.requireCloseTo(right, problem)).hasMessageContaining("update 0");
  }
}
