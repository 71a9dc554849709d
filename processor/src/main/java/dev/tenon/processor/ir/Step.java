package dev.tenon.processor.ir;

import java.util.List;
import java.util.Optional;

/**
 * One step of a network's program, in order: a loop nest, the count of a batch, the joining of what
 * the pieces of a batch have gathered, or one of these under a condition.
 */
public sealed interface Step permits Nest, Step.Increment, Step.Join, Step.Conditional {
  /** Name of the layer that asked for it. */
  String layer();

  /** The loop nest, with or without a condition; empty for a count. */
  default Optional<Nest> nest() {
    if (this instanceof Nest nest) {
      return Optional.of(nest);
    }
    return this instanceof Conditional conditional ? conditional.step().nest() : Optional.empty();
  }

  /** When the step runs. */
  default Condition condition() {
    return this instanceof Conditional conditional ? conditional.condition() : Condition.ALWAYS;
  }

  /** The same under the same condition, with another nest in it. */
  default Step withNest(Nest nest) {
    return this instanceof Conditional conditional
        ? new Conditional(conditional.condition(), nest)
        : nest;
  }

  /** Adds one to a counter of the state, {@code bn1.num_batches_tracked}. */
  record Increment(String layer, String counter) implements Step {}

  /**
   * Puts in the place of what this piece of the batch has gathered what all pieces together have.
   * Does nothing where the batch is worked on as a whole.
   *
   * @param how what the tensors are
   * @param tensors double, {@code [channels]} each
   * @param valuesPerSample values of a channel that one sample brings
   */
  record Join(String layer, How how, List<Tensor> tensors, int valuesPerSample) implements Step {
    public Join {
      tensors = List.copyOf(tensors);
    }

    /** What is joined. */
    public enum How {
      /** The mean and the biased variance. */
      MOMENTS,
      /** Sums. */
      SUMS
    }
  }

  /** The step itself, without its condition. */
  default Step bare() {
    return this instanceof Conditional conditional ? conditional.step() : this;
  }

  /**
   * A step that depends on whether the statistics of its layer are frozen in this training step.
   *
   * @param step a nest or a count
   */
  record Conditional(Condition condition, Step step) implements Step {
    @Override
    public String layer() {
      return step.layer();
    }
  }

  /** When a step runs; in the evaluation nothing is conditional. */
  enum Condition {
    ALWAYS,
    /** While the layer's statistics are not frozen. */
    NOT_FROZEN,
    /** While they are. */
    FROZEN;

    /** Whether a step under this condition runs. */
    public boolean holds(boolean frozen) {
      return this == ALWAYS || (this == FROZEN) == frozen;
    }
  }
}
