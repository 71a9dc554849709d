package dev.tenon.processor.layers.conv;

import static dev.tenon.processor.layers.common.Indices.at;
import static dev.tenon.processor.layers.common.Indices.set;
import static dev.tenon.processor.layers.common.Indices.zero;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layers.common.Window;
import dev.tenon.processor.layers.common.Windows;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * An image with a border that repeats parts of it, as a tensor of its own: one axis after the
 * other, so that corners come out right. Along an axis the padded image has three parts, each of
 * which follows the image by an affine index.
 *
 * @param image per-sample shape
 * @param windows whose padding the border is
 * @param mode what the border repeats, not zeros
 */
record Border(Shape image, Windows windows, PaddingMode mode) {
  /** A part of the padded axis: elements {@code start + t} of it are {@code from + step t}. */
  private record Part(String name, int extent, int start, int from, int step) {}

  /** Per-sample shape of the image with its border. */
  Shape padded() {
    Shape shape = image;
    for (int a : axes()) {
      shape = after(shape, a);
    }
    return shape;
  }

  /** The same windows on the padded image. */
  Windows inside() {
    return new Windows(
        windows.axes().stream()
            .map(
                w ->
                    new Window(
                        Math.toIntExact(w.padded()),
                        w.kernel(),
                        w.stride(),
                        w.dilation(),
                        0,
                        0,
                        w.ceil()))
            .toList());
  }

  /** Numbers of the spatial axes that have a border. */
  private List<Integer> axes() {
    List<Integer> axes = new ArrayList<>();
    for (int a = 0; a < windows.axes().size(); a++) {
      Window window = windows.axes().get(a);
      if (window.before() > 0 || window.after() > 0) {
        axes.add(a);
      }
    }
    return axes;
  }

  private Shape after(Shape shape, int a) {
    int[] sizes = shape.toArray();
    sizes[a + 1] = Math.toIntExact(windows.axes().get(a).padded());
    return Shape.of(sizes);
  }

  /**
   * Writes the nests that pad.
   *
   * @param prefix of the names of nests and tensors
   * @return the padded image
   */
  Tensor pad(Lowering to, String prefix, Tensor x, Consumer<Nest> program) {
    Shape shape = image;
    Tensor from = x;
    for (int a : axes()) {
      Shape wide = after(shape, a);
      Tensor into = tensor(to, named(prefix, "padded", shape, a), wide);
      List<Axis> all = Lowering.axes(wide);
      program.accept(
          to.nest(named(prefix, "clear", shape, a), "0, " + wide + " a sample")
              .over(all)
              .store(set(into, zero(to.real()), all))
              .build());
      for (Part part : parts(a)) {
        Axis t = new Axis("t", part.extent());
        List<Axis> axes = with(shape, a, t);
        program.accept(
            to.nest(
                    named(prefix, part.name(), shape, a),
                    part.name() + " of the padded image along " + name(shape, a) + ", " + wide)
                .over(axes)
                .store(
                    Store.add(
                        into,
                        Expr.load(from, index(axes, a, part.from(), part.step(), t)),
                        index(axes, a, part.start(), 1, t)))
                .build());
      }
      from = into;
      shape = wide;
    }
    return from;
  }

  /** The tensor that takes the gradient of the padded image. */
  Tensor paddedGradient(Lowering to) {
    return axes().isEmpty() ? to.inputGradient() : tensor(to, "paddedGradient", padded());
  }

  /** Writes the nests that add what lies on the border to what it repeats. */
  void backward(Lowering to) {
    List<Shape> shapes = new ArrayList<>(List.of(image));
    axes().forEach(a -> shapes.add(after(shapes.get(shapes.size() - 1), a)));
    Tensor from = paddedGradient(to);
    for (int i = axes().size() - 1; i >= 0; i--) {
      int a = axes().get(i);
      Shape shape = shapes.get(i);
      Tensor into =
          i == 0 ? to.inputGradient() : tensor(to, named("", "gradient", shape, a), shape);
      for (Part part : parts(a)) {
        Axis t = new Axis("t", part.extent());
        List<Axis> axes = with(shape, a, t);
        Expr value = Expr.load(from, index(axes, a, part.start(), 1, t));
        Affine[] place = index(axes, a, part.from(), part.step(), t);
        boolean first = part.start() == windows.axes().get(a).before();
        to.backward(
            to.nest(
                    named("", part.name() + "Gradient", shape, a),
                    "dx "
                        + (first ? "=" : "+=")
                        + " dpadded of the "
                        + part.name()
                        + " along "
                        + name(shape, a)
                        + ", "
                        + shape)
                .over(axes)
                .store(first ? Store.set(into, value, place) : Store.add(into, value, place))
                .build());
      }
      from = into;
    }
  }

  /** The image itself first, then what is before and behind it. */
  private List<Part> parts(int a) {
    Window window = windows.axes().get(a);
    int size = window.size();
    int before = Math.toIntExact(window.before());
    int after = Math.toIntExact(window.after());
    List<Part> parts = new ArrayList<>(List.of(new Part("middle", size, before, 0, 1)));
    int behind = before + size;
    switch (mode) {
      case REFLECT -> {
        parts.add(new Part("front", before, 0, before, -1));
        parts.add(new Part("back", after, behind, size - 2, -1));
      }
      case REPLICATE -> {
        parts.add(new Part("front", before, 0, 0, 0));
        parts.add(new Part("back", after, behind, size - 1, 0));
      }
      case CIRCULAR -> {
        parts.add(new Part("front", before, 0, size - before, 1));
        parts.add(new Part("back", after, behind, 0, 1));
      }
      case ZEROS -> throw new IllegalStateException("zeros need no border");
    }
    return parts.stream().filter(part -> part.extent() > 0).toList();
  }

  private static List<Axis> with(Shape shape, int a, Axis t) {
    List<Axis> axes = new ArrayList<>(Lowering.axes(shape));
    axes.set(a + 2, t);
    return axes;
  }

  private static Affine[] index(List<Axis> axes, int a, int start, int step, Axis t) {
    Affine[] index = at(axes);
    index[a + 2] = Affine.constant(start).plus(t, step);
    return index;
  }

  private static Tensor tensor(Lowering to, String name, Shape shape) {
    return to.own(
        name, to.real(), Lowering.axes(shape).stream().map(Axis::extent).toArray(Integer[]::new));
  }

  private static String name(Shape shape, int a) {
    return Lowering.axes(shape).get(a + 2).name();
  }

  private static String named(String prefix, String name, Shape shape, int a) {
    String first = prefix.isEmpty() ? name : prefix + capital(name);
    return first + capital(name(shape, a));
  }

  private static String capital(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }
}
