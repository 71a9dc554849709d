package dev.tenon.integration.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The processor's jar as users have it who call javac themselves: alone on the processor path. */
class StandAloneProcessorIT {
  private static final String VERSION = System.getProperty("tenon.version");

  private static final Pattern RECIPE =
      Pattern.compile(
          "In\\n`(\\w+\\.java)`[^`]*```java\\n(.*?)```\\n\\n```\\n(javac [^\\n]*)\\n(java [^\\n]*)\\n"
              + "```\\n\\n```text\\n(.*?)```",
          Pattern.DOTALL);

  @TempDir private Path folder;

  @BeforeEach
  void copyJars() throws IOException {
    for (String module : List.of("annotations", "runtime", "processor")) {
      Files.copy(jar(module), folder.resolve("tenon-" + module + ".jar"));
    }
  }

  private static Path jar(String module) {
    return Path.of("..", module, "target", "tenon-" + module + "-" + VERSION + ".jar");
  }

  /** The guide's file, its javac line and its java line, letter by letter. */
  @Test
  void theGuidesRecipe() throws Exception {
    Matcher recipe = RECIPE.matcher(Files.readString(Path.of("../docs/guide.md")));
    assertThat(recipe.find()).isTrue();
    Files.writeString(folder.resolve(recipe.group(1)), recipe.group(2));
    assertThat(run(recipe.group(3))).isEmpty();
    assertThat(run(recipe.group(4)).strip()).isEqualTo(recipe.group(5).strip());
  }

  @Test
  void asAModuleItNeedsNoOther() throws Exception {
    Path source = Files.createDirectories(folder.resolve("source/app"));
    Files.writeString(
        source.resolveSibling("module-info.java"),
        "module app { requires static dev.tenon.annotations; requires dev.tenon.runtime; }");
    Files.writeString(
        source.resolve("Net.java"),
        """
        package app;
        import dev.tenon.annotations.*;
        import dev.tenon.runtime.*;
        import dev.tenon.runtime.layer.*;
        @Network(input = 4)
        public interface Net {
          @Linear(out = 3) Weighted head();
          static void main(String[] args) {
            System.out.print(NetModel.create(1).predict(Tensor.zeros(DType.FLOAT32, 2, 4)).describe());
          }
        }
        """);
    assertThat(
            run(
                "javac -d out --module-path tenon-annotations.jar:tenon-runtime.jar"
                    + " --processor-module-path tenon-processor.jar source/module-info.java"
                    + " source/app/Net.java"))
        .isEmpty();
    assertThat(
            run(
                "java --module-path out:tenon-annotations.jar:tenon-runtime.jar --module"
                    + " app/app.Net"))
        .isEqualTo("float32 [2, 3]");
    assertThat(
            ModuleFinder.of(folder.resolve("tenon-processor.jar"))
                .find("dev.tenon.processor")
                .orElseThrow()
                .descriptor()
                .isAutomatic())
        .isFalse();
  }

  @Test
  void whatItBringsAlongHasANameOfItsOwn() throws Exception {
    try (JarFile jar = new JarFile(folder.resolve("tenon-processor.jar").toFile())) {
      List<String> foreign =
          jar.stream()
              .map(ZipEntry::getName)
              .filter(name -> name.endsWith(".class") && !name.equals("module-info.class"))
              .filter(name -> !name.startsWith("dev/tenon/processor/"))
              .toList();
      assertThat(foreign).isEmpty();
      assertThat(jar.getEntry("dev/tenon/processor/javapoet/JavaFile.class")).isNotNull();
      assertThat(jar.getEntry("META-INF/NOTICE")).isNotNull();
      assertThat(jar.getEntry("META-INF/LICENSE")).isNotNull();
    }
    assertThat(Files.readString(Path.of("../processor/target/dependency-reduced-pom.xml")))
        .doesNotContain("<artifactId>javapoet</artifactId>\n      <version>");
  }

  /** Runs a command of the JDK that runs these tests; gives what it prints. */
  private String run(String line) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    for (String word : line.split(" ", -1)) {
      command.add(word.replace(":", File.pathSeparator));
    }
    // Options have colons of their own.
    command.replaceAll(
        word -> word.startsWith("-X") ? word.replace(File.pathSeparator, ":") : word);
    command.set(0, Path.of(System.getProperty("java.home"), "bin", command.get(0)).toString());
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed;
  }
}
