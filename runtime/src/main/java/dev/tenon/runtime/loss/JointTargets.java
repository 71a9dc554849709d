package dev.tenon.runtime.loss;

import dev.tenon.runtime.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Targets for several outputs of a network, in the order of the outputs: class labels or values for
 * each. Wraps what it is given, and copies nothing.
 *
 * <pre>{@code
 * JointTargets targets = JointTargets.of(classes).and(boxes); // int[] and Tensor
 * }</pre>
 */
public final class JointTargets {
  private final List<Object> targets;

  private JointTargets(List<Object> targets) {
    this.targets = targets;
  }

  /**
   * Class labels for the first output.
   *
   * @param labels as for {@code crossEntropy()}; shared, not copied
   * @return targets for one output, to go on with {@link #and(int[])} or {@link #and(Tensor)}
   */
  public static JointTargets of(int[] labels) {
    Objects.requireNonNull(labels, "labels");
    return new JointTargets(List.of(labels));
  }

  /**
   * Values for the first output.
   *
   * @param values as for {@code meanSquaredError()}; shared, not copied
   * @return targets for one output, to go on with {@link #and(int[])} or {@link #and(Tensor)}
   */
  public static JointTargets of(Tensor values) {
    Objects.requireNonNull(values, "values");
    return new JointTargets(List.of(values));
  }

  /**
   * Adds class labels for the next output.
   *
   * @param labels as for {@code crossEntropy()}; shared, not copied
   * @return targets for one output more
   */
  public JointTargets and(int[] labels) {
    Objects.requireNonNull(labels, "labels");
    return plus(labels);
  }

  /**
   * Adds values for the next output.
   *
   * @param values as for {@code meanSquaredError()}; shared, not copied
   * @return targets for one output more
   */
  public JointTargets and(Tensor values) {
    Objects.requireNonNull(values, "values");
    return plus(values);
  }

  private JointTargets plus(Object target) {
    List<Object> more = new ArrayList<>(targets);
    more.add(target);
    return new JointTargets(List.copyOf(more));
  }

  /**
   * How many outputs there are targets for.
   *
   * @return at least 1
   */
  public int size() {
    return targets.size();
  }

  /**
   * Whether an output's targets are class labels.
   *
   * @param output number of the output, from 0
   * @return false if they are values
   * @throws IndexOutOfBoundsException if there are no targets for such an output
   */
  public boolean isLabels(int output) {
    return targets.get(output) instanceof int[];
  }

  /**
   * The class labels of an output.
   *
   * @param output number of the output, from 0
   * @return the array itself
   * @throws ClassCastException if its targets are values
   * @throws IndexOutOfBoundsException if there are no targets for such an output
   */
  public int[] labels(int output) {
    return (int[]) targets.get(output);
  }

  /**
   * The values of an output.
   *
   * @param output number of the output, from 0
   * @return the tensor itself
   * @throws ClassCastException if its targets are labels
   * @throws IndexOutOfBoundsException if there are no targets for such an output
   */
  public Tensor values(int output) {
    return (Tensor) targets.get(output);
  }

  /** What a loss is given. */
  Object get(int output) {
    return targets.get(output);
  }
}
