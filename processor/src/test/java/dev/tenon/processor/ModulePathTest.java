package dev.tenon.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.palantir.javapoet.JavaFile;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.Model;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that is a module, compiled and run with annotations and runtime as modules. */
class ModulePathTest {
  private static final String NETS =
      """
      package app;
      import dev.tenon.annotations.*;
      import dev.tenon.runtime.*;
      @Network(input = 4)
      interface Net {
        @Linear(out = 16) Weighted hidden();
        @ReLU Layer relu();
        @Linear(out = 3) Weighted head();
      }
      """;

  private static final String MAIN =
      """
      package app;
      import dev.tenon.runtime.*;
      public final class Main {
        public static void main(String[] args) {
          Model model = NetModel.create(1);
          System.out.print(model.predict(Tensor.zeros(DType.FLOAT32, 2, 4)).describe());
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void runsAsAModule() throws Exception {
    compile("module app { requires static dev.tenon.annotations; requires dev.tenon.runtime; }");
    assertThat(folder.resolve("out/app/NetVectorKernels.class")).doesNotExist();
    assertThat(run()).isEqualTo("float32 [2, 3]");
  }

  @Test
  void hasVectorKernelsIfItRequiresVectors() throws Exception {
    compile(
        "module app { requires static dev.tenon.annotations; requires dev.tenon.runtime;"
            + " requires jdk.incubator.vector; }");
    assertThat(folder.resolve("out/app/NetVectorKernels.class")).exists();
    assertThat(run()).endsWith("float32 [2, 3]").contains("jdk.incubator.vector");
  }

  /** That another module is in the compilation does not let this one see it. */
  @Test
  void hasNoneIfOnlyTheCompilationHasVectors() throws Exception {
    compile(
        "module app { requires static dev.tenon.annotations; requires dev.tenon.runtime; }",
        "--add-modules",
        "jdk.incubator.vector");
    assertThat(folder.resolve("out/app/NetVectorKernels.class")).doesNotExist();
    assertThat(run()).isEqualTo("float32 [2, 3]");
  }

  /** The processor as a module, which javac looks for by itself and which reads JavaPoet's. */
  @Test
  void theProcessorIsAModuleToo() throws Exception {
    assertThat(
            javac(
                "module app { requires static dev.tenon.annotations; requires dev.tenon.runtime; }",
                Optional.empty(),
                "--processor-module-path",
                home(TenonProcessor.class) + File.pathSeparator + home(JavaFile.class)))
        .doesNotContain("error");
    assertThat(run()).isEqualTo("float32 [2, 3]");
    assertThat(
            ModuleFinder.of(Path.of(home(TenonProcessor.class)))
                .find("dev.tenon.processor")
                .orElseThrow()
                .descriptor()
                .isAutomatic())
        .isFalse();
  }

  @Test
  void aModuleThatDoesNotRequireTheRuntimeIsTold() throws Exception {
    assertThat(
            javac(
                "module app { requires dev.tenon.annotations; }",
                Optional.of(new TenonProcessor()),
                "--add-modules",
                "dev.tenon.runtime"))
        .contains("[RuntimeMissing]", "module-info.java");
  }

  private void compile(String module, String... options) throws IOException {
    assertThat(javac(module, Optional.of(new TenonProcessor()), options)).doesNotContain("error");
  }

  /**
   * What javac prints.
   *
   * @param processor empty to have javac look for it
   */
  private String javac(String module, Optional<TenonProcessor> processor, String... more)
      throws IOException {
    Path source = Files.createDirectories(folder.resolve("source/app"));
    Files.writeString(source.resolveSibling("module-info.java"), module);
    Files.writeString(source.resolve("Net.java"), NETS);
    Files.writeString(source.resolve("Main.java"), MAIN);
    List<String> options =
        new ArrayList<>(
            List.of("-d", folder.resolve("out").toString(), "--module-path", modulePath()));
    options.addAll(List.of(more));
    if (Runtime.version().feature() >= 23) {
      // A javac that is called as a library does not take a processor path for a wish to process.
      options.add("-proc:full");
    }
    StringWriter printed = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      JavaCompiler.CompilationTask task =
          compiler.getTask(
              printed,
              files,
              null,
              options,
              null,
              files.getJavaFileObjects(
                  source.resolveSibling("module-info.java"),
                  source.resolve("Net.java"),
                  source.resolve("Main.java")));
      processor.ifPresent(ours -> task.setProcessors(List.of(ours)));
      task.call();
    }
    return printed.toString();
  }

  /** What the application prints, and what its virtual machine says. */
  private String run() throws Exception {
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                modulePath() + File.pathSeparator + folder.resolve("out"),
                "--module",
                "app/app.Main")
            .redirectErrorStream(true)
            .start();
    String printed = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor()).as(printed).isZero();
    return printed;
  }

  private static String modulePath() {
    return home(Network.class) + File.pathSeparator + home(Model.class);
  }

  private static String home(Class<?> type) {
    return Path.of(
            java.net.URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }
}
