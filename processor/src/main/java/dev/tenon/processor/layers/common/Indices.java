package dev.tenon.processor.layers.common;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.AccumulatorValue;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Short ways to write loads, stores and lists of axes. */
public final class Indices {
  private Indices() {}

  /** The element at these axes, one axis for each dimension. */
  public static Affine[] at(List<Axis> axes) {
    return axes.stream().map(Affine::of).toArray(Affine[]::new);
  }

  public static Affine[] at(Axis... axes) {
    return at(List.of(axes));
  }

  /** Loads the element at these axes. */
  public static Load load(Tensor tensor, List<Axis> axes) {
    return Expr.load(tensor, at(axes));
  }

  public static Load load(Tensor tensor, Axis... axes) {
    return Expr.load(tensor, at(axes));
  }

  /** Replaces the element at these axes. */
  public static Store set(Tensor tensor, Expr value, List<Axis> axes) {
    return Store.set(tensor, value, at(axes));
  }

  public static Store set(Tensor tensor, Expr value, Axis... axes) {
    return Store.set(tensor, value, at(axes));
  }

  /** The present value of an accumulator. */
  public static Expr accumulator(String name, ElementType type) {
    return new AccumulatorValue(name, type);
  }

  /** The list with one more axis behind it. */
  public static List<Axis> append(List<Axis> axes, Axis... more) {
    return append(axes, List.of(more));
  }

  /** The first axes and then the others. */
  public static List<Axis> append(List<Axis> axes, List<Axis> more) {
    List<Axis> all = new ArrayList<>(axes);
    all.addAll(more);
    return List.copyOf(all);
  }

  /** Zero of this type. */
  public static Expr zero(ElementType type) {
    return Expr.constant(type, 0);
  }
}
