package dev.tenon.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.benchmarks.peers.Contenders;
import dev.tenon.benchmarks.workload.Answer;
import dev.tenon.benchmarks.workload.Checked;
import dev.tenon.benchmarks.workload.Contender;
import dev.tenon.benchmarks.workload.Kind;
import dev.tenon.benchmarks.workload.LayerSpec;
import dev.tenon.benchmarks.workload.NetworkSpec;
import dev.tenon.benchmarks.workload.Problem;
import dev.tenon.benchmarks.workload.Reference;
import dev.tenon.benchmarks.workload.Workload;
import dev.tenon.benchmarks.workload.Workloads;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everyone computes the reference's numbers, before and after being measured. */
class ContendersTest {
  /** The largest workloads take the reference seconds, and the benchmarks check them anyway. */
  private static final int LARGEST_INPUT = 1_100_000;

  private static final double MOST_FLOPS = 1e9;

  static Stream<Arguments> contests() {
    List<Workload> workloads =
        Stream.concat(
                Workloads.ALL.stream()
                    .filter(workload -> workload.inputSize() <= LARGEST_INPUT)
                    .filter(workload -> workload.flops() <= MOST_FLOPS),
                Arrays.stream(Kind.values()).map(ContendersTest::resNet))
            .toList();
    return Contenders.NAMES.stream()
        .flatMap(name -> workloads.stream().map(workload -> Arguments.of(name, workload)))
        .filter(ContendersTest::isSupported);
  }

  /** Residuals, with and without layers in the shortcut, in a batch that costs little. */
  private static Workload resNet(Kind kind) {
    Workload large = Workloads.named("train-resnet20-32");
    return new Workload("resnet20-2 " + kind, kind, large.network(), 2, large.model());
  }

  /**
   * What no network of Tenon's is measured with, so that Deeplearning4j is asked for it as well.
   */
  static Stream<Arguments> contestsOfPeers() {
    NetworkSpec network =
        new NetworkSpec(
            "Strided",
            List.of(3, 9, 9),
            List.of(
                new LayerSpec.Conv2d(3, 8, 3, 2, 1, false),
                new LayerSpec.BatchNorm(8),
                new LayerSpec.Relu(),
                new LayerSpec.GlobalAvgPool(),
                new LayerSpec.Linear(8, 5)));
    return Contenders.NAMES.stream()
        .filter(name -> !name.equals("tenon"))
        .flatMap(
            name ->
                Arrays.stream(Kind.values())
                    .map(kind -> new Workload("strided " + kind, kind, network, 16, null))
                    .map(workload -> Arguments.of(name, workload)))
        .filter(ContendersTest::isSupported);
  }

  private static boolean isSupported(Arguments contest) {
    Object[] arguments = contest.get();
    return Contenders.named((String) arguments[0]).supports((Workload) arguments[1], 1);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource({"contests", "contestsOfPeers"})
  void everyAnswerIsTheReferences(String name, Workload workload) throws Exception {
    Contender contender = Contenders.named(name);
    try (Checked checked = Checked.start(contender, Problem.of(workload), 1)) {
      checked.job().run();
      checked.job().run();
      assertThat(checked.error()).isLessThan(1e-3);
    }
  }

  @Test
  void deeplearning4jIsNotAskedForResiduals() {
    Contender contender = Contenders.named("deeplearning4j");

    assertThat(contender.supports(Workloads.named("train-resnet20-32"), 1)).isFalse();
    assertThat(contender.supports(Workloads.named("train-lenet-64"), 1)).isTrue();
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
