package dev.tenon.processor.layer;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.shape.Shape;
import java.util.List;

/** A layer in its place in a network that is right: what stands before it and behind it. */
public interface PlacedLayer {
  /** What the user wrote. */
  LayerDeclaration declaration();

  /** The layer with its sizes. */
  BoundLayer layer();

  /** Per-sample shapes of what flows in. */
  List<Shape> inputShapes();

  /** The layers that it reads; inputs of the network are left out. */
  List<PlacedLayer> sources();

  /** The layers that read it, one for each time that they do. */
  List<PlacedLayer> readers();

  /** Whether what it gives is an output of the network. */
  boolean isOutput();

  /** Whether the network declares what its output means, so that its loss is known. */
  boolean hasLabels();

  /** Whether one layer reads it and nobody else does: {@link #readers} has that one. */
  default boolean hasOneReader() {
    return readers().size() == 1 && !isOutput();
  }
}
