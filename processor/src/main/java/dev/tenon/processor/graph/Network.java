package dev.tenon.processor.graph;

import dev.tenon.processor.declaration.Labels;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.RecordType;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A network that is right: every layer bound, every edge with a shape.
 *
 * @param declaration where it was declared
 * @param real FLOAT or DOUBLE
 * @param inputs what comes in
 * @param outputs what goes out
 * @param nodes the layers, each behind all that it reads
 */
public record Network(
    NetworkDeclaration declaration,
    ElementType real,
    List<Input> inputs,
    List<Output> outputs,
    List<Node> nodes) {

  /** Stands for the network's first input in {@link Node#inputs()}. */
  public static final int INPUT = -1;

  /** Layers at the end that have a range of their own. */
  private static final Set<String> ACTIVATIONS =
      Set.of(
          "Elementwise",
          "GELU",
          "HardSigmoid",
          "HardSwish",
          "HardTanh",
          "LeakyReLU",
          "LogSoftmax",
          "ReLU",
          "ReLU6",
          "SiLU",
          "Sigmoid",
          "Softmax",
          "Tanh");

  public Network {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    nodes = List.copyOf(nodes);
  }

  /**
   * What comes in.
   *
   * @param name of the method that declares it; {@code input} where {@code @Network} does
   * @param shape of one sample
   * @param limit all indices are less than this; 0 for real numbers
   */
  public record Input(String name, Shape shape, int limit) {
    public boolean isIndices() {
      return limit > 0;
    }
  }

  /**
   * What goes out.
   *
   * @param name of the method that declares it
   * @param node number of the layer that gives it
   */
  public record Output(String name, int node) {}

  /** What stands for an input in {@link Node#inputs()}: -1 for the first, -2 for the second. */
  public static int numberOfInput(int index) {
    return INPUT - index;
  }

  /** Which input a number stands for; negative for a layer. */
  public static int inputOf(int number) {
    return INPUT - number;
  }

  /** Whether its inputs are declared by methods, whose names they have. */
  public boolean namesInputs() {
    return !declaration.inputs().isEmpty();
  }

  /** Whether it has one input, of real numbers, and one output. */
  public boolean isSingle() {
    return inputs.size() == 1 && !inputs.get(0).isIndices() && outputs.size() == 1;
  }

  /** Per-sample shape of the first input. */
  public Shape input() {
    return inputs.get(0).shape();
  }

  /** Per-sample shape of the first output. */
  public Shape output() {
    return shapeOf(outputs.get(0));
  }

  /** Per-sample shape of an output. */
  public Shape shapeOf(Output output) {
    return nodes.get(output.node()).layer().output();
  }

  /**
   * Whether labels are learnt in standard deviations from their mean: numbers, unless an activation
   * stands at the end, whose range is meant for the labels as they are.
   */
  public boolean normalizesLabels() {
    return declaration.ends().normalizes()
        && declaration
            .ends()
            .labels()
            .filter(labels -> labels.kind() == Labels.Kind.NUMBERS)
            .isPresent()
        && output().rank() == 1
        && !ACTIVATIONS.contains(nodes.get(outputs.get(0).node()).declaration().annotation());
  }

  /** State that belongs to no layer: what numbers of the input and of labels are normalised by. */
  public List<StateSpec> ownState() {
    if (!declaration.ends().normalizes()) {
      return List.of();
    }
    int values =
        inputs.stream()
            .filter(input -> !input.isIndices())
            .mapToInt(input -> input.shape().channels())
            .sum();
    List<StateSpec> state = new ArrayList<>();
    state.add(StateSpec.dataStat("features.mean", 0, values));
    if (declaration.ends().features().filter(RecordType::hasLongs).isPresent()) {
      // The mean of large longs is no double, and their deviations may be as small as 1.
      state.add(StateSpec.dataStat("features.mean_remainder", 0, values));
    }
    state.add(StateSpec.dataStat("features.std", 1, values));
    state.add(StateSpec.counter("features.num_samples"));
    if (normalizesLabels()) {
      int outputs = output().channels();
      state.add(StateSpec.dataStat("labels.mean", 0, outputs));
      state.add(StateSpec.dataStat("labels.std", 1, outputs));
      state.add(StateSpec.counter("labels.num_samples"));
    }
    return List.copyOf(state);
  }

  /** The name of a layer that a node reads although it was declared before it: see Reordering. */
  public Optional<String> movedBehind(Node node) {
    List<LayerDeclaration> declared = declaration.layers();
    return node.inputs().stream()
        .filter(input -> input >= 0)
        .map(nodes::get)
        .filter(read -> declared.indexOf(read.declaration()) > declared.indexOf(node.declaration()))
        .map(Node::name)
        .findFirst();
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
   * @param inputs numbers of the nodes that it reads, {@link #numberOfInput} for the network's
   *     inputs
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

    /** Name of its annotation: {@code BatchNorm2d}. */
    public String annotation() {
      return declaration.annotation();
    }

    /** As a heading: {@code bn1: @BatchNorm2d(channels = 16), 16x32x32 -> 16x32x32}. */
    public String heading() {
      return name() + ": " + declarationAndShapes();
    }

    /** {@code @BatchNorm2d(channels = 16), 16x32x32 -> 16x32x32}. */
    public String declarationAndShapes() {
      return declaration.text()
          + ", "
          + inputShapes.stream().map(Shape::toString).collect(Collectors.joining(" and "))
          + " -> "
          + layer.output();
    }
  }
}
