package dev.tenon.processor.layers.conv;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layer.PlacedLayer;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.Window;
import dev.tenon.processor.layers.common.WindowKind;
import dev.tenon.processor.layers.common.WindowSpec;
import dev.tenon.processor.layers.common.Windows;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * A checked transposed convolution.
 *
 * @param declaration what the user wrote
 * @param in channels of the input, 0 to take them from the input
 * @param out channels of the output, divisible by {@code groups}
 * @param geometry sizes along the spatial axes
 * @param groups number of groups
 * @param bias whether it adds a learnt bias
 */
record ConvTransposeConfig(
    LayerDeclaration declaration, int in, int out, Geometry geometry, int groups, boolean bias)
    implements LayerConfig {
  private static final WindowKind KIND = ConvTransposeType.KIND;

  /** Sizes along the spatial axes, one of each for each axis. */
  record Geometry(
      List<Integer> kernel,
      List<Integer> stride,
      List<Integer> padding,
      List<Integer> outputPadding,
      List<Integer> dilation) {
    Geometry {
      kernel = List.copyOf(kernel);
      stride = List.copyOf(stride);
      padding = List.copyOf(padding);
      outputPadding = List.copyOf(outputPadding);
      dilation = List.copyOf(dilation);
    }

    /** {@code (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1}. */
    long output(int axis, int size) {
      return (size - 1L) * stride.get(axis)
          - 2L * padding.get(axis)
          + (long) dilation.get(axis) * (kernel.get(axis) - 1)
          + outputPadding.get(axis)
          + 1;
    }

    /** The windows of the output that the elements of an input of this size look at. */
    Window window(int axis, int size) {
      // What the output has more on the far side, the windows have less to reach beyond it.
      return new Window(
          Math.toIntExact(output(axis, size)),
          kernel.get(axis),
          stride.get(axis),
          dilation.get(axis),
          padding.get(axis),
          (long) padding.get(axis) - outputPadding.get(axis),
          false);
    }
  }

  @Override
  public OptionalInt wantedChannels() {
    return in == 0 ? OptionalInt.empty() : OptionalInt.of(in);
  }

  @Override
  public Optional<String> outputChannels() {
    return Optional.of("out");
  }

  @Override
  public void checkPlace(PlacedLayer self, Report report) {
    if (bias) {
      new Checks(declaration, report).unusedBias(ConvConfig.unusedBias(KIND), self);
    }
  }

  @Override
  public Optional<ConvTransposeLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    Checks checks = new Checks(declaration, report);
    if (!KIND.takes(
        checks, input, declaration, ConvConfig.forVectors(KIND, declaration, in, input))) {
      return Optional.empty();
    }
    ConvConfig.checkChannels(KIND, declaration, checks, in, groups, input);
    List<Long> sizes = new ArrayList<>();
    for (int axis = 0; axis < 2; axis++) {
      sizes.add(geometry.output(axis, input.size(axis + 1)));
    }
    if (sizes.stream().anyMatch(size -> size < 1 || size > Integer.MAX_VALUE)) {
      boolean small = sizes.stream().anyMatch(size -> size < 1);
      checks.report(
          KIND.size(),
          small ? "padding" : "stride",
          "the output of its input "
              + input
              + " would be "
              + sizes.stream().map(String::valueOf).collect(Collectors.joining("x"))
              + ".",
          small
              ? "Padding takes away from the output: use less."
              : "An axis holds at most " + Integer.MAX_VALUE + " elements.");
    }
    if (!checks.passed()) {
      return Optional.empty();
    }
    List<Window> windows = new ArrayList<>();
    for (int axis = 0; axis < 2; axis++) {
      windows.add(geometry.window(axis, input.size(axis + 1)));
    }
    Windows along = new Windows(windows);
    return WindowSpec.indexed(checks, KIND, along, along.shape(out))
        ? Optional.of(new ConvTransposeLayer(input, out, along, groups, bias))
        : Optional.empty();
  }
}
