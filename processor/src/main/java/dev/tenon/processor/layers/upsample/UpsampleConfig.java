package dev.tenon.processor.layers.upsample;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A checked {@code @Upsample}.
 *
 * @param declaration what the user wrote
 * @param scale factors of height and width; empty when sizes are given
 * @param size height and width of the output; empty when factors are given
 * @param bilinear whether it interpolates
 * @param alignCorners whether the corners of output and input are the same points
 */
record UpsampleConfig(
    LayerDeclaration declaration,
    List<Double> scale,
    List<Integer> size,
    boolean bilinear,
    boolean alignCorners)
    implements LayerConfig {
  UpsampleConfig {
    scale = List.copyOf(scale);
    size = List.copyOf(size);
  }

  @Override
  public Optional<UpsampleLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    Checks checks = new Checks(declaration, report);
    if (!UpsampleType.takes(checks, declaration, input)) {
      return Optional.empty();
    }
    List<Integer> out = new ArrayList<>();
    List<Double> ratio = new ArrayList<>();
    for (int axis = 0; axis < 2; axis++) {
      int from = input.size(axis + 1);
      double into = scale.isEmpty() ? size.get(axis) : Math.floor(from * scale.get(axis));
      if (into < 1 || into * (from + 1) > Integer.MAX_VALUE) {
        checks.report(
            UpsampleType.SIZE,
            scale.isEmpty() ? "size" : "scale",
            "the output would have "
                + (long) into
                + " elements along "
                + (axis == 0 ? "the height" : "the width")
                + " of its input "
                + input
                + ".",
            into < 1
                ? "It needs one at least."
                : "The product of both may be " + Integer.MAX_VALUE + ".");
        return Optional.empty();
      }
      out.add((int) into);
      ratio.add(scale.isEmpty() ? from / into : 1 / scale.get(axis));
    }
    return Optional.of(new UpsampleLayer(input, out, ratio, bilinear, alignCorners));
  }
}
