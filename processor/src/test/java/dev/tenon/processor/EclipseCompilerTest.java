package dev.tenon.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import dev.tenon.processor.testing.EclipseHarness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The compiler of Eclipse and VS Code: the same code, and the same errors at the same places. */
class EclipseCompilerTest {
  @TempDir private Path folder;

  @Test
  void generatedCodeIsTheSame() {
    String[] sources = {
      """
      @Network(input = {3, 8, 8})
      interface Net {
        @Conv2d(out = 4, kernel = 3, bias = false) Weighted conv();
        @BatchNorm2d BatchNorm bn();
        @ReLU Layer relu();
        @Use(value = Residual.class, sizes = 4, repeat = 2) java.util.List<Residual> blocks();
        @GlobalAvgPool Layer pool();
        @Elementwise(type = Square.class, function = "value", derivative = "slope") Layer square();
        @Linear(out = 2) Weighted head();
      }
      """,
      """
      @Block
      public interface Residual {
        int OUT = Block.FIRST;
        @Conv2d(out = OUT, kernel = 3, padding = 1) Weighted conv();
        @Name("shortcut.0") @From(Block.INPUT) @Conv2d(out = OUT, kernel = 1) Weighted shortcut();
        @From({"conv", "shortcut"}) @Add Layer sum();
      }
      """,
      """
      final class Square {
        static double value(double x) {
          return x * x;
        }
        static double slope(double x) {
          return 2 * x;
        }
      }
      """,
      """
      class Outer<T extends Comparable<T>> {
        @Network(input = 4, precision = Precision.FLOAT64)
        abstract static class Nested {
          @Linear(out = 2) abstract Weighted fc();
        }
        @Network(input = 4)
        public interface Other {
          @Linear(out = 2) Weighted fc();
          @Softmax(axis = 1) Layer softmax();
        }
        Outer_OtherModel other = Outer_OtherModel.create(1);
      }
      """
    };
    Compiled javac = CompilerHarness.compile(sources);
    Compiled eclipse = EclipseHarness.compile(folder, sources);

    assertThat(errors(javac)).isEmpty();
    assertThat(errors(eclipse)).isEmpty();
    assertThat(eclipse.generated()).isEqualTo(javac.generated());
    assertThat(eclipse.generated()).containsKeys("test.NetModel", "test.Outer_NestedModel");
  }

  @Test
  void errorsStandWhereJavacSaysThemToo() {
    String[] sources = {
      """
      @Network(input = {3, 0})
      interface Input {
        @Linear(out = 2) Weighted fc();
      }
      """,
      """
      @Network(input = {3, 8, 8})
      interface Layers {
        @Conv2d(out = 4, kernel = {3, 3, 3}) Weighted conv();
        @Conv2d(out = 4, kernel = 3) Weighted conv2();
        @BatchNorm2d(channels = 16) BatchNorm bn();
        @Dropout(p = 1.5) Layer drop();
        @From({"conv2", "relx"}) @Add Layer sum();
        @ReLU Weighted relu();
        @ReLU @Dropout Layer two();
        Layer none();
      }
      """,
      """
      @Network(input = 4)
      class Concrete {}
      """,
    };
    Compiled javac = CompilerHarness.compile(sources);
    Compiled eclipse = EclipseHarness.compile(folder, sources);

    assertThat(errors(javac)).hasSize(8);
    assertThat(errors(eclipse)).containsExactlyInAnyOrderElementsOf(errors(javac));
    // It points at the attribute where javac points at its value.
    assertThat(eclipse.diagnostics().stream().map(EclipseCompilerTest::pointedAt))
        .contains(
            "input = ", "kernel =", "p = 1.5)", "@From({\"", "relu();\n", "@Dropout", "none();\n");
  }

  /** An editor may come with a Java of its own that has no javac, and so not the trees of javac. */
  @Test
  void worksInAJavaWithoutJavac() throws Exception {
    Path source = folder.resolve("Net.java");
    Files.writeString(
        source,
        """
        import dev.tenon.annotations.*;
        import dev.tenon.runtime.layer.*;
        @Network(input = 4)
        interface Net {
          @Use(Body.class) Body body();
          @Linear(in = 9, out = 2) Weighted head();
        }
        @Block
        interface Body {
          @Linear(out = 8) Weighted fc();
        }
        """);
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--limit-modules",
                "java.se,jdk.zipfs",
                "-cp",
                System.getProperty("java.class.path"),
                "org.eclipse.jdt.internal.compiler.batch.Main",
                "--release",
                "17",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                folder.toString(),
                "-s",
                folder.toString(),
                source.toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    java.waitFor();
    assertThat(printed)
        .contains("[LinearIn] @Linear on head: in = 9, but its input has 8 features.")
        .contains("1 problem (1 error)");
  }

  /** What docs/mistakes.md shows of it; what it shows of javac, a test of the pages checks. */
  @Test
  void thePageOfMistakesShowsItsMessages() throws IOException {
    String page = Files.readString(Path.of("../docs/mistakes.md"));
    Matcher wrong = Pattern.compile("```java wrong\\n(.*?)```", Pattern.DOTALL).matcher(page);
    int shown = 0;
    while (wrong.find()) {
      String rest = page.substring(wrong.end());
      Compiled compiled =
          EclipseHarness.compile(Files.createDirectory(folder.resolve("" + shown)), wrong.group(1));
      Diagnostic<? extends JavaFileObject> error =
          compiled.diagnostics().stream()
              .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
              .findFirst()
              .orElseThrow();
      assertThat(rest.substring(rest.indexOf("Eclipse:"), rest.indexOf("PyTorch:")))
          .contains(
              "(at line " + error.getLineNumber() + ")",
              "\n" + error.getMessage(Locale.ROOT) + "\n----------");
      shown++;
    }
    assertThat(shown).isEqualTo(6);
  }

  /** Text and line of each error. */
  private static List<String> errors(Compiled compiled) {
    return compiled.diagnostics().stream()
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .map(diagnostic -> diagnostic.getLineNumber() + ": " + diagnostic.getMessage(Locale.ROOT))
        .toList();
  }

  private static String pointedAt(Diagnostic<? extends JavaFileObject> diagnostic) {
    try {
      String text = Files.readString(Path.of(diagnostic.getSource().toUri()));
      int from = (int) diagnostic.getPosition();
      return text.substring(from, Math.min(from + 8, text.length()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
