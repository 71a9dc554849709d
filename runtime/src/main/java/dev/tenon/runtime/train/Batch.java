package dev.tenon.runtime.train;

import dev.tenon.runtime.Tensor;
import java.util.List;
import java.util.Objects;

/**
 * One batch at a time of a dataset, in buffers that are reused: the two batch sizes used last
 * allocate nothing. Not synchronised.
 *
 * @param <T> type of the targets
 */
public final class Batch<T> {
  private final int size;
  private final Gatherer[] gatherers;
  private final Tensor[] inputs;
  private final Targets.Buffer<T> targetBuffer;
  private boolean gathered;
  private T targets;

  Batch(List<Tensor> allInputs, Targets.Buffer<T> targetBuffer) {
    size = allInputs.get(0).dim(0);
    gatherers = allInputs.stream().map(Gatherer::new).toArray(Gatherer[]::new);
    inputs = new Tensor[gatherers.length];
    this.targetBuffer = targetBuffer;
  }

  /**
   * Copies samples {@code order[from]} to {@code order[to - 1]} into the buffers, over the batch
   * before.
   *
   * @param order indices of samples
   * @param from first position in the order
   * @param to position after the last
   * @throws IndexOutOfBoundsException for positions outside the order or samples outside the
   *     dataset; nothing is changed then
   */
  public void gather(int[] order, int from, int to) {
    Objects.requireNonNull(order, "order");
    if (from < 0 || to < from || to > order.length) {
      throw new IndexOutOfBoundsException(
          "Batch: positions [" + from + ", " + to + ") of an order of " + order.length + ".");
    }
    for (int i = from; i < to; i++) {
      if (order[i] < 0 || order[i] >= size) {
        throw new IndexOutOfBoundsException(
            "Batch: sample " + order[i] + " of a dataset of " + size + ".");
      }
    }
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = gatherers[i].gather(order, from, to);
    }
    gathered = true;
    targets = targetBuffer.gather(order, from, to);
  }

  /**
   * The features last gathered, of a dataset for networks with one input.
   *
   * @return {@code [batch, ...]}, overwritten by a later gather
   * @throws IllegalStateException if nothing was gathered yet, or there are several inputs
   */
  public Tensor features() {
    requireGathered();
    Dataset.requireOneInput(inputs.length);
    return inputs[0];
  }

  /**
   * What was last gathered for each input.
   *
   * @return {@code [batch, ...]} for each, in an array that is always the same; overwritten by a
   *     later gather
   * @throws IllegalStateException if nothing was gathered yet
   */
  public Tensor[] inputs() {
    requireGathered();
    return inputs;
  }

  /**
   * The targets last gathered.
   *
   * @return labels or {@code [batch, ...]}, overwritten by a later gather
   * @throws IllegalStateException if nothing was gathered yet
   */
  public T targets() {
    requireGathered();
    return targets;
  }

  private void requireGathered() {
    if (!gathered) {
      throw new IllegalStateException("Batch: call gather first.");
    }
  }
}
