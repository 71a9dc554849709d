package dev.tenon.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the javac that runs these tests finds the processor by itself. */
class DiscoveryTest {
  /** From this release on, javac runs no processor that it was not told of. */
  private static final int ONLY_ON_REQUEST = 23;

  /** The first release that can be requested to. */
  private static final int FULL = 21;

  private static final int RELEASE = Runtime.version().feature();
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir private Path folder;

  @BeforeEach
  void writeSource() throws IOException {
    Files.writeString(
        folder.resolve("Net.java"),
        """
        import dev.tenon.annotations.*;
        import dev.tenon.runtime.layer.*;
        @Network(input = 4)
        interface Net {
          @Linear(out = 3) Weighted head();
          NetModel MODEL = NetModel.create(1);
        }
        """);
  }

  @Test
  void onTheProcessorPathAlways() {
    assertThat(javac("-processorpath", CLASS_PATH)).doesNotContain("error");
    assertThat(folder.resolve("NetModel.class")).exists();
  }

  @Test
  void onTheClassPathWhereJavacStillLooksThere() {
    if (RELEASE < ONLY_ON_REQUEST) {
      assertThat(javac()).doesNotContain("error");
      assertThat(folder.resolve("NetModel.class")).exists();
    } else {
      assertThat(javac()).contains("error: cannot find symbol", "class NetModel");
    }
  }

  @Test
  void onTheClassPathOnRequest() {
    String printed = javac("-proc:full");
    // Late updates of older releases know it as well.
    if (RELEASE >= FULL || !printed.contains("invalid flag")) {
      assertThat(printed).doesNotContain("error");
      assertThat(folder.resolve("NetModel.class")).exists();
    }
  }

  @Test
  void nowhereIfProcessorsAreOff() {
    assertThat(javac("-proc:none", "-processorpath", CLASS_PATH))
        .contains("error: cannot find symbol", "class NetModel");
  }

  /** What javac prints, in English. */
  private String javac(String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(
        List.of("-cp", CLASS_PATH, "-d", folder.toString(), folder.resolve("Net.java").toString()));
    StringWriter printed = new StringWriter();
    ToolProvider.findFirst("javac")
        .orElseThrow()
        .run(
            new PrintWriter(printed, true),
            new PrintWriter(printed, true),
            arguments.toArray(String[]::new));
    return printed.toString();
  }
}
