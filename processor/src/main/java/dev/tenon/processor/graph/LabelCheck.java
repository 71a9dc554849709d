package dev.tenon.processor.graph;

import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.Labels;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Diagnostic;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether a network gives what its labels need: one output for each. */
public final class LabelCheck {
  /** More or fewer outputs than the labels have values. */
  static final Problem SHAPE = Problem.error("LabelsShape");

  /** Probabilities where the labels take scores. */
  static final Problem ACTIVATION = Problem.error("LabelsActivation");

  static final List<Problem> PROBLEMS = List.of(SHAPE, ACTIVATION);

  /** Layers that make probabilities of scores. */
  private static final Set<String> PROBABILITIES = Set.of("Softmax", "Sigmoid");

  private final Network network;
  private final List<ConfiguredLayer> layers;
  private final Report report;
  private final Labels labels;

  private LabelCheck(Network network, List<ConfiguredLayer> layers, Report report, Labels labels) {
    this.network = network;
    this.layers = layers;
    this.report = report;
    this.labels = labels;
  }

  /**
   * Checks a network that is right in itself.
   *
   * @param layers the configured layers of this network
   * @param report takes what is wrong
   */
  public static void check(Network network, List<ConfiguredLayer> layers, Report report) {
    network
        .declaration()
        .ends()
        .labels()
        .filter(Labels::isRight)
        .ifPresent(
            labels -> {
              LabelCheck check = new LabelCheck(network, layers, report, labels);
              check.checkActivation();
              check.checkShape();
            });
  }

  /** The layer that gives the output. */
  private int last() {
    return network.outputs().get(0).node();
  }

  private void checkActivation() {
    LayerDeclaration layer = network.nodes().get(last()).declaration();
    boolean takesScores = labels.kind() != Labels.Kind.NUMBERS;
    if (takesScores && PROBABILITIES.contains(layer.annotation())) {
      report.add(
          ACTIVATION,
          layer.attributes().ref(),
          layer.subject()
              + ": gives probabilities, but labels = "
              + labelType()
              + ".class takes scores: the loss and the prediction compute the probabilities"
              + " themselves, and would do so twice.",
          List.of(new Remedy("remove", layer.name(), new Change.Remove(layer))),
          "");
    }
  }

  private void checkShape() {
    Shape output = network.output();
    if (output.rank() == 1 && output.channels() == labels.outputs()) {
      return;
    }
    int reported = output.rank() == 1 ? lastThatSays() : last();
    LayerDeclaration layer = network.nodes().get(reported).declaration();
    Optional<String> attribute = output.rank() == 1 ? outputChannels(reported) : Optional.empty();
    report.add(
        new Diagnostic(
            SHAPE,
            attribute.map(layer.attributes()::at).orElse(layer.attributes().ref()),
            layer.subject()
                + ": the network gives "
                + (output.rank() > 1
                    ? output.toString()
                    : output.channels() + (output.channels() == 1 ? " value" : " values"))
                + ", but "
                + wanted()
                + ".",
            ChainTrace.lines(
                network.nodes().get(reported).inputs().stream().map(this::path).toList(), layer),
            remedies(layer, attribute),
            ""));
  }

  /** The size that is wrong; layers behind, if none says it; or other labels. */
  private List<Remedy> remedies(LayerDeclaration layer, Optional<String> attribute) {
    Shape output = network.output();
    List<Remedy> remedies = new ArrayList<>();
    if (labels.outputs() <= Integer.MAX_VALUE) {
      int outputs = (int) labels.outputs();
      attribute.ifPresent(name -> remedies.add(Remedy.set(layer, name, outputs)));
      remedies.add(linearBehind(output, outputs).otherwise());
    }
    if (labels.kind() == Labels.Kind.CONSTANT && output.rank() == 1 && output.channels() > 1) {
      String constants = labelType() + " " + output.channels() + " constants";
      remedies.add(new Remedy("give", constants, new Change.LabelValues(output.channels())));
    }
    return remedies;
  }

  private Remedy linearBehind(Shape output, int outputs) {
    LayerDeclaration last = network.nodes().get(last()).declaration();
    // Each goes behind the last layer, so the one that is to come first is put there last.
    List<Change> changes = new ArrayList<>();
    changes.add(
        new Change.PutBehind(last, "Linear", Map.of("in", 0, "out", outputs, "bias", true)));
    if (output.rank() > 1) {
      changes.add(new Change.PutBehind(last, "Flatten", Map.of("start", 1, "end", -1)));
    }
    String linear = "@Linear(out = " + outputs + ") behind it";
    return new Remedy(
        "put", output.rank() > 1 ? "@Flatten and " + linear : linear, changes, false, false);
  }

  private String labelType() {
    return labels.kind() == Labels.Kind.BOOLEAN ? "boolean" : labels.type().simpleName();
  }

  private String wanted() {
    String many = labels.outputs() == 1 ? "" : "s";
    return switch (labels.kind()) {
      case CONSTANT ->
          labelType() + " has " + labels.outputs() + " constant" + many + ", and each gets a score";
      case BOOLEAN -> "labels = boolean.class takes 1, the score of true";
      case FLAGS ->
          labelType() + " has " + labels.outputs() + " boolean" + many + ", and each gets a score";
      case NUMBERS -> labelType() + " has " + labels.outputs() + " value" + many;
    };
  }

  /** The last layer that says how many values there are, past those that keep the number. */
  private int lastThatSays() {
    int at = last();
    while (true) {
      Node node = network.nodes().get(at);
      if (outputChannels(at).isPresent()) {
        return at;
      }
      boolean keeps =
          node.inputs().size() == 1
              && node.inputs().get(0) >= 0
              && node.inputShapes().get(0).equals(node.layer().output());
      if (!keeps) {
        return last();
      }
      at = node.inputs().get(0);
    }
  }

  private Optional<String> outputChannels(int number) {
    return layers.get(number).config().flatMap(LayerConfig::outputChannels);
  }

  private ChainTrace.Path path(int from) {
    List<ChainTrace.Link> links = new ArrayList<>();
    int at = from;
    while (at >= 0) {
      Node node = network.nodes().get(at);
      links.add(0, new ChainTrace.Link(node.declaration(), node.layer().output()));
      at = node.inputs().get(0);
    }
    Network.Input input = network.inputs().get(Network.inputOf(at));
    return new ChainTrace.Path(
        input.name(),
        network.declaration().ends().described(input.name(), input.shape().toString()),
        links);
  }
}
