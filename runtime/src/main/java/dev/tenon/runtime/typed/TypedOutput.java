package dev.tenon.runtime.typed;

import dev.tenon.runtime.BaseModel;
import dev.tenon.runtime.Tensor;
import java.util.List;

/**
 * A model whose output is a Java type: {@code @Network(labels = Species.class)}.
 *
 * @param <L> what a label is: the enum, {@code Boolean}, or the record
 * @param <P> what a prediction is: a {@link Classification}, a {@link MultiLabel}, or the record
 * @param <T> type of a batch's targets: {@code int[]} for an enum, {@link Tensor} for all others
 */
public interface TypedOutput<L, P, T> extends BaseModel {
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
   * @return the constants' numbers, or a new tensor {@code [labels, outputs]}
   * @throws IllegalArgumentException if a label or a component of one is null, or a number is NaN,
   *     infinite or too large for a float32 network; the message names component and index
   */
  default T targets(List<? extends L> labels) {
    return labelType().targets(dtype(), labels);
  }

  /**
   * What the outputs mean that {@code predict} gives.
   *
   * @param outputs {@code [batch, output shape]}
   * @return one prediction for each sample
   */
  default List<P> decode(Tensor outputs) {
    return labelType().decode(outputs);
  }
}
