package dev.tenon.runtime.train;

import dev.tenon.runtime.Tensor;

/**
 * One batch at a time of a dataset, in buffers that are reused: the two batch sizes used last
 * allocate nothing. Not synchronised.
 *
 * @param <T> type of the targets
 */
public final class Batch<T> {
  private final int size;
  private final Gatherer gatherer;
  private final Targets.Buffer<T> targetBuffer;
  private Tensor features;
  private T targets;

  Batch(Tensor allFeatures, Targets.Buffer<T> targetBuffer) {
    size = allFeatures.dim(0);
    gatherer = new Gatherer(allFeatures);
    this.targetBuffer = targetBuffer;
  }

  /**
   * Copies samples {@code order[from]} to {@code order[to - 1]} into the buffers, over the batch
   * before.
   *
   * @param order indices of samples
   * @param from first position in the order
   * @param to position behind the last
   * @throws IndexOutOfBoundsException for positions outside the order or samples outside the
   *     dataset; nothing is changed then
   */
  public void gather(int[] order, int from, int to) {
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
    features = gatherer.gather(order, from, to);
    targets = targetBuffer.gather(order, from, to);
  }

  /**
   * The features last gathered.
   *
   * @return {@code [batch, ...]}, overwritten by a later gather
   * @throws IllegalStateException if nothing was gathered yet
   */
  public Tensor features() {
    requireGathered();
    return features;
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
    if (features == null) {
      throw new IllegalStateException("Batch: call gather first.");
    }
  }
}
