package dev.tenon.processor.graph;

import dev.tenon.processor.declaration.Labels;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Diagnostic;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.graph.Network.Node;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layer.LayerConfig.Resized;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a network gives what its labels need: one output for each. */
public final class LabelCheck {
  /** More or fewer outputs than the labels have values. */
  static final Problem SHAPE = Problem.error("LabelsShape");

  /** Probabilities where the labels take scores. */
  static final Problem ACTIVATION = Problem.error("LabelsActivation");

  static final List<Problem> PROBLEMS = List.of(SHAPE, ACTIVATION);

  private final Network network;
  private final Optional<Network> source;
  private final List<ConfiguredLayer> layers;
  private final Report report;
  private final Labels labels;

  private LabelCheck(
      Network network,
      Optional<Network> source,
      List<ConfiguredLayer> layers,
      Report report,
      Labels labels) {
    this.network = network;
    this.source = source;
    this.layers = layers;
    this.report = report;
    this.labels = labels;
  }

  /**
   * Checks a network that is right in itself.
   *
   * @param source the network whose output is the input, if there is one
   * @param layers the configured layers of this network
   * @param report takes what is wrong
   */
  public static void check(
      Network network, Optional<Network> source, List<ConfiguredLayer> layers, Report report) {
    network
        .declaration()
        .ends()
        .labels()
        .filter(Labels::isRight)
        .ifPresent(
            labels -> {
              LabelCheck check = new LabelCheck(network, source, layers, report, labels);
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
    String activation =
        switch (labels.kind()) {
          case CONSTANT -> "Softmax";
          case BOOLEAN, FLAGS -> "Sigmoid";
          case NUMBERS -> "";
        };
    if (layer.annotation().equals(activation)) {
      report.add(
          ACTIVATION,
          layer.attributes().ref(),
          layer.subject()
              + ": gives probabilities, but labels = "
              + labelType()
              + ".class takes scores: the loss and the prediction compute the probabilities"
              + " themselves, and would do so twice.",
          "Remove " + layer.name() + ".");
    }
  }

  private void checkShape() {
    Shape output = network.output();
    if (output.rank() == 1 && output.channels() == labels.outputs()) {
      return;
    }
    int reported = output.rank() == 1 ? lastThatSays() : last();
    LayerDeclaration layer = network.nodes().get(reported).declaration();
    Optional<Resized> resized = output.rank() == 1 ? resized(reported) : Optional.empty();
    SourceRef ref =
        resized
            .map(change -> change.change().substring(0, change.change().indexOf(' ')))
            .map(layer.attributes()::at)
            .orElse(layer.attributes().ref());
    Diagnostic diagnostic =
        new Diagnostic(
            SHAPE,
            ref,
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
            resized
                .filter(change -> isRightWith(reported, change.config()))
                .map(change -> "Set " + change.change() + " here.")
                .orElseGet(() -> layersBehind(output)));
    boolean ownEnum = labels.kind() == Labels.Kind.CONSTANT && output.rank() == 1;
    report.add(
        ownEnum && output.channels() > 1
            ? diagnostic.orElse("give " + labelType() + " " + output.channels() + " constants")
            : diagnostic);
  }

  private String layersBehind(Shape output) {
    String linear = "@Linear(out = " + labels.outputs() + ") behind it.";
    return output.rank() > 1 ? "Put @Flatten and " + linear : "Put " + linear;
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
      if (resized(at).isPresent()) {
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

  private Optional<Resized> resized(int number) {
    if (labels.outputs() > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    return layers
        .get(number)
        .config()
        .flatMap(config -> config.withOutputChannels((int) labels.outputs()));
  }

  private boolean isRightWith(int changed, LayerConfig config) {
    List<ConfiguredLayer> others = new ArrayList<>(layers);
    others.set(changed, layers.get(changed).with(config));
    Report tried = new Report();
    return ShapeInference.infer(network.declaration(), source, others, tried)
        .filter(right -> right.output().rank() == 1)
        .filter(right -> right.output().channels() == labels.outputs())
        .isPresent();
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
        input.name(), network.declaration().ends().described(input.shape().toString()), links);
  }
}
