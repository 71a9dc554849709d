package dev.tenon.processor.ir;

import java.util.List;

/**
 * Writes one value of a tensor.
 *
 * @param tensor where to
 * @param index at which element
 * @param value what; in a nest with accumulators, computed once behind the reduction
 * @param mode replace, or add to what is there
 */
public record Store(Tensor tensor, List<Affine> index, Expr value, Mode mode) {
  /** How the value meets what the element holds. */
  public enum Mode {
    /** Replaces it; every point of the nest writes another element, all inside. */
    SET,
    /** Adds to it; points may share elements; an index outside the tensor adds nothing. */
    ADD,
    /**
     * Replaces it where it is infinite or no number. Either all stores of a nest repair or none
     * does; it computes nothing at points where what all of them would replace is finite, and
     * replaces all of it at the others.
     */
    REPAIR
  }

  public Store {
    index = List.copyOf(index);
  }

  public static Store set(Tensor tensor, Expr value, Affine... index) {
    return new Store(tensor, List.of(index), value, Mode.SET);
  }

  public static Store add(Tensor tensor, Expr value, Affine... index) {
    return new Store(tensor, List.of(index), value, Mode.ADD);
  }
}
