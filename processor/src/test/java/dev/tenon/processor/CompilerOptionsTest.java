package dev.tenon.processor;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which kernels are generated, by the option and by whether the module is visible. */
class CompilerOptionsTest {
  private static final String NETWORK =
      """
      @Network(input = {4})
      interface Net {
        @Linear(out = 3) Weighted fc1();
      }
      """;

  private static final Set<String> PLAIN =
      Set.of("test.NetModel", "test.NetPlainProgram", "test.NetKernels");
  private static final Set<String> BOTH = with("test.NetVectorProgram", "test.NetVectorKernels");

  private static Set<String> with(String... more) {
    Set<String> all = new TreeSet<>(PLAIN);
    all.addAll(Set.of(more));
    return all;
  }

  private static Compiled compile(String... options) {
    return CompilerHarness.with(new TenonProcessor()).options(options).run(NETWORK);
  }

  private static Compiled compileWithModule(String... options) {
    return withModule(NETWORK, options);
  }

  private static Compiled withModule(String network, String... options) {
    return CompilerHarness.with(new TenonProcessor())
        .options("--add-modules", "jdk.incubator.vector")
        .options(options)
        .run(network);
  }

  @Test
  void withoutTheModuleKernelsArePlain() {
    assertThat(compile().generated()).containsOnlyKeys(PLAIN);
    assertThat(compile("-Atenon.kernels=auto").generated()).containsOnlyKeys(PLAIN);
    assertThat(compile("-Atenon.kernels=plain").generated()).containsOnlyKeys(PLAIN);
  }

  @Test
  void withTheModuleBothAreGeneratedUnlessOnlyPlainOnesAreWanted() {
    assertThat(compileWithModule().generated()).containsOnlyKeys(BOTH);
    assertThat(compileWithModule("-Atenon.kernels=auto").generated()).containsOnlyKeys(BOTH);
    assertThat(compileWithModule("-Atenon.kernels=vector").generated()).containsOnlyKeys(BOTH);
    assertThat(compileWithModule("-Atenon.kernels=plain").generated()).containsOnlyKeys(PLAIN);
  }

  /** With it javac shows the module to every compilation of its own release. */
  @Test
  void releaseAloneAsksForNoVectors() {
    String release = String.valueOf(Runtime.version().feature());
    assertThat(compile("--release", release).generated()).containsOnlyKeys(PLAIN);
  }

  @Test
  void thePlainClassesDoNotNameTheModule() {
    compileWithModule()
        .generated()
        .forEach(
            (name, text) -> {
              if (!name.contains("Vector")) {
                assertThat(text).as(name).doesNotContain("jdk.incubator");
              }
            });
  }

  @Test
  void doublesHavePlainKernelsOnly() {
    Compiled compiled =
        CompilerHarness.with(new TenonProcessor())
            .options("--add-modules", "jdk.incubator.vector", "-Atenon.kernels=vector")
            .run(NETWORK.replace("input = {4}", "input = {4}, precision = Precision.FLOAT64"));
    assertThat(compiled.generated()).containsOnlyKeys(PLAIN);
  }

  @Test
  void anUnknownOptionIsAnError() {
    String source =
        """
        // expect [KernelsOptionUnknown] @Network on Net: -Atenon.kernels=fast is not known.
        //   Use auto, plain or vector.
        @Network(input = {4}) interface Net {
          @Linear(out = 3) Weighted fc1();
        }
        """;
    Compiled compiled =
        CompilerHarness.with(new TenonProcessor()).options("-Atenon.kernels=fast").run(source);
    assertDiagnostics(compiled, source);
    assertThat(compiled.succeeded()).isFalse();
  }

  @Test
  void anUnknownOptionOfWinogradIsAnError() {
    String source =
        """
        // expect [WinogradOptionUnknown] @Network on Net: -Atenon.winograd=on is not known.
        //   Use auto or off.
        @Network(input = {4}) interface Net {
          @Linear(out = 3) Weighted fc1();
        }
        """;
    Compiled compiled =
        CompilerHarness.with(new TenonProcessor()).options("-Atenon.winograd=on").run(source);
    assertDiagnostics(compiled, source);
    assertThat(compiled.succeeded()).isFalse();
  }

  @Test
  void anUnknownOptionOfWhatToExplainIsAnError() {
    String source =
        """
        // expect [ExplainOptionUnknown] @Network on Net: -Atenon.explain=all is not known.
        //   Use true, passes, listing or false.
        @Network(input = {4}) interface Net {
          @Linear(out = 3) Weighted fc1();
        }
        """;
    Compiled compiled =
        CompilerHarness.with(new TenonProcessor()).options("-Atenon.explain=all").run(source);
    assertDiagnostics(compiled, source);
    assertThat(compiled.succeeded()).isFalse();
  }

  @Test
  void passesAreExplainedInTheirOrder() {
    String network =
        """
        @Network(input = {2, 4, 4})
        interface Net {
          @Conv2d(out = 2, kernel = 3, padding = 1, bias = false) Weighted conv();
          @BatchNorm2d BatchNorm bn();
          @ReLU Layer relu();
        }
        """;
    Compiled compiled = withModule(network, "-Atenon.explain=passes");
    assertThat(compiled.succeeded()).isTrue();
    assertThat(compiled.messages().lines().map(String::strip))
        .containsSubsequence(
            "On plain Java:",
            "DisjointStores: no change",
            "Fusion: 19 nests -> 16",
            "forward without relu.forward",
            "forward changed bn.normalise",
            "backward without relu.backward",
            "predict without relu.predict",
            "predict changed bn.predict",
            "WindowedContraction: 16 nests -> 24",
            "forward with conv.forwardPad, conv.forwardStart, conv.forwardFinish",
            "forward scheduled conv.forward",
            "DenseContraction: no change",
            "On vectors:",
            "GatherForm: 16 nests -> 15",
            "backward without conv.clearInputGradient",
            "Interleaving: 27 nests",
            "forward together conv.loadInput, conv.forward, bn.statisticsBlocks");
  }

  @Test
  void winogradIsUsedUnlessItIsOff() {
    String network =
        """
        @Network(input = {32, 16, 16})
        interface Net {
          @Conv2d(out = 32, kernel = 3, padding = 1) Weighted conv();
        }
        """;
    CompilerHarness harness = CompilerHarness.with(new TenonProcessor());
    String[] module = {"--add-modules", "jdk.incubator.vector"};
    assertThat(harness.options(module).run(network).generated().get("test.NetVectorKernels"))
        .contains("void forwardProducts(", "void inputGradientProducts(");
    assertThat(
            CompilerHarness.with(new TenonProcessor())
                .options(module)
                .options("-Atenon.winograd=off")
                .run(network)
                .generated()
                .get("test.NetVectorKernels"))
        .doesNotContain("Products");
  }

  @Test
  void vectorsWithoutTheModuleAreAnError() {
    String source =
        """
        // expect [VectorModuleMissing] @Network on Net: -Atenon.kernels=vector needs the module
        //   jdk.incubator.vector, which is not visible here.
        //   Compile with --add-modules jdk.incubator.vector, or use auto.
        @Network(input = {4}) interface Net {
          @Linear(out = 3) Weighted fc1();
        }
        """;
    Compiled compiled =
        CompilerHarness.with(new TenonProcessor()).options("-Atenon.kernels=vector").run(source);
    assertDiagnostics(compiled, source);
    assertThat(compiled.succeeded()).isFalse();
  }
}
