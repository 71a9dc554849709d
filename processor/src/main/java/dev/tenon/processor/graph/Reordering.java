package dev.tenon.processor.graph;

import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.layer.BoundLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Swaps layers where that gives the same numbers for less work: {@code maxpool(relu(x))} is {@code
 * relu(maxpool(x))}, and so are the gradients, since where the order matters, among values that the
 * activation makes equal, its derivative is 0. The activation then runs on one value a window, and
 * backward needs what the pool gives rather than all that went into it.
 */
public final class Reordering {
  private Reordering() {}

  /** The network with each activation behind the max pool that alone reads it. */
  public static Network of(Network network) {
    List<Node> nodes = new ArrayList<>(network.nodes());
    for (int pool = 0; pool < nodes.size(); pool++) {
      if (nodes.get(pool).layer().takesMaxima()) {
        swap(network, nodes, pool);
      }
    }
    return new Network(
        network.declaration(), network.real(), network.inputs(), network.outputs(), nodes);
  }

  private static void swap(Network network, List<Node> nodes, int place) {
    Node pool = nodes.get(place);
    int source = pool.inputs().get(0);
    if (source < 0 || !isReadOnce(network, source)) {
      return;
    }
    Node activation = nodes.get(source);
    Optional<BoundLayer> behind = activation.layer().onMaxima(pool.layer().output());
    if (behind.isEmpty()) {
      return;
    }
    // An activation gives the shape that it reads, so the pool stays as it is.
    nodes.set(
        source,
        new Node(
            pool.declaration(),
            pool.view(),
            activation.inputs(),
            activation.inputShapes(),
            pool.layer()));
    nodes.set(
        place,
        new Node(
            activation.declaration(),
            activation.view(),
            List.of(source),
            List.of(pool.layer().output()),
            behind.get()));
  }

  private static boolean isReadOnce(Network network, int node) {
    long readers =
        network.nodes().stream()
            .flatMap(reader -> reader.inputs().stream())
            .filter(input -> input == node)
            .count();
    return readers == 1 && network.outputs().stream().noneMatch(output -> output.node() == node);
  }
}
