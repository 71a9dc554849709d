package dev.tenon.processor.layers.common;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * The attributes of a window over height and width, checked by themselves; every list has two
 * values.
 *
 * @param padding zeros on each side of an axis, or {@link #SAME}
 */
public record WindowSpec(
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

  /** The problems that the attributes of any pool may have. */
  public record PoolProblems(Problem values, Problem range, Problem padding) {}

  /**
   * Checks the attributes of a pool: {@code kernel}, {@code stride} (none for the kernel), {@code
   * padding} (at most half the dilated kernel, so that no window lies in it) and {@code ceilMode}.
   *
   * @param dilation already checked; empty if that went wrong
   */
  public static Optional<WindowSpec> ofPool(
      Checks checks, PoolProblems problems, Attributes attributes, List<Integer> dilation) {
    List<Integer> kernel = checks.pair(problems.values(), problems.range(), "kernel", 1);
    List<Integer> stride =
        attributes.integers("stride").isEmpty()
            ? kernel
            : checks.pair(problems.values(), problems.range(), "stride", 1);
    List<Integer> padding = checks.pair(problems.values(), problems.range(), "padding", 0);
    if (!kernel.isEmpty() && !padding.isEmpty() && !dilation.isEmpty()) {
      checkPadding(checks, problems.padding(), kernel, padding, dilation);
    }
    return checks.passed()
        ? Optional.of(
            new WindowSpec(kernel, stride, padding, dilation, attributes.flag("ceilMode")))
        : Optional.empty();
  }

  private static void checkPadding(
      Checks checks,
      Problem problem,
      List<Integer> kernel,
      List<Integer> padding,
      List<Integer> dilation) {
    for (int axis = 0; axis < 2; axis++) {
      long covered = (long) dilation.get(axis) * (kernel.get(axis) - 1) + 1;
      if (padding.get(axis) > covered / 2) {
        checks.report(
            problem,
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

  /** The windows along height and width of an input {@code [channels, height, width]}. */
  public Window along(int axis, Shape input) {
    long total = (long) dilation.get(axis) * (kernel.get(axis) - 1);
    boolean same = padding.get(axis) == SAME;
    long before = same ? total / 2 : padding.get(axis);
    return new Window(
        input.size(axis + 1),
        kernel.get(axis),
        stride.get(axis),
        dilation.get(axis),
        before,
        same ? total - before : before,
        ceil);
  }

  /** Reports an input that is not an image: {@code [channels, height, width]}. */
  public static boolean isImage(Checks checks, Problem rank, Shape input, String ifVector) {
    if (input.rank() == 3) {
      return true;
    }
    checks.report(
        rank,
        "",
        "works on images, channels x height x width, but its input is "
            + input
            + (input.rank() == 1
                ? ", a vector of features."
                : ", which has " + input.rank() + " axes."),
        input.rank() == 1 ? ifVector : "");
    return false;
  }

  /**
   * Reports windows that do not fit into the input, or whose sizes do not fit an int.
   *
   * @return whether all is well
   */
  public boolean check(Checks checks, Problem tooLarge, Problem overflow, Shape input) {
    Window y = along(0, input);
    Window x = along(1, input);
    if (y.output() < 1 || x.output() < 1) {
      checks.report(
          tooLarge,
          "kernel",
          "the kernel covers "
              + y.covered()
              + "x"
              + x.covered()
              + (y.dilation() > 1 || x.dilation() > 1 ? " with its dilation" : "")
              + ", but its input "
              + input
              + " is only "
              + y.padded()
              + "x"
              + x.padded()
              + (y.before() > 0 || x.before() > 0 ? " with its padding." : "."),
          "Use a kernel of at most " + largestKernel(y) + "x" + largestKernel(x) + ".");
      return false;
    }
    long largest = Math.max(largest(y), largest(x));
    long elements = (long) y.kernel() * x.kernel();
    if (largest > Integer.MAX_VALUE || elements > Integer.MAX_VALUE) {
      checks.report(
          overflow,
          largest > Integer.MAX_VALUE ? "padding" : "kernel",
          largest > Integer.MAX_VALUE
              ? "the padded input "
                  + y.padded()
                  + "x"
                  + x.padded()
                  + " is too large: an axis holds"
                  + " at most "
                  + Integer.MAX_VALUE
                  + " elements."
              : "the kernel "
                  + y.kernel()
                  + "x"
                  + x.kernel()
                  + " is too large: it holds at most "
                  + Integer.MAX_VALUE
                  + " elements.",
          "");
      return false;
    }
    return true;
  }

  private static long largest(Window window) {
    return Math.max(window.padded(), window.reach());
  }

  private static long largestKernel(Window window) {
    return (window.padded() - 1) / window.dilation() + 1;
  }
}
