package dev.tenon.runtime.train;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.JointTargets;
import java.util.ArrayList;
import java.util.List;

/** The targets of a dataset: where class labels and values differ. */
interface Targets<T> {
  T all();

  /** Kind and sizes, for people. */
  String described();

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
    public String described() {
      return perSample == 1 ? "class labels" : perSample + " class labels for each";
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
    public String described() {
      return values.describe();
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

  /** Targets for each of several outputs. */
  final class Joint implements Targets<JointTargets> {
    private final JointTargets all;
    private final List<Targets<?>> outputs;

    Joint(JointTargets all, List<Targets<?>> outputs) {
      this.all = all;
      this.outputs = List.copyOf(outputs);
    }

    @Override
    public JointTargets all() {
      return all;
    }

    @Override
    public String described() {
      return String.join(", ", outputs.stream().map(Targets::described).toList());
    }

    @Override
    public int[] oneLabelEach() {
      return null;
    }

    @Override
    public Targets<JointTargets> copyOf(JointTargets gathered) {
      List<Targets<?>> copies = new ArrayList<>();
      for (int i = 0; i < outputs.size(); i++) {
        copies.add(
            outputs.get(i) instanceof Labels labels
                ? labels.copyOf(gathered.labels(i))
                : ((Values) outputs.get(i)).copyOf(gathered.values(i)));
      }
      return new Joint(join(copies.stream().map(Targets::all).toList()), copies);
    }

    @Override
    public Buffer<JointTargets> newBuffer() {
      List<? extends Buffer<?>> buffers = outputs.stream().map(Targets::newBuffer).toList();
      return (order, from, to) -> {
        List<Object> gathered = new ArrayList<>();
        buffers.forEach(buffer -> gathered.add(buffer.gather(order, from, to)));
        return join(gathered);
      };
    }

    private static JointTargets join(List<?> targets) {
      JointTargets joined = null;
      for (Object target : targets) {
        if (target instanceof int[] labels) {
          joined = joined == null ? JointTargets.of(labels) : joined.and(labels);
        } else {
          Tensor values = (Tensor) target;
          joined = joined == null ? JointTargets.of(values) : joined.and(values);
        }
      }
      return joined;
    }
  }
}
