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

/** Blocks of a library, of which the compilation sees class files only. */
final class CompiledBlockTest {
  private static final String BLOCKS =
      """
      package lib;
      import dev.tenon.annotations.*;
      import dev.tenon.runtime.layer.*;
      import java.util.List;

      public interface Lib {
        @Block
        interface Basic {
          int OUT = Block.FIRST;
          int STRIDE = Block.SECOND;
          @Conv2d(out = OUT, kernel = 3, stride = STRIDE, padding = 1) Weighted conv();
          @BatchNorm2d(channels = 8) BatchNorm bn();
          @From({"bn", "conv"}) @Add Layer sum();
        }

        @Block
        interface Stage {
          int OUT = Block.FIRST;
          @Use(value = Basic.class, sizes = {OUT, 2}) Basic first();
          @Use(value = Basic.class, sizes = {OUT, 1}, repeat = 2) List<Basic> rest();
        }
      }
      """;

  @TempDir private Path library;

  private CompilerHarness harness() throws IOException {
    Compiled compiled = CompilerHarness.compile(BLOCKS);
    assertThat(compiled.messages()).isEmpty();
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

  @Test
  void layersStandInTheirOrder() throws IOException {
    Compiled compiled =
        harness()
            .run(
                """
                @Network(input = {3, 8, 8})
                interface Net {
                  @Use(value = lib.Lib.Stage.class, sizes = 8) lib.Lib.Stage layer1();
                }
                """);
    assertThat(compiled.messages().lines().filter(line -> line.startsWith("ERROR"))).isEmpty();
    assertThat(compiled.generated("test.NetModel"))
        .containsSubsequence(
            "layer1.first.conv ",
            "layer1.first.bn ",
            "layer1.first.sum ",
            "layer1.rest.0.conv ",
            "layer1.rest.0.bn ",
            "layer1.rest.0.sum ",
            "layer1.rest.1.conv ");
  }

  /** A place in a class file is none that anybody could look at. */
  @Test
  void messagesPointAtTheUse() throws IOException {
    String source =
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect [BatchNorm2dChannels] @BatchNorm2d on layer1.first.bn: channels = 8, but its input has 6 channels.
          @Use(value = lib.Lib.Stage.class, sizes = 6) lib.Lib.Stage layer1();
        }
        """;
    assertDiagnostics(harness().run(source), source);
  }
}
