package dev.tenon.processor.graph;

import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
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
 * <p>Names: the network's own {@code input}, {@code inputGradient} and {@code predictInput}; for a
 * layer {@code conv1} the values {@code conv1.output}, {@code conv1.outputGradient} and {@code
 * conv1.prediction}, and its state {@code conv1.weight} with {@code conv1.weight.gradient}.
 *
 * <p>The gradient of a value that several layers read is the sum of what they give. Each writes a
 * tensor of its own, {@code conv2.inputGradient}, and a nest adds them in the order of the readers,
 * before the layer that gave the value goes backward.
 */
public final class Lowerings {
  private static final String GRADIENT = ".gradient";

  private Lowerings() {}

  /** Where one reader of a value writes its gradient. */
  private record Share(int reader, Tensor gradient) {}

  /** Lowers a whole network. */
  public static Program lower(Network network) {
    ElementType real = network.real();
    Tensor input = value("input", real, network.input());
    Tensor inputGradient = value("inputGradient", real, network.input());
    Tensor predictInput = value("predictInput", real, network.input());
    List<Tensor> outputs = values(network, ".output");
    List<Tensor> gradients = values(network, ".outputGradient");
    List<Tensor> predictions = values(network, ".prediction");
    Map<Integer, List<Share>> shares = shares(network);

    List<Step> forward = new ArrayList<>();
    List<Step> backward = new ArrayList<>(sum(network, inputGradient, shares.get(Network.INPUT)));
    List<Step> predict = new ArrayList<>();
    for (int i = 0; i < network.nodes().size(); i++) {
      Node node = network.nodes().get(i);
      Lowering.Ends ends =
          new Lowering.Ends(
              pick(node, outputs, input),
              outputs.get(i),
              gradients.get(i),
              inputGradients(network, i, gradients, inputGradient, shares),
              pick(node, predictions, predictInput),
              predictions.get(i));
      Lowering lowering = new Lowering(node.name(), i, real, ends, state(node, real));
      node.layer().lower(lowering);
      forward.addAll(lowering.forward());
      backward.addAll(0, lowering.backward());
      backward.addAll(0, sum(network, gradients.get(i), shares.get(i)));
      predict.addAll(lowering.predict());
    }
    int last = network.nodes().size() - 1;
    return new Program(
        input,
        outputs.get(last),
        gradients.get(last),
        inputGradient,
        predictInput,
        predictions.get(last),
        forward,
        backward,
        predict);
  }

  /** The state of one layer by its names inside the layer, without its counters. */
  private static Map<String, Tensor> state(Node node, ElementType real) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (StateSpec spec : node.layer().state()) {
      String name = node.name() + "." + spec.name();
      if (spec.kind() == Kind.PARAMETER) {
        tensors.put(spec.name(), new Tensor(name, real, Role.PARAMETER, spec.dims()));
        tensors.put(
            spec.name() + GRADIENT,
            new Tensor(name + GRADIENT, real, Role.PARAMETER_GRADIENT, spec.dims()));
      } else if (spec.kind() == Kind.RUNNING_STAT) {
        tensors.put(spec.name(), new Tensor(name, real, Role.RUNNING_STAT, spec.dims()));
      }
    }
    return tensors;
  }

  private static List<Tensor> pick(Node node, List<Tensor> ofLayers, Tensor ofNetwork) {
    return node.inputs().stream()
        .map(i -> i == Network.INPUT ? ofNetwork : ofLayers.get(i))
        .toList();
  }

  private static List<Tensor> values(Network network, String suffix) {
    return network.nodes().stream()
        .map(node -> value(node.name() + suffix, network.real(), node.layer().output()))
        .toList();
  }

  /** A batched value of this per-sample shape. */
  private static Tensor value(String name, ElementType real, Shape shape) {
    List<Integer> dims = Stream.concat(Stream.of(Axis.BATCH), shape.sizes().stream()).toList();
    return new Tensor(name, real, Role.VALUE, dims);
  }

  /** The values that are read more than once, and where each reader writes its gradient. */
  private static Map<Integer, List<Share>> shares(Network network) {
    Map<Integer, List<Share>> shares = new HashMap<>();
    for (int reader = 0; reader < network.nodes().size(); reader++) {
      Node node = network.nodes().get(reader);
      for (int input = 0; input < node.inputs().size(); input++) {
        String number = input == 0 ? "" : String.valueOf(input + 1);
        Tensor gradient =
            value(
                node.name() + ".inputGradient" + number,
                network.real(),
                node.inputShapes().get(input));
        shares
            .computeIfAbsent(node.inputs().get(input), value -> new ArrayList<>())
            .add(new Share(reader, gradient));
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
      Tensor ofNetwork,
      Map<Integer, List<Share>> shares) {
    Node node = network.nodes().get(reader);
    List<Tensor> whole = pick(node, ofLayers, ofNetwork);
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

  /** Adds what the readers of a value give; nothing for a value with one reader. */
  private static List<Step> sum(Network network, Tensor total, List<Share> shares) {
    if (shares == null) {
      return List.of();
    }
    Shape shape = new Shape(total.dims().subList(1, total.rank()));
    List<Axis> axes = Lowering.axes(shape);
    Affine[] index = axes.stream().map(Affine::of).toArray(Affine[]::new);
    Expr sum = Expr.load(shares.get(0).gradient(), index);
    for (Share share : shares.subList(1, shares.size())) {
      sum = Expr.add(sum, Expr.load(share.gradient(), index));
    }
    String readers =
        shares.stream()
            .map(share -> network.nodes().get(share.reader()).name())
            .distinct()
            .collect(Collectors.joining(", "));
    int dot = total.name().lastIndexOf('.');
    String layer =
        dot < 0
            ? network.nodes().get(shares.get(0).reader()).name()
            : total.name().substring(0, dot);
    return List.of(
        Nest.of(
                layer,
                dot < 0 ? "sumInputGradient" : "sumGradient",
                "the sum of the gradients from " + readers + ", " + shape + " a sample")
            .over(axes)
            .store(Store.set(total, sum, index))
            .build());
  }
}
