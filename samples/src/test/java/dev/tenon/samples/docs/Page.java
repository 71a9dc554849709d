package dev.tenon.samples.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A Markdown page and its code, in fences or, where a reader need not see it, in a comment whose
 * first line has the same mark:
 *
 * <table>
 * <caption>Marks</caption>
 * <tr><th>mark</th><th>what it holds</th></tr>
 * <tr><td>{@code java}</td><td>types without a package, each a file of its own, compiled together
 * with the others of the page; imports are left out, or all there</td></tr>
 * <tr><td>{@code java run}</td><td>statements; all of the page make one method, in order, and
 * run</td></tr>
 * <tr><td>{@code java wrong}</td><td>a type that does not compile; options of javac's may stand
 * behind</td></tr>
 * <tr><td>{@code java plan}</td><td>a network whose plan is shown; with the option that adds the
 * vector module, its plan on vectors</td></tr>
 * <tr><td>{@code java generated Class.method}</td><td>a method as the processor wrote it for a type
 * of the page</td></tr>
 * <tr><td>{@code text}</td><td>behind {@code java run}, {@code java wrong} or {@code java plan}:
 * exactly what that prints, what javac prints, what the planner says</td></tr>
 * <tr><td>{@code xml}</td><td>part of a pom</td></tr>
 * <tr><td>none</td><td>a command</td></tr>
 * </table>
 */
final class Page {
  /**
   * A piece of code.
   *
   * @param mark what stands behind the fence
   * @param firstLine line number of its first line, from 1
   * @param lines its lines
   */
  record Block(String mark, int firstLine, List<String> lines) {
    String text() {
      return String.join("\n", lines);
    }

    /** What stands behind the two words of the mark, for javac. */
    String[] options() {
      String[] words = mark.split(" ", -1);
      return Arrays.copyOfRange(words, Math.min(2, words.length), words.length);
    }
  }

  private final Path file;
  private final List<Block> blocks = new ArrayList<>();
  private final List<String> lines;

  Page(Path file) {
    this.file = file;
    try {
      lines = new ArrayList<>(Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int at = 0;
    while (at < lines.size()) {
      String line = lines.get(at);
      boolean hidden = line.startsWith("<!-- java");
      if (hidden || line.startsWith("```")) {
        String end = hidden ? "-->" : "```";
        int from = at + 1;
        at = from;
        while (!lines.get(at).equals(end)) {
          at++;
        }
        String mark = line.substring(hidden ? "<!-- ".length() : "```".length()).strip();
        blocks.add(new Block(mark, from + 1, List.copyOf(lines.subList(from, at))));
      }
      at++;
    }
  }

  Path file() {
    return file;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  List<Block> blocks() {
    return List.copyOf(blocks);
  }

  List<Block> blocks(String mark) {
    return blocks.stream().filter(block -> block.mark().equals(mark)).toList();
  }

  /** Blocks whose mark starts so and goes on. */
  List<Block> blocksStarting(String mark) {
    return blocks.stream().filter(block -> block.mark().startsWith(mark)).toList();
  }

  /** The text block that says what a block prints; null if the next block is another one. */
  Block outputOf(Block block) {
    int next = blocks.indexOf(block) + 1;
    return next < blocks.size() && blocks.get(next).mark().equals("text") ? blocks.get(next) : null;
  }

  /** Rewrites the page with other lines in place of a block's. Lines behind it move. */
  Page with(Block block, List<String> replacement) {
    List<String> changed = new ArrayList<>(lines.subList(0, block.firstLine() - 1));
    changed.addAll(replacement);
    changed.addAll(lines.subList(block.firstLine() - 1 + block.lines().size(), lines.size()));
    try {
      Files.write(file, changed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Page(file);
  }

  /** {@code docs/guide.md}, for the names of tests. */
  @Override
  public String toString() {
    return file.normalize().toString().replace('\\', '/').replace("../", "");
  }
}
