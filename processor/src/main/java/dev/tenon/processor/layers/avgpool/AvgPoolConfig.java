package dev.tenon.processor.layers.avgpool;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.WindowSpec;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A checked average pool.
 *
 * @param declaration what the user wrote
 * @param window kernel, stride, padding and the rounding of the output's size
 * @param countIncludePad whether padding counts in the divisor
 * @param divisorOverride a divisor for every window, 0 for none
 */
public record AvgPoolConfig(
    LayerDeclaration declaration, WindowSpec window, boolean countIncludePad, int divisorOverride)
    implements LayerConfig {

  @Override
  public Optional<AvgPoolLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    Checks checks = new Checks(declaration, report);
    if (!window.kind().takes(checks, input, declaration)) {
      return Optional.empty();
    }
    return window
        .windows(checks, input)
        .map(windows -> new AvgPoolLayer(input, windows, countIncludePad, divisorOverride));
  }
}
