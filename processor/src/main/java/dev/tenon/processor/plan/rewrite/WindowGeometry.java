package dev.tenon.processor.plan.rewrite;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr.Load;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * How a window slides over the spatial axes, and the padded copy that makes it simple.
 *
 * <p>A copy of a plane with its padding, cut into phases when the stride is above 1, lets one index
 * run over all output positions: position {@code p} of tap {@code t} is element {@code p +
 * offset(t)} of phase {@code phase(t)}. The positions run over whole rows of the padded plane, so a
 * few of them lie between the rows and mean nothing.
 *
 * @param dims one entry per spatial axis
 */
public record WindowGeometry(List<Dim> dims) {
  /**
   * The most places of a kernel and the most phases. Each place is some 5,000 characters of source
   * in a convolution and its gradients, so a kernel of 100x100 would be 40 million.
   */
  private static final int MOST = 169;

  public WindowGeometry {
    dims = List.copyOf(dims);
  }

  /**
   * One spatial axis.
   *
   * @param out axis over the output positions
   * @param tap axis over the kernel
   * @param before padding in front
   * @param size size of the source
   */
  public record Dim(Axis out, Axis tap, int stride, int dilation, int before, int size) {
    /** Elements of one phase of the padded source. */
    int extent() {
      int read = (out.extent() - 1) * stride + (tap.extent() - 1) * dilation;
      return Math.max(read, size - 1 + before) / stride + 1;
    }

    /** First element of a phase that lies in the source rather than in the padding. */
    public int first(int phase) {
      return Math.max(0, Math.floorDiv(before - phase + stride - 1, stride));
    }

    /** Number of elements of a phase that lie in the source. */
    public int count(int phase) {
      return Math.floorDiv(size - 1 + before - phase, stride) - first(phase) + 1;
    }
  }

  /** One place of the kernel. */
  public record Tap(List<Integer> place, int phase, int offset) {}

  /**
   * Reads the geometry off an index {@code [n, channel, stride*out + dilation*tap - before, ...]}.
   * Empty for other indices, and for windows that are too large to be written out place by place.
   *
   * @param taps the axes that run over the kernel
   */
  public static Optional<WindowGeometry> of(
      List<Integer> sizes, List<Affine> index, List<Axis> taps) {
    if (index.size() < 3) {
      return Optional.empty();
    }
    List<Dim> dims = new ArrayList<>();
    for (int d = 2; d < index.size(); d++) {
      Affine at = index.get(d);
      List<Axis> tap = at.terms().keySet().stream().filter(taps::contains).toList();
      List<Axis> out = at.terms().keySet().stream().filter(axis -> !taps.contains(axis)).toList();
      if (tap.size() != 1 || out.size() != 1 || at.constant() > 0) {
        return Optional.empty();
      }
      dims.add(
          new Dim(
              out.get(0),
              tap.get(0),
              at.coefficient(out.get(0)),
              at.coefficient(tap.get(0)),
              -at.constant(),
              sizes.get(d)));
    }
    WindowGeometry geometry = new WindowGeometry(dims);
    return geometry.isSmall() ? Optional.of(geometry) : Optional.empty();
  }

  private boolean isSmall() {
    return product(Dim::extent) <= Integer.MAX_VALUE
        && product(Dim::stride) <= MOST
        && product(d -> d.tap().extent()) <= MOST;
  }

  private double product(ToIntFunction<Dim> size) {
    return dims.stream().mapToDouble(d -> size.applyAsInt(d)).reduce(1, (a, b) -> a * b);
  }

  public static Optional<WindowGeometry> of(Load load, List<Axis> taps) {
    return of(load.tensor().dims(), load.index(), taps);
  }

  public int pitch(int dim) {
    int pitch = 1;
    for (int d = dim + 1; d < dims.size(); d++) {
      pitch = Math.multiplyExact(pitch, dims.get(d).extent());
    }
    return pitch;
  }

  /** Elements of one phase. */
  public int plane() {
    return dims.stream().mapToInt(Dim::extent).reduce(1, Math::multiplyExact);
  }

  /** Number of phases. */
  public int phases() {
    return dims.stream().mapToInt(Dim::stride).reduce(1, Math::multiplyExact);
  }

  /** Positions, those between the rows included. */
  public int positions() {
    int last = 0;
    for (int d = 0; d < dims.size(); d++) {
      last += (dims.get(d).out().extent() - 1) * pitch(d);
    }
    return last + 1;
  }

  /** Whether no position lies between rows, so that positions number the output without a gap. */
  public boolean isDense() {
    return positions()
        == dims.stream().mapToInt(d -> d.out().extent()).reduce(1, Math::multiplyExact);
  }

  /** Whether the source needs no copy: no padding, no phases. */
  public boolean isSourceItself() {
    return dims.stream()
        .allMatch(d -> d.stride() == 1 && d.before() == 0 && d.extent() == d.size());
  }

  public List<Axis> outAxes() {
    return dims.stream().map(Dim::out).toList();
  }

  public List<Axis> tapAxes() {
    return dims.stream().map(Dim::tap).toList();
  }

  /** The position of an output point. */
  public Affine position() {
    Affine position = Affine.ZERO;
    for (int d = 0; d < dims.size(); d++) {
      position = position.plus(dims.get(d).out(), pitch(d));
    }
    return position;
  }

  /** All places of the kernel, row-major. */
  public List<Tap> taps() {
    List<Tap> taps = new ArrayList<>();
    addTaps(taps, List.of());
    return taps;
  }

  private void addTaps(List<Tap> taps, List<Integer> place) {
    int d = place.size();
    if (d == dims.size()) {
      int phase = 0;
      int offset = 0;
      for (int i = 0; i < d; i++) {
        Dim dim = dims.get(i);
        int at = place.get(i) * dim.dilation();
        phase = phase * dim.stride() + at % dim.stride();
        offset += at / dim.stride() * pitch(i);
      }
      taps.add(new Tap(place, phase, offset));
      return;
    }
    for (int i = 0; i < dims.get(d).tap().extent(); i++) {
      List<Integer> longer = new ArrayList<>(place);
      longer.add(i);
      addTaps(taps, longer);
    }
  }

  /** The index of each phase along each axis. */
  public List<List<Integer>> phaseIndices() {
    List<List<Integer>> all = new ArrayList<>();
    for (int phase = 0; phase < phases(); phase++) {
      List<Integer> index = new ArrayList<>();
      int rest = phase;
      for (int d = dims.size() - 1; d >= 0; d--) {
        index.add(0, rest % dims.get(d).stride());
        rest /= dims.get(d).stride();
      }
      all.add(index);
    }
    return all;
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    for (Dim d : dims) {
      parts.add(d.tap().extent() + "/" + d.stride());
    }
    return String.join("x", parts) + " on planes of " + plane();
  }
}
