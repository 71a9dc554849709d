package dev.tenon.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.graph.LayerConfiguration;
import dev.tenon.processor.graph.ShapeInference;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layers.LayerTypes;
import dev.tenon.processor.read.ReadProblems;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every problem that is not a layer's own: well named, and with a test that shows it. */
class ProblemCatalogueTest {
  private static final Path DOCS = Path.of("../docs");
  private static final String SOURCES = "processor/src/main/java/";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tenon.processor");

  private static final List<Problem> PROBLEMS =
      Stream.of(
              ReadProblems.ALL,
              LayerConfiguration.PROBLEMS,
              ShapeInference.PROBLEMS,
              TenonProcessor.PROBLEMS)
          .flatMap(List::stream)
          .toList();

  @Test
  void idsAreUpperCamelAndStandForOneProblem() {
    List<String> ids = PROBLEMS.stream().map(Problem::id).toList();
    assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("([A-Z][a-z]+)+"));
    assertThat(LayerTypes.all())
        .flatExtracting(type -> type.problems())
        .extracting(Problem::id)
        .doesNotContainAnyElementsOf(ids);
  }

  @Test
  void everyProblemIsExpectedBySomeTest() throws IOException {
    String tests;
    try (Stream<Path> files = Files.walk(Path.of("src/test/java/dev/tenon/processor"))) {
      tests =
          files
              .filter(file -> file.toString().endsWith("Test.java"))
              .map(ProblemCatalogueTest::read)
              .collect(Collectors.joining());
    }
    assertThat(PROBLEMS)
        .allSatisfy(problem -> assertThat(tests).contains(" [" + problem.id() + "]"));
  }

  /**
   * {@code docs/messages.md} lists every message with a link to where it is explained and to the
   * code that raises it, and nothing else is explained. With {@code -Ddocs.update=true} the list is
   * written anew.
   */
  @Test
  void thePageOfAllMessagesListsThemAll() throws IOException {
    Map<String, Problem> all = new TreeMap<>();
    Stream.concat(
            PROBLEMS.stream(), LayerTypes.all().stream().flatMap(type -> type.problems().stream()))
        .forEach(problem -> all.put(problem.id(), problem));
    Map<String, String> explained = explained();
    assertThat(explained.keySet()).containsExactlyInAnyOrderElementsOf(all.keySet());

    StringBuilder table = new StringBuilder("| message | kind | raised in |\n|---|---|---|\n");
    all.forEach(
        (id, problem) ->
            table
                .append("| [`" + id + "`](" + explained.get(id) + "#")
                .append(id.toLowerCase(Locale.ROOT) + ") | ")
                .append(problem.severity().name().toLowerCase(Locale.ROOT) + " | ")
                .append(raisedIn(problem) + " |\n"));
    Path page = DOCS.resolve("messages.md");
    String text = Files.readString(page);
    String wanted = text.substring(0, text.indexOf("| message")) + table;
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(page, wanted);
    } else {
      assertThat(text).isEqualTo(wanted);
    }
  }

  /** Links to the folder of the layer whose problem it is, or to the classes that report it. */
  private static String raisedIn(Problem problem) {
    for (LayerType layer : LayerTypes.all()) {
      if (layer.problems().contains(problem)) {
        String folder = layer.getClass().getPackageName();
        return link(folder.substring(folder.lastIndexOf('.') + 1), folder, "");
      }
    }
    List<JavaField> constants =
        CLASSES.stream()
            .flatMap(type -> type.getFields().stream())
            .filter(field -> isOf(problem, field))
            .toList();
    assertThat(constants).as("constants that hold %s", problem.id()).hasSize(1);
    Set<String> classes =
        constants.get(0).getAccessesToSelf().stream()
            // Where the lists of problems are made, nothing is reported.
            .filter(access -> !access.getOrigin().getName().equals("<clinit>"))
            .map(access -> access.getOriginOwner().getName())
            .collect(Collectors.toCollection(TreeSet::new));
    if (classes.isEmpty()) {
      // A constant of the class hands it on: an option its own problem.
      classes.add(constants.get(0).getOwner().getName());
    }
    return classes.stream()
        .map(name -> name.replaceAll("\\$.*", ""))
        .distinct()
        .map(name -> link(name.substring(name.lastIndexOf('.') + 1), name, ".java"))
        .collect(Collectors.joining(", "));
  }

  private static String link(String text, String name, String suffix) {
    return "[`" + text + "`](../" + SOURCES + name.replace('.', '/') + suffix + ")";
  }

  /** Whether a constant holds this problem. */
  private static boolean isOf(Problem problem, JavaField field) {
    if (!field.getModifiers().contains(JavaModifier.STATIC)
        || !field.getRawType().isEquivalentTo(Problem.class)) {
      return false;
    }
    try {
      Field constant = field.reflect();
      constant.setAccessible(true);
      return problem.equals(constant.get(null));
    } catch (IllegalAccessException e) {
      throw new LinkageError(field.getFullName(), e);
    }
  }

  /** The page of each id that is the whole of a heading, from the folder of the pages. */
  private static Map<String, String> explained() throws IOException {
    Map<String, String> pages = new TreeMap<>();
    try (Stream<Path> files = Files.walk(DOCS)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".md")).sorted().toList()) {
        String name = DOCS.relativize(file).toString().replace('\\', '/');
        boolean layer = name.startsWith("layers/");
        Matcher heading =
            Pattern.compile((layer ? "(?m)^###" : "(?m)^##") + " ((?:[A-Z][\\w]+)+)$")
                .matcher(Files.readString(file));
        while ((layer || name.equals("errors.md")) && heading.find()) {
          pages.put(heading.group(1), name);
        }
      }
    }
    return pages;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
