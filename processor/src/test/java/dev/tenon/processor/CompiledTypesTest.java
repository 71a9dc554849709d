package dev.tenon.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import dev.tenon.processor.testing.EclipseHarness;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Blocks, networks, records and enums of a library, of which a compilation sees class files only:
 * the code is that which their sources give, whoever compiled them and whoever compiles with them.
 */
final class CompiledTypesTest {
  /** Nothing in it stands in the order of the alphabet. */
  private static final String[] LIBRARY = {
    """
    package lib;
    import dev.tenon.annotations.*;
    import dev.tenon.runtime.layer.*;
    @Block
    public interface Unit {
      int WIDTH = Block.FIRST;
      int AGAIN = Block.SECOND;
      @Linear(out = WIDTH) Weighted wide();
      @ReLU Layer relu();
      @Linear(out = AGAIN) Weighted again();
      @From({"again", "relu"}) @Concat Layer both();
      default int count() { return 4; }
      @Tanh Layer after();
    }
    """,
    """
    package lib;
    import dev.tenon.annotations.*;
    import java.util.List;
    public interface Units {
      @Block
      interface Stage {
        @Use(value = Unit.class, sizes = {6, 5}, repeat = 2) List<Unit> second();
        @Use(value = Unit.class, sizes = {3, 2}) Unit first();
      }
    }
    """,
    """
    package lib;
    import dev.tenon.annotations.*;
    import dev.tenon.runtime.layer.*;
    @Network(input = 4)
    public interface Encoder {
      @Use(Units.Stage.class) Units.Stage stage();
      @Linear(out = 7) Weighted code();
      @BatchNorm1d BatchNorm bn();
    }
    """,
    """
    package lib;
    import dev.tenon.annotations.*;
    public record Flower(float width, @Size(2) float[] sizes, Kind kind, float height, @Ignore String name) {}
    """,
    """
    package lib;
    public enum Kind { WILD, GARDEN, ALPINE }
    """,
    """
    package lib;
    public final class Square {
      private Square() {}
      public static double value(double x) { return x * x; }
      public static double slope(double x) { return 2 * x; }
    }
    """
  };

  private static final String[] USER = {
    """
    @Network(input = 4)
    interface Net {
      @Use(value = lib.Unit.class, sizes = {8, 9}) lib.Unit unit();
      @Use(lib.Units.Stage.class) lib.Units.Stage stage();
      @Elementwise(type = lib.Square.class, function = "value", derivative = "slope") Layer square();
    }
    """,
    """
    @Network(inputFrom = lib.Encoder.class)
    interface Decoder {
      @Linear(out = 4) Weighted fc();
    }
    """,
    """
    @Network(features = lib.Flower.class, labels = lib.Kind.class, normalize = true)
    interface FlowerNet {
      @Linear(out = 3) Weighted fc();
    }
    """
  };

  enum Compiler {
    JAVAC,
    JAVAC_WITHOUT_PROCESSOR,
    ECLIPSE
  }

  @TempDir private Path folder;
  private Map<String, String> fromSources;

  @BeforeEach
  void compileSources() {
    Compiled all =
        CompilerHarness.compile(
            Stream.of(LIBRARY, USER).flatMap(Stream::of).toArray(String[]::new));
    assertThat(errors(all)).isEmpty();
    fromSources = ofUser(all);
    assertThat(fromSources).containsKeys("test.NetModel", "test.DecoderModel");
  }

  @ParameterizedTest
  @EnumSource
  void javacGeneratesTheSameCode(Compiler compiler) throws IOException {
    Path[] classPath =
        Stream.of(library(compiler).split(File.pathSeparator)).map(Path::of).toArray(Path[]::new);
    Compiled compiled = CompilerHarness.with(new TenonProcessor()).classPath(classPath).run(USER);
    assertThat(errors(compiled)).isEmpty();
    assertThat(ofUser(compiled)).isEqualTo(fromSources);
  }

  @ParameterizedTest
  @EnumSource
  void eclipseGeneratesTheSameCode(Compiler compiler) throws IOException {
    Compiled compiled =
        EclipseHarness.compile(
            Files.createDirectory(folder.resolve("user")), library(compiler), USER);
    assertThat(errors(compiled)).isEmpty();
    assertThat(ofUser(compiled)).isEqualTo(fromSources);
  }

  /** A network of the library that has mistakes; nobody else says so. */
  @Test
  void aNetworkThatWasCompiledWithMistakesIsTold() throws IOException {
    String wrong = LIBRARY[2].replace("@Linear(out = 7)", "@Linear(in = 99, out = 7)");
    write(
        CompilerHarness.with(new TenonProcessor())
            .options("-proc:none")
            .run(LIBRARY[0], LIBRARY[1], wrong));
    Path[] classPath =
        Stream.of(withTheTests().split(File.pathSeparator)).map(Path::of).toArray(Path[]::new);
    Compiled compiled =
        CompilerHarness.with(new TenonProcessor()).classPath(classPath).run(USER[1]);
    assertThat(errors(compiled))
        .contains("[InputFromErrors] @Network on Decoder: Encoder, whose output is the input, has");
  }

  /** The class path with the library as this compiler leaves it. */
  private String library(Compiler compiler) throws IOException {
    Compiled library =
        switch (compiler) {
          case JAVAC -> CompilerHarness.compile(LIBRARY);
          case JAVAC_WITHOUT_PROCESSOR ->
              CompilerHarness.with(new TenonProcessor()).options("-proc:none").run(LIBRARY);
          case ECLIPSE ->
              EclipseHarness.compile(Files.createDirectory(folder.resolve("lib-build")), LIBRARY);
        };
    assertThat(errors(library)).isEmpty();
    assertThat(library.classes().containsKey("lib.EncoderModel"))
        .isEqualTo(compiler != Compiler.JAVAC_WITHOUT_PROCESSOR);
    write(library);
    return withTheTests();
  }

  private void write(Compiled library) throws IOException {
    for (Map.Entry<String, byte[]> type : library.classes().entrySet()) {
      Path file = folder.resolve("library").resolve(type.getKey().replace('.', '/') + ".class");
      Files.createDirectories(file.getParent());
      Files.write(file, type.getValue());
    }
  }

  private String withTheTests() {
    return folder.resolve("library") + File.pathSeparator + System.getProperty("java.class.path");
  }

  private static Map<String, String> ofUser(Compiled compiled) {
    Map<String, String> generated = new TreeMap<>(compiled.generated());
    generated.keySet().removeIf(name -> !name.startsWith("test."));
    return generated;
  }

  private static String errors(Compiled compiled) {
    return String.join(
        "\n", compiled.messages().lines().filter(line -> line.startsWith("ERROR")).toList());
  }
}
