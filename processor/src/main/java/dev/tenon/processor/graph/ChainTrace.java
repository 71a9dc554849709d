package dev.tenon.processor.graph;

import dev.tenon.processor.declaration.InputDeclaration;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * How a shape came about, as lines under a message:
 *
 * <pre>
 *     input    3x32x32
 *     conv1    @Conv2d(out = 32, kernel = 3)   -> 32x30x30
 *   > bn1      @BatchNorm2d(channels = 16)
 * </pre>
 *
 * <p>Of a layer that joins several values, what leads to all of them, and then each way apart:
 *
 * <pre>
 *     input    3x32x32
 *     relu1    @ReLU                           -> 3x32x32
 *   conv2 is
 *     conv2    @Conv2d(out = 16, kernel = 1)   -> 16x32x32
 *   relu1 is above
 *   > add      @Add from conv2, relu1
 * </pre>
 */
final class ChainTrace {
  /** A layer that is right, and what it gives. */
  record Link(LayerDeclaration layer, Shape output) {}

  /**
   * The layers from an input of the network to what a layer reads; where layers on it join several
   * values, along the first of them.
   *
   * @param input what the input is called
   * @param shape of the input, and what it has it from
   */
  record Path(String input, String shape, List<Link> links) {
    Path {
      links = List.copyOf(links);
    }

    /** What is read: the last layer, or the input itself. */
    String end() {
      if (links.isEmpty()) {
        return input.equals(InputDeclaration.UNNAMED) ? LayerDeclaration.INPUT : input;
      }
      return links.get(links.size() - 1).layer().name();
    }
  }

  private static final String LEFT_OUT = "...";

  /** Layers shown in front of the one that is reported; what lies before them seldom matters. */
  private static final int SHOWN = 6;

  private final List<String> lines = new ArrayList<>();
  private int names;
  private int declarations;

  private ChainTrace(int names) {
    this.names = names;
  }

  /**
   * The lines, columns aligned, without indentation of the whole.
   *
   * @param paths to each value that the layer reads
   * @param reported the layer that has the marker
   */
  static List<String> lines(List<Path> paths, LayerDeclaration reported) {
    ChainTrace trace = new ChainTrace(reported.name().length());
    List<Path> different = paths.stream().distinct().toList();
    if (different.size() == 1) {
      trace.one(different.get(0));
    } else {
      trace.several(different);
    }
    trace.lines.add("> " + pad(reported.name(), trace.names) + "    " + reported.text());
    return trace.lines;
  }

  private void one(Path path) {
    List<Link> shown = shown(path.links());
    names = Math.max(names, path.input().length());
    measure(path.links());
    addInput(path);
    addLinks(path.links(), shown);
  }

  private void several(List<Path> paths) {
    int shared = shared(paths);
    List<Link> together = paths.get(0).links().subList(0, shared);
    boolean oneInput = paths.stream().map(Path::input).distinct().count() == 1;
    paths.forEach(path -> names = Math.max(names, path.input().length()));
    measure(together);
    paths.forEach(path -> measure(path.links().subList(shared, path.links().size())));
    if (oneInput) {
      addInput(paths.get(0));
    }
    addLinks(together, shown(together));
    for (Path path : paths) {
      List<Link> own = path.links().subList(shared, path.links().size());
      boolean above = oneInput && own.isEmpty();
      lines.add(path.end() + (above ? " is above" : " is"));
      if (!oneInput) {
        addInput(path);
      }
      addLinks(own, shown(own));
    }
  }

  /** How many layers all paths begin with. */
  private static int shared(List<Path> paths) {
    int shared = 0;
    while (true) {
      int at = shared;
      boolean same =
          paths.stream()
              .allMatch(
                  path ->
                      path.input().equals(paths.get(0).input())
                          && path.links().size() > at
                          && path.links().get(at).equals(paths.get(0).links().get(at)));
      if (!same) {
        return shared;
      }
      shared++;
    }
  }

  private static List<Link> shown(List<Link> links) {
    int leftOut = links.size() - SHOWN;
    // A line that says "1 layer left out" takes as much room as the layer.
    return links.subList(leftOut > 1 ? leftOut : 0, links.size());
  }

  private void measure(List<Link> all) {
    List<Link> shown = shown(all);
    if (all.size() > shown.size()) {
      names = Math.max(names, LEFT_OUT.length());
    }
    for (Link link : shown) {
      names = Math.max(names, link.layer().name().length());
      declarations = Math.max(declarations, link.layer().text().length());
    }
  }

  private void addInput(Path path) {
    lines.add("  " + pad(path.input(), names) + "    " + path.shape());
  }

  private void addLinks(List<Link> all, List<Link> shown) {
    if (all.size() > shown.size()) {
      int leftOut = all.size() - shown.size();
      lines.add("  " + pad(LEFT_OUT, names) + "    " + leftOut + " layers left out");
    }
    for (Link link : shown) {
      String declaration = pad(link.layer().text(), declarations);
      lines.add(
          "  " + pad(link.layer().name(), names) + "    " + declaration + "   -> " + link.output());
    }
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
