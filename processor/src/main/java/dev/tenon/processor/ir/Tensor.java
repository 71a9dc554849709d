package dev.tenon.processor.ir;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A named array of values that nests read and write. It has a logical shape only; where its values
 * lie in memory is the planner's decision.
 *
 * @param name unique in the network: {@code bn1.weight}, {@code conv1.output}
 * @param type element type
 * @param role what it is to the network
 * @param dims its sizes; the first may be {@link Axis#BATCH}
 */
public record Tensor(String name, ElementType type, Role role, List<Integer> dims) {
  /** What a tensor is to the network; decides where it may live and for how long. */
  public enum Role {
    /** Learnt; in the flat parameter array. */
    PARAMETER,
    /** Gradient of a parameter; in the flat gradient array. */
    PARAMETER_GRADIENT,
    /** Measured; in the flat array of running statistics. */
    RUNNING_STAT,
    /** Flows between layers or stays inside one; in a buffer. */
    VALUE
  }

  public Tensor {
    dims = List.copyOf(dims);
  }

  public int rank() {
    return dims.size();
  }

  public boolean isBatched() {
    return !dims.isEmpty() && dims.get(0) == Axis.BATCH;
  }

  /** Whether it lies in one of the model's flat arrays rather than in a planned buffer. */
  public boolean isState() {
    return role != Role.VALUE;
  }

  @Override
  public String toString() {
    return name + dims.stream().map(Axis::text).collect(Collectors.joining(", ", "[", "]"));
  }
}
