package dev.tenon.processor.layers.common;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The windows of a layer along all spatial axes of its input, one for each.
 *
 * @param axes from the outermost axis to the innermost
 */
public record Windows(List<Window> axes) {
  private static final List<String> TAP_NAMES = List.of("t", "r", "s");

  public Windows {
    axes = List.copyOf(axes);
  }

  /** Number of windows along each axis, behind this number of channels. */
  public Shape output(int channels) {
    int[] sizes = new int[axes.size() + 1];
    sizes[0] = channels;
    for (int i = 0; i < axes.size(); i++) {
      sizes[i + 1] = Math.toIntExact(axes.get(i).output());
    }
    return Shape.of(sizes);
  }

  /** What the windows slide over, behind this number of channels. */
  public Shape shape(int channels) {
    int[] sizes = new int[axes.size() + 1];
    sizes[0] = channels;
    for (int i = 0; i < axes.size(); i++) {
      sizes[i + 1] = axes.get(i).size();
    }
    return Shape.of(sizes);
  }

  /** Size of the window along each axis. */
  public List<Integer> kernel() {
    return axes.stream().map(Window::kernel).toList();
  }

  /** Elements of one window. */
  public double kernelSize() {
    return axes.stream().mapToDouble(Window::kernel).reduce(1, (a, b) -> a * b);
  }

  /** Axes over the elements of a window: {@code s}; {@code r, s}; {@code t, r, s}. */
  public List<Axis> taps() {
    int skipped = TAP_NAMES.size() - axes.size();
    List<Axis> taps = new ArrayList<>();
    for (int i = 0; i < axes.size(); i++) {
      taps.add(new Axis(TAP_NAMES.get(skipped + i), axes.get(i).kernel()));
    }
    return taps;
  }

  /** Number of an element in its window, row-major. */
  public Affine tapNumber() {
    Affine number = Affine.ZERO;
    for (Axis tap : taps()) {
      number = number.times(tap.extent()).plus(tap);
    }
    return number;
  }

  /**
   * Where the elements of the windows lie in the input.
   *
   * @param channel index of the input's channel
   * @param outer axes over the output's spatial positions
   */
  private Affine[] positions(Axis batch, Affine channel, List<Axis> outer) {
    List<Affine> positions = new ArrayList<>(List.of(Affine.of(batch), channel));
    List<Axis> taps = taps();
    for (int i = 0; i < axes.size(); i++) {
      positions.add(axes.get(i).position(outer.get(i), taps.get(i)));
    }
    return positions.toArray(Affine[]::new);
  }

  /**
   * Loads the elements of the windows.
   *
   * @param outside what padding reads as
   */
  public Load load(Tensor x, Outside outside, Axis batch, Affine channel, List<Axis> outer) {
    boolean inside = axes.stream().allMatch(Window::inside);
    return Expr.padded(x, inside ? Outside.NEVER : outside, positions(batch, channel, outer));
  }

  /** Adds to the elements of the windows; what falls on the padding is dropped. */
  public Store add(Tensor x, Expr value, Axis batch, Affine channel, List<Axis> outer) {
    return Store.add(x, value, positions(batch, channel, outer));
  }

  /** Whether this holds along any axis. */
  public boolean any(Predicate<Window> test) {
    return axes.stream().anyMatch(test);
  }

  /**
   * Whether an index into values of this shape holds every position of the windows: those in the
   * padding count too, as an index is computed before it is known whether it lies inside.
   */
  public boolean fitIndexOf(Shape values) {
    double most = (values.channels() - 1.0) * values.spatialCount();
    double below = 0;
    double inner = 1;
    for (int axis = axes.size() - 1; axis >= 0; axis--) {
      Window window = axes.get(axis);
      most += Math.max(0, window.reach() - window.before()) * inner;
      below += Math.max(0, window.before()) * inner;
      inner *= values.size(axis + 1);
    }
    return Math.max(most, below) <= Integer.MAX_VALUE;
  }

  /** One number of each axis: {@code 3x3}. */
  public String text(Function<Window, ? extends Number> number) {
    return axes.stream().map(number).map(String::valueOf).collect(Collectors.joining("x"));
  }
}
