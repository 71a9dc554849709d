package dev.tenon.processor.layers.conv;

import static dev.tenon.processor.layers.common.Indices.accumulator;
import static dev.tenon.processor.layers.common.Indices.append;
import static dev.tenon.processor.layers.common.Indices.set;
import static dev.tenon.processor.layers.common.Indices.zero;
import static dev.tenon.processor.layers.common.Text.text;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layers.common.Window;
import dev.tenon.processor.layers.common.Windows;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a convolution and a transposed one have in common: an image, places that look at windows of
 * it, and weights {@code [channels of places, channels of the image a group, kernel...]}. A
 * convolution gathers places from the image; the gradient of its image scatters them back. A
 * transposed convolution does the second first.
 *
 * @param image per-sample shape of the image, channels first
 * @param channels channels of the places
 * @param windows windows of the image along the spatial axes, one for each place
 * @param groups number of groups; divides the channels of both
 */
record Correlation(Shape image, int channels, Windows windows, int groups) {
  /** Per-sample shape of the places. */
  Shape places() {
    return windows.output(channels);
  }

  List<Integer> weightDims() {
    List<Integer> dims = new ArrayList<>(List.of(channels, image.channels() / groups));
    dims.addAll(windows.kernel());
    return dims;
  }

  /**
   * {@code places = sum of image * weight}, one sum for each place.
   *
   * @param formula what it computes, before the shapes
   * @param bias whether sums start at a bias
   */
  Nest gather(Lowering to, String name, String formula, Tensor source, Tensor into, boolean bias) {
    Axes a = axes();
    ElementType real = to.real();
    return to.nest(name, text("%s: %s -> %s, %s", formula, image, places(), window()))
        .over(a.withGroup(List.of(a.n(), a.k()), a.places()))
        .reduce(append(List.of(a.c()), a.taps()))
        .sum(
            "sum",
            bias ? Expr.load(to.state("bias"), a.placeChannel()) : zero(real),
            Expr.multiply(padded(source, a), weight(to, a)))
        .store(Store.set(into, accumulator("sum", real), a.place()))
        .build();
  }

  /**
   * {@code image += places * weight} at every element of a place's window.
   *
   * @param clear name and description of the nest that sets the image to 0 before
   */
  List<Nest> scatter(
      Lowering to, List<String> clear, String name, String formula, Tensor source, Tensor into) {
    Axes a = axes();
    ElementType real = to.real();
    List<Axis> all = Lowering.axes(image);
    return List.of(
        to.nest(clear.get(0), clear.get(1) + ", " + image + " a sample")
            .over(all)
            .store(set(into, zero(real), all))
            .build(),
        to.nest(name, text("%s: %s -> %s, %s", formula, places(), image, window()))
            .over(a.withGroup(List.of(a.n(), a.c()), append(a.places(), a.taps())))
            .reduce(a.k())
            .sum("sum", zero(real), Expr.multiply(Expr.load(source, a.place()), weight(to, a)))
            .store(windows.add(into, accumulator("sum", real), a.n(), a.imageChannel(), a.places()))
            .build());
  }

  /** {@code dweight = sum of places * image}, where one of the two is a gradient. */
  Nest weightGradient(Lowering to, String product, Tensor imageValues, Tensor placeValues) {
    Axes a = axes();
    ElementType real = to.real();
    return to.nest(
            "weightGradient",
            text(
                "dweight[k, c, %s] = sum_n%s %s, %s",
                names(a.taps(), ", "),
                names(a.places(), ""),
                product,
                weightDims().stream().map(String::valueOf).collect(Collectors.joining("x"))))
        .over(a.withGroup(List.of(a.k(), a.c()), a.taps()))
        .reduce(append(List.of(a.n()), a.places()))
        .sum(
            "sum",
            zero(real),
            Expr.multiply(Expr.load(placeValues, a.place()), padded(imageValues, a)))
        .store(Store.set(to.gradient("weight"), accumulator("sum", real), a.weightPlace()))
        .build();
  }

  private Expr padded(Tensor x, Axes a) {
    return windows.load(x, Outside.ZERO, a.n(), a.imageChannel(), a.places());
  }

  private static Expr weight(Lowering to, Axes a) {
    return Expr.load(to.state("weight"), a.weightPlace());
  }

  private String window() {
    StringBuilder text = new StringBuilder("kernel " + windows.text(Window::kernel));
    if (windows.any(window -> window.stride() > 1)) {
      text.append(", stride ").append(windows.text(Window::stride));
    }
    if (windows.any(window -> window.padded() > window.size())) {
      text.append(", padding ").append(windows.text(Window::before));
    }
    if (windows.any(window -> window.dilation() > 1)) {
      text.append(", dilation ").append(windows.text(Window::dilation));
    }
    if (groups > 1) {
      text.append(", groups ").append(groups);
    }
    return text.toString();
  }

  private Axes axes() {
    List<Axis> axes = Lowering.axes(places());
    return new Axes(
        axes.get(0),
        new Axis("g", groups),
        new Axis("k", channels / groups),
        new Axis("c", image.channels() / groups),
        axes.subList(2, axes.size()),
        windows.taps());
  }

  private static String names(List<Axis> axes, String separator) {
    return axes.stream().map(Axis::name).collect(Collectors.joining(separator));
  }

  /** Batch, group, channels inside a group, place and kernel position. */
  private record Axes(Axis n, Axis g, Axis k, Axis c, List<Axis> places, List<Axis> taps) {
    Affine placeChannel() {
      return channel(k);
    }

    Affine imageChannel() {
      return channel(c);
    }

    private Affine channel(Axis inGroup) {
      Affine index = Affine.of(inGroup);
      return g.extent() == 1 ? index : index.plus(g, inGroup.extent());
    }

    /** {@code [n, channel of the place, place...]}. */
    Affine[] place() {
      return at(Affine.of(n), placeChannel(), places);
    }

    /** {@code [channel of the place, c, tap...]}. */
    Affine[] weightPlace() {
      return at(placeChannel(), Affine.of(c), taps);
    }

    private static Affine[] at(Affine first, Affine second, List<Axis> others) {
      return Stream.concat(Stream.of(first, second), others.stream().map(Affine::of))
          .toArray(Affine[]::new);
    }

    /** These axes, with the group, if there are several, behind the batch or else in front. */
    List<Axis> withGroup(List<Axis> first, List<Axis> second) {
      List<Axis> all = new ArrayList<>(append(first, second));
      if (g.extent() > 1) {
        all.add(all.get(0).isBatch() ? 1 : 0, g);
      }
      return List.copyOf(all);
    }
  }
}
