package dev.tenon.processor.ir;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A named array of values that nests read and write. It has a logical shape only; where its values
 * lie in memory is the planner's decision.
 *
 * @param layer the layer that it belongs to, or the input; empty for the network's own
 * @param word what it is called there, such as {@code weight} or {@code output}
 * @param type element type
 * @param role what it is to the network
 * @param parameter the name of the parameter that it is the gradient of
 * @param dims its sizes; the first may be {@link Axis#BATCH}
 */
public record Tensor(
    String layer,
    String word,
    ElementType type,
    Role role,
    Optional<String> parameter,
    List<Integer> dims) {
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
    if (role == Role.PARAMETER_GRADIENT && parameter.isEmpty()) {
      throw new IllegalArgumentException(word + " is the gradient of no parameter");
    }
  }

  /** A tensor that is the gradient of no parameter. */
  public Tensor(String layer, String word, ElementType type, Role role, List<Integer> dims) {
    this(layer, word, type, role, Optional.empty(), dims);
  }

  /** Unique in the network, for readers: {@code bn1.weight}, {@code conv1.output}. */
  public String name() {
    return layer.isEmpty() ? word : layer + "." + word;
  }

  /** The gradient of this parameter. */
  public Tensor gradient() {
    return new Tensor(
        layer, word + ".gradient", type, Role.PARAMETER_GRADIENT, Optional.of(name()), dims);
  }

  /** The same in another shape. */
  public Tensor withDims(List<Integer> other) {
    return new Tensor(layer, word, type, role, parameter, other);
  }

  /** The same with elements of another type. */
  public Tensor withType(ElementType other) {
    return new Tensor(layer, word, other, role, parameter, dims);
  }

  /** What another tensor is, in this one's shape and with its element type. */
  public Tensor as(Tensor other) {
    return new Tensor(other.layer, other.word, type, other.role, other.parameter, dims);
  }

  /** The same under a name that tells nothing of the network, to compare nests by. */
  public Tensor anonymous(String alias) {
    return new Tensor("", alias, type, role, parameter.map(name -> ""), dims);
  }

  /** Its own name, or for a gradient that of its parameter: the two lie alike. */
  public String entry() {
    return parameter.orElseGet(this::name);
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
    return name() + dims.stream().map(Axis::text).collect(Collectors.joining(", ", "[", "]"));
  }
}
