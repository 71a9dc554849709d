package dev.tenon.integration;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.model.PieceExchange;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.parallel.PiecewiseModel;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.StateEntry;
import dev.tenon.runtime.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Test;

/** One batch in several pieces gives what the whole batch gives. */
class PiecesTest {
  private static final List<String> LAYERS =
      List.of(
          "@Conv2d(out = 3, kernel = 3, padding = 1, bias = false) Weighted conv();",
          "@BatchNorm2d BatchNorm bn1();",
          "@ReLU Layer relu();",
          "@MaxPool2d(kernel = 2) Layer pool();",
          "@Flatten Layer flat();",
          "@Dropout(p = 0.3) Layer drop();",
          "@Linear(out = 5) Weighted fc();",
          "@BatchNorm1d(cumulative = true) BatchNorm bn2();",
          "@BatchNorm1d(trackRunningStats = false, affine = false) BatchNorm bn3();");

  /** What a piece knows by itself, and running statistics of it, which it does not. */
  private static final List<String> NORM_LAYERS =
      List.of(
          "@Conv2d(out = 6, kernel = 3, padding = 1) Weighted conv();",
          "@GroupNorm(groups = 3) Norm gn();",
          "@ReLU Layer relu();",
          "@InstanceNorm2d(affine = true, trackRunningStats = true) InstanceNorm in();",
          "@LayerNorm(shape = {6, 6}) Norm ln();",
          "@Flatten Layer flat();",
          "@Linear(out = 5) Weighted fc();",
          "@BatchNorm1d BatchNorm bn();",
          "@LayerNorm Norm ln2();");

  private static final CompiledNetwork NORMS =
      CompiledNetwork.of("Norms", "input = {2, 6, 6}, precision = Precision.FLOAT64", NORM_LAYERS);

  private static final CompiledNetwork FLOAT_NORMS =
      CompiledNetwork.of("FloatNorms", "input = {2, 6, 6}", NORM_LAYERS);

  private static final CompiledNetwork DOUBLE =
      CompiledNetwork.of("Doubles", "input = {2, 6, 6}, precision = Precision.FLOAT64", LAYERS);

  private static final CompiledNetwork FLOAT =
      CompiledNetwork.of("Floats", "input = {2, 6, 6}", LAYERS);

  /** Outputs, input gradient, parameter gradients, statistics and counters of a few steps. */
  private static List<double[]> steps(SingleModel model, int... batches) {
    List<double[]> results = new ArrayList<>();
    for (int batch : batches) {
      results.add(Fixtures.values(model.forward(Samples.input(model, batch, batch))));
      results.add(
          Fixtures.values(
              model.backwardToInput(Samples.outputGradient(model, 100L + batch, batch))));
      for (Parameter parameter : model.parameters()) {
        results.add(Fixtures.values(parameter.gradient()));
      }
      for (StateEntry entry : model.state().entries()) {
        results.add(Fixtures.stateValues(model, entry.name()));
      }
    }
    return results;
  }

  private static void assertClose(List<double[]> actual, List<double[]> expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      // Both are float64; the pieces add up in another order.
      Fixtures.assertClose("result " + i, actual.get(i), expected.get(i), 1e-11);
    }
  }

  @Test
  void piecesGiveWhatTheWholeBatchGives() {
    for (CompiledNetwork network : List.of(DOUBLE, NORMS)) {
      List<double[]> whole = steps(network.create(1), 7, 2, 0, 13);
      for (int pieces : new int[] {1, 2, 3, 5, 16}) {
        try (PiecewiseModel split = PiecewiseModel.of(network.create(1), pieces, 2)) {
          assertClose(steps(split, 7, 2, 0, 13), whole);
        }
      }
    }
  }

  @Test
  void anEvaluationForwardInPiecesIsThatOfTheWhole() {
    SingleModel whole = DOUBLE.create(1);
    Tensor x = Samples.input(whole, 5, 7);
    double[] expected = Fixtures.values(whole.forwardEvaluation(x));
    try (PiecewiseModel split = PiecewiseModel.of(DOUBLE.create(1), 3, 2)) {
      Fixtures.assertClose("y", Fixtures.values(split.forwardEvaluation(x)), expected, 1e-11);
    }
  }

  @Test
  void theNumberOfThreadsDoesNotChangeABit() {
    for (CompiledNetwork network : List.of(FLOAT, FLOAT_NORMS)) {
      List<String> one = bitsAfterTraining(network, 1);
      assertThat(bitsAfterTraining(network, 2)).isEqualTo(one);
      assertThat(bitsAfterTraining(network, 3)).isEqualTo(one);
    }
  }

  private static List<String> bitsAfterTraining(CompiledNetwork network, int threads) {
    SingleModel model = network.create(3);
    try (PiecewiseModel split = PiecewiseModel.of(model, 4, threads);
        Trainer<int[]> trainer =
            Trainer.of(split).loss(crossEntropy()).optimizer(sgd(0.05).momentum(0.9)).build()) {
      for (int step = 0; step < 50; step++) {
        int batch = step % 5 == 4 ? 9 : 16;
        int[] labels = new int[batch];
        Arrays.setAll(labels, i -> (i * 7) % 5);
        trainer.step(Samples.input(model, step, batch), labels);
      }
    }
    return Samples.bits(model);
  }

  @Test
  void aFrozenLayerStaysFrozenInPieces() {
    SingleModel whole = DOUBLE.create(1);
    ((BatchNorm) whole.layers().get(1)).freeze();
    List<double[]> expected = steps(whole, 7, 4);
    SingleModel other = DOUBLE.create(1);
    try (PiecewiseModel split = PiecewiseModel.of(other, 3, 2)) {
      ((BatchNorm) other.layers().get(1)).freeze();
      assertClose(steps(split, 7, 4), expected);
    }
  }

  @Test
  void aPieceOfOneSampleIsLegalAndABatchOfOneIsNot() {
    try (PiecewiseModel split = PiecewiseModel.of(DOUBLE.create(1), 2, 2)) {
      split.forward(Samples.input(split, 1, 2));
      List<String> before = Samples.bits(split);
      assertThatThrownBy(() -> split.forward(Samples.input(split, 1, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("bn2");
      assertThat(Samples.bits(split)).isEqualTo(before);
      split.forward(Samples.input(split, 1, 3));
    }
  }

  @Test
  void unsynchronisedPiecesNormaliseByThemselvesInOrder() {
    List<String> layers =
        List.of("@BatchNorm1d BatchNorm bn();", "@Linear(out = 2) Weighted fc();");
    CompiledNetwork network =
        CompiledNetwork.of("Loose", "input = {3}, precision = Precision.FLOAT64", layers);
    SingleModel expected = network.create(1);
    SingleModel model = network.create(1);
    Tensor x = Samples.input(model, 1, 7);
    Tensor g = Samples.outputGradient(model, 2, 7);
    double[] sum = new double[model.parameterCount()];
    double[] outputs = new double[14];
    int[] starts = {0, 3, 7};
    for (int k = 0; k < 2; k++) {
      int size = starts[k + 1] - starts[k];
      Tensor y = expected.forward(Tensor.view(x.doubleArray(), starts[k] * 3, size, 3));
      System.arraycopy(y.toDoubleArray(), 0, outputs, starts[k] * 2, size * 2);
      expected.backward(Tensor.view(g.doubleArray(), starts[k] * 2, size, 2));
      double[] part = expected.state().doubleGradients();
      for (int i = 0; i < sum.length; i++) {
        sum[i] += part[i];
      }
    }
    try (PiecewiseModel split = PiecewiseModel.unsynchronised(model, 2)) {
      Fixtures.assertClose("y", Fixtures.values(split.forward(x)), outputs, 1e-12);
      split.backward(g);
    }
    Fixtures.assertClose("gradients", model.state().doubleGradients(), sum, 1e-12);
    Fixtures.assertClose(
        "statistics",
        model.state().doubleRunningStats(),
        expected.state().doubleRunningStats(),
        1e-12);
    assertThat(model.state().counters()).containsExactly(2);
  }

  /** One of two machines; all that they exchange passes through queues. */
  private record Machine(int index, SynchronousQueue<double[]> out, SynchronousQueue<double[]> in)
      implements PieceExchange {
    @Override
    public int[] sizes(int batch) {
      double[] sizes = new double[2];
      sizes[index] = batch;
      sum(sizes);
      return new int[] {(int) sizes[0], (int) sizes[1]};
    }

    @Override
    public void sum(double[] values) {
      try {
        double[] other;
        if (index == 0) {
          out.put(values.clone());
          other = in.take();
        } else {
          other = in.take();
          out.put(values.clone());
        }
        for (int i = 0; i < values.length; i++) {
          // In the order of the machines on both.
          values[i] = index == 0 ? values[i] + other[i] : other[i] + values[i];
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void twoMachinesTrainAsOne() throws InterruptedException, ExecutionException {
    SingleModel whole = DOUBLE.create(1);
    Tensor x = Samples.input(whole, 3, 9);
    Tensor g = Samples.outputGradient(whole, 4, 9);
    double[] expected = Fixtures.values(whole.forward(x));
    whole.backward(g);

    SynchronousQueue<double[]> up = new SynchronousQueue<>();
    SynchronousQueue<double[]> down = new SynchronousQueue<>();
    // Each machine has a model of its own, of the same seed, and knows its samples only.
    SingleModel[] models = {DOUBLE.create(1), DOUBLE.create(1)};
    Machine[] machines = {new Machine(0, up, down), new Machine(1, down, up)};
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try {
      List<Future<double[]>> futures = new ArrayList<>();
      for (int k = 0; k < 2; k++) {
        SingleModel piece = models[k].piece(machines[k]);
        Machine machine = machines[k];
        int from = k == 0 ? 0 : 4;
        int size = k == 0 ? 4 : 5;
        futures.add(
            executor.submit(
                () -> {
                  Tensor own = Tensor.view(x.doubleArray(), from * 72, size, 2, 6, 6);
                  double[] y = Fixtures.values(piece.forward(own));
                  piece.backward(Tensor.view(g.doubleArray(), from * 5, size, 5));
                  double[] gradients = piece.state().doubleGradients();
                  machine.sum(gradients);
                  piece.state().setDoubleGradients(gradients);
                  Fixtures.assertClose(
                      "gradients",
                      piece.state().doubleGradients(),
                      whole.state().doubleGradients(),
                      1e-11);
                  return y;
                }));
      }
      Fixtures.assertClose(
          "y0", futures.get(0).get(), Arrays.copyOfRange(expected, 0, 4 * 5), 1e-11);
      Fixtures.assertClose(
          "y1", futures.get(1).get(), Arrays.copyOfRange(expected, 4 * 5, 9 * 5), 1e-11);
    } finally {
      executor.shutdownNow();
    }
    Fixtures.assertClose(
        "statistics",
        models[0].state().doubleRunningStats(),
        whole.state().doubleRunningStats(),
        1e-11);
    assertThat(models[0].dtype()).isEqualTo(DType.FLOAT64);
  }
}
