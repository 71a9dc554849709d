package dev.tenon.processor.layers.common;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The attributes of a sliding window, checked by themselves; every list has one value for each
 * spatial axis.
 *
 * @param kind the layer
 * @param padding zeros on each side of an axis, or {@link #SAME}
 */
public record WindowSpec(
    WindowKind kind,
    List<Integer> kernel,
    List<Integer> stride,
    List<Integer> padding,
    List<Integer> dilation,
    boolean ceil) {
  /** As padding: as much as keeps the size; an odd number puts the larger half behind. */
  public static final int SAME = -1;

  public WindowSpec {
    kernel = List.copyOf(kernel);
    stride = List.copyOf(stride);
    padding = List.copyOf(padding);
    dilation = List.copyOf(dilation);
  }

  /** More padding than half the kernel. */
  private static Problem padding(WindowKind pool) {
    return pool.error("Padding");
  }

  /** What any pool may report. */
  public static List<Problem> problemsOfPool(WindowKind kind) {
    List<Problem> problems = new ArrayList<>(List.of(kind.range()));
    if (kind.spatial() != Spatial.ONE) {
      problems.add(kind.values());
    }
    problems.addAll(List.of(padding(kind), kind.rank(), kind.kernel(), kind.size()));
    return List.copyOf(problems);
  }

  /**
   * Checks the attributes of a pool: {@code kernel}, {@code stride} (none, or 0 for a single axis,
   * for the kernel), {@code padding} (at most half the dilated kernel, so that no window lies in
   * it) and {@code ceilMode}.
   *
   * @param dilation already checked; empty if that went wrong
   */
  public static Optional<WindowSpec> ofPool(
      Checks checks, WindowKind kind, Attributes attributes, List<Integer> dilation) {
    List<Integer> kernel = checks.perAxis(kind, "kernel", 1);
    List<Integer> written = checks.values(kind.spatial(), "stride");
    boolean asKernel =
        kind.spatial() == Spatial.ONE ? written.equals(List.of(0)) : written.isEmpty();
    List<Integer> stride = asKernel ? kernel : checks.perAxis(kind, "stride", 1);
    List<Integer> padding = checks.perAxis(kind, "padding", 0);
    if (!kernel.isEmpty() && !padding.isEmpty() && !dilation.isEmpty()) {
      checkPadding(checks, kind, kernel, padding, dilation);
    }
    return checks.passed()
        ? Optional.of(
            new WindowSpec(kind, kernel, stride, padding, dilation, attributes.flag("ceilMode")))
        : Optional.empty();
  }

  private static void checkPadding(
      Checks checks,
      WindowKind kind,
      List<Integer> kernel,
      List<Integer> padding,
      List<Integer> dilation) {
    for (int axis = 0; axis < kernel.size(); axis++) {
      long covered = (long) dilation.get(axis) * (kernel.get(axis) - 1) + 1;
      if (padding.get(axis) > covered / 2) {
        checks.report(
            padding(kind),
            "padding",
            "padding = "
                + padding.get(axis)
                + " is more than half of what the kernel covers, "
                + covered
                + ".",
            "Use at most " + covered / 2 + ".");
        return;
      }
    }
  }

  /** The windows along the spatial axes of an input of the right rank. */
  private Windows along(Shape input) {
    List<Window> windows = new ArrayList<>();
    for (int axis = 0; axis < kernel.size(); axis++) {
      long total = (long) dilation.get(axis) * (kernel.get(axis) - 1);
      boolean same = padding.get(axis) == SAME;
      long before = same ? total / 2 : padding.get(axis);
      windows.add(
          new Window(
              input.size(axis + 1),
              kernel.get(axis),
              stride.get(axis),
              dilation.get(axis),
              before,
              same ? total - before : before,
              ceil));
    }
    return new Windows(windows);
  }

  /**
   * The windows along the spatial axes of an input of the right rank; empty after reporting windows
   * that do not fit into it, or whose sizes do not fit an int.
   */
  public Optional<Windows> windows(Checks checks, Shape input) {
    Windows windows = along(input);
    if (windows.any(window -> window.output() < 1)) {
      checks.report(
          kind.kernel(),
          "kernel",
          "the kernel covers "
              + windows.text(Window::covered)
              + (windows.any(window -> window.dilation() > 1) ? " with its dilation" : "")
              + ", but its input "
              + input
              + " is only "
              + windows.text(Window::padded)
              + (windows.any(window -> window.before() > 0) ? " with its padding." : "."),
          "Use a kernel of at most " + windows.text(WindowSpec::largestKernel) + ".");
      return Optional.empty();
    }
    if (windows.any(window -> largest(window) > Integer.MAX_VALUE)) {
      checks.report(
          kind.size(),
          "padding",
          "the padded input "
              + windows.text(Window::padded)
              + " is too large: an axis holds at most "
              + Integer.MAX_VALUE
              + " elements.",
          "");
      return Optional.empty();
    }
    if (windows.kernelSize() > Integer.MAX_VALUE) {
      checks.report(
          kind.size(),
          "kernel",
          "the kernel "
              + windows.text(Window::kernel)
              + " is too large: it holds at most "
              + Integer.MAX_VALUE
              + " elements.",
          "");
      return Optional.empty();
    }
    return indexed(checks, kind, windows, input) ? Optional.of(windows) : Optional.empty();
  }

  /** Reports windows that reach so far beyond an input that no index holds their positions. */
  public static boolean indexed(Checks checks, WindowKind kind, Windows windows, Shape input) {
    if (windows.fitIndexOf(input)) {
      return true;
    }
    checks.report(
        kind.size(),
        "padding",
        "the windows reach too far beyond the input "
            + input
            + ": with its padding it is "
            + windows.text(Window::padded)
            + ", and no index above "
            + Integer.MAX_VALUE
            + " can be computed.",
        "Use less padding.");
    return false;
  }

  private static long largest(Window window) {
    return Math.max(window.padded(), window.reach());
  }

  private static long largestKernel(Window window) {
    return (window.padded() - 1) / window.dilation() + 1;
  }
}
