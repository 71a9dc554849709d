package dev.tenon.integration.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What docs/getting-started.md says, done: its files, its pom and its command, letter by letter.
 */
class GettingStartedIT {
  private static final Pattern FILE =
      Pattern.compile(
          "[Ii]n `(src/main/java/[\\w/]+\\.java)`[^`]*```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern POM = Pattern.compile("```xml\\n(<project.*?)```", Pattern.DOTALL);
  private static final Pattern RUN =
      Pattern.compile("```\\n(mvn [^\\n]*exec:java)\\n```.*?```text\\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path project;

  @Test
  void thePageLeadsToAPredictionAndThenToAMistake() throws Exception {
    String page = Files.readString(Path.of("../docs/getting-started.md"));
    Files.writeString(project.resolve("pom.xml"), only(POM, page).group(1));
    List<String> files = writeFiles(page);
    assertThat(files).hasSize(4);

    Matcher run = only(RUN, page);
    Maven maven = Maven.in(project);
    String[] arguments = run.group(1).substring("mvn ".length()).split(" ");
    assertThat(maven.succeeds(arguments).lines())
        .containsExactlyElementsOf(run.group(2).lines().toList());

    // The page goes on: "Give the enum a fourth constant". Only that file changes.
    Path species = project.resolve("src/main/java/Species.java");
    Files.writeString(
        species, Files.readString(species).replace("VIRGINICA", "VIRGINICA,\n  CALIFORNICA"));
    assertThat(maven.fails("-q", "compile"))
        .contains("IrisNet.java:[", "[LabelsShape]", "Species")
        .doesNotContain("cannot find symbol");
  }

  private List<String> writeFiles(String page) throws IOException {
    List<String> files = new ArrayList<>();
    Matcher file = FILE.matcher(page);
    while (file.find()) {
      Path path = project.resolve(file.group(1));
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.group(2));
      files.add(file.group(1));
    }
    return files;
  }

  private static Matcher only(Pattern pattern, String page) {
    Matcher matcher = pattern.matcher(page);
    assertThat(matcher.results()).as(pattern.pattern()).hasSize(1);
    assertThat(matcher.reset().find()).isTrue();
    return matcher;
  }
}
