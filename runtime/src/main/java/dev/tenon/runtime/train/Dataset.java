package dev.tenon.runtime.train;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.JointTargets;
import dev.tenon.runtime.random.Randoms;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Samples in memory, each with its target. Wraps the arrays it is given and changes none of them;
 * subsets are copies.
 *
 * @param <T> type of a batch's targets: {@code int[]} for class labels, {@link Tensor} for values,
 *     {@link JointTargets} for several outputs
 */
public final class Dataset<T> {
  private final List<Tensor> inputs;
  private final Targets<T> targets;

  private Dataset(List<Tensor> inputs, Targets<T> targets) {
    this.inputs = inputs;
    this.targets = targets;
  }

  /**
   * Samples with class labels.
   *
   * @param features {@code [samples, ...]}; shared, not copied
   * @param labels one label for every sample or, for predictions with positions such as pixels, for
   *     every position, sample by sample; shared, not copied
   * @return a dataset whose targets are labels
   * @throws IllegalArgumentException if there is no axis of samples, or the number of labels is not
   *     a multiple of the number of samples
   */
  public static Dataset<int[]> of(Tensor features, int[] labels) {
    return of(List.of(Objects.requireNonNull(features, "features")), labels);
  }

  /**
   * Samples with class labels, for networks with several inputs.
   *
   * @param inputs {@code [samples, ...]} for each input, in the network's order; shared, not copied
   * @param labels as for {@link #of(Tensor, int[])}
   * @return a dataset whose targets are labels
   * @throws IllegalArgumentException if there is no input or no axis of samples, or the numbers of
   *     samples and labels do not fit
   */
  public static Dataset<int[]> of(List<Tensor> inputs, int[] labels) {
    Objects.requireNonNull(inputs, "inputs");
    Objects.requireNonNull(labels, "labels");
    return new Dataset<>(List.copyOf(inputs), labels(inputs, samples(inputs), labels));
  }

  private static Targets.Labels labels(List<Tensor> inputs, int size, int[] labels) {
    int perSample = size == 0 ? 0 : labels.length / size;
    if (perSample * size != labels.length || (size > 0 && perSample == 0)) {
      throw new IllegalArgumentException(
          "Dataset: features "
              + inputs.get(0).describe()
              + " have "
              + size
              + " samples, but there are "
              + labels.length
              + " labels; expected one for every sample (or the same number for each).");
    }
    return new Targets.Labels(labels, perSample);
  }

  /**
   * Samples with values to predict.
   *
   * @param features {@code [samples, ...]}; shared, not copied
   * @param targets {@code [samples, ...]}; shared, not copied
   * @return a dataset whose targets are tensors
   * @throws IllegalArgumentException if there is no axis of samples, or the numbers of samples
   *     differ
   */
  public static Dataset<Tensor> of(Tensor features, Tensor targets) {
    return of(List.of(Objects.requireNonNull(features, "features")), targets);
  }

  /**
   * Samples with values to predict, for networks with several inputs.
   *
   * @param inputs {@code [samples, ...]} for each input, in the network's order; shared, not copied
   * @param targets {@code [samples, ...]}; shared, not copied
   * @return a dataset whose targets are tensors
   * @throws IllegalArgumentException if there is no input or no axis of samples, or the numbers of
   *     samples differ
   */
  public static Dataset<Tensor> of(List<Tensor> inputs, Tensor targets) {
    Objects.requireNonNull(inputs, "inputs");
    Objects.requireNonNull(targets, "targets");
    return new Dataset<>(List.copyOf(inputs), values(inputs, samples(inputs), targets));
  }

  private static Targets.Values values(List<Tensor> inputs, int size, Tensor targets) {
    if (samples(targets) != size) {
      throw new IllegalArgumentException(
          "Dataset: features "
              + inputs.get(0).describe()
              + " have "
              + size
              + " samples, but targets "
              + targets.describe()
              + " have "
              + targets.dim(0)
              + ".");
    }
    return new Targets.Values(targets);
  }

  /**
   * Samples with targets for several outputs.
   *
   * @param inputs {@code [samples, ...]} for each input, in the network's order; shared, not copied
   * @param targets labels or values for each output, in the network's order
   * @return a dataset whose targets are those of all outputs
   * @throws IllegalArgumentException if there is no input or no axis of samples, or the numbers of
   *     samples and targets do not fit
   */
  public static Dataset<JointTargets> of(List<Tensor> inputs, JointTargets targets) {
    Objects.requireNonNull(inputs, "inputs");
    Objects.requireNonNull(targets, "targets");
    int size = samples(inputs);
    List<Targets<?>> outputs = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      outputs.add(
          targets.isLabels(i)
              ? labels(inputs, size, targets.labels(i))
              : values(inputs, size, targets.values(i)));
    }
    return new Dataset<>(List.copyOf(inputs), new Targets.Joint(targets, outputs));
  }

  /**
   * The number of samples.
   *
   * @return at least 0
   */
  public int size() {
    return inputs.get(0).dim(0);
  }

  /**
   * Element type of the features, of a dataset for networks with one input.
   *
   * @return the type
   * @throws IllegalStateException if there are several inputs
   */
  public DType dtype() {
    return features().dtype();
  }

  /**
   * The shape of one sample's features, of a dataset for networks with one input.
   *
   * @return a new array, without the axis of samples
   * @throws IllegalStateException if there are several inputs
   */
  public int[] sampleShape() {
    int[] shape = features().shape();
    return Arrays.copyOfRange(shape, 1, shape.length);
  }

  /**
   * All features, of a dataset for networks with one input.
   *
   * @return {@code [samples, ...]}, the tensor itself
   * @throws IllegalStateException if there are several inputs
   */
  public Tensor features() {
    requireOneInput(inputs.size());
    return inputs.get(0);
  }

  static void requireOneInput(int inputs) {
    if (inputs != 1) {
      throw new IllegalStateException(
          "Dataset: it has " + inputs + " inputs; ask for inputs() rather than for the features.");
    }
  }

  /**
   * All samples of each input.
   *
   * @return {@code [samples, ...]} for each, the tensors themselves, in an unmodifiable list
   */
  public List<Tensor> inputs() {
    return inputs;
  }

  /**
   * All targets.
   *
   * @return the labels or the tensor itself
   */
  public T targets() {
    return targets.all();
  }

  /**
   * Buffers to gather batches into. Each caller has its own; the dataset itself is read only.
   *
   * @return empty buffers
   */
  public Batch<T> newBatch() {
    return new Batch<>(inputs, targets.newBuffer());
  }

  /**
   * Some of the samples.
   *
   * @param indices which, in which order; may repeat
   * @return a dataset on copies
   * @throws IndexOutOfBoundsException for an index outside {@code [0, size)}
   */
  public Dataset<T> subset(int... indices) {
    Objects.requireNonNull(indices, "indices");
    Batch<T> batch = newBatch();
    batch.gather(indices, 0, indices.length);
    return new Dataset<>(List.of(batch.inputs()), targets.copyOf(batch.targets()));
  }

  /**
   * Splits at random: {@code round(size * testFraction)} samples, the first of {@code
   * Randoms.permutation(seed, size)}, become the test part. Both parts keep the order of this
   * dataset.
   *
   * @param testFraction share of the test part, in (0, 1)
   * @param seed the same seed gives the same split on every platform
   * @return both parts, as copies
   * @throws IllegalArgumentException if the fraction is outside (0, 1) or leaves a part empty
   */
  public Split<T> split(double testFraction, long seed) {
    int testSize = testSize(testFraction);
    int[] order = Randoms.permutation(seed, size());
    boolean[] inTest = new boolean[size()];
    for (int i = 0; i < testSize; i++) {
      inTest[order[i]] = true;
    }
    return split(inTest, testSize);
  }

  /**
   * Splits at random with the same share of every class in both parts.
   *
   * <p>The test part has {@code round(size * testFraction)} samples. Each class gives its exact
   * share rounded down; the places left go to the classes with the largest remainders, the lower
   * label first among equals. Of a class's samples, in the order of this dataset, those numbered by
   * the first entries of {@code Randoms.permutation(Randoms.key(seed, 0, label), count)} go to the
   * test part. Both parts keep the order of this dataset.
   *
   * @param testFraction share of the test part, in (0, 1)
   * @param seed the same seed gives the same split on every platform
   * @return both parts, as copies
   * @throws IllegalArgumentException if the fraction is outside (0, 1) or leaves a part empty
   * @throws UnsupportedOperationException if there is not one class label for every sample
   */
  public Split<T> stratifiedSplit(double testFraction, long seed) {
    Map<Integer, List<Integer>> members = membersOfClasses("a stratified split needs", "split");
    int testSize = testSize(testFraction);
    Map<Integer, Integer> quotas = quotas(members, testSize);
    boolean[] inTest = new boolean[size()];
    members.forEach(
        (label, group) -> {
          int[] order = Randoms.permutation(Randoms.key(seed, 0, label), group.size());
          for (int i = 0; i < quotas.get(label); i++) {
            inTest[group.get(order[i])] = true;
          }
        });
    return split(inTest, testSize);
  }

  /**
   * Cuts at random into k parts of equal size, the first ones a sample larger where they do not
   * come out even, and gives for each the split into that part, to test by, and all others, to
   * learn from: k-fold cross-validation. Part i has the samples from place i on, part by part, of
   * {@code Randoms.permutation(seed, size)}. Both sides of a split keep the order of this dataset.
   *
   * @param k how many, from 2 to the number of samples
   * @param seed the same seed gives the same folds on every platform
   * @return k splits; each makes its copies when it is asked for
   * @throws IllegalArgumentException if k is out of range
   */
  public List<Split<T>> folds(int k, long seed) {
    requireFolds(k);
    int[] order = Randoms.permutation(seed, size());
    int[] fold = new int[size()];
    int larger = size() % k;
    int at = 0;
    for (int f = 0; f < k; f++) {
      int end = at + size() / k + (f < larger ? 1 : 0);
      for (; at < end; at++) {
        fold[order[at]] = f;
      }
    }
    return new Folds<>(this, fold, k);
  }

  /**
   * As {@link #folds}, with the same share of every class in all parts: the numbers of a class's
   * samples in two parts differ by at most 1, and so do the sizes of the parts. Class by class, the
   * lower label first, the samples are dealt to the parts in turn, in the order {@code
   * Randoms.permutation(Randoms.key(seed, 0, label), count)}.
   *
   * @param k how many, from 2 to the number of samples
   * @param seed the same seed gives the same folds on every platform
   * @return k splits; each makes its copies when it is asked for
   * @throws IllegalArgumentException if k is out of range
   * @throws UnsupportedOperationException if there is not one class label for every sample
   */
  public List<Split<T>> stratifiedFolds(int k, long seed) {
    Map<Integer, List<Integer>> members = membersOfClasses("stratified folds need", "folds");
    requireFolds(k);
    int[] fold = new int[size()];
    int dealt = 0;
    for (Map.Entry<Integer, List<Integer>> group : members.entrySet()) {
      int count = group.getValue().size();
      int[] order = Randoms.permutation(Randoms.key(seed, 0, group.getKey()), count);
      for (int place : order) {
        fold[group.getValue().get(place)] = dealt++ % k;
      }
    }
    return new Folds<>(this, fold, k);
  }

  private void requireFolds(int k) {
    if (k < 2 || k > size()) {
      throw new IllegalArgumentException(
          "Dataset: k must be from 2 to the number of samples, " + size() + ", but is " + k + ".");
    }
  }

  /** The places of each class's samples, the lower label first. */
  private Map<Integer, List<Integer>> membersOfClasses(String what, String instead) {
    int[] labels = targets.oneLabelEach();
    if (labels == null) {
      throw new UnsupportedOperationException(
          "Dataset: " + what + " one class label for every sample; use " + instead + " instead.");
    }
    Map<Integer, List<Integer>> members = new TreeMap<>();
    for (int i = 0; i < labels.length; i++) {
      members.computeIfAbsent(labels[i], label -> new ArrayList<>()).add(i);
    }
    return members;
  }

  /** The splits of a cross-validation, made when they are asked for. */
  private static final class Folds<T> extends AbstractList<Split<T>> implements RandomAccess {
    private final Dataset<T> all;
    private final int[] fold;
    private final int k;

    Folds(Dataset<T> all, int[] fold, int k) {
      this.all = all;
      this.fold = fold;
      this.k = k;
    }

    @Override
    public Split<T> get(int index) {
      Objects.checkIndex(index, k);
      boolean[] inTest = new boolean[fold.length];
      int testSize = 0;
      for (int i = 0; i < fold.length; i++) {
        inTest[i] = fold[i] == index;
        testSize += inTest[i] ? 1 : 0;
      }
      return all.split(inTest, testSize);
    }

    @Override
    public int size() {
      return k;
    }
  }

  /**
   * Weights that have every class count alike, for {@code crossEntropy().classWeights(...)}: {@code
   * samples / (classes * count)}, scikit-learn's "balanced".
   *
   * @param classes how many classes there are; labels that are none of them, such as ignored ones,
   *     are left out
   * @return a weight for each class; 0 for one that has no sample
   * @throws IllegalArgumentException if there is not at least one class
   * @throws UnsupportedOperationException if the targets are not class labels
   */
  public double[] balancedClassWeights(int classes) {
    if (classes < 1) {
      throw new IllegalArgumentException(
          "Dataset: classes must be at least 1, but is " + classes + ".");
    }
    if (!(targets.all() instanceof int[] labels)) {
      throw new UnsupportedOperationException(
          "Dataset: class weights need targets that are class labels.");
    }
    long[] counts = new long[classes];
    long all = 0;
    for (int label : labels) {
      if (label >= 0 && label < classes) {
        counts[label]++;
        all++;
      }
    }
    double[] weights = new double[classes];
    for (int k = 0; k < classes; k++) {
      weights[k] = counts[k] == 0 ? 0 : all / ((double) classes * counts[k]);
    }
    return weights;
  }

  /** Largest remainders, in whole numbers: no rounding decides a place. */
  private Map<Integer, Integer> quotas(Map<Integer, List<Integer>> members, int testSize) {
    long size = size();
    Map<Integer, Integer> quotas = new TreeMap<>();
    int left = testSize;
    for (Map.Entry<Integer, List<Integer>> group : members.entrySet()) {
      int quota = (int) ((long) group.getValue().size() * testSize / size);
      quotas.put(group.getKey(), quota);
      left -= quota;
    }
    Comparator<Integer> byRemainder =
        Comparator.comparingLong(label -> (long) members.get(label).size() * testSize % size);
    members.keySet().stream()
        .sorted(byRemainder.reversed().thenComparing(Comparator.naturalOrder()))
        .limit(left)
        .forEach(label -> quotas.merge(label, 1, Integer::sum));
    return quotas;
  }

  private int testSize(double testFraction) {
    long testSize = Math.round(size() * testFraction);
    if (!(testFraction > 0 && testFraction < 1) || testSize < 1 || testSize >= size()) {
      throw new IllegalArgumentException(
          "Dataset: a test fraction of "
              + testFraction
              + " cannot split "
              + size()
              + " samples: the fraction must be in (0, 1) and leave a sample in both parts.");
    }
    return (int) testSize;
  }

  private Split<T> split(boolean[] inTest, int testSize) {
    int[] train = new int[inTest.length - testSize];
    int[] test = new int[testSize];
    int trains = 0;
    int tests = 0;
    for (int i = 0; i < inTest.length; i++) {
      if (inTest[i]) {
        test[tests++] = i;
      } else {
        train[trains++] = i;
      }
    }
    return new Split<>(subset(train), subset(test));
  }

  private static int samples(List<Tensor> inputs) {
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("Dataset: there is no input.");
    }
    int size = samples(inputs.get(0));
    for (Tensor input : inputs) {
      if (samples(input) != size) {
        throw new IllegalArgumentException(
            "Dataset: the inputs must have as many samples each, but are "
                + inputs.get(0).describe()
                + " and "
                + input.describe()
                + ".");
      }
    }
    return size;
  }

  private static int samples(Tensor tensor) {
    if (tensor.rank() == 0) {
      throw new IllegalArgumentException(
          "Dataset: a scalar has no axis of samples; expected the shape [samples, ...].");
    }
    if (tensor.isPacked()) {
      throw new IllegalArgumentException(
          "Dataset: the samples are a view of a packed parameter or statistic; pass a copy, such as"
              + " Tensor.of(tensor.toFloatArray(), tensor.shape()).");
    }
    return tensor.dim(0);
  }

  /** Returns the number of samples, the inputs' types and shapes, and what the targets are. */
  @Override
  public String toString() {
    return "Dataset of "
        + size()
        + " samples: "
        + inputs.stream().map(Tensor::describe).collect(Collectors.joining(", "))
        + " to "
        + targets.described();
  }
}
