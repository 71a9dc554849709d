package dev.tenon.samples.console;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** Finds the Java source of generated classes, as Maven lays it beside {@code target/classes}. */
public final class GeneratedSources {
  private GeneratedSources() {}

  /**
   * Where the source of a generated class lies.
   *
   * @param generated a class that the processor wrote
   * @return its path, from the working directory if it lies below that; or a sentence that says why
   *     there is none, when the class was not started from Maven's {@code target/classes}
   */
  public static String of(Class<?> generated) {
    String file = generated.getName().replace('.', '/') + ".java";
    CodeSource origin = generated.getProtectionDomain().getCodeSource();
    if (origin != null && origin.getLocation() != null) {
      try {
        Path classes = Path.of(origin.getLocation().toURI());
        Path source = classes.resolveSibling("generated-sources/annotations").resolve(file);
        if (Files.exists(source)) {
          Path here = Path.of("").toAbsolutePath();
          return (source.startsWith(here) ? here.relativize(source) : source).toString();
        }
      } catch (URISyntaxException e) {
        throw new IllegalStateException(origin.getLocation() + " is no place of classes", e);
      }
    }
    return file + ", not beside these classes";
  }
}
