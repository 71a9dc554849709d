package dev.tenon.runtime.typed;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.Model;
import java.util.List;
import java.util.Objects;

/**
 * A model whose output is a Java type: {@code @Network(labels = Species.class)}.
 *
 * @param <L> what a label is: the enum, {@code Boolean}, or the record
 * @param <P> what a prediction is: a {@link Classification}, a {@link MultiLabel}, or the record
 * @param <T> type of a batch's targets: {@code int[]} for an enum, {@link Tensor} for all others
 */
public interface TypedOutput<L, P, T> extends Model {
  /**
   * How labels become targets, and outputs become predictions.
   *
   * @return the same object at every call
   */
  LabelType<L, P, T> labelType();

  /**
   * The targets that labels make.
   *
   * @param labels one for each sample
   * @return the constants' numbers, or a new tensor {@code [labels, outputs]}; numbers are
   *     normalised if the network normalises labels and knows their statistics
   * @throws IllegalArgumentException if a label or a component of one is null, or a number is NaN,
   *     infinite or too large for a float32 network; the message names component and index
   */
  default T targets(List<? extends L> labels) {
    Objects.requireNonNull(labels, "labels");
    return labelType().targets(dtype(), state(), labels);
  }

  /**
   * What the outputs mean that {@code predict} gives.
   *
   * @param outputs {@code [batch, output shape]}
   * @return one prediction for each sample
   * @throws IllegalStateException if an output is NaN or infinite, so that it means nothing, or the
   *     constructor of a label's record refuses what was predicted; the message says which, and
   *     what to look at
   */
  default List<P> decode(Tensor outputs) {
    Objects.requireNonNull(outputs, "outputs");
    return labelType().decode(state(), outputs);
  }
}
