package dev.tenon.processor.graph;

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
 */
final class ChainTrace {
  /** A layer that is right, and what it gives. */
  record Link(LayerDeclaration layer, Shape output) {}

  private static final String INPUT = "input";
  private static final String LEFT_OUT = "...";

  /** Layers shown in front of the one that is reported; what lies before them seldom matters. */
  private static final int SHOWN = 6;

  private ChainTrace() {}

  /**
   * The lines, columns aligned, without indentation of the whole.
   *
   * @param input the network's input
   * @param before the layers in front of the reported one
   * @param reported the layer that has the marker
   */
  static List<String> lines(Shape input, List<Link> before, LayerDeclaration reported) {
    int leftOut = before.size() - SHOWN;
    // A line that says "1 layer left out" takes as much room as the layer.
    int from = leftOut > 1 ? leftOut : 0;
    List<Link> shown = before.subList(from, before.size());

    int names = Math.max(INPUT.length(), reported.name().length());
    int declarations = 0;
    for (Link link : shown) {
      names = Math.max(names, link.layer().name().length());
      declarations = Math.max(declarations, link.layer().attributes().toString().length());
    }

    List<String> lines = new ArrayList<>();
    lines.add("  " + pad(INPUT, names) + "    " + input);
    if (from > 0) {
      lines.add("  " + pad(LEFT_OUT, names) + "    " + from + " layers left out");
    }
    for (Link link : shown) {
      String declaration = pad(link.layer().attributes().toString(), declarations);
      lines.add(
          "  " + pad(link.layer().name(), names) + "    " + declaration + "   -> " + link.output());
    }
    lines.add("> " + pad(reported.name(), names) + "    " + reported.attributes());
    return lines;
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
