package dev.tenon.processor.graph;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A network that is right: every layer bound, every edge with a shape.
 *
 * @param declaration where it was declared
 * @param real FLOAT or DOUBLE
 * @param input per-sample shape of what comes in
 * @param nodes the layers, each behind all that it reads
 */
public record Network(
    NetworkDeclaration declaration, ElementType real, Shape input, List<Node> nodes) {

  /** Stands for the network's input in {@link Node#inputs()}. */
  public static final int INPUT = -1;

  public Network {
    nodes = List.copyOf(nodes);
  }

  /** Per-sample shape of what the last layer gives. */
  public Shape output() {
    return nodes.get(nodes.size() - 1).layer().output();
  }

  /** The number of the layer of this name. */
  public int numberOf(String layer) {
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).name().equals(layer)) {
        return i;
      }
    }
    throw new IllegalArgumentException("no layer " + layer);
  }

  /**
   * One layer in its place.
   *
   * @param declaration what the user wrote
   * @param view the runtime view that its method returns
   * @param inputs numbers of the nodes that it reads, {@link #INPUT} for the network's input
   * @param inputShapes their shapes
   * @param layer the layer with all its sizes
   */
  public record Node(
      LayerDeclaration declaration,
      StateView view,
      List<Integer> inputs,
      List<Shape> inputShapes,
      BoundLayer layer) {
    public Node {
      inputs = List.copyOf(inputs);
      inputShapes = List.copyOf(inputShapes);
    }

    public String name() {
      return declaration.name();
    }

    /** As a heading: {@code bn1: @BatchNorm2d(channels = 16), 16x32x32 -> 16x32x32}. */
    public String heading() {
      return name()
          + ": "
          + declaration.text()
          + ", "
          + inputShapes.stream().map(Shape::toString).collect(Collectors.joining(" and "))
          + " -> "
          + layer.output();
    }
  }
}
