package dev.tenon.integration;

import static dev.tenon.integration.FailuresTest.inThread;
import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.parallel.PiecewiseModel;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.train.TrainingListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One model and several threads: one at a time, told so when not, and nobody's numbers change. */
@Timeout(300)
class CallersTest {
  private static final int BATCH = 8;

  private static final CompiledNetwork NETWORK =
      CompiledNetwork.of(
          "Called",
          "input = 6",
          List.of(
              "@Linear(out = 8, bias = false) Weighted fc();",
              "@BatchNorm1d BatchNorm bn();",
              "@Elementwise(type = dev.tenon.integration.Fuse.class, function = \"twice\","
                  + " derivative = \"two\") Layer twice();",
              "@Dropout(p = 0.25) Layer drop();",
              "@Linear(out = 3) Weighted head();"));

  @AfterEach
  void defuse() {
    Fuse.defuse();
  }

  @Test
  void noPredictionIsWrong() throws InterruptedException {
    SingleModel model = NETWORK.create(1);
    Tensor[] inputs = new Tensor[16];
    String[] truth = new String[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = Samples.input(model, 100 + i, 1);
      truth[i] = Samples.bits(model.predict(inputs[i]));
    }
    LongAdder right = new LongAdder();
    List<String> wrong = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int offset = t;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < 20_000; i++) {
                  int k = (7 * i + offset) % inputs.length;
                  try {
                    String got = Samples.bits(model.predict(inputs[k]));
                    if (got.equals(truth[k])) {
                      right.increment();
                    } else {
                      add(wrong, got);
                    }
                  } catch (IllegalStateException e) {
                    if (!e.getMessage().contains("A model serves one thread at a time")) {
                      add(wrong, e.toString());
                    }
                  } catch (RuntimeException e) {
                    add(wrong, e.toString());
                  }
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(wrong).isEmpty();
    assertThat(right.sum()).isPositive();
  }

  private static void add(List<String> list, String text) {
    synchronized (list) {
      list.add(text);
    }
  }

  /** All that a model offers, by name. */
  private static Map<String, Runnable> calls(SingleModel model) {
    Tensor input = Samples.input(model, 5, BATCH);
    Tensor gradient = Samples.outputGradient(model, 6, BATCH);
    Map<String, Runnable> calls = new LinkedHashMap<>();
    calls.put("predict", () -> model.predict(input));
    calls.put("predict ", () -> model.predict(new Tensor[] {input}));
    calls.put("forward", () -> model.forward(input));
    calls.put("forward ", () -> model.forward(new Tensor[] {input}));
    calls.put("forwardEvaluation", () -> model.forwardEvaluation(input));
    calls.put("backward", () -> model.backward(gradient));
    calls.put("backwardToInputs", () -> model.backwardToInput(gradient));
    calls.put("undoForward", model::undoForward);
    calls.put("trim", model::trim);
    calls.put("threads", () -> model.threads(1));
    calls.put("warmUp", () -> model.warmUp(2));
    calls.put("copyFrom", () -> model.state().copyFrom(NETWORK.create(3).state()));
    return calls;
  }

  @Test
  void aTrainingKeepsOtherThreadsOutAndGoesOnUnharmed() {
    for (int pieces : new int[] {1, 2}) {
      SingleModel model = NETWORK.create(1);
      SingleModel twin = NETWORK.create(1);
      Dataset<int[]> data = Dataset.of(Samples.input(model, 9, 4 * BATCH), new int[4 * BATCH]);
      AtomicInteger refused = new AtomicInteger();
      Thread fitting = Thread.currentThread();
      TrainingListener listener =
          new TrainingListener() {
            @Override
            public void onBatch(int epoch, int batch, int batches, double loss) {
              calls(model)
                  .forEach(
                      (name, call) -> {
                        inThread(
                            () ->
                                assertThatThrownBy(call::run)
                                    .isInstanceOf(IllegalStateException.class)
                                    .hasMessageContaining(
                                        name.strip() + " was called by thread \"the other\"")
                                    .hasMessageContaining(
                                        "thread \"" + fitting.getName() + "\" is in Trainer.fit"));
                        refused.incrementAndGet();
                      });
              // The thread that trains may look.
              model.predict(Samples.input(model, 5, 3));
            }
          };
      trainer(model, pieces).fit(data, 2, listener);
      trainer(twin, pieces).fit(data, 2);
      assertThat(refused.get()).isEqualTo(2 * 4 * 12);
      assertThat(Samples.bits(model)).isEqualTo(Samples.bits(twin));
      inThread(() -> model.predict(Samples.input(model, 5, 3)));
    }
  }

  private static Trainer<int[]> trainer(SingleModel model, int pieces) {
    return Trainer.of(model)
        .loss(crossEntropy())
        .optimizer(sgd(0.1))
        .batchSize(BATCH)
        .accumulate(pieces)
        .build();
  }

  @Test
  void aLayersFunctionMustNotCallItsModel() {
    SingleModel model = NETWORK.create(1);
    SingleModel twin = NETWORK.create(1);
    Tensor input = Samples.input(model, 5, BATCH);
    for (Map.Entry<String, Runnable> call : calls(model).entrySet()) {
      Fuse.blowAfter(
          3,
          () -> {
            call.getValue().run();
            return new AssertionError(call.getKey() + " was let in");
          });
      assertThatThrownBy(() -> model.forward(input))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(call.getKey().strip())
          .hasMessageContaining("forward");
    }
    assertThat(Samples.bits(model.forward(input))).isEqualTo(Samples.bits(twin.forward(input)));
    assertThat(Samples.bits(model)).isEqualTo(Samples.bits(twin));
  }

  @Test
  void resultsOfOneThreadAreNotOverwrittenByAnother() {
    for (boolean split : new boolean[] {false, true}) {
      SingleModel whole = NETWORK.create(1);
      SingleModel model = split ? PiecewiseModel.of(whole, 2, 1) : whole;
      Tensor[] mine = results(model, 1);
      Tensor prediction = model.predict(new Tensor[] {Samples.input(model, 3, BATCH)})[0];
      Tensor[] array = model.predict(new Tensor[] {Samples.input(model, 3, BATCH)});
      List<String> bits = new ArrayList<>();
      for (Tensor tensor : mine) {
        bits.add(Samples.bits(tensor));
      }
      bits.add(Samples.bits(prediction));
      Tensor first = array[0];
      inThread(() -> results(model, 77));
      List<String> after = new ArrayList<>();
      for (Tensor tensor : mine) {
        after.add(Samples.bits(tensor));
      }
      after.add(Samples.bits(prediction));
      assertThat(after).isEqualTo(bits);
      assertThat(array[0]).isSameAs(first);
      // Nor those of the other thread by this one.
      Tensor[][] theirs = new Tensor[1][];
      inThread(() -> theirs[0] = results(model, 78));
      String kept = Samples.bits(theirs[0][0]);
      results(model, 79);
      assertThat(Samples.bits(theirs[0][0])).isEqualTo(kept);
    }
  }

  /** An output, a gradient by the input and a prediction. */
  private static Tensor[] results(SingleModel model, long seed) {
    Tensor output = model.forward(Samples.input(model, seed, BATCH));
    Tensor gradient = model.backwardToInput(Samples.outputGradient(model, seed + 1, BATCH));
    return new Tensor[] {output, gradient, model.predict(Samples.input(model, seed + 2, BATCH))};
  }

  @Test
  void aModelMayBeHandedFromThreadToThread() {
    SingleModel model = NETWORK.create(1);
    SingleModel twin = NETWORK.create(1);
    for (int i = 0; i < 4; i++) {
      long seed = i;
      String[] bits = new String[3];
      // The forward by one thread, its backward by another.
      inThread(() -> bits[0] = Samples.bits(model.forward(Samples.input(model, seed, BATCH))));
      bits[1] = Samples.bits(model.backwardToInput(Samples.outputGradient(model, seed, BATCH)));
      inThread(() -> bits[2] = Samples.bits(model.predict(Samples.input(model, seed, 3))));
      assertThat(bits)
          .containsExactly(
              Samples.bits(twin.forward(Samples.input(twin, seed, BATCH))),
              Samples.bits(twin.backwardToInput(Samples.outputGradient(twin, seed, BATCH))),
              Samples.bits(twin.predict(Samples.input(twin, seed, 3))));
      assertThat(Samples.bits(model)).isEqualTo(Samples.bits(twin));
    }
  }
}
