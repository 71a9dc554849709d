package dev.tenon.processor.graph;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.PlacedLayer;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows every layer of a right network what stands around it, for warnings and notes: what is right
 * in itself but known to be a mistake together.
 */
public final class Neighbours {
  private final Network network;
  private final List<List<Integer>> readers = new ArrayList<>();

  private Neighbours(Network network) {
    this.network = network;
    network.nodes().forEach(node -> readers.add(new ArrayList<>()));
    for (int i = 0; i < network.nodes().size(); i++) {
      for (int source : network.nodes().get(i).inputs()) {
        if (source >= 0) {
          readers.get(source).add(i);
        }
      }
    }
  }

  /**
   * Lets every layer look around.
   *
   * @param network right in every way
   * @param layers its configured layers
   * @param report takes warnings and notes
   */
  public static void check(Network network, List<ConfiguredLayer> layers, Report report) {
    Neighbours neighbours = new Neighbours(network);
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).config().orElseThrow().checkPlace(neighbours.new At(i), report);
    }
  }

  private List<PlacedLayer> at(List<Integer> numbers) {
    return numbers.stream()
        .filter(number -> number >= 0)
        .map(number -> (PlacedLayer) new At(number))
        .toList();
  }

  /** The layer of a number. */
  private final class At implements PlacedLayer {
    private final int number;

    At(int number) {
      this.number = number;
    }

    private Node node() {
      return network.nodes().get(number);
    }

    @Override
    public LayerDeclaration declaration() {
      return node().declaration();
    }

    @Override
    public BoundLayer layer() {
      return node().layer();
    }

    @Override
    public List<Shape> inputShapes() {
      return node().inputShapes();
    }

    @Override
    public List<PlacedLayer> sources() {
      return at(node().inputs());
    }

    @Override
    public List<PlacedLayer> readers() {
      return at(readers.get(number));
    }

    @Override
    public boolean isOutput() {
      return network.outputs().stream().anyMatch(output -> output.node() == number);
    }

    @Override
    public boolean hasLabels() {
      return network.declaration().ends().labels().isPresent();
    }
  }
}
