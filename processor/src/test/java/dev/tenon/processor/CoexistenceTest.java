package dev.tenon.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.annotations.Network;
import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import dev.tenon.processor.testing.JavacProcess;
import dev.tenon.runtime.model.SingleModel;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The processor beside others, and under options of javac's that are not ours. */
class CoexistenceTest {
  private static final String NET =
      """
      package p;
      import dev.tenon.annotations.*;
      import dev.tenon.runtime.layer.*;
      @Network(input = 4)
      interface Net {
        @Linear(out = 3) Weighted head();
      }
      """;

  @TempDir private Path folder;

  /** Writes a type in each round that the next one needs. */
  @SupportedAnnotationTypes("*")
  public static final class WriterOfTypes extends AbstractProcessor {
    private final List<String> sources =
        new ArrayList<>(
            List.of(
                "Gen:record Gen(float x, Sub s) {}",
                "Sub:record Sub(float z, Kind k) {}",
                "Kind:enum Kind { A, B, C }"));

    @Override
    public SourceVersion getSupportedSourceVersion() {
      return SourceVersion.latest();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
      if (!sources.isEmpty()) {
        String[] source = sources.remove(0).split(":", 2);
        try (Writer writer =
            processingEnv.getFiler().createSourceFile("p." + source[0]).openWriter()) {
          writer.write("package p; " + source[1]);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return false;
    }
  }

  /**
   * No annotation but ours stands in the sources: javac has no other reason to call it. In a
   * process of its own, with the two in the order of a file of services: who is last is found
   * there.
   */
  @Test
  void aProcessorAfterTenonsMayWriteWhatANetworkNames() throws Exception {
    Path services = Files.createDirectories(folder.resolve("path/META-INF/services"));
    Files.writeString(
        services.resolve("javax.annotation.processing.Processor"),
        TenonProcessor.class.getName() + "\n" + WriterOfTypes.class.getName() + "\n");
    Path source = folder.resolve("Typed.java");
    Files.writeString(
        source,
        """
        package p;
        import dev.tenon.annotations.*;
        import dev.tenon.runtime.layer.*;
        @Network(features = Gen.class, labels = Kind.class)
        interface Typed {
          @Linear(out = 3) Weighted head();
        }
        """);
    Path classes = Files.createDirectories(folder.resolve("classes"));
    String printed =
        JavacProcess.run(
            0,
            "-d",
            classes.toString(),
            "-cp",
            JavacProcess.home(Network.class)
                + File.pathSeparator
                + JavacProcess.home(SingleModel.class),
            "-processorpath",
            folder.resolve("path") + File.pathSeparator + System.getProperty("java.class.path"),
            source.toString());
    assertThat(printed).isEmpty();
    assertThat(classes.resolve("p/TypedModel.class")).exists();
    assertThat(classes.resolve("p/Kind.class")).exists();
  }

  @Test
  void nobodyIsWarnedOfUnclaimedAnnotations() {
    Compiled compiled =
        CompilerHarness.with(new TenonProcessor()).options("-Xlint:processing").run(NET);
    assertThat(compiled.messages()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"--release, 11", "--release, 16"})
  void olderJavaIsOneError(String option, String version) {
    Compiled compiled =
        CompilerHarness.with(new TenonProcessor())
            .options(option, version)
            .run(NET, NET.replace("interface Net", "interface Other"));
    assertThat(compiled.messages())
        .contains(" [JavaVersion] @Network on Net: networks need Java 17 or newer, and this")
        .contains("compilation is for Java " + version + ".")
        .containsOnlyOnce("ERROR");
  }

  /** Letters that the compiler's encoding lacks, which its sources have in escapes. */
  @ParameterizedTest
  @CsvSource({"US-ASCII, false", "ISO-8859-1, false", "UTF-8, true"})
  void namesOfAllScriptsInAnyEncoding(String encoding, boolean asTheyAre) throws IOException {
    String printed =
        javac(Charset.forName(encoding), NET.replace("head()", "\\u5c42\\ud835\\udcb3()"));
    assertThat(printed).isEmpty();
    String model =
        Files.readString(folder.resolve("out/p/NetModel.java"), Charset.forName(encoding));
    assertThat(model.contains("\u5c42\ud835\udcb3Layer")).isEqualTo(asTheyAre);
    assertThat(model.contains("\\u5c42\\ud835\\udcb3Layer")).isEqualTo(!asTheyAre);
  }

  /** In a process of its own: javac called as a library would find JavaPoet among the tests. */
  @Test
  void aPartOfTheProcessorIsNamed() throws Exception {
    Path source = folder.resolve("Net.java");
    Files.writeString(source, NET);
    String classPath =
        JavacProcess.home(Network.class)
            + File.pathSeparator
            + JavacProcess.home(SingleModel.class);
    String printed =
        JavacProcess.run(
            1,
            "-d",
            folder.resolve("classes").toString(),
            "-cp",
            classPath,
            "-processor",
            TenonProcessor.class.getName(),
            "-processorpath",
            JavacProcess.home(TenonProcessor.class) + File.pathSeparator + classPath,
            source.toString());
    assertThat(printed)
        .contains(" [ProcessorIncomplete] @Network on Net: the processor path has only a part of")
        .contains("com.palantir.javapoet.", "tenon-processor", "1 error");
  }

  /** What javac prints; sources and classes go to the folder out. */
  private String javac(Charset encoding, String text) throws IOException {
    Path source = Files.createDirectories(folder.resolve("source")).resolve("Net.java");
    Files.writeString(source, text, encoding);
    Path out = Files.createDirectories(folder.resolve("out"));
    List<String> options =
        List.of(
            "-encoding",
            encoding.name(),
            "-d",
            out.toString(),
            "-s",
            out.toString(),
            "-cp",
            JavacProcess.home(Network.class)
                + File.pathSeparator
                + JavacProcess.home(SingleModel.class));
    StringWriter printed = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, Locale.ROOT, encoding)) {
      JavaCompiler.CompilationTask task =
          compiler.getTask(printed, files, null, options, null, files.getJavaFileObjects(source));
      task.setProcessors(List.of(new TenonProcessor()));
      task.call();
    }
    return printed.toString();
  }
}
