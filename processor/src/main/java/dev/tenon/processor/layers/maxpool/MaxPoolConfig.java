package dev.tenon.processor.layers.maxpool;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.Window;
import dev.tenon.processor.layers.common.WindowKind;
import dev.tenon.processor.layers.common.WindowSpec;
import dev.tenon.processor.layers.common.Windows;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A checked max pool.
 *
 * @param declaration what the user wrote
 * @param window kernel, stride, padding, dilation and the rounding of the output's size
 */
public record MaxPoolConfig(LayerDeclaration declaration, WindowSpec window)
    implements LayerConfig {

  /** A dilation so large that a window sees nothing but padding. */
  static Problem emptyWindow(WindowKind kind) {
    return kind.error("EmptyWindow");
  }

  @Override
  public Optional<MaxPoolLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    Checks checks = new Checks(declaration, report);
    if (!window.kind().takes(checks, input, declaration)) {
      return Optional.empty();
    }
    Optional<Windows> slid = window.windows(checks, input);
    if (slid.isPresent() && slid.get().any(Window::hasEmptyWindow)) {
      Windows windows = slid.get();
      checks.report(
          emptyWindow(window.kind()),
          "dilation",
          "with dilation "
              + windows.text(Window::dilation)
              + " and padding "
              + windows.text(Window::before)
              + ", a window sees nothing of its input "
              + input
              + " but padding.",
          "Use a smaller dilation or no padding.");
      return Optional.empty();
    }
    return slid.map(windows -> new MaxPoolLayer(input, windows));
  }
}
