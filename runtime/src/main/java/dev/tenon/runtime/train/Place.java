package dev.tenon.runtime.train;

/** Which batch of which epoch a step works on. One object for a fit, moved on from step to step. */
final class Place {
  int epoch;
  int batch;
  int batches;
  int[] order;
  int from;

  /** The sample of the dataset that is at a place of the batch. */
  int sample(int position) {
    return order[from + position];
  }

  @Override
  public String toString() {
    return "epoch " + epoch + ", batch " + batch + " of " + batches;
  }
}
