package dev.tenon.processor.layers.common;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;

/**
 * A window that slides along one axis: the geometry of convolutions and pools. All arithmetic is
 * long, as attributes may ask for more than an int holds; the checks of the layers make sure that
 * every number of a window in use fits an int.
 *
 * @param size elements of the input
 * @param kernel elements of the window
 * @param stride distance between neighbouring windows
 * @param dilation distance between neighbouring elements of a window
 * @param before elements of padding before the input
 * @param after elements of padding behind it
 * @param ceil whether a window that only starts inside counts
 */
public record Window(
    int size, int kernel, int stride, int dilation, long before, long after, boolean ceil) {

  /** Length from a window's first element to its last: {@code dilation * (kernel - 1) + 1}. */
  public long covered() {
    return (long) dilation * (kernel - 1) + 1;
  }

  /** Size with both paddings. */
  public long padded() {
    return size + before + after;
  }

  /**
   * Number of windows, below 1 when not even one fits: {@code floor((padded - covered) / stride) +
   * 1}. With {@link #ceil} the division rounds up, and a last window that would start in the
   * padding behind the input is dropped.
   */
  public long output() {
    long room = padded() - covered();
    if (!ceil) {
      return Math.floorDiv(room, (long) stride) + 1;
    }
    long output = Math.floorDiv(room + stride - 1, (long) stride) + 1;
    return (output - 1) * stride >= size + before ? output - 1 : output;
  }

  /** Length from the padding's first element to the end of what the windows read. */
  public long reach() {
    return (output() - 1) * stride + covered();
  }

  /** Whether a window reaches behind the padding, as the last one may with {@link #ceil}. */
  public boolean overshoots() {
    return reach() > padded();
  }

  /** Whether every window lies inside the input. */
  public boolean inside() {
    return before == 0 && reach() <= size;
  }

  /**
   * Whether some window has no element inside the input. Only a dilation larger than the input can
   * step over it, and only in a window that begins in the padding.
   */
  public boolean hasEmptyWindow() {
    if (dilation <= size) {
      return false;
    }
    long windows = output();
    for (long window = 0; window < windows && window * stride < before; window++) {
      long start = window * stride - before;
      if (Math.floorMod(start, (long) dilation) >= size) {
        return true;
      }
    }
    return false;
  }

  /** Where element {@code inner} of window {@code outer} lies in the input. */
  public Affine position(Axis outer, Axis inner) {
    return start(outer).plus(inner, step(inner, dilation));
  }

  /** Where window {@code outer} begins; negative in the padding. */
  public Affine start(Axis outer) {
    return Affine.constant(-Math.toIntExact(before)).plus(outer, step(outer, stride));
  }

  /**
   * A distance that is never gone, because there is one window or one element, may be as large as
   * an int: what it comes to in memory would be more than that, so it counts as 1.
   */
  private static int step(Axis along, int distance) {
    return along.extent() == 1 ? 1 : distance;
  }
}
