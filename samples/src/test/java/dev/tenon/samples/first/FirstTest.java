package dev.tenon.samples.first;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class FirstTest {
  @Test
  void learnsWhenTheLightIsOn() {
    PrintStream console = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream capture = new PrintStream(bytes, true, UTF_8)) {
      System.setOut(capture);
      First.main(new String[0]);
    } finally {
      System.setOut(console);
    }
    assertThat(bytes.toString(UTF_8).lines())
        .containsExactly(
            "Switches[left=false, right=false]: OFF",
            "Switches[left=false, right=true]: ON",
            "Switches[left=true, right=false]: ON",
            "Switches[left=true, right=true]: OFF");
  }
}
