package dev.tenon.processor.layers.batchnorm;

import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layer.PlacedLayer;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.Reshapings;
import dev.tenon.processor.layers.norm.NormChecks;
import dev.tenon.processor.layers.norm.Normalisation;
import dev.tenon.processor.layers.norm.Normalisation.Running;
import dev.tenon.processor.layers.norm.Scope;
import dev.tenon.processor.shape.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A checked batch normalisation.
 *
 * @param kind which of the three
 * @param declaration what the user wrote
 * @param size features or channels, 0 to take them from the input
 * @param eps added to the variance; finite, at least 0
 * @param momentum weight of the new batch in the running statistics, in [0, 1]
 * @param cumulative whether the running statistics weight all batches alike instead
 * @param affine whether it learns a scale
 * @param bias whether it learns a shift; only with {@code affine}
 * @param track whether it keeps running statistics
 * @param frozen whether it starts frozen; only with {@code track}
 */
public record BatchNormConfig(
    BatchNormKind kind,
    LayerDeclaration declaration,
    int size,
    double eps,
    double momentum,
    boolean cumulative,
    boolean affine,
    boolean bias,
    boolean track,
    boolean frozen)
    implements LayerConfig {

  @Override
  public OptionalInt wantedChannels() {
    return size == 0 ? OptionalInt.empty() : OptionalInt.of(size);
  }

  @Override
  public Optional<BatchNormLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    NormChecks norm = new NormChecks(declaration, report);
    if (!kind.takes(input)) {
      norm.checks()
          .report(
              kind.rank(),
              "",
              "works on " + kind.works() + ", but its input is " + input + ".",
              fitting(input),
              "");
      return Optional.empty();
    }
    if (!norm.size(kind.sizeAttribute(), size, input)) {
      return Optional.empty();
    }
    Optional<Running> running =
        track ? Optional.of(new Running(momentum, cumulative, true)) : Optional.empty();
    return Optional.of(
        new BatchNormLayer(
            input, new Normalisation(Scope.ofBatch(input), eps, affine, bias, running), frozen));
  }

  @Override
  public void checkPlace(PlacedLayer self, Report report) {
    boolean vector = self.inputShapes().get(0).rank() == 1;
    self.sources().stream()
        .filter(source -> self.isOutput() && vector && !frozen && source.layer().isWeighted())
        .findFirst()
        .ifPresent(
            source ->
                new Checks(declaration, report)
                    .report(
                        BatchNormKind.OUTPUT,
                        "",
                        "is the network's output, so in training each value that "
                            + source.declaration().name()
                            + " gives for a sample is measured by those of the other samples of"
                            + " its batch, and predictions are not.",
                        List.of(
                            new Remedy(
                                "remove", declaration.name(), new Change.Remove(declaration))),
                        ""));
  }

  /** The annotation for inputs of this shape, if there is one, and what makes axes of a vector. */
  private List<Remedy> fitting(Shape input) {
    Stream<Remedy> others =
        Stream.of(BatchNormKind.values())
            .filter(other -> other.takes(input))
            .map(
                other -> {
                  Map<String, Object> values =
                      new LinkedHashMap<>(declaration.attributes().values());
                  values.remove(kind.sizeAttribute());
                  values.put(other.sizeAttribute(), size);
                  String annotation = other.annotation();
                  return new Remedy(
                          "use",
                          "@" + annotation,
                          new Change.Replace(declaration, annotation, values))
                      .local();
                });
    List<Remedy> reshapings = Reshapings.before(declaration, kind.spatial(), input, size);
    return Stream.concat(others, reshapings.stream()).toList();
  }
}
