package dev.tenon.processor.layers.activation;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The activations, each with its attributes and their checks. */
public enum ActivationType implements LayerType {
  GELU("GELU", a -> a.flag("approximate") ? Activation.geluOfTanh() : Activation.gelu()),
  HARDSIGMOID("Hardsigmoid", a -> Activation.hardSigmoid()),
  HARDSWISH("Hardswish", a -> Activation.hardSwish()),
  HARDTANH(
      "Hardtanh",
      a -> Activation.clamp(a.number("min"), a.number("max")),
      List.of(ActivationConfig.RANGE),
      ActivationType::checkRange),
  LEAKY_RELU(
      "LeakyReLU",
      a -> Activation.leakyRelu(a.number("slope")),
      List.of(ActivationConfig.SLOPE),
      ActivationType::checkSlope),
  RELU("ReLU", a -> Activation.relu()),
  RELU6("ReLU6", a -> Activation.clamp(0, 6)),
  SIGMOID("Sigmoid", a -> Activation.sigmoid()),
  SILU("SiLU", a -> Activation.silu()),
  TANH("Tanh", a -> Activation.tanh());

  private final String annotation;
  private final Function<Attributes, Activation> activation;
  private final List<Problem> problems;
  private final BiConsumer<Attributes, Checks> check;

  ActivationType(String annotation, Function<Attributes, Activation> activation) {
    this(annotation, activation, List.of(), (attributes, checks) -> {});
  }

  ActivationType(
      String annotation,
      Function<Attributes, Activation> activation,
      List<Problem> problems,
      BiConsumer<Attributes, Checks> check) {
    this.annotation = annotation;
    this.activation = activation;
    this.problems = problems;
    this.check = check;
  }

  @Override
  public String annotation() {
    return annotation;
  }

  @Override
  public StateView view() {
    return StateView.LAYER;
  }

  @Override
  public List<Problem> problems() {
    return problems;
  }

  @Override
  public Optional<ActivationConfig> configure(LayerDeclaration declaration, Report report) {
    Checks checks = new Checks(declaration, report);
    Attributes attributes = declaration.attributes();
    check.accept(attributes, checks);
    return checks.passed()
        ? Optional.of(new ActivationConfig(this, declaration, activation.apply(attributes)))
        : Optional.empty();
  }

  private static void checkSlope(Attributes attributes, Checks checks) {
    double slope = attributes.number("slope");
    if (!Double.isFinite(slope)) {
      checks.report(
          ActivationConfig.SLOPE, "slope", "slope must be finite, but is " + slope + ".", "");
    }
  }

  private static void checkRange(Attributes attributes, Checks checks) {
    double min = attributes.number("min");
    double max = attributes.number("max");
    if (!(min < max)) {
      checks.report(
          ActivationConfig.RANGE,
          attributes.isWritten("min") ? "min" : "max",
          "min must be below max, but min is " + min + " and max is " + max + ".",
          "");
    }
  }
}
