package dev.tenon.processor.graph;

import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.layer.Chains;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateSpec.Kind;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The step from graph to IR: makes the tensors between the layers, lets every layer write its
 * nests, and puts them in order. The forward and evaluation steps run in the order of the layers,
 * the backward steps in reverse.
 *
 * <p>Names: the network's own {@code input}, {@code inputGradient} and {@code predictInput}, of an
 * input with a name {@code image.input} and so on; for a layer {@code conv1} the values {@code
 * conv1.output}, {@code conv1.outputGradient} and {@code conv1.prediction}, and its state {@code
 * conv1.weight} with {@code conv1.weight.gradient}.
 *
 * <p>The gradient of a value that several layers read is the sum of what they give. Each writes a
 * tensor of its own, {@code conv2.inputGradient}, and a nest adds them in the order of the readers,
 * before the layer that gave the value goes backward.
 */
public final class Lowerings {
  /** Stands for the user among the readers of an output. */
  private static final int USER = -1;

  /** Readers of a value that a comment names. */
  private static final int MOST_READERS = 8;

  private Lowerings() {}

  /** Where one reader of a value writes its gradient. */
  private record Share(int reader, Tensor gradient) {}

  /** Lowers a whole network. */
  public static Program lower(Network network) {
    ElementType real = network.real();
    List<Tensor> inputs = inputs(network, "input");
    List<Tensor> inputGradients = inputs(network, "inputGradient");
    List<Tensor> predictInputs = inputs(network, "predictInput");
    List<Tensor> outputs = values(network, "output");
    List<Tensor> gradients = values(network, "outputGradient");
    List<Tensor> predictions = values(network, "prediction");
    Map<Integer, Tensor> given = given(network, gradients);
    Map<Integer, List<Share>> shares = shares(network, given);

    List<Step> forward = new ArrayList<>();
    List<Step> backward = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      List<Share> ofInput = shares.get(Network.numberOfInput(i));
      if (ofInput != null) {
        String first = network.nodes().get(ofInput.get(0).reader()).name();
        backward.addAll(sum(network, first, "sumInputGradient", inputGradients.get(i), ofInput));
      }
    }
    List<Step> predict = new ArrayList<>();
    for (int i = 0; i < network.nodes().size(); i++) {
      Node node = network.nodes().get(i);
      Lowering.Ends ends =
          new Lowering.Ends(
              pick(node, outputs, inputs),
              outputs.get(i),
              gradients.get(i),
              inputGradients(network, i, gradients, inputGradients, shares),
              pick(node, predictions, predictInputs),
              predictions.get(i));
      Lowering lowering = new Lowering(node.name(), i, real, ends, state(node, real));
      node.layer().lower(lowering);
      forward.addAll(lowering.forward());
      backward.addAll(0, lowering.backward());
      if (shares.containsKey(i)) {
        backward.addAll(
            0, sum(network, node.name(), "sumGradient", gradients.get(i), shares.get(i)));
      }
      predict.addAll(lowering.predict());
    }
    List<Integer> ends = network.outputs().stream().map(Network.Output::node).toList();
    return new Program(
        new Program.Ends(
            inputs,
            ends.stream().map(outputs::get).toList(),
            ends.stream().map(given::get).toList(),
            real(network, inputGradients),
            predictInputs,
            ends.stream().map(predictions::get).toList()),
        forward,
        backward,
        predict);
  }

  /** A tensor for each input: {@code input}, or {@code image.input} of one with a name. */
  private static List<Tensor> inputs(Network network, String suffix) {
    boolean named = network.namesInputs();
    return network.inputs().stream()
        .map(
            input ->
                value(
                    named ? input.name() : "",
                    suffix,
                    input.isIndices() ? ElementType.INT : network.real(),
                    input.shape()))
        .toList();
  }

  /** Those of the tensors, one for each input, that are of inputs of real numbers. */
  private static List<Tensor> real(Network network, List<Tensor> ofInputs) {
    List<Tensor> real = new ArrayList<>();
    for (int i = 0; i < ofInputs.size(); i++) {
      if (!network.inputs().get(i).isIndices()) {
        real.add(ofInputs.get(i));
      }
    }
    return real;
  }

  /**
   * The gradients that the user gives, by the layers whose outputs they are of. Of an output that
   * layers read as well, it is but a share of the whole.
   */
  private static Map<Integer, Tensor> given(Network network, List<Tensor> gradients) {
    Map<Integer, Tensor> given = new HashMap<>();
    for (Network.Output output : network.outputs()) {
      int node = output.node();
      boolean isRead = network.nodes().stream().anyMatch(n -> n.inputs().contains(node));
      Tensor whole = gradients.get(node);
      given.put(
          node,
          isRead
              ? new Tensor(
                  network.nodes().get(node).name(),
                  "givenGradient",
                  whole.type(),
                  whole.role(),
                  whole.dims())
              : whole);
    }
    return given;
  }

  /** The state of one layer by its names inside the layer, without its counters. */
  private static Map<String, Tensor> state(Node node, ElementType real) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (StateSpec spec : node.layer().state()) {
      if (spec.kind() == Kind.PARAMETER || spec.kind() == Kind.RUNNING_STAT) {
        Role role = spec.kind() == Kind.PARAMETER ? Role.PARAMETER : Role.RUNNING_STAT;
        tensors.put(spec.name(), new Tensor(node.name(), spec.name(), real, role, spec.dims()));
      }
    }
    return tensors;
  }

  private static List<Tensor> pick(Node node, List<Tensor> ofLayers, List<Tensor> ofInputs) {
    return node.inputs().stream()
        .map(i -> i < 0 ? ofInputs.get(Network.inputOf(i)) : ofLayers.get(i))
        .toList();
  }

  private static List<Tensor> values(Network network, String word) {
    return network.nodes().stream()
        .map(node -> value(node.name(), word, network.real(), node.layer().output()))
        .toList();
  }

  /** A batched value of this per-sample shape. */
  private static Tensor value(String layer, String word, ElementType real, Shape shape) {
    List<Integer> dims = Stream.concat(Stream.of(Axis.BATCH), shape.sizes().stream()).toList();
    return new Tensor(layer, word, real, Role.VALUE, dims);
  }

  /** The values that are read more than once, and where each reader writes its gradient. */
  private static Map<Integer, List<Share>> shares(Network network, Map<Integer, Tensor> given) {
    Map<Integer, List<Share>> shares = new HashMap<>();
    given.forEach(
        (node, gradient) ->
            shares
                .computeIfAbsent(node, value -> new ArrayList<>())
                .add(new Share(USER, gradient)));
    for (int reader = 0; reader < network.nodes().size(); reader++) {
      Node node = network.nodes().get(reader);
      for (int input = 0; input < node.inputs().size(); input++) {
        int source = node.inputs().get(input);
        if (source < 0 && network.inputs().get(Network.inputOf(source)).isIndices()) {
          continue;
        }
        String number = input == 0 ? "" : String.valueOf(input + 1);
        Tensor gradient =
            value(
                node.name(),
                "inputGradient" + number,
                network.real(),
                node.inputShapes().get(input));
        shares.computeIfAbsent(source, value -> new ArrayList<>()).add(new Share(reader, gradient));
      }
    }
    shares.values().removeIf(readers -> readers.size() == 1);
    return shares;
  }

  /** Where a layer writes the gradients of what it reads. */
  private static List<Tensor> inputGradients(
      Network network,
      int reader,
      List<Tensor> ofLayers,
      List<Tensor> ofInputs,
      Map<Integer, List<Share>> shares) {
    Node node = network.nodes().get(reader);
    if (node.layer().indexLimit() > 0) {
      return List.of();
    }
    List<Tensor> whole = pick(node, ofLayers, ofInputs);
    List<Tensor> gradients = new ArrayList<>();
    Map<Integer, Integer> taken = new HashMap<>();
    for (int input = 0; input < whole.size(); input++) {
      int value = node.inputs().get(input);
      List<Tensor> own =
          shares.getOrDefault(value, List.of()).stream()
              .filter(share -> share.reader() == reader)
              .map(Share::gradient)
              .toList();
      int next = taken.merge(value, 1, Integer::sum) - 1;
      gradients.add(own.isEmpty() ? whole.get(input) : own.get(next));
    }
    return gradients;
  }

  private static String readerName(Network network, Share share) {
    return network.nodes().get(share.reader()).name();
  }

  private static String shown(List<String> readers) {
    int others = readers.size() - MOST_READERS;
    return others <= 1
        ? String.join(", ", readers)
        : String.join(", ", readers.subList(0, MOST_READERS)) + " and " + others + " others";
  }

  /** Adds what the readers of a value give. */
  private static List<Step> sum(
      Network network, String layer, String name, Tensor total, List<Share> shares) {
    Shape shape = new Shape(total.dims().subList(1, total.rank()));
    List<Axis> axes = Lowering.axes(shape);
    String readers =
        shares.stream()
            .map(share -> share.reader() == USER ? "outside" : readerName(network, share))
            .distinct()
            .collect(Collectors.collectingAndThen(Collectors.toList(), Lowerings::shown));
    return Chains.of(
            layer,
            name,
            "the sum of the gradients from " + readers + ", " + shape + " a sample",
            axes,
            shares.stream().map(Share::gradient).toList(),
            Expr::add,
            total)
        .stream()
        .map(Step.class::cast)
        .toList();
  }
}
