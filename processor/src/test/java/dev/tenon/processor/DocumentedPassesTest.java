package dev.tenon.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.plan.BackEnds;
import dev.tenon.processor.plan.backend.BackEnd;
import dev.tenon.processor.plan.backend.Pass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/architecture.md} says what each pass does. */
class DocumentedPassesTest {
  private static final Path PAGE = Path.of("../docs/architecture.md");

  @Test
  void everyPassForPlainJavaIsOnThePage() throws IOException {
    String page = Files.readString(PAGE);
    for (Pass pass : passes(BackEnds.PLAIN)) {
      assertThat(page).contains("`" + pass.name() + "`");
    }
  }

  @Test
  void thePassesForVectorsAreOnThePageInTheirOrder() throws IOException {
    String page = Files.readString(PAGE);
    String vectors =
        page.substring(page.indexOf("\n### On vectors\n"), page.indexOf("\nEvery decision prints"));
    assertThat(vectors)
        .containsSubsequence(
            passes(BackEnds.vectors(true)).stream()
                .map(pass -> "**`" + pass.name() + "`**")
                .toList());
  }

  private static List<Pass> passes(BackEnd backEnd) {
    return backEnd.start(nest -> true).passes();
  }
}
