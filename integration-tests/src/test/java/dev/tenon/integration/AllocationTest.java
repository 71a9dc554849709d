package dev.tenon.integration;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.loss.Losses.meanSquaredError;
import static dev.tenon.runtime.optim.Optimizers.adam;
import static dev.tenon.runtime.optim.Optimizers.adamW;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.tenon.processor.TenonProcessor;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.optim.OptimizerSpec;
import dev.tenon.runtime.train.Trainer;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Once the batch sizes have been seen, a training step (forward, loss, backward, optimiser) and an
 * evaluation allocate not one byte.
 */
class AllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int STEPS = 50;

  private static CompiledNetwork networks;

  @BeforeAll
  static void compile() {
    Map<String, String> sources = new LinkedHashMap<>();
    for (String precision : List.of("FLOAT32", "FLOAT64")) {
      String suffix = ", precision = Precision." + precision;
      sources.put(
          "test.Mlp" + precision,
          CompiledNetwork.source(
              "Mlp" + precision,
              "input = 13" + suffix,
              List.of(
                  "@Linear(out = 17) Weighted fc1();",
                  "@ReLU Layer relu1();",
                  "@Linear(out = 5) Weighted fc2();")));
      sources.put(
          "test.Cnn" + precision,
          CompiledNetwork.source(
              "Cnn" + precision,
              "input = {2, 9, 8}" + suffix,
              List.of(
                  "@Conv2d(out = 5, kernel = 3, padding = 1, bias = false) Weighted conv1();",
                  "@BatchNorm2d BatchNorm bn1();",
                  "@ReLU Layer relu1();",
                  "@MaxPool2d(kernel = 2) Layer pool1();",
                  "@Conv2d(out = 6, kernel = 3, stride = 2, padding = 1) Weighted conv2();",
                  "@BatchNorm2d(cumulative = true) BatchNorm bn2();",
                  "@ReLU Layer relu2();",
                  "@AvgPool2d(kernel = 2) Layer pool2();",
                  "@Dropout(p = 0.3) Layer drop();",
                  "@Flatten Layer flat();",
                  "@Linear(out = 8) Weighted fc();",
                  "@BatchNorm1d(trackRunningStats = false) BatchNorm bn3();",
                  "@Linear(out = 5) Weighted head();")));
      sources.put(
          "test.Norms" + precision,
          CompiledNetwork.source(
              "Norms" + precision,
              "input = {2, 9, 8}" + suffix,
              List.of(
                  "@Conv2d(out = 6, kernel = 3, padding = 1) Weighted conv1();",
                  "@GroupNorm(groups = 3) Norm gn();",
                  "@ReLU Layer relu1();",
                  "@InstanceNorm2d(affine = true, trackRunningStats = true) InstanceNorm in();",
                  "@LayerNorm(shape = {9, 8}) Norm ln1();",
                  "@Flatten Layer flat();",
                  "@Linear(out = 5) Weighted head();",
                  "@LayerNorm Norm ln2();")));
    }
    networks = CompiledNetwork.ofSources(sources, new TenonProcessor());
  }

  @Test
  void classifyingWithEveryOptimizer() {
    for (String network :
        List.of(
            "MlpFLOAT32",
            "CnnFLOAT32",
            "NormsFLOAT32",
            "MlpFLOAT64",
            "CnnFLOAT64",
            "NormsFLOAT64")) {
      for (OptimizerSpec optimizer :
          List.of(
              sgd(0.01),
              sgd(0.01).momentum(0.9).weightDecay(1e-4),
              sgd(0.01).momentum(0.9).nesterov(),
              adam(1e-3),
              adamW(1e-3))) {
        SingleModel model = networks.create("test." + network, 1);
        Trainer<int[]> trainer =
            Trainer.of(model).loss(crossEntropy()).optimizer(optimizer).build();
        // The last batch of an epoch is smaller.
        Tensor full = Samples.input(model, 1, 64);
        Tensor rest = Samples.input(model, 2, 29);
        int[] fullLabels = labels(64);
        int[] restLabels = labels(29);
        assertAllocatesNothing(
            network + " with " + optimizer.getClass().getSimpleName(),
            () -> {
              trainer.step(full, fullLabels);
              trainer.step(rest, restLabels);
            });
      }
    }
  }

  @Test
  void regression() {
    SingleModel model = networks.create("test.CnnFLOAT32", 1);
    Trainer<Tensor> trainer =
        Trainer.of(model).loss(meanSquaredError()).optimizer(sgd(0.01)).build();
    Tensor x = Samples.input(model, 1, 16);
    Tensor target = Samples.outputGradient(model, 2, 16);
    assertAllocatesNothing("regression", () -> trainer.step(x, target));
  }

  @Test
  void theLoopByHand() {
    for (String network : List.of("CnnFLOAT32", "CnnFLOAT64", "NormsFLOAT32", "NormsFLOAT64")) {
      SingleModel model = networks.create("test." + network, 1);
      Tensor x = Samples.input(model, 1, 7);
      Tensor dy = Samples.outputGradient(model, 2, 7);
      assertAllocatesNothing(
          network,
          () -> {
            model.forward(x);
            model.predict(x);
            model.backwardToInput(dy);
            model.forwardEvaluation(x);
            model.backward(dy);
          });
    }
  }

  @Test
  void evaluation() {
    for (String network :
        List.of(
            "MlpFLOAT32",
            "CnnFLOAT32",
            "NormsFLOAT32",
            "MlpFLOAT64",
            "CnnFLOAT64",
            "NormsFLOAT64")) {
      SingleModel model = networks.create("test." + network, 1);
      Tensor full = Samples.input(model, 1, 64);
      Tensor rest = Samples.input(model, 2, 29);
      assertAllocatesNothing(
          network,
          () -> {
            model.predict(full);
            model.predict(rest);
          });
    }
  }

  /** The counter counts what a step allocates, and reading it costs nothing. */
  @Test
  void anArrayIsSeen() {
    float[][] kept = new float[1][];
    assertThat(leastBytes(() -> {})).isZero();
    assertThat(leastBytes(() -> kept[0] = new float[1])).isGreaterThanOrEqualTo(16L * STEPS);
  }

  private static int[] labels(int count) {
    int[] labels = new int[count];
    Arrays.setAll(labels, i -> i % 5);
    return labels;
  }

  private static void assertAllocatesNothing(String what, Runnable step) {
    assertThat(leastBytes(step)).as("bytes of %s times %s", STEPS, what).isZero();
  }

  /**
   * The bytes of 50 runs, in the round of 20 with the fewest. A step that allocates has no round
   * without; the virtual machine's own allocations, such as objects that it restores when it drops
   * compiled code, happen in some rounds and not in all.
   */
  private static long leastBytes(Runnable step) {
    run(step);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20 && least > 0; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      run(step);
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  private static void run(Runnable step) {
    for (int i = 0; i < STEPS; i++) {
      step.run();
    }
  }
}
