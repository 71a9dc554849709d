package dev.tenon.processor.layers.dropout;

import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layer.PlacedLayer;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.Reshapings;
import dev.tenon.processor.layers.common.Spatial;
import dev.tenon.processor.shape.Shape;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A checked {@code @Dropout}, which takes every shape, or {@code @Dropout2d}, which takes images.
 *
 * @param type what is dropped
 * @param declaration what the user wrote
 * @param p probability of being dropped, in [0, 1]
 */
record DropoutConfig(DropoutType type, LayerDeclaration declaration, double p)
    implements LayerConfig {
  @Override
  public Optional<DropoutLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    boolean channels = type == DropoutType.CHANNELS;
    if (channels && !Spatial.TWO.takes(input)) {
      new Checks(declaration, report)
          .report(
              DropoutType.RANK,
              "",
              "drops channels of "
                  + Spatial.TWO.works()
                  + ", but its input is "
                  + input
                  + (input.rank() == 1
                      ? ", a vector of features."
                      : ", which has " + input.rank() + " axes."),
              forInput(input),
              "");
      return Optional.empty();
    }
    return Optional.of(new DropoutLayer(input, p, channels));
  }

  private List<Remedy> forInput(Shape input) {
    List<Remedy> remedies = new ArrayList<>();
    remedies.add(
        new Remedy(
                "use",
                "@Dropout, which drops single elements",
                new Change.Replace(declaration, "Dropout", Map.of("p", p)))
            .local());
    remedies.addAll(Reshapings.before(declaration, Spatial.TWO, input, 0));
    return remedies;
  }

  @Override
  public void checkPlace(PlacedLayer self, Report report) {
    if (p > 0 && p < 1) {
      norm(self.readers()).ifPresent(norm -> reportNorm(norm, report));
    }
  }

  /** A layer with running statistics behind these, with nothing but single values between. */
  private static Optional<PlacedLayer> norm(List<PlacedLayer> readers) {
    for (PlacedLayer reader : readers) {
      BoundLayer layer = reader.layer();
      if (layer.averageFactor().isPresent() && !layer.startsFrozen()) {
        return Optional.of(reader);
      }
      Optional<PlacedLayer> behind =
          layer.isElementwise() ? norm(reader.readers()) : Optional.empty();
      if (behind.isPresent()) {
        return behind;
      }
    }
    return Optional.empty();
  }

  /** Values of variance v and mean m have v / (1 - p) + m^2 p / (1 - p) when some are dropped. */
  private void reportNorm(PlacedLayer norm, Report report) {
    String name = norm.declaration().name();
    new Checks(declaration, report)
        .report(
            type.beforeNorm(),
            "",
            "the variance of what it gives in training is at least "
                + BigDecimal.ONE
                    .divide(BigDecimal.ONE.subtract(BigDecimal.valueOf(p)), new MathContext(3))
                    .stripTrailingZeros()
                    .toPlainString()
                + " times that in evaluation, where nothing is dropped, and "
                + name
                + " behind it, a @"
                + norm.declaration().annotation()
                + ", evaluates by the variance of training.",
            List.of(
                new Remedy(
                    "put",
                    declaration.name() + " behind " + name,
                    new Change.PutBehind(
                        norm.declaration(), declaration.annotation(), Map.of("p", p)),
                    new Change.Remove(declaration))),
            "");
  }
}
