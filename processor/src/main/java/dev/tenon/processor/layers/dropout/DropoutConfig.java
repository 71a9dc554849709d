package dev.tenon.processor.layers.dropout;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.Spatial;
import dev.tenon.processor.shape.Shape;
import java.util.List;
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
              "Use @Dropout, which drops single elements.");
      return Optional.empty();
    }
    return Optional.of(new DropoutLayer(input, p, channels));
  }
}
