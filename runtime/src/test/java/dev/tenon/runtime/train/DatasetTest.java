package dev.tenon.runtime.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.runtime.Allocation;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Fixtures;
import dev.tenon.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatasetTest {
  private final Dataset<int[]> labelled =
      Dataset.of(
          Tensor.of(new float[] {0, 1, 10, 11, 20, 21, 30, 31}, 4, 2), new int[] {5, 6, 7, 8});
  private final Dataset<Tensor> valued =
      Dataset.of(
          Tensor.of(new double[] {0, 1, 10, 11, 20, 21, 30, 31}, 4, 2, 1),
          Tensor.of(new double[] {5, 6, 7, 8}, 4, 1));

  @Test
  void knowsItsSamples() {
    assertThat(labelled.size()).isEqualTo(4);
    assertThat(labelled.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(labelled.sampleShape()).containsExactly(2);
    assertThat(valued.sampleShape()).containsExactly(2, 1);
    assertThat(labelled.targets()).containsExactly(5, 6, 7, 8);
    assertThat(valued.targets().get(2, 0)).isEqualTo(7);
    assertThat(valued.features().dim(0)).isEqualTo(4);
  }

  @Test
  void gathersByOrder() {
    int[] order = {3, 1, 0, 2};
    Batch<int[]> labels = labelled.newBatch();
    labels.gather(order, 1, 4);
    assertThat(labels.features().shape()).containsExactly(3, 2);
    assertThat(labels.features().toFloatArray()).containsExactly(10, 11, 0, 1, 20, 21);
    assertThat(labels.targets()).containsExactly(6, 5, 7);

    Batch<Tensor> values = valued.newBatch();
    values.gather(order, 0, 2);
    assertThat(values.features().toDoubleArray()).containsExactly(30, 31, 10, 11);
    assertThat(values.targets().shape()).containsExactly(2, 1);
    assertThat(values.targets().toDoubleArray()).containsExactly(8, 6);
  }

  @Test
  void gathersFromViews() {
    Tensor view = Tensor.view(new float[] {-1, 0, 1, 10, 11}, 1, 2, 2);
    Batch<int[]> batch = Dataset.of(view, new int[] {0, 1}).newBatch();
    batch.gather(new int[] {1}, 0, 1);
    assertThat(batch.features().toFloatArray()).containsExactly(10, 11);
  }

  @Test
  void severalLabelsForEachSample() {
    Dataset<int[]> pixels =
        Dataset.of(Tensor.zeros(DType.FLOAT32, 3, 1), new int[] {0, 1, 10, 11, 20, 21});
    Batch<int[]> batch = pixels.newBatch();
    batch.gather(new int[] {2, 0}, 0, 2);
    assertThat(batch.targets()).containsExactly(20, 21, 0, 1);
    assertThatThrownBy(() -> pixels.stratifiedSplit(0.5, 1))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void twoBatchSizesAllocateNothing() {
    int[] order = {3, 1, 0, 2};
    Batch<int[]> labels = labelled.newBatch();
    Batch<Tensor> values = valued.newBatch();
    Allocation.assertNone(
        () -> {
          labels.gather(order, 0, 3);
          labels.gather(order, 3, 4);
          values.gather(order, 0, 3);
          values.gather(order, 3, 4);
        });
  }

  @Test
  void badOrdersChangeNothing() {
    Batch<int[]> batch = labelled.newBatch();
    assertThatThrownBy(batch::features).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(batch::targets).isInstanceOf(IllegalStateException.class);
    batch.gather(new int[] {1}, 0, 1);

    assertThatThrownBy(() -> batch.gather(new int[] {4}, 0, 1))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Batch: sample 4 of a dataset of 4.");
    assertThatThrownBy(() -> batch.gather(new int[] {0}, 0, 2))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Batch: positions [0, 2) of an order of 1.");
    assertThat(batch.targets()).containsExactly(6);
  }

  @Test
  void subsetsAreCopies() {
    Dataset<int[]> some = labelled.subset(2, 0, 2);
    assertThat(some.size()).isEqualTo(3);
    assertThat(some.targets()).containsExactly(7, 5, 7);
    labelled.features().fill(0);
    assertThat(some.features().toFloatArray()).containsExactly(20, 21, 0, 1, 20, 21);
    assertThat(valued.subset(1).targets().toDoubleArray()).containsExactly(6);
  }

  @Test
  void countsMustFit() {
    Tensor features = Tensor.zeros(DType.FLOAT32, 4, 2);
    assertThatThrownBy(() -> Dataset.of(features, new int[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("have 4 samples, but there are 3 labels");
    assertThatThrownBy(() -> Dataset.of(features, new int[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Dataset.of(features, Tensor.zeros(DType.FLOAT32, 3, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("have 4 samples, but targets float32 [3, 2] have 3");
    assertThatThrownBy(() -> Dataset.of(Tensor.zeros(DType.FLOAT32), new int[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a scalar has no axis of samples");
    assertThat(Dataset.of(Tensor.zeros(DType.FLOAT32, 0, 2), new int[0]).size()).isZero();
  }

  @Test
  void stratifiedSplitMatchesTheSecondImplementation() {
    for (JsonNode test : Fixtures.cases("randoms", "stratified")) {
      int[] labels = Fixtures.ints(test.get("labels"));
      double[] numbers = IntStream.range(0, labels.length).mapToDouble(i -> i).toArray();
      Dataset<int[]> data = Dataset.of(Tensor.of(numbers, labels.length, 1), labels);

      Split<int[]> split =
          data.stratifiedSplit(test.get("fraction").asDouble(), test.get("seed").asLong());

      double[] expected = Fixtures.doubles(test.get("test"));
      assertThat(split.test().features().toDoubleArray()).isEqualTo(expected);
      assertParts(data, split, expected.length);
      for (int label : IntStream.of(labels).distinct().toArray()) {
        double share = count(labels, label) * (double) expected.length / labels.length;
        assertThat((double) count(split.test().targets(), label))
            .isBetween(Math.floor(share), Math.ceil(share));
      }
    }
  }

  @Test
  void splitIsAPartition() {
    double[] numbers = IntStream.range(0, 23).mapToDouble(i -> i).toArray();
    Dataset<Tensor> data = Dataset.of(Tensor.of(numbers, 23, 1), Tensor.of(numbers.clone(), 23, 1));

    Split<Tensor> split = data.split(0.3, 4);

    assertParts(data, split, 7);
    assertThat(split.test().targets().toDoubleArray())
        .isEqualTo(split.test().features().toDoubleArray());
    assertThat(data.split(0.3, 4).test().features().toDoubleArray())
        .isEqualTo(split.test().features().toDoubleArray());
    assertThat(data.split(0.3, 5).test().features().toDoubleArray())
        .isNotEqualTo(split.test().features().toDoubleArray());
    assertThatThrownBy(() -> data.stratifiedSplit(0.3, 4))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("use split instead");
  }

  @Test
  void fractionsMustLeaveBothParts() {
    for (double fraction : new double[] {0, 1, -0.5, 1.5, 0.1, 0.9, Double.NaN}) {
      assertThatThrownBy(() -> labelled.split(fraction, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cannot split 4 samples");
    }
  }

  private static void assertParts(Dataset<?> data, Split<?> split, int testSize) {
    double[] train = split.train().features().toDoubleArray();
    double[] test = split.test().features().toDoubleArray();
    assertThat(test).hasSize(testSize).isSorted();
    assertThat(train).isSorted();
    double[] both = IntStream.range(0, data.size()).mapToDouble(i -> i).toArray();
    double[] joined = new double[train.length + test.length];
    System.arraycopy(train, 0, joined, 0, train.length);
    System.arraycopy(test, 0, joined, train.length, test.length);
    assertThat(joined).containsExactlyInAnyOrder(both);
  }

  private static long count(int[] labels, int label) {
    return IntStream.of(labels).filter(l -> l == label).count();
  }

  /** Every sample is in the test part of one fold, and in the training parts of all others. */
  @Test
  void foldsAreAPartition() {
    for (int k : new int[] {2, 3, 5, 17}) {
      for (boolean stratified : new boolean[] {false, true}) {
        Dataset<int[]> data = numbered(17);
        List<Split<int[]>> folds = stratified ? data.stratifiedFolds(k, 3) : data.folds(k, 3);
        assertThat(folds).hasSize(k);
        List<Double> tested = new ArrayList<>();
        for (Split<int[]> fold : folds) {
          assertThat(fold.test().size()).isBetween(17 / k, 17 / k + 1);
          List<Double> all = new ArrayList<>(values(fold.test()));
          tested.addAll(all);
          assertThat(values(fold.test())).isSorted();
          assertThat(values(fold.train())).isSorted();
          all.addAll(values(fold.train()));
          assertThat(all).containsExactlyInAnyOrderElementsOf(values(data));
        }
        assertThat(tested).containsExactlyInAnyOrderElementsOf(values(data));
        assertThat(values(folds.get(0).test()))
            .isEqualTo(
                values((stratified ? data.stratifiedFolds(k, 3) : data.folds(k, 3)).get(0).test()));
      }
    }
  }

  @Test
  void stratifiedFoldsShareTheClasses() {
    Dataset<int[]> data = numbered(23);
    for (Split<int[]> fold : data.stratifiedFolds(4, 1)) {
      for (int label = 0; label < 3; label++) {
        int wanted = label;
        long all = Arrays.stream(data.targets()).filter(l -> l == wanted).count();
        long here = Arrays.stream(fold.test().targets()).filter(l -> l == wanted).count();
        assertThat(here).isBetween(all / 4, all / 4 + 1);
      }
    }
  }

  @Test
  void foldsAreChecked() {
    Dataset<int[]> data = numbered(5);
    for (int k : new int[] {-1, 0, 1, 6}) {
      assertThatThrownBy(() -> data.folds(k, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Dataset: k must be from 2 to the number of samples, 5, but is " + k + ".");
    }
    Dataset<Tensor> values =
        Dataset.of(Tensor.zeros(DType.FLOAT64, 4, 1), Tensor.zeros(DType.FLOAT64, 4, 1));
    assertThatThrownBy(() -> values.stratifiedFolds(2, 1))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            "Dataset: stratified folds need one class label for every sample; use folds instead.");
    assertThatThrownBy(() -> values.balancedClassWeights(2))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  /** scikit-learn's compute_class_weight("balanced"): samples / (classes * count). */
  @Test
  void balancedWeights() {
    Dataset<int[]> data =
        Dataset.of(Tensor.zeros(DType.FLOAT64, 7, 1), new int[] {0, 0, 0, 1, 1, 3, -100});
    assertThat(data.balancedClassWeights(4)).containsExactly(6 / 12.0, 6 / 8.0, 0, 6 / 4.0);
    assertThatThrownBy(() -> data.balancedClassWeights(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Dataset<int[]> numbered(int samples) {
    double[] x = IntStream.range(0, samples).mapToDouble(i -> i).toArray();
    int[] labels = IntStream.range(0, samples).map(i -> i * i % 5 % 3).toArray();
    return Dataset.of(Tensor.of(x, samples, 1), labels);
  }

  private static List<Double> values(Dataset<int[]> data) {
    return Arrays.stream(data.features().toDoubleArray()).boxed().toList();
  }
}
