package dev.tenon.runtime.train;

/**
 * Where the batches of an epoch begin and end.
 *
 * @param size samples of the dataset
 * @param batchSize samples of a full batch
 * @param batches how many there are
 * @param takesRest whether the last one reaches to the end of the data
 */
record BatchPlan(int size, int batchSize, int batches, boolean takesRest) {
  /** Batches to train on, each of at least as many samples as a model wants. */
  static BatchPlan of(int size, int batchSize, LastBatch rule, int minimum) {
    int full = size / batchSize;
    int rest = size % batchSize;
    if (rest == 0 || rule == LastBatch.DROP) {
      return new BatchPlan(size, batchSize, full, false);
    }
    boolean merged = rule == LastBatch.MERGE_SINGLE && rest < minimum && full > 0;
    return new BatchPlan(size, batchSize, merged ? full : full + 1, true);
  }

  /** Batches to judge: all samples, whatever the last batch has. */
  static BatchPlan toJudge(int size, int batchSize) {
    return of(size, batchSize, LastBatch.KEEP, 1);
  }

  int from(int batch) {
    return batch * batchSize;
  }

  int to(int batch) {
    return takesRest && batch == batches - 1 ? size : (batch + 1) * batchSize;
  }

  /** The fewest samples that a batch has; there is at least one batch. */
  int smallest() {
    return batches == 1 ? to(0) : Math.min(batchSize, to(batches - 1) - from(batches - 1));
  }
}
