package dev.tenon.processor.layers.globalavgpool;

import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A {@code @GlobalAvgPool}; there is nothing to configure.
 *
 * @param declaration what the user wrote
 */
public record GlobalAvgPoolConfig(LayerDeclaration declaration) implements LayerConfig {
  /** The input has no axis to average over. */
  public static final Problem RANK = Problem.error("GlobalAvgPoolRank");

  @Override
  public Optional<GlobalAvgPoolLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    if (input.rank() < 2) {
      new Checks(declaration, report)
          .report(
              RANK,
              "",
              "averages each channel over its other axes, but its input is "
                  + input
                  + ", a vector of features.",
              List.of(
                  new Remedy(
                          "leave",
                          "it out: the input already has one value per channel",
                          new Change.Remove(declaration))
                      .local()),
              "");
      return Optional.empty();
    }
    return Optional.of(new GlobalAvgPoolLayer(input));
  }
}
