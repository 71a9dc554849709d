package dev.tenon.integration.build;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is published: for each artifact a jar, its sources and its Javadoc, with the licence. */
class ArtifactsIT {
  private static final Path ROOT = Path.of("..");

  @ParameterizedTest
  @CsvSource({
    "annotations, dev/tenon/annotations/Network",
    "runtime, dev/tenon/runtime/model/Model",
    "processor, dev/tenon/processor/TenonProcessor"
  })
  void everyArtifactHasSourcesJavadocAndLicence(String module, String type) throws IOException {
    String licence = Files.readString(ROOT.resolve("LICENSE"));
    try (JarFile classes = jar(module, "");
        JarFile sources = jar(module, "-sources");
        JarFile javadoc = jar(module, "-javadoc")) {
      assertThat(text(classes, "META-INF/LICENSE")).isEqualTo(licence);
      assertThat(text(sources, "META-INF/LICENSE")).isEqualTo(licence);
      assertThat(classes.getEntry(type + ".class")).isNotNull();
      assertThat(text(sources, type + ".java"))
          .isEqualTo(
              Files.readString(ROOT.resolve(module).resolve("src/main/java/" + type + ".java")));
      String name = type.substring(type.lastIndexOf('/') + 1);
      // Javadoc of a module has a folder of its name around the packages.
      assertThat(text(javadoc, "dev.tenon." + module + "/" + type + ".html"))
          .contains("<title>" + name);
    }
  }

  private static JarFile jar(String module, String kind) throws IOException {
    String file = "tenon-" + module + "-" + System.getProperty("tenon.version") + kind + ".jar";
    return new JarFile(ROOT.resolve(module).resolve("target").resolve(file).toFile());
  }

  private static String text(JarFile jar, String entry) throws IOException {
    assertThat(jar.getEntry(entry)).as(jar.getName() + " " + entry).isNotNull();
    try (InputStream in = jar.getInputStream(jar.getEntry(entry))) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }
}
