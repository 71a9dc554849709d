package dev.tenon.processor.read;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks whose input is another's output, and Java types, also of a library. */
final class InputFromTest {
  private static final String ENCODER =
      """
      @Network(input = {3, 16, 16})
      interface Encoder {
        @Conv2d(out = 8, kernel = 3, stride = 2, padding = 1) Weighted conv();
        @ReLU Layer relu();
      }
      """;

  @TempDir private Path library;

  /** A compilation that sees these sources as class files only. */
  private CompilerHarness after(CompilerHarness ofLibrary, String... sources) throws IOException {
    Compiled compiled = ofLibrary.run(sources);
    for (Map.Entry<String, byte[]> type : compiled.classes().entrySet()) {
      Path file = library.resolve(type.getKey().replace('.', '/') + ".class");
      Files.createDirectories(file.getParent());
      Files.write(file, type.getValue());
    }
    Path[] entries =
        Stream.concat(
                Stream.of(library),
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(Path::of))
            .toArray(Path[]::new);
    return CompilerHarness.with(new TenonProcessor()).classPath(entries);
  }

  private CompilerHarness after(String... sources) throws IOException {
    return after(CompilerHarness.with(new TenonProcessor()), sources);
  }

  @Test
  void theShapeIsTaken() {
    Compiled compiled =
        assertDiagnostics(
            """
            @Network(inputFrom = Encoder.class)
            interface Decoder {
              @ConvTranspose2d(in = 8, out = 3, kernel = 2, stride = 2) Weighted up();
            }
            """,
            ENCODER,
            """
            @Network(input = {3, 16, 16}, inputFrom = Decoder.class)
            interface Judge {
              @GlobalAvgPool Layer pool();
            }
            """);

    assertThat(compiled.generated("test.DecoderModel")).contains("return new int[] {8, 8, 8};");
  }

  @Test
  void theShapeIsChecked() {
    assertDiagnostics(
        ENCODER,
        """
        @Network(inputFrom = Encoder.class)
        interface Decoder {
          // expect@"4" [ConvTranspose2dChannels] @ConvTranspose2d on up: in = 4, but its input has 8 channels.
          //   input 8x8x8, the output of Encoder
          //   > up @ConvTranspose2d(in = 4, out = 3, kernel = 2)
          @ConvTranspose2d(in = 4, out = 3, kernel = 2) Weighted up();
        }
        """,
        """
        // expect@"{8, 4, 4}" [InputFromShape] @Network on Other: input is 8x4x4, but Encoder gives 8x8x8. Remove input
        @Network(input = {8, 4, 4}, inputFrom = Encoder.class)
        interface Other {
          @GlobalAvgPool Layer pool();
        }
        """,
        """
        // expect@".class" [InputFromPrecision] @Network on Precise: computes in float64, but Encoder gives float32. Write the same precision in both.
        @Network(inputFrom = Encoder.class, precision = Precision.FLOAT64)
        interface Precise {
          @GlobalAvgPool Layer pool();
        }
        """,
        """
        // expect@".class" [InputFromNetwork] @Network on Word: inputFrom names a network, but String is none. Put @Network on String
        @Network(inputFrom = String.class)
        interface Word {
          @GlobalAvgPool Layer pool();
        }
        """);
  }

  /** The mistake is told of where it is, and nowhere else. */
  @Test
  void anotherNetworksMistakeIsOneError() {
    assertDiagnostics(
        """
        @Network(input = {3, 16, 16})
        interface Encoder {
          // expect [Conv2dChannels]
          @Conv2d(in = 4, out = 8, kernel = 3) Weighted conv();
        }
        """,
        """
        @Network(inputFrom = Encoder.class)
        interface Decoder {
          @ConvTranspose2d(out = 3, kernel = 2) Weighted up();
        }
        """,
        """
        @Network(inputFrom = Decoder.class)
        interface Third {
          @GlobalAvgPool Layer pool();
          @Linear(out = 3) Weighted head();
        }
        """);
  }

  @Test
  void aCycleIsOneError() {
    assertDiagnostics(
        """
        @Network(inputFrom = A.class)
        interface C {
          @ReLU Layer relu();
        }
        """,
        """
        @Network(inputFrom = A.class)
        interface B {
          @ReLU Layer relu();
        }
        """,
        """
        // expect@".class" [InputFromCycle] @Network on A: its input is made of its own output: A <- B <- A. Give one of them an input
        @Network(inputFrom = B.class)
        interface A {
          @ReLU Layer relu();
        }
        """,
        """
        // expect@".class" [InputFromCycle] @Network on Self: its input is its own output.
        @Network(inputFrom = Self.class)
        interface Self {
          @ReLU Layer relu();
        }
        """);
  }

  @Test
  void aNetworkOfALibrary() throws IOException {
    String decoder =
        """
        @Network(inputFrom = Encoder.class)
        interface Decoder {
          // expect@"7" [ConvTranspose2dChannels] in = 7, but its input has 8 channels.
          @ConvTranspose2d(in = 7, out = 3, kernel = 2) Weighted up();
        }
        """;

    assertDiagnostics(after(ENCODER).run(decoder), decoder);
  }

  /** It was compiled without the processor, so nobody has seen its mistake. */
  @Test
  void aWrongNetworkOfALibrary() throws IOException {
    String decoder =
        """
        // expect@".class" [InputFromErrors] @Network on Decoder: Encoder, whose output is the input, has mistakes. Compile it with Tenon's processor to see them.
        @Network(inputFrom = Encoder.class)
        interface Decoder {
          @GlobalAvgPool Layer pool();
        }
        """;
    CompilerHarness withoutProcessor =
        CompilerHarness.with(new TenonProcessor()).options("-proc:none");

    assertDiagnostics(
        after(withoutProcessor, ENCODER.replace("out = 8", "in = 5, out = 8")).run(decoder),
        decoder);
  }

  @Test
  void recordsOfALibrary() throws IOException {
    String types =
        """
        package lib;
        import dev.tenon.annotations.*;

        public interface Types {
          record Sample(@Ignore String name, Kind kind, @Size(3) float[] values, Inner inner) {}
          record Inner(double a, boolean b) {}
          record Wrong(String name) {}
          record Mixed(boolean a, float b) {}
          enum Kind { ONE, TWO }
        }
        """;
    String right =
        """
        @Network(features = lib.Types.Sample.class, labels = lib.Types.Kind.class, normalize = true)
        interface Net {
          // expect@"8" [LinearIn] in = 8, but its input has 7 features. input 7, the values of Sample
          @Linear(in = 8, out = 2) Weighted head();
        }
        """;
    String wrong =
        """
        // expect@".class" [ComponentType] @Network on WrongNet: name of Wrong: a component is a number
        @Network(features = lib.Types.Wrong.class)
        interface WrongNet {
          @Linear(out = 2) Weighted head();
        }
        """;
    String mixed =
        """
        // expect@".class" [LabelsMixed] @Network on MixedNet: Mixed: labels are numbers or booleans
        @Network(input = 4, labels = lib.Types.Mixed.class)
        interface MixedNet {
          @Linear(out = 2) Weighted head();
        }
        """;

    CompilerHarness harness = after(types);
    assertDiagnostics(harness.run(right, wrong, mixed), right, wrong, mixed);
    assertThat(after(types).run(right.replace("in = 8, ", "")).messages()).isEmpty();
  }
}
