package dev.tenon.processor.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.testing.CompilerHarness;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The class of a layer: what it says of itself, what sets its objects apart, and its loops. */
class RoutineRendererTest {
  private static String kernels;
  private static String program;

  @BeforeAll
  static void compile() {
    var compiled =
        CompilerHarness.compile(
            """
            @Network(input = 4) interface Net {
              @Linear(out = 8, bias = false) Weighted fc1();
              @BatchNorm1d BatchNorm bn1();
              @ReLU Layer relu1();
              @Linear(out = 8, bias = false) Weighted fc2();
              @BatchNorm1d BatchNorm bn2();
              @ReLU Layer relu2();
              @Linear(out = 3) Weighted head();
            }
            """);
    assertThat(compiled.messages()).isEmpty();
    kernels = compiled.generated("test.NetKernels");
    program = compiled.generated("test.NetPlainProgram");
  }

  /** A member of the class of both batch norms, from its comment to its end. */
  private static String member(String signature) {
    Matcher type =
        Pattern.compile(
                "static final class BatchNorm1dOf8 .*?^  }$", Pattern.DOTALL | Pattern.MULTILINE)
            .matcher(kernels);
    assertThat(type.find()).isTrue();
    Matcher member =
        Pattern.compile(
                "^    [^\\n]*" + Pattern.quote(signature) + ".*?^    }$",
                Pattern.DOTALL | Pattern.MULTILINE)
            .matcher(type.group());
    assertThat(member.find()).as(signature).isTrue();
    return member.group().stripIndent();
  }

  @Test
  void theClassSaysWhichLayersItServesAndWhatTheyCompute() {
    assertThat(kernels)
        .contains(
            """
              /**
               * {@literal @BatchNorm1d, 8 -> 8}
               * of bn1, bn2.
               *
               * <pre>
               * {@literal running = (1 - f) * running + f * batch, the variance unbiased}
               * {@literal scale[c] = weight * 1 / sqrt(variance + 1.0E-5)}
               * {@literal y = (x - mean) * scale + bias, 8 a sample}
               * {@literal then relu1: y = max(x, 0), 8 a sample}
            """);
  }

  @Test
  void anObjectIsALayerWithItsOwnPlacesInTheState() {
    assertThat(program)
        .contains(
            "bn1 = new NetKernels.BatchNorm1dOf8(this, /* layer= */ 1, /* counter= */ 0,",
            "bn2 = new NetKernels.BatchNorm1dOf8(this, /* layer= */ 4, /* counter= */ 1,",
            "NetKernels.BatchNorm1dOf8.declare(builder, \"bn2\");")
        .containsSubsequence("fc1.forward();", "bn1.forward();", "fc2.forward();", "bn2.forward();")
        .containsSubsequence(
            "bn2.backward();", "fc2.backward();", "bn1.backward();", "fc1.backward();");
  }

  @Test
  void aSectionCallsKernelsAndHasThreadsShareSteps() {
    assertThat(member("void forward()"))
        .startsWith("void forward() {\n  if (!program.pass.isFrozen(layer)) {\n")
        .contains("program.counters[counter]++;", "program.workers.run(this, NORMALISE,");
    assertThat(member("public void run("))
        .contains("case NORMALISE -> normalise(output, input, mean, meanLow, scale,");
  }

  @Test
  void theStateIsDeclaredOnceForAllLayersOfTheClass() {
    assertThat(member("static void declare("))
        .isEqualTo(
            """
            static void declare(StateBuilder builder, String path) {
              builder.parameter(path + ".weight", Initializer.constant(1.0), 8);
              builder.parameter(path + ".bias", Initializer.constant(0.0), 8);
              builder.runningStat(path + ".running_mean", 0.0, 8);
              builder.runningStat(path + ".running_var", 1.0, 8);
              builder.counter(path + ".num_batches_tracked");
            }""");
  }

  /** Of one pass over shifted values: the words are those of the layer. */
  @Test
  void valuesHaveTheNamesThatTheLayerGaveThem() {
    assertThat(member("static void statisticsFinish("))
        .contains("meanDeviation * meanDeviation")
        .doesNotContain("quotient");
    assertThat(member("static void statisticsTile("))
        .contains("deviation0", "statisticsShift[c]")
        .doesNotContain("difference");
  }
}
