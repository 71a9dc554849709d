package dev.tenon.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.annotations.Network;
import dev.tenon.runtime.model.SingleModel;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
      import dev.tenon.runtime.layer.*;
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
      import dev.tenon.runtime.model.*;
      public final class Main {
        public static void main(String[] args) {
          SingleModel model = NetModel.create(1);
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

  @Test
  void aModuleThatDoesNotRequireTheRuntimeIsTold() throws Exception {
    assertThat(
            javac(
                "module app { requires dev.tenon.annotations; }",
                "--add-modules",
                "dev.tenon.runtime"))
        .contains("[RuntimeMissing]", "module-info.java");
  }

  private void compile(String module, String... options) throws IOException {
    assertThat(javac(module, options)).doesNotContain("error");
  }

  /** What javac prints. */
  private String javac(String module, String... more) throws IOException {
    Path source = Files.createDirectories(folder.resolve("source/app"));
    Files.writeString(source.resolveSibling("module-info.java"), module);
    Files.writeString(source.resolve("Net.java"), NETS);
    Files.writeString(source.resolve("Main.java"), MAIN);
    List<String> options =
        new ArrayList<>(
            List.of("-d", folder.resolve("out").toString(), "--module-path", modulePath()));
    options.addAll(List.of(more));
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
      task.setProcessors(List.of(new TenonProcessor()));
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
    return home(Network.class) + File.pathSeparator + home(SingleModel.class);
  }

  private static String home(Class<?> type) {
    return Path.of(
            java.net.URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }
}
