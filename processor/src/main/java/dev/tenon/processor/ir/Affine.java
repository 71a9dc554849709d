package dev.tenon.processor.ir;

import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * An index that is linear in loop axes: {@code constant + sum coefficient * axis}. Everything that
 * the planner knows about memory access it reads from these.
 */
public record Affine(int constant, SortedMap<Axis, Integer> terms) {
  private static final Comparator<Axis> ORDER =
      Comparator.comparing(Axis::name).thenComparingInt(Axis::extent);

  public static final Affine ZERO = constant(0);

  public Affine {
    SortedMap<Axis, Integer> copy = new TreeMap<>(ORDER);
    terms.forEach(
        (axis, coefficient) -> {
          if (coefficient != 0) {
            copy.put(axis, coefficient);
          }
        });
    terms = Collections.unmodifiableSortedMap(copy);
  }

  public static Affine constant(int value) {
    return new Affine(value, new TreeMap<>(ORDER));
  }

  public static Affine of(Axis axis) {
    return constant(0).plus(axis, 1);
  }

  public Affine plus(int value) {
    return new Affine(Math.addExact(constant, value), terms);
  }

  public Affine plus(Axis axis) {
    return plus(axis, 1);
  }

  /** Adds {@code coefficient * axis}. */
  public Affine plus(Axis axis, int coefficient) {
    SortedMap<Axis, Integer> sum = new TreeMap<>(terms);
    sum.merge(axis, coefficient, Math::addExact);
    return new Affine(constant, sum);
  }

  public Affine plus(Affine other) {
    SortedMap<Axis, Integer> sum = new TreeMap<>(terms);
    other.terms.forEach((axis, coefficient) -> sum.merge(axis, coefficient, Math::addExact));
    return new Affine(Math.addExact(constant, other.constant), sum);
  }

  public Affine times(int factor) {
    SortedMap<Axis, Integer> product = new TreeMap<>(ORDER);
    terms.forEach((axis, c) -> product.put(axis, Math.multiplyExact(c, factor)));
    return new Affine(Math.multiplyExact(constant, factor), product);
  }

  public int coefficient(Axis axis) {
    return terms.getOrDefault(axis, 0);
  }

  public boolean isConstant() {
    return terms.isEmpty();
  }

  public boolean uses(Axis axis) {
    return terms.containsKey(axis);
  }

  /** Replaces every axis by what the function gives for it. */
  public Affine substitute(Function<Axis, Affine> replacement) {
    Affine result = constant(constant);
    for (Map.Entry<Axis, Integer> term : terms.entrySet()) {
      result = result.plus(replacement.apply(term.getKey()).times(term.getValue()));
    }
    return result;
  }

  /** The index at one point of the iteration space. */
  public int at(ToIntFunction<Axis> point) {
    int value = constant;
    for (Map.Entry<Axis, Integer> term : terms.entrySet()) {
      value += term.getValue() * point.applyAsInt(term.getKey());
    }
    return value;
  }

  /** Both are sorted alike, so terms are compared side by side; planning compares many indices. */
  @Override
  public boolean equals(Object other) {
    if (this == other) {
      return true;
    }
    if (!(other instanceof Affine affine)
        || constant != affine.constant
        || terms.size() != affine.terms.size()) {
      return false;
    }
    Iterator<Map.Entry<Axis, Integer>> others = affine.terms.entrySet().iterator();
    for (Map.Entry<Axis, Integer> term : terms.entrySet()) {
      Map.Entry<Axis, Integer> next = others.next();
      if (!term.getKey().equals(next.getKey()) || !term.getValue().equals(next.getValue())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = constant;
    for (Map.Entry<Axis, Integer> term : terms.entrySet()) {
      hash = 31 * (31 * hash + term.getKey().hashCode()) + term.getValue();
    }
    return hash;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    terms.forEach(
        (axis, coefficient) -> {
          text.append(text.isEmpty() ? "" : " + ");
          text.append(coefficient == 1 ? axis.name() : coefficient + "*" + axis.name());
        });
    if (constant != 0 || text.isEmpty()) {
      text.append(text.isEmpty() ? "" : " + ").append(constant);
    }
    return text.toString();
  }
}
