package dev.tenon.processor.layers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.reference.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A layer is done when it has everything that a layer has; what is missing fails here. */
final class LayerCatalogTest {
  private static final Path MAIN = Path.of("src/main/java");
  private static final Path TESTS = Path.of("src/test/java/dev/tenon/processor/layers");
  private static final Path DOCS = Path.of("../docs/layers");
  private static final Path ANNOTATIONS =
      Path.of("../annotations/src/main/java/dev/tenon/annotations");

  /** An attribute in the source of an annotation: its name, and its default as written. */
  private static final Pattern ATTRIBUTE =
      Pattern.compile("(?m)^  [\\w\\[\\]<>?]+ (\\w+)\\(\\)(?: default ([^;]*))?;");

  static List<LayerType> layers() {
    return LayerTypes.all();
  }

  @Test
  void theListIsAlphabeticalAndWithoutDoubles() {
    assertThat(layers()).extracting(LayerType::annotation).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void noTwoLayersShareAProblem() {
    assertThat(layers()).flatExtracting(LayerType::problems).doesNotHaveDuplicates();
  }

  @Test
  void everyAnnotationOfALayerIsInTheList() {
    List<String> annotated;
    try (Stream<Path> files = Files.list(ANNOTATIONS)) {
      annotated =
          files
              .filter(file -> read(file).contains("ElementType.METHOD, ElementType.TYPE"))
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(layers()).extracting(LayerType::annotation).containsExactlyElementsOf(annotated);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void problemsAreNamedByTheirLayer(LayerType layer) {
    assertThat(layer.problems())
        .extracting(Problem::id)
        .allSatisfy(id -> assertThat(id).startsWith(layer.annotation()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void theFolderSaysWhatTheLayerComputes(LayerType layer) {
    String folder = layer.getClass().getPackageName().replace('.', '/');
    assertThat(read(MAIN.resolve(folder).resolve("package-info.java")))
        .contains("@" + layer.annotation(), "Forward", "Backward")
        .containsIgnoringCase("saved");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void everyProblemHasAnExampleAmongTheErrorTests(LayerType layer) {
    String tests = readAll(TESTS, "ErrorsTest.java");
    for (Problem problem : layer.problems()) {
      assertThat(tests).containsPattern("// expect\\S* \\[" + problem.id() + "\\] ");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void pyTorchHasSaidWhatTheLayerGives(LayerType layer) {
    // Layers that read indices are in networks with several inputs.
    Stream<Path> files = Stream.concat(Fixtures.files().stream(), Stream.of(Fixtures.SEVERAL_ENDS));
    assertThat(files.map(LayerCatalogTest::read))
        .anyMatch(fixtures -> fixtures.contains("@" + layer.annotation()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void finiteDifferencesCoverTheLayer(LayerType layer) {
    assertThat(read(TESTS.resolve("GradientCheckTest.java"))).contains("@" + layer.annotation());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void thePageDocumentsTheLayerAndEveryProblem(LayerType layer) {
    String page = page(layer);
    assertThat(page)
        .startsWith("# @" + layer.annotation() + "\n")
        .contains("## Formula", "## Attributes", "## State", "## PyTorch", "## Errors");
    for (Problem problem : layer.problems()) {
      assertThat(page).contains("\n### " + problem.id() + "\n");
    }
    List<String> documented =
        page.lines()
            .filter(line -> line.startsWith("### "))
            .map(line -> line.substring(4))
            .toList();
    assertThat(layer.problems()).extracting(Problem::id).containsAll(documented);
  }

  /** Attributes and their page, in one order; a default that is a number or a flag is the same. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void thePageListsTheAttributesOfTheAnnotation(LayerType layer) {
    List<String> declared = new ArrayList<>();
    List<String> documented = new ArrayList<>();
    Map<String, String> defaults = new HashMap<>();
    Matcher row =
        Pattern.compile("(?m)^\\| `(\\w+)` \\| ?(.*?) ?\\|")
            .matcher(section(page(layer), "Attributes"));
    while (row.find()) {
      documented.add(row.group(1));
      defaults.put(row.group(1), row.group(2).replace("`", ""));
    }
    Matcher attribute = ATTRIBUTE.matcher(source(layer));
    while (attribute.find()) {
      String name = attribute.group(1);
      declared.add(name);
      String shown = defaults.getOrDefault(name, "");
      if (shown.matches("-?[0-9.e-]+|true|false")) {
        assertThat(shown).as("default of %s", name).isEqualTo(attribute.group(2));
      }
    }
    assertThat(documented).containsExactlyElementsOf(declared);
  }

  /** A problem that has an attribute's name: the Javadoc links the attribute among the errors. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void theAnnotationNamesTheAttributesThatCanBeWrong(LayerType layer) {
    String source = source(layer);
    int from = source.indexOf("<b>Compile-time errors:</b>");
    assertThat(from).as("@%s lists its errors", layer.annotation()).isNotNegative();
    String errors = source.substring(from, source.indexOf("*/", from));
    Matcher attribute = ATTRIBUTE.matcher(source);
    while (attribute.find()) {
      String name = attribute.group(1);
      String id =
          layer.annotation() + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
      if (layer.problems().stream().anyMatch(problem -> problem.id().equals(id))) {
        assertThat(errors).as(id).contains("#" + name + "}");
      }
    }
  }

  private static String page(LayerType layer) {
    return read(DOCS.resolve(layer.annotation().toLowerCase(Locale.ROOT) + ".md"));
  }

  private static String source(LayerType layer) {
    return read(ANNOTATIONS.resolve(layer.annotation() + ".java"));
  }

  private static String section(String page, String heading) {
    String start = "\n## " + heading + "\n";
    int from = page.indexOf(start) + start.length();
    return page.substring(from, page.indexOf("\n## ", from));
  }

  private static String readAll(Path folder, String suffix) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(suffix))
          .sorted(Comparator.comparing(Path::toString))
          .map(LayerCatalogTest::read)
          .collect(Collectors.joining());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
