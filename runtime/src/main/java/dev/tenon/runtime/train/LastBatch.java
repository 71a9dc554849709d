package dev.tenon.runtime.train;

/** What happens to the last batch of an epoch when it is not full. */
public enum LastBatch {
  /** Train on it, whatever its size. */
  KEEP,
  /** Leave its samples out of this epoch; the next shuffles anew. */
  DROP,
  /**
   * Train on it, but add it to the batch before when it is smaller than the model accepts: batch
   * statistics cannot be computed from a single value per channel. The default.
   */
  MERGE_SINGLE
}
