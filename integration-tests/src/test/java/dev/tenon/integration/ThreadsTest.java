package dev.tenon.integration;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.graph.Lowerings;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.graph.Reordering;
import dev.tenon.processor.layers.LayerTypes;
import dev.tenon.processor.plan.Planner;
import dev.tenon.processor.render.JavaRenderer;
import dev.tenon.processor.write.GeneratedSource;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.internal.kernel.Program;
import dev.tenon.runtime.internal.parallel.WorkerPool;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.train.Trainer;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** However threads share the kernels, no bit of a result changes. */
class ThreadsTest {
  /** Sizes that no unrolling divides; every layer; sums that meet in both directions. */
  private static final List<String> LAYERS =
      List.of(
          "@Conv2d(out = 7, kernel = 3, padding = 1, bias = false) Weighted conv1();",
          "@BatchNorm2d BatchNorm bn1();",
          "@ReLU Layer relu1();",
          "@MaxPool2d(kernel = 3, stride = 2, padding = 1) Layer pool1();",
          "@Conv2d(out = 14, kernel = 3, stride = 2, groups = 7) Weighted conv2();",
          "@BatchNorm2d(cumulative = true) BatchNorm bn2();",
          "@ReLU Layer relu2();",
          "@AvgPool2d(kernel = 2, padding = 1) Layer pool2();",
          "@Dropout(p = 0.125) Layer drop();",
          "@Conv2d(out = 6, kernel = 1) Weighted conv3();",
          "@GlobalAvgPool Layer pool3();",
          "@Flatten Layer flat();",
          "@Linear(out = 9) Weighted hidden();",
          "@BatchNorm1d(trackRunningStats = false) BatchNorm bn3();",
          "@Linear(out = 5) Weighted head();");

  private static final String NETWORK = "input = {3, 12, 11}, precision = Precision.";

  @Test
  void rangesOfOneItemInReverseOrderGiveTheSameBits() {
    for (String precision : List.of("FLOAT32", "FLOAT64")) {
      Map<String, String> sources =
          Map.of("test.Net", CompiledNetwork.source("Net", NETWORK + precision, LAYERS));
      SingleModel whole =
          CompiledNetwork.ofSources(sources, new TenonProcessor()).create("test.Net", 1);
      SingleModel cut =
          CompiledNetwork.ofSources(
                  sources, new TenonProcessor(LayerTypes.all(), ThreadsTest::generateCut))
              .create("test.Net", 1);
      int before = Cutting.ranges();
      // Batches that end in the middle of an unrolled iteration, and none at all.
      for (int batch : new int[] {7, 13, 0, 4}) {
        assertThat(step(cut, batch)).as("%s, %s", precision, batch).isEqualTo(step(whole, batch));
      }
      assertThat(Cutting.ranges() - before).isGreaterThan(400);
    }
  }

  /** What the compiler does, but with a pool that cuts as finely as it may. */
  private static List<GeneratedSource> generateCut(Network network, Report report) {
    Network ordered = Reordering.of(network);
    return JavaRenderer.render(
            network,
            Planner.plan(
                ordered,
                Lowerings.lower(ordered),
                JavaRenderer.fieldsInUse(network.declaration()),
                CompiledNetwork.backEnds()))
        .stream()
        .map(
            type ->
                new GeneratedSource(
                    type.qualifiedName(),
                    type.text()
                        .replace(
                            "program.workers.run(this", Cutting.class.getName() + ".run(this")))
        .toList();
  }

  private static List<String> step(SingleModel model, int batch) {
    Tensor x = Samples.input(model, batch, batch);
    List<String> bits = new ArrayList<>();
    bits.add(Samples.bits(model.forward(x)));
    bits.add(Samples.bits(model.backwardToInput(Samples.outputGradient(model, 2, batch))));
    bits.addAll(Samples.bits(model));
    bits.add(Samples.bits(model.forwardEvaluation(x)));
    model.backward(Samples.outputGradient(model, 3, batch));
    bits.addAll(Samples.bits(model));
    bits.add(Samples.bits(model.predict(x)));
    return bits;
  }

  @Test
  void theNumberOfThreadsDoesNotChangeABit() throws ReflectiveOperationException {
    CompiledNetwork network = CompiledNetwork.of("Net", NETWORK + "FLOAT32", LAYERS);
    List<String> one = bitsAfterTraining(network, 1);
    for (int threads : new int[] {2, 3}) {
      assertThat(bitsAfterTraining(network, threads)).as("%s threads", threads).isEqualTo(one);
    }
  }

  @Test
  void aModelUsesAllCoresUnlessItIsTold() {
    int cores = Runtime.getRuntime().availableProcessors();
    SingleModel model =
        CompiledNetwork.of("Net", "input = 3", List.of("@ReLU Layer r();")).create(1);
    assertThat(model.threads()).isEqualTo(cores);
    model.threads(1);
    assertThat(model.threads()).isEqualTo(1);
    model.threads(cores + 1);
    assertThat(model.threads()).isEqualTo(cores);
    assertThatThrownBy(() -> model.threads(0)).isInstanceOf(IllegalArgumentException.class);
  }

  private static List<String> bitsAfterTraining(CompiledNetwork network, int threads)
      throws ReflectiveOperationException {
    SingleModel model = network.create(3);
    try (WorkerPool workers = WorkerPool.of(threads);
        Trainer<int[]> trainer =
            Trainer.of(model).loss(crossEntropy()).optimizer(sgd(0.05).momentum(0.9)).build()) {
      program(model).runOn(workers);
      Set<Thread> before = workers();
      for (int step = 0; step < 50; step++) {
        int batch = step % 5 == 4 ? 37 : 64;
        trainer.step(
            Samples.input(model, step, batch),
            IntStream.range(0, batch).map(i -> i * 7 % 5).toArray());
      }
      Set<Thread> started = workers();
      started.removeAll(before);
      assertThat(started).as("beside the caller").hasSizeGreaterThanOrEqualTo(threads - 1);
    }
    return Samples.bits(model);
  }

  /** A pool starts its threads with the first step that is long enough to be shared. */
  private static Set<Thread> workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("tenon-worker-"))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static Program program(SingleModel model) throws ReflectiveOperationException {
    Field field = model.getClass().getDeclaredField("program");
    field.setAccessible(true);
    return (Program) field.get(model);
  }
}
