package dev.tenon.integration;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.internal.parallel.WorkerPool;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.parallel.PiecewiseModel;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.train.TrainingListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Everything that can be thrown, thrown wherever a step calls what is not the library's: the step
 * throws it, nothing waits for ever, nobody stays busy, and the next step is as any other.
 */
@Timeout(300)
class FailuresTest {
  private static final int BATCH = 64;
  private static final String FUSE =
      "@Elementwise(type = dev.tenon.integration.Fuse.class, function = \"twice\","
          + " derivative = \"two\") Layer ";

  /** Wide enough that loops are split over threads. */
  private static final CompiledNetwork NETWORK =
      CompiledNetwork.of(
          "Failing",
          "input = 16",
          List.of(
              "@Linear(out = 64) Weighted fc1();",
              "@BatchNorm1d BatchNorm bn1();",
              FUSE + "first();",
              "@Dropout(p = 0.5) Layer drop();",
              "@Linear(out = 64) Weighted fc2();",
              "@BatchNorm1d(cumulative = true) BatchNorm bn2();",
              FUSE + "second();",
              "@Linear(out = 2) Weighted head();"));

  private static final List<UnaryOperator<SingleModel>> WAYS =
      List.of(
          model -> threads(model, 1),
          model -> threads(model, 4),
          model -> PiecewiseModel.of(model, 4, 1),
          model -> PiecewiseModel.of(model, 4, 4),
          model -> PiecewiseModel.unsynchronised(model, 4));

  private static SingleModel threads(SingleModel model, int count) {
    model.threads(count);
    return model;
  }

  private static final List<Supplier<Throwable>> EVERYTHING =
      List.of(
          () -> new IllegalArgumentException("unchecked"),
          () -> new IOException("checked"),
          () -> new InterruptedException("checked as well"),
          () -> new AssertionError("error"),
          () -> new OutOfMemoryError("as if"),
          ThreadDeath::new,
          FailuresTest::overflow);

  /** A real one. */
  private static Throwable overflow() {
    try {
      return new AssertionError(endless(1));
    } catch (StackOverflowError e) {
      return e;
    }
  }

  @SuppressWarnings("InfiniteRecursion")
  private static int endless(int depth) {
    return endless(depth + 1) + 1;
  }

  @AfterEach
  void defuse() {
    Fuse.defuse();
  }

  @Test
  void functionsOfLayers() {
    Tensor input = Samples.normal(DType.FLOAT32, 3, BATCH, 16);
    int[] labels = new int[BATCH];
    for (UnaryOperator<SingleModel> way : WAYS) {
      SingleModel model = way.apply(NETWORK.create(7));
      SingleModel twin = way.apply(NETWORK.create(7));
      Trainer<int[]> trainer = Trainer.of(model).loss(crossEntropy()).optimizer(sgd(0.1)).build();
      Trainer<int[]> other = Trainer.of(twin).loss(crossEntropy()).optimizer(sgd(0.1)).build();
      long ofForward = Fuse.callsOf(() -> model.forward(input));
      model.undoForward();
      // There is no call for what is dropped, so the numbers vary a little.
      long varying = 8L * BATCH;
      long ofStep = Fuse.callsOf(() -> trainer.step(input, labels));
      other.step(input, labels);
      for (Supplier<Throwable> kind : EVERYTHING) {
        // At the first call, in the middle, in the second layer; and in both of the backward.
        for (long calls :
            new long[] {
              0, ofForward / 3, ofForward * 3 / 4, ofForward + varying, ofStep - varying
            }) {
          Throwable thrown = kind.get();
          Fuse.blowAfter(calls, () -> thrown);
          assertThatThrownBy(() -> trainer.step(input, labels)).isSameAs(thrown);
          assertThat(Fuse.defuse()).as("thrown once").isFalse();
          assertNobodyIsBusy(model);
          // A step is made as a whole or not at all.
          assertThat(trainer.step(input, labels))
              .as("%s after %d calls, way %d", thrown, calls, WAYS.indexOf(way))
              .isEqualTo(other.step(input, labels));
        }
      }
    }
  }

  @Test
  void listeners() {
    Tensor input = Samples.normal(DType.FLOAT32, 3, 2 * BATCH, 16);
    Dataset<int[]> data = Dataset.of(input, new int[2 * BATCH]);
    for (UnaryOperator<SingleModel> way : WAYS) {
      SingleModel model = way.apply(NETWORK.create(7));
      Trainer<int[]> trainer = Trainer.of(model).loss(crossEntropy()).optimizer(sgd(0.1)).build();
      for (Supplier<Throwable> kind : EVERYTHING) {
        Throwable thrown = kind.get();
        TrainingListener listener =
            new TrainingListener() {
              @Override
              public void onBatch(int epoch, int batch, int batches, double loss) {
                Fuse.<RuntimeException>sneak(thrown);
              }
            };
        assertThatThrownBy(() -> trainer.fit(data, 1, listener)).isSameAs(thrown);
        assertNobodyIsBusy(model);
        trainer.fit(data, 1);
      }
    }
  }

  /** Another thread can call, and the shared threads work for nobody. */
  private static void assertNobodyIsBusy(SingleModel model) {
    assertThat(WorkerPool.shared().toString()).endsWith("idle");
    CompletableFuture.runAsync(() -> model.predict(Samples.input(model, 1, 3))).join();
  }

  // --------------------------------------------------------------- the end of the caller's stack

  /** Something to call from every frame of a stack that has overflown. */
  private static final class NearTheEnd implements Runnable {
    final Runnable call;
    int calls;
    int returned;

    NearTheEnd(Runnable call) {
      this.call = call;
    }

    @Override
    public void run() {
      try {
        deeper();
      } catch (StackOverflowError e) {
        // What it was about happened on the way up.
      }
    }

    @SuppressWarnings("InfiniteRecursion")
    private void deeper() {
      try {
        deeper();
      } catch (StackOverflowError e) {
        if (returned < 2) {
          calls++;
          boolean threw = true;
          try {
            call.run();
            threw = false;
          } finally {
            returned += threw ? 0 : 1;
          }
        }
        throw e;
      }
    }
  }

  private static NearTheEnd fromEveryDepth(int moreStack, Runnable call)
      throws InterruptedException {
    // What is linked or initialised at the first call must not fail for good.
    call.run();
    NearTheEnd near = new NearTheEnd(call);
    Thread caller = new Thread(null, near, "near the end", 250_000 + moreStack);
    caller.start();
    caller.join(60_000);
    assertThat(caller.isAlive()).as("hangs").isFalse();
    assertThat(near.returned).isPositive();
    return near;
  }

  @Test
  void forwardsFromEveryDepth() throws InterruptedException {
    for (UnaryOperator<SingleModel> way : WAYS) {
      SingleModel model = way.apply(NETWORK.create(7));
      SingleModel twin = way.apply(NETWORK.create(7));
      Tensor input = Samples.input(model, 5, BATCH);
      int failed = 0;
      for (int i = 0; i < 12; i++) {
        NearTheEnd near = fromEveryDepth(333 * i, () -> model.forward(input));
        failed += near.calls - near.returned;
        for (int k = 0; k < 1 + near.returned; k++) {
          twin.forward(input);
        }
        assertNobodyIsBusy(model);
        assertThat(Samples.bits(model)).isEqualTo(Samples.bits(twin));
        assertThat(Samples.bits(model.forward(input))).isEqualTo(Samples.bits(twin.forward(input)));
      }
      assertThat(failed).isPositive();
    }
  }

  @Test
  void stepsFromEveryDepth() throws InterruptedException {
    for (UnaryOperator<SingleModel> way : WAYS) {
      SingleModel model = way.apply(NETWORK.create(7));
      Tensor input = Samples.input(model, 5, BATCH);
      int[] labels = new int[BATCH];
      Trainer<int[]> trainer = Trainer.of(model).loss(crossEntropy()).optimizer(sgd(0.1)).build();
      for (int i = 0; i < 12; i++) {
        fromEveryDepth(333 * i, () -> trainer.step(input, labels));
        assertNobodyIsBusy(model);
        trainer.step(input, labels);
      }
    }
  }

  // -------------------------------------------------------------------------------- gradients

  @Test
  void gradientsOfABackwardThatFailedAreNotUsed() {
    for (UnaryOperator<SingleModel> way : WAYS) {
      SingleModel model = way.apply(NETWORK.create(7));
      Tensor gradient = Samples.outputGradient(model, 6, BATCH);
      model.forward(Samples.input(model, 5, BATCH));
      long ofBackward = Fuse.callsOf(() -> model.backward(gradient));
      model.forward(Samples.input(model, 5, BATCH));
      Fuse.blowAfter(ofBackward / 2, () -> new IllegalArgumentException("in the middle"));
      assertThatThrownBy(() -> model.backward(gradient)).hasMessage("in the middle");
      List<String> bits = parameters(model);
      assertThatThrownBy(() -> sgd(0.1).create(model.state()).step())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("The last backward failed in the middle")
          .hasMessageContaining("Call forward and backward again first.");
      assertThatThrownBy(() -> model.backward(gradient))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the backward of the last forward failed in the middle");
      assertThat(parameters(model)).isEqualTo(bits);

      model.forward(Samples.input(model, 5, BATCH));
      model.backward(gradient);
      sgd(0.1).create(model.state()).step();
      assertThat(parameters(model)).isNotEqualTo(bits);
    }
  }

  private static List<String> parameters(SingleModel model) {
    List<String> bits = new ArrayList<>();
    model.parameters().forEach(parameter -> bits.add(Samples.bits(parameter.value())));
    return bits;
  }

  /** So that a failure in another thread is shown as it is. */
  static void inThread(Runnable task) {
    try {
      CompletableFuture.runAsync(task, command -> new Thread(command, "the other").start()).join();
    } catch (CompletionException e) {
      throw new AssertionError(e.getCause());
    }
  }
}
