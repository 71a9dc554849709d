package dev.tenon.processor.layers.adaptiveavgpool;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.WindowKind;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A checked adaptive average pool.
 *
 * @param declaration what the user wrote
 * @param kind over how many axes
 * @param out sizes of the output, one for each spatial axis
 */
record AdaptiveAvgPoolConfig(LayerDeclaration declaration, WindowKind kind, List<Integer> out)
    implements LayerConfig {
  AdaptiveAvgPoolConfig {
    out = List.copyOf(out);
  }

  @Override
  public Optional<AdaptiveAvgPoolLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    Checks checks = new Checks(declaration, report);
    if (!kind.takes(checks, input, declaration)) {
      return Optional.empty();
    }
    for (int axis = 0; axis < out.size(); axis++) {
      int from = input.size(axis + 1);
      int into = out.get(axis);
      if (from % into != 0 && (from + 1L) * into > Integer.MAX_VALUE) {
        checks.report(
            kind.size(),
            "out",
            "out = "
                + into
                + " of "
                + from
                + " elements is too large: their product is at most "
                + Integer.MAX_VALUE
                + ", unless the first divides the second.",
            "");
        return Optional.empty();
      }
    }
    return Optional.of(new AdaptiveAvgPoolLayer(input, out));
  }
}
