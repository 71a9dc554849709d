package dev.tenon.processor;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.annotations.Network;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layers.LayerTypes;
import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import dev.tenon.processor.testing.FakeLayers;
import dev.tenon.processor.write.GeneratedSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.Test;

class TenonProcessorTest {
  /** Writes a model with nothing but its state's names. */
  private static GeneratedSource smallModel(dev.tenon.processor.graph.Network network) {
    String name = network.declaration().generatedPrefix() + "Model";
    return new GeneratedSource(
        "test." + name,
        "package test; class " + name + " { static int layers = " + network.nodes().size() + "; }");
  }

  private static CompilerHarness harness() {
    return CompilerHarness.with(
        new TenonProcessor(LayerTypes.all(), (network, report) -> List.of(smallModel(network))));
  }

  @Test
  void severalNetworks() {
    Compiled compiled =
        harness()
            .options("-Werror")
            .run(
                """
                @Network(input = {4})
                interface A {
                  @Linear(out = 3) Weighted fc1();
                  @ReLU Layer relu1();
                  @Network(input = {8}) abstract class B {
                    @Linear(out = 3) protected abstract Weighted fc1();
                  }
                  int LAYERS = AModel.layers + A_BModel.layers;
                }
                """);
    assertThat(compiled.messages()).isEmpty();
    assertThat(compiled.succeeded()).isTrue();
    assertThat(compiled.generated()).containsOnlyKeys("test.AModel", "test.A_BModel");
  }

  @Test
  void whereverANetworkStandsItsModelCompiles() {
    Compiled compiled =
        CompilerHarness.with(new TenonProcessor())
            .options("-Werror")
            .run(
                """
                import dev.tenon.annotations.*;
                import dev.tenon.runtime.layer.*;
                @Network(input = {4}) interface InUnnamedPackage {
                  @Linear(out = 3) Weighted fc1();
                  default Weighted first() { return fc1(); }
                  String toString();
                }
                """,
                """
                import dev.tenon.annotations.*;
                import dev.tenon.runtime.*;
                import dev.tenon.runtime.layer.*;
                import dev.tenon.runtime.model.*;
                class Outer {
                  @Network(input = {4}) protected abstract static class Nested {
                    protected Nested() {}
                    @Linear(out = 3) protected abstract Weighted fc1();
                    @ReLU abstract Layer relu1();
                  }
                  @Network(input = {4}) interface Extending extends SingleModel {
                    @Linear(out = 3) Weighted fc1();
                    default Tensor twice(Tensor x) { return predict(predict(x)); }
                  }
                  Weighted first = InUnnamedPackageModel.create(1).first();
                  Nested nested = Outer_NestedModel.create(1);
                  Tensor twice = Outer_ExtendingModel.create(1).twice(null);
                }
                """);
    assertThat(compiled.messages()).isEmpty();
    assertThat(compiled.generated())
        .containsKeys("InUnnamedPackageModel", "Outer_NestedModel", "Outer_ExtendingModel");
  }

  @Test
  void oneWrongLayerGivesOneError() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          @Linear(out = 8) Weighted fc1();
          // expect@"7" [LinearIn] @Linear on fc2: in = 7, but its input has 8 features.
          @Linear(in = 7, out = 6) Weighted fc2();
          @BatchNorm1d(features = 5) BatchNorm bn2();
          @Linear(in = 4, out = 3) Weighted fc3();
        }
        """);
  }

  @Test
  void allMistakesOfANetworkInOneBuild() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"0" [LinearRange] out must be at least 1, but is 0
          @Linear(out = 0) Weighted fc1();
          // expect [LayerReturnType]
          @ReLU Weighted relu1();
          // expect@"-1.0" [BatchNorm1dEps] eps
          @BatchNorm1d(eps = -1.0) BatchNorm bn1();
          // expect [LayerParameters]
          @ReLU Layer relu2(int x);
        }
        """,
        """
        // expect@"{0}" [NetworkInput] every size of input must be at least 1, but one is 0
        @Network(input = {0})
        abstract class Other {
          @Linear(out = 8) abstract Weighted fc1();
          // expect@"0" [LinearRange]
          @Linear(out = 0) abstract Weighted fc2();
        }
        """,
        """
        // expect@"65536" [NetworkTooLarge] its input 65536x65536 has 4294967296 values
        @Network(input = {65536, 65536})
        interface Large {
          @Flatten Layer flatten();
        }
        """
            .replace("expect@\"65536\"", "expect@\"{65536\""));
  }

  @Test
  void messagesComeInSourceOrder() {
    Compiled compiled =
        CompilerHarness.compile(
            """
            @Network(input = {4}) interface Net {
              @Linear(in = 5, out = 3) Weighted fc1();
              @Linear(out = 0) Weighted fc2();
              @ReLU Weighted relu1();
              Layer other();
            }
            """);
    assertThat(compiled.diagnostics())
        .extracting(Diagnostic::getLineNumber)
        .containsExactly(2L, 3L, 4L, 5L);
  }

  @Test
  void warningsAndNotesCanBeSwitchedOff() {
    LayerType relu =
        FakeLayers.reluThatSays(Problem.warning("ReLUOdd"), Problem.note("NetworkOdd"));
    String source =
        """
        class Outer {
          // expect@"interface" [NetworkOdd] The network: said.
          @Network(input = {4}) interface Both {
            // expect@"@ReLU" [ReLUOdd] @ReLU on relu1: said.
            @ReLU Layer relu1();
          }
          // expect [NetworkOdd]
          @Network(input = {4}) interface OnMethod {
            @SuppressWarnings("ReLUOdd") @ReLU Layer relu1();
          }
          @SuppressWarnings({"other", "ReLUOdd", "NetworkOdd"})
          @Network(input = {4}) interface OnType {
            @ReLU Layer relu1();
          }
          @SuppressWarnings({"ReLUOdd", "NetworkOdd"}) static class Around {
            @Network(input = {4}) interface Net {
              @ReLU Layer relu1();
            }
          }
        }
        """;
    assertDiagnostics(
        CompilerHarness.with(new TenonProcessor(List.of(relu), (network, report) -> List.of()))
            .run(source),
        source);
  }

  @Test
  void errorsCannotBeSwitchedOff() {
    assertDiagnostics(
        """
        @SuppressWarnings("LinearRange")
        @Network(input = {4})
        interface Net {
          // expect [LinearRange]
          @Linear(out = 0) Weighted fc1();
        }
        """);
  }

  @Test
  void failuresOfTheCompilerItself() {
    String source =
        """
        // expect@"interface" [InternalError] @Network on Net: the network compiler failed. The
        //   mistake is in Tenon, not in your network: please report it, with the network and these
        //   lines. java.lang.IllegalStateException: broken on purpose at
        //   dev.tenon.processor.TenonProcessorTest
        @Network(input = {4}) interface Net {
          @Linear(out = 3) Weighted fc1();
        }
        """;
    String other =
        """
        // expect [InternalError] java.lang.AssertionError: OtherModel
        @Network(input = {4}) interface Other {
          @Linear(out = 3) Weighted fc1();
        }
        """;
    TenonProcessor processor =
        new TenonProcessor(
            LayerTypes.all(),
            (network, report) -> {
              if (network.declaration().typeName().equals("Net")) {
                throw new IllegalStateException("broken on purpose");
              }
              throw new AssertionError("OtherModel");
            });
    assertDiagnostics(CompilerHarness.with(processor).run(source, other), source, other);
  }

  @Test
  void aFailureStillLeavesAStub() {
    TenonProcessor processor =
        new TenonProcessor(
            List.of(
                FakeLayers.relu(
                    (layer, report) -> {
                      throw new IllegalStateException("broken on purpose");
                    })),
            (network, report) -> List.of());
    String source =
        """
        // expect [InternalError]
        @Network(input = {4}) interface Net {
          @ReLU Layer relu1();
          default Layer use() { return NetModel.create(1).relu1(); }
        }
        """;
    assertDiagnostics(
        CompilerHarness.with(processor).options("--should-stop=ifError=FLOW").run(source), source);
  }

  @Test
  void nameOfTheModelIsTaken() {
    String source =
        """
        // expect [javac] Attempt to create a file for type 'test.NetModel' multiple times
        class NetModel {}
        // expect@"interface" [GeneratedNameTaken] @Network on Net: cannot generate test.NetModel,
        //   which exists. Rename that class or the network.
        @Network(input = {4}) interface Net {
          @Linear(out = 3) Weighted fc1();
        }
        """;
    assertDiagnostics(harness().run(source), source);
  }

  @Test
  void runtimeIsMissing() throws URISyntaxException {
    String source =
        """
        import dev.tenon.annotations.*;
        // expect@"interface" [RuntimeMissing] @Network on Net: generated models need
        //   dev.tenon.runtime, which is not visible here. Add tenon-runtime to the dependencies
        @Network(input = {4}) interface Net {
          // expect@".Weighted" [javac] package dev.tenon.runtime.layer does not exist
          @Linear(out = 3) dev.tenon.runtime.layer.Weighted fc1();
        }
        """;
    Path annotations =
        Path.of(Network.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    assertDiagnostics(harness().classPath(annotations).run(source), source);
  }

  @Test
  void isFoundByJavac() {
    List<String> found = new ArrayList<>();
    ServiceLoader.load(Processor.class).forEach(p -> found.add(p.getClass().getName()));
    assertThat(found).contains("dev.tenon.processor.TenonProcessor");
  }

  @Test
  void isIncremental() throws IOException {
    List<String> declared = new ArrayList<>();
    for (URL file :
        Collections.list(
            TenonProcessor.class
                .getClassLoader()
                .getResources("META-INF/gradle/incremental.annotation.processors"))) {
      try (InputStream in = file.openStream()) {
        declared.add(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
      }
    }
    assertThat(declared).contains("dev.tenon.processor.TenonProcessor,isolating");
  }

  @Test
  void aNoteDoesNotFailABuildThatTakesWarningsForErrors() {
    Compiled compiled =
        CompilerHarness.with(new TenonProcessor())
            .options("-Werror")
            .run(
                """
                @Network(input = {3})
                interface Net {
                  @Linear(out = 4) Weighted fc1();
                  @BatchNorm1d BatchNorm bn1();
                  @ReLU Layer relu1();
                }
                """);
    assertThat(compiled.onlyMessage()).startsWith("[LinearUnusedBias]");
    assertThat(compiled.succeeded()).isTrue();
  }

  @Test
  void explainsItsPlanOnRequest() {
    String source =
        """
        // expect@"@Network" [NetworkPlan] @Network on Net: 40 parameters; each sample: 1,724 FLOP forward
        @Network(input = {2, 4, 4})
        interface Net {
          @Conv2d(out = 2, kernel = 3, padding = 1, bias = false) Weighted conv1();
          @BatchNorm2d BatchNorm bn1();
          @ReLU Layer relu1();
        }
        """;
    Compiled compiled =
        CompilerHarness.with(new TenonProcessor())
            .options("-Atenon.explain", "-Werror")
            .run(source);
    assertThat(compiled.succeeded()).isTrue();
    assertDiagnostics(compiled, source);
    assertThat(compiled.onlyMessage().lines().map(String::strip))
        .containsSubsequence(
            "conv1: @Conv2d(out = 2, kernel = 3, padding = 1, bias = false), 2x4x4 -> 2x4x4",
            // 2 * 2 * 3 * 3 * 4 * 4 multiplications and additions
            "each sample: 1,152 FLOP forward, 2,592 backward, 1,152 to evaluate",
            "predict: shares conv1.forward",
            "buffer conv1Padded: 2 rows of 36 floats a sample, 288 bytes",
            "bn1: @BatchNorm2d, 2x4x4 -> 2x4x4",
            "buffer bn1BatchMean: 2 doubles, 16 bytes",
            "relu1: @ReLU, 2x4x4 -> 2x4x4",
            "forward: runs in bn1.normalise")
        .anyMatch(
            line -> line.startsWith("statistics: c<2 | tile: n<N, yx<16 in partial sums of 4"))
        .contains(
            "buffer input: 2 rows of 16 floats a sample, 128 bytes; holds input, then conv1.output,"
                + " then inputGradient");
  }

  @Test
  void explainsNothingUnlessAsked() {
    String source =
        """
        @Network(input = {2}) interface Net { @ReLU Layer relu1(); }
        """;
    assertDiagnostics(source);
    assertDiagnostics(
        CompilerHarness.with(new TenonProcessor()).options("-Atenon.explain=false").run(source),
        source);
  }
}
