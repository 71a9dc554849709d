package dev.tenon.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.graph.LayerConfiguration;
import dev.tenon.processor.graph.ShapeInference;
import dev.tenon.processor.layers.LayerTypes;
import dev.tenon.processor.read.ReadProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every problem that is not a layer's own: well named, and with a test that shows it. */
class ProblemCatalogueTest {
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

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
