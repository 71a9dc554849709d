package dev.tenon.processor.graph;

import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateSpec.Kind;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The step from graph to IR: makes the tensors between the layers, lets every layer write its
 * nests, and puts them in order. The forward and evaluation steps run in the order of the layers,
 * the backward steps in reverse.
 *
 * <p>Names: the network's own {@code input}, {@code inputGradient} and {@code predictInput}; for a
 * layer {@code conv1} the values {@code conv1.output}, {@code conv1.outputGradient} and {@code
 * conv1.prediction}, and its state {@code conv1.weight} with {@code conv1.weight.gradient}.
 */
public final class Lowerings {
  private static final String GRADIENT = ".gradient";

  private Lowerings() {}

  /** Lowers a whole network; every value but the network's output has exactly one reader. */
  public static Program lower(Network network) {
    requireOneReader(network);
    ElementType real = network.real();
    Tensor input = value("input", real, network.input());
    Tensor inputGradient = value("inputGradient", real, network.input());
    Tensor predictInput = value("predictInput", real, network.input());
    List<Tensor> outputs = values(network, ".output");
    List<Tensor> gradients = values(network, ".outputGradient");
    List<Tensor> predictions = values(network, ".prediction");

    List<Step> forward = new ArrayList<>();
    List<Step> backward = new ArrayList<>();
    List<Step> predict = new ArrayList<>();
    for (int i = 0; i < network.nodes().size(); i++) {
      Node node = network.nodes().get(i);
      Lowering.Ends ends =
          new Lowering.Ends(
              pick(node, outputs, input),
              outputs.get(i),
              gradients.get(i),
              pick(node, gradients, inputGradient),
              pick(node, predictions, predictInput),
              predictions.get(i));
      Lowering lowering = new Lowering(node.name(), i, real, ends, state(node, real));
      node.layer().lower(lowering);
      forward.addAll(lowering.forward());
      backward.addAll(0, lowering.backward());
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

  /** A layer writes the gradient of what it reads; a second reader would overwrite it. */
  private static void requireOneReader(Network network) {
    Set<Integer> read = new HashSet<>();
    for (Node node : network.nodes()) {
      for (int source : node.inputs()) {
        if (!read.add(source)) {
          throw new IllegalArgumentException(node.name() + " reads a value that is already read");
        }
      }
    }
  }
}
