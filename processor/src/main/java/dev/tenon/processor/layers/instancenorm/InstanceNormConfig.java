package dev.tenon.processor.layers.instancenorm;

import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Reshapings;
import dev.tenon.processor.layers.common.Spatial;
import dev.tenon.processor.layers.norm.NormChecks;
import dev.tenon.processor.layers.norm.NormProblems;
import dev.tenon.processor.layers.norm.Normalisation;
import dev.tenon.processor.layers.norm.Normalisation.Running;
import dev.tenon.processor.layers.norm.Scope;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A checked instance normalisation.
 *
 * @param spatial which of the three
 * @param declaration what the user wrote
 * @param channels 0 to take them from the input
 * @param eps added to the variance; finite, at least 0
 * @param momentum weight of the new batch in the running statistics, in [0, 1]
 * @param affine whether it learns a scale
 * @param bias whether it learns a shift; only with {@code affine}
 * @param track whether it keeps running statistics
 * @param frozen whether it starts frozen; only with {@code track}
 */
public record InstanceNormConfig(
    Spatial spatial,
    LayerDeclaration declaration,
    int channels,
    double eps,
    double momentum,
    boolean affine,
    boolean bias,
    boolean track,
    boolean frozen)
    implements LayerConfig {
  static final String SIZE = "channels";

  /** A channel of a sample has one value only. */
  static Problem spatial(NormProblems own) {
    return Problem.error(own.annotation() + "Spatial");
  }

  @Override
  public OptionalInt wantedChannels() {
    return channels == 0 ? OptionalInt.empty() : OptionalInt.of(channels);
  }

  @Override
  public Optional<InstanceNormLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    NormProblems own = new NormProblems(declaration.annotation());
    NormChecks norm = new NormChecks(declaration, report);
    if (!spatial.takes(input)) {
      norm.checks()
          .report(
              own.rank(),
              "",
              "works on " + spatial.works() + ", but its input is " + input + ".",
              fitting(input),
              "");
      return Optional.empty();
    }
    if (!norm.size(SIZE, channels, input)) {
      return Optional.empty();
    }
    if (input.spatialCount() == 1) {
      norm.checks()
          .report(
              spatial(own),
              "",
              "normalises each channel of each sample over its positions, but its input "
                  + input
                  + " has only one: there is nothing to take a mean of.",
              List.of(batchNorm()),
              "Put it where a channel has more than one value.");
      return Optional.empty();
    }
    Optional<Running> running =
        track ? Optional.of(new Running(momentum, false, false)) : Optional.empty();
    return Optional.of(
        new InstanceNormLayer(
            input, new Normalisation(Scope.ofInstance(input), eps, affine, bias, running), frozen));
  }

  private Remedy batchNorm() {
    String annotation = "BatchNorm" + spatial.suffix();
    Map<String, Object> values = new LinkedHashMap<>(declaration.attributes().values());
    if (spatial == Spatial.ONE) {
      values.put("features", values.remove(SIZE));
    }
    values.put("cumulative", false);
    return new Remedy(
            "put",
            "it where a channel has more than one value, or use @"
                + annotation
                + ", which takes the samples of a batch together",
            new Change.Replace(declaration, annotation, values))
        .local();
  }

  /** The annotation for inputs of this shape. */
  private List<Remedy> fitting(Shape input) {
    Map<String, Object> values = declaration.attributes().values();
    Optional<Remedy> other =
        Spatial.of(input)
            .map(fit -> "InstanceNorm" + fit.suffix())
            .map(fit -> new Remedy("use", "@" + fit, new Change.Replace(declaration, fit, values)));
    Remedy layerNorm =
        new Remedy(
            "use",
            "@LayerNorm to normalise the features of each sample together",
            new Change.Replace(
                declaration,
                "LayerNorm",
                Map.of("shape", List.of(), "eps", eps, "affine", affine, "bias", bias)));
    List<Remedy> remedies = new ArrayList<>(List.of(other.orElse(layerNorm).local()));
    remedies.addAll(Reshapings.before(declaration, spatial, input, channels));
    return remedies;
  }
}
