package dev.tenon.integration.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.model.SingleModel;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project that is compiled, changed in one file, and compiled again without a clean. */
class IncrementalBuildIT {
  private static final String NET =
      """
      package app;
      import dev.tenon.annotations.*;
      import dev.tenon.runtime.layer.*;
      @Network(input = 4)
      public interface Net {
        @Linear(out = 8) Weighted first();
        @Use(value = Hidden.class, sizes = 6) Hidden hidden();
        @Linear(out = 3) Weighted head();
      }
      """;

  private static final String HIDDEN =
      """
      package app;
      import dev.tenon.annotations.*;
      import dev.tenon.runtime.layer.*;
      @Block
      public interface Hidden {
        int OUT = Block.FIRST;
        @Linear(out = OUT) Weighted fc();
        @ReLU Layer relu();
      }
      """;

  private static final String MAIN =
      """
      package app;
      public class Main {
        public static void main(String[] args) {
          System.out.println(NetModel.create(1).parameters().size());
        }
      }
      """;

  @TempDir private Path project;
  private Maven maven;

  @BeforeEach
  void compileFirst() throws Exception {
    String page = Files.readString(Path.of("../docs/getting-started.md"));
    int from = page.indexOf("<project");
    Files.writeString(project.resolve("pom.xml"), page.substring(from, page.indexOf("```", from)));
    write("Net", NET);
    write("Hidden", HIDDEN);
    write("Main", MAIN);
    write("Gone", NET.replace("interface Net", "interface Gone"));
    maven = Maven.in(project);
    maven.succeeds("-q", "compile");
    assertThat(project.resolve("target/generated-sources/annotations/app/GoneModel.java")).exists();
    assertThat(shapes())
        .containsEntry("first.weight", "[8, 4]")
        .containsEntry("hidden.fc.weight", "[6, 8]")
        .containsEntry("head.weight", "[3, 6]");
  }

  @Test
  void whatIsGeneratedFollowsTheSources() throws Exception {
    write("Net", NET.replace("sizes = 6", "sizes = 5"));
    maven.succeeds("-q", "compile");
    assertThat(shapes())
        .containsEntry("hidden.fc.weight", "[5, 8]")
        .containsEntry("head.weight", "[3, 5]");

    // The network's own file stays as it is; what it places has changed.
    write("Hidden", HIDDEN.replace("@Linear(out = OUT)", "@Linear(out = OUT, bias = false)"));
    maven.succeeds("-q", "compile");
    assertThat(shapes())
        .containsEntry("hidden.fc.weight", "[5, 8]")
        .doesNotContainKey("hidden.fc.bias");

    write(
        "Hidden",
        HIDDEN.replace("@ReLU Layer relu();", "@BatchNorm1d(features = 7) BatchNorm bn();"));
    assertThat(maven.fails("-q", "compile")).contains("[BatchNorm1dFeatures]");

    // Of a network that is no more, nothing stays.
    Files.delete(project.resolve("src/main/java/app/Gone.java"));
    write("Hidden", HIDDEN);
    write("Net", NET);
    maven.succeeds("-q", "compile");
    assertThat(project.resolve("target/generated-sources/annotations/app/GoneModel.java"))
        .doesNotExist();
    assertThat(project.resolve("target/classes/app/GoneModel.class")).doesNotExist();
    assertThat(shapes())
        .containsEntry("hidden.fc.bias", "[6]")
        .containsEntry("head.weight", "[3, 6]");
  }

  private void write(String type, String source) throws Exception {
    Path folder = Files.createDirectories(project.resolve("src/main/java/app"));
    Files.writeString(folder.resolve(type + ".java"), source);
  }

  /** Shapes of the state by name, as the compiled model has them. */
  private Map<String, String> shapes() throws Exception {
    URL[] classes = {project.resolve("target/classes").toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes, SingleModel.class.getClassLoader())) {
      SingleModel model =
          (SingleModel)
              loader.loadClass("app.NetModel").getMethod("create", long.class).invoke(null, 1L);
      Map<String, String> shapes = new TreeMap<>();
      model
          .state()
          .tensors()
          .forEach((name, tensor) -> shapes.put(name, Arrays.toString(tensor.shape())));
      return shapes;
    }
  }
}
