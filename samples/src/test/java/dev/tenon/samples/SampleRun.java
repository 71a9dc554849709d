package dev.tenon.samples;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;

/**
 * A sample's run as from the command line.
 *
 * @param exitCode 0 when all went well
 * @param out what it printed
 * @param err what it complained of
 */
public record SampleRun(int exitCode, String out, String err) {
  /** Runs a sample. */
  public static SampleRun of(Object command, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        new CommandLine(command)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    return new SampleRun(exitCode, out.toString(), err.toString());
  }

  /** Printed lines without the blanks around them. */
  public List<String> lines() {
    return out.lines().map(String::strip).toList();
  }

  /** The printed line that starts so, without its start and blanks; fails if there is none. */
  public String after(String start) {
    return lines().stream()
        .filter(line -> line.startsWith(start))
        .findFirst()
        .map(line -> line.substring(start.length()).strip())
        .orElseThrow(() -> new AssertionError("No line starts with " + start + ":\n" + out));
  }
}
