package dev.tenon.runtime.train;

import dev.tenon.runtime.Tensor;

/** The targets of a dataset: where class labels and values differ. */
interface Targets<T> {
  T all();

  /** The labels if every sample has exactly one, else null. */
  int[] oneLabelEach();

  Buffer<T> newBuffer();

  /** Targets of the same kind on a copy of gathered ones. */
  Targets<T> copyOf(T gathered);

  /** Gathers targets into memory that it reuses. */
  interface Buffer<T> {
    T gather(int[] order, int from, int to);
  }

  /** Class labels, {@code perSample} for every sample. */
  final class Labels implements Targets<int[]> {
    private final int[] labels;
    private final int perSample;

    Labels(int[] labels, int perSample) {
      this.labels = labels;
      this.perSample = perSample;
    }

    @Override
    public int[] all() {
      return labels;
    }

    @Override
    public int[] oneLabelEach() {
      return perSample == 1 ? labels : null;
    }

    @Override
    public Targets<int[]> copyOf(int[] gathered) {
      return new Labels(gathered.clone(), perSample);
    }

    @Override
    public Buffer<int[]> newBuffer() {
      return new Buffer<>() {
        // As BatchTensors: the two lengths used last stay.
        private int[] recent = new int[0];
        private int[] older = new int[0];

        @Override
        public int[] gather(int[] order, int from, int to) {
          int length = (to - from) * perSample;
          if (recent.length != length) {
            int[] next = older.length == length ? older : new int[length];
            older = recent;
            recent = next;
          }
          for (int i = from; i < to; i++) {
            System.arraycopy(
                labels, order[i] * perSample, recent, (i - from) * perSample, perSample);
          }
          return recent;
        }
      };
    }
  }

  /** Values, one slice of a tensor for every sample. */
  final class Values implements Targets<Tensor> {
    private final Tensor values;

    Values(Tensor values) {
      this.values = values;
    }

    @Override
    public Tensor all() {
      return values;
    }

    @Override
    public int[] oneLabelEach() {
      return null;
    }

    @Override
    public Targets<Tensor> copyOf(Tensor gathered) {
      Tensor copy = Tensor.zeros(gathered.dtype(), gathered.shape());
      copy.copyFrom(gathered);
      return new Values(copy);
    }

    @Override
    public Buffer<Tensor> newBuffer() {
      Gatherer gatherer = new Gatherer(values);
      return gatherer::gather;
    }
  }
}
