package dev.tenon.processor.layers.common;

import static dev.tenon.processor.layers.common.Indices.accumulator;
import static dev.tenon.processor.layers.common.Indices.append;
import static dev.tenon.processor.layers.common.Indices.load;
import static dev.tenon.processor.layers.common.Indices.set;
import static dev.tenon.processor.layers.common.Indices.zero;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Comparison;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Maps that change the sizes of spatial axes and are linear along each: {@code y[i] = sum over p of
 * w(i, p) x[p]}, one axis after the other. Backward is the transposed map, {@code dx[p] = sum over
 * i of w(i, p) dy[i]}, the last axis first.
 *
 * @param input per-sample shape, channels first
 * @param maps one for each spatial axis
 */
public record Resampling(Shape input, List<AlongAxis> maps) {
  /** Weights are numbers of this type until they are kept. */
  public static final ElementType WEIGHT = ElementType.DOUBLE;

  public Resampling {
    maps = List.copyOf(maps);
  }

  /** A map along one axis. */
  public sealed interface AlongAxis {
    /** Size of the input. */
    int in();

    /** Size of the output. */
    int out();
  }

  /** Every output is the mean of {@code in / out} neighbours, each of which belongs to one. */
  public record Means(int in, int out) implements AlongAxis {}

  /** Every input is repeated {@code out / in} times. */
  public record Repeats(int in, int out) implements AlongAxis {}

  /**
   * The general map.
   *
   * @param band whether output {@code i} depends on input {@code floor(i in / out)} and its two
   *     neighbours only, and {@code in} divides {@code out}
   * @param weights what they are
   */
  public record Weighted(int in, int out, boolean band, Weights weights) implements AlongAxis {}

  /** The weights of a map. */
  @FunctionalInterface
  public interface Weights {
    /** The weight, of type {@link #WEIGHT}, by the numbers of an output and an input, ints. */
    Expr at(Expr output, Expr input);
  }

  /** Per-sample shape of the result. */
  public Shape output() {
    int[] sizes = input.toArray();
    for (int a = 0; a < maps.size(); a++) {
      sizes[a + 1] = maps.get(a).out();
    }
    return Shape.of(sizes);
  }

  /** Writes forward, backward and evaluation. */
  public void lower(Lowering to) {
    forward(to, "", to.input(), to.output(), to::forward);
    forward(to, "predict", to.predictInput(), to.predictOutput(), to::predict);
    backward(to);
  }

  /** Numbers of the spatial axes along which something changes. */
  private List<Integer> changing() {
    List<Integer> changing = new ArrayList<>();
    for (int a = 0; a < maps.size(); a++) {
      if (maps.get(a).in() != maps.get(a).out()) {
        changing.add(a);
      }
    }
    return changing;
  }

  /** Shapes before the first map that changes something, between them, and behind the last. */
  private List<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>(List.of(input));
    for (int a : changing()) {
      int[] sizes = shapes.get(shapes.size() - 1).toArray();
      sizes[a + 1] = maps.get(a).out();
      shapes.add(Shape.of(sizes));
    }
    return shapes;
  }

  private void forward(Lowering to, String prefix, Tensor x, Tensor y, Consumer<Nest> program) {
    List<Integer> changing = changing();
    if (changing.isEmpty()) {
      program.accept(copy(to, prefix.isEmpty() ? "forward" : prefix, "y = x", x, y));
      return;
    }
    List<Shape> shapes = shapes();
    Tensor from = x;
    for (int i = 0; i < changing.size(); i++) {
      int a = changing.get(i);
      String axis = Lowering.axes(input).get(a + 2).name();
      boolean last = i == changing.size() - 1;
      Tensor into =
          last
              ? y
              : to.own(
                  named(prefix, "along", axis), to.real(), dims(Lowering.axes(shapes.get(i + 1))));
      String name = last ? prefix.isEmpty() ? "forward" : prefix : named(prefix, "along", axis);
      if (maps.get(a) instanceof Weighted weighted) {
        program.accept(weights(to, named(prefix, "weights", axis), weighted));
      }
      program.accept(along(to, prefix, name, a, shapes.get(i), shapes.get(i + 1), from, into));
      from = into;
    }
  }

  private void backward(Lowering to) {
    List<Integer> changing = changing();
    if (changing.isEmpty()) {
      to.backward(copy(to, "backward", "dx = dy", to.outputGradient(), to.inputGradient()));
      return;
    }
    List<Shape> shapes = shapes();
    Tensor from = to.outputGradient();
    for (int i = changing.size() - 1; i >= 0; i--) {
      int a = changing.get(i);
      String axis = Lowering.axes(input).get(a + 2).name();
      Tensor into =
          i == 0
              ? to.inputGradient()
              : to.own(
                  named("", "gradientAlong", axis), to.real(), dims(Lowering.axes(shapes.get(i))));
      String name = i == 0 ? "backward" : named("", "backwardAlong", axis);
      to.backward(back(to, name, a, shapes.get(i), shapes.get(i + 1), from, into));
      from = into;
    }
  }

  private Nest copy(Lowering to, String name, String what, Tensor from, Tensor into) {
    List<Axis> axes = Lowering.axes(input);
    return to.nest(name, what + ", " + input + " a sample")
        .over(axes)
        .store(set(into, load(from, axes), axes))
        .build();
  }

  // ------------------------------------------------------------------------------ one axis

  private Nest along(
      Lowering to,
      String prefix,
      String name,
      int a,
      Shape before,
      Shape after,
      Tensor x,
      Tensor y) {
    int at = a + 2;
    AlongAxis map = maps.get(a);
    String sizes = before + " -> " + after;
    if (map instanceof Means means) {
      List<Axis> outer = Lowering.axes(after);
      Axis t = new Axis("t", means.in() / means.out());
      Affine place = Affine.of(outer.get(at)).times(t.extent()).plus(t);
      return to.nest(
              name, "y = mean of " + t.extent() + " along " + outer.get(at).name() + ": " + sizes)
          .over(outer)
          .reduce(t)
          .sum("sum", zero(to.real()), Expr.load(x, with(outer, at, place)))
          .store(
              set(
                  y,
                  Expr.divide(accumulator("sum", to.real()), Expr.constant(to.real(), t.extent())),
                  outer))
          .build();
    }
    if (map instanceof Repeats repeats) {
      List<Axis> inner = Lowering.axes(before);
      Axis r = new Axis("r", repeats.out() / repeats.in());
      Affine place = Affine.of(inner.get(at)).times(r.extent()).plus(r);
      return to.nest(
              name, "y = x " + r.extent() + " times along " + inner.get(at).name() + ": " + sizes)
          .over(append(inner, r))
          .store(Store.set(y, load(x, inner), with(inner, at, place)))
          .build();
    }
    Weighted weighted = (Weighted) map;
    Tensor weights = weightsTensor(to, prefix, a, weighted);
    String summary = "y = sum of weight * x along " + Lowering.axes(input).get(at).name();
    if (weighted.band()) {
      List<Axis> inner = Lowering.axes(before);
      Axis r = new Axis("r", weighted.out() / weighted.in());
      Axis t = new Axis("t", BAND);
      Affine place = Affine.of(inner.get(at)).times(r.extent()).plus(r);
      Affine source = Affine.of(inner.get(at)).plus(t).plus(-1);
      return to.nest(name, summary + ": " + sizes)
          .over(append(inner, r))
          .reduce(t)
          .sum(
              "sum",
              zero(to.real()),
              term(
                  Expr.load(weights, place, Affine.of(t)),
                  Expr.padded(x, Outside.ZERO, with(inner, at, source))))
          .store(Store.set(y, accumulator("sum", to.real()), with(inner, at, place)))
          .build();
    }
    List<Axis> outer = Lowering.axes(after);
    Axis p = new Axis("p", weighted.in());
    return to.nest(name, summary + ": " + sizes)
        .over(outer)
        .reduce(p)
        .sum(
            "sum",
            zero(to.real()),
            term(load(weights, outer.get(at), p), Expr.load(x, with(outer, at, Affine.of(p)))))
        .store(set(y, accumulator("sum", to.real()), outer))
        .build();
  }

  private Nest back(
      Lowering to, String name, int a, Shape before, Shape after, Tensor dy, Tensor dx) {
    int at = a + 2;
    AlongAxis map = maps.get(a);
    String sizes = after + " -> " + before;
    List<Axis> inner = Lowering.axes(before);
    String axis = inner.get(at).name();
    if (map instanceof Means means) {
      List<Axis> outer = Lowering.axes(after);
      Axis t = new Axis("t", means.in() / means.out());
      Affine place = Affine.of(outer.get(at)).times(t.extent()).plus(t);
      Expr share = Expr.divide(load(dy, outer), Expr.constant(to.real(), t.extent()));
      return to.nest(name, "dx = dy / " + t.extent() + " along " + axis + ": " + sizes)
          .over(append(outer, t))
          .store(Store.set(dx, share, with(outer, at, place)))
          .build();
    }
    if (map instanceof Repeats repeats) {
      Axis r = new Axis("r", repeats.out() / repeats.in());
      Affine place = Affine.of(inner.get(at)).times(r.extent()).plus(r);
      return to.nest(name, "dx = sum of " + r.extent() + " dy along " + axis + ": " + sizes)
          .over(inner)
          .reduce(r)
          .sum("sum", zero(to.real()), Expr.load(dy, with(inner, at, place)))
          .store(set(dx, accumulator("sum", to.real()), inner))
          .build();
    }
    Weighted weighted = (Weighted) map;
    Tensor weights = weightsTensor(to, "", a, weighted);
    String summary = "dx = sum of weight * dy along " + axis + ": " + sizes;
    if (weighted.band()) {
      Axis r = new Axis("r", weighted.out() / weighted.in());
      Axis t = new Axis("t", BAND);
      // Input p is tap t of the outputs r of the input before, at, and behind it.
      Affine place = Affine.of(inner.get(at)).plus(t, -1).plus(1).times(r.extent()).plus(r);
      return to.nest(name, summary)
          .over(inner)
          .reduce(t, r)
          .sum(
              "sum",
              zero(to.real()),
              term(
                  Expr.padded(weights, Outside.ZERO, place, Affine.of(t)),
                  Expr.padded(dy, Outside.ZERO, with(inner, at, place))))
          .store(set(dx, accumulator("sum", to.real()), inner))
          .build();
    }
    Axis i = new Axis("i", weighted.out());
    return to.nest(name, summary)
        .over(inner)
        .reduce(i)
        .sum(
            "sum",
            zero(to.real()),
            term(load(weights, i, inner.get(at)), Expr.load(dy, with(inner, at, Affine.of(i)))))
        .store(set(dx, accumulator("sum", to.real()), inner))
        .build();
  }

  /** A product that is 0 where the weight is, whatever the value: a NaN reaches what uses it. */
  private static Expr term(Expr weight, Expr value) {
    Expr none = zero(weight.type());
    return Expr.select(Comparison.EQUAL, weight, none, none, Expr.multiply(weight, value));
  }

  // ------------------------------------------------------------------------------- weights

  /** Inputs that an output of a band depends on. */
  private static final int BAND = 3;

  private Tensor weightsTensor(Lowering to, String prefix, int a, Weighted map) {
    String axis = Lowering.axes(input).get(a + 2).name();
    return to.own(
        named(prefix, "weights", axis), to.real(), map.out(), map.band() ? BAND : map.in());
  }

  private Nest weights(Lowering to, String name, Weighted map) {
    Tensor weights = to.own(name, to.real(), map.out(), map.band() ? BAND : map.in());
    Affine output;
    Affine source;
    List<Axis> axes;
    Affine column;
    if (map.band()) {
      Axis q = new Axis("q", map.in());
      Axis r = new Axis("r", map.out() / map.in());
      Axis t = new Axis("t", BAND);
      axes = List.of(q, r, t);
      output = Affine.of(q).times(r.extent()).plus(r);
      source = Affine.of(q).plus(t).plus(-1);
      column = Affine.of(t);
    } else {
      Axis i = new Axis("i", map.out());
      Axis p = new Axis("p", map.in());
      axes = List.of(i, p);
      output = Affine.of(i);
      source = Affine.of(p);
      column = source;
    }
    Expr weight = map.weights().at(new Expr.IndexValue(output), new Expr.IndexValue(source));
    return to.nest(
            name, "how much of each input is in each output, " + map.in() + " -> " + map.out())
        .over(axes)
        .store(Store.set(weights, Expr.cast(to.real(), weight), output, column))
        .build();
  }

  // --------------------------------------------------------------------------------- names

  private static String named(String prefix, String name, String axis) {
    String first = prefix.isEmpty() ? name : prefix + capital(name);
    return first + capital(axis);
  }

  private static String capital(String name) {
    return Character.toUpperCase(name.charAt(0)) + name.substring(1);
  }

  private static Affine[] with(List<Axis> axes, int at, Affine place) {
    Affine[] index = Indices.at(axes);
    index[at] = place;
    return index;
  }

  private static Integer[] dims(List<Axis> axes) {
    return axes.stream().map(Axis::extent).toArray(Integer[]::new);
  }
}
