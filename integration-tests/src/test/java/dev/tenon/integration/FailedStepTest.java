package dev.tenon.integration;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.adam;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.random.Randoms;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.LastBatch;
import dev.tenon.runtime.train.NonFiniteException;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.train.TrainerBuilder;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A training step of a generated network that fails, wherever that is, leaves no trace: the trainer
 * goes on as a twin that never tried it, with statistics, counters and the masks of its dropout.
 */
@Timeout(120)
class FailedStepTest {
  private static final int BATCH = 8;

  private static final CompiledNetwork NETWORK =
      CompiledNetwork.of(
          "Stepping",
          "input = 3",
          List.of(
              "@Linear(out = 4) Weighted fc1();",
              "@BatchNorm1d BatchNorm bn1();",
              "@Dropout(p = 0.5) Layer drop();",
              "@Elementwise(type = dev.tenon.integration.Fuse.class, function = \"twice\","
                  + " derivative = \"two\") Layer twice();",
              "@Linear(out = 5) Weighted fc2();",
              "@ReLU Layer relu();",
              "@Linear(out = 2) Weighted head();"));

  private static final List<UnaryOperator<TrainerBuilder<int[]>>> WAYS =
      List.of(b -> b, b -> b.accumulate(2), b -> b.accumulateUnsynchronised(2), b -> b.threads(2));

  @AfterEach
  void defuse() {
    Fuse.defuse();
  }

  private static Tensor input(double scale) {
    float[] x = new float[3 * BATCH];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (scale * Randoms.normal(5, i));
    }
    return Tensor.of(x, BATCH, 3);
  }

  private static int[] labels() {
    int[] labels = new int[BATCH];
    for (int i = 0; i < BATCH; i++) {
      labels[i] = i % 2;
    }
    return labels;
  }

  private static Trainer<int[]> trainer(
      SingleModel model, UnaryOperator<TrainerBuilder<int[]>> way) {
    return way.apply(
            Trainer.of(model).loss(crossEntropy()).optimizer(adam(0.01)).batchSize(4).clipNorm(1))
        .build();
  }

  private static void assertSame(SingleModel model, SingleModel twin) {
    model
        .state()
        .tensors()
        .forEach(
            (name, values) ->
                assertThat(values.toString().equals(twin.state().tensors().get(name).toString()))
                    .as(name)
                    .isTrue());
    for (int i = 0; i < model.parameters().size(); i++) {
      assertThat(model.parameters().get(i).value().toFloatArray())
          .isEqualTo(twin.parameters().get(i).value().toFloatArray());
    }
    for (int i = 0; i < model.runningStats().size(); i++) {
      assertThat(model.runningStats().get(i).value().toFloatArray())
          .isEqualTo(twin.runningStats().get(i).value().toFloatArray());
    }
    assertThat(model.state().counterList().stream().map(c -> c.get()))
        .isEqualTo(twin.state().counterList().stream().map(c -> c.get()).toList());
  }

  @Test
  void aFailedStepLeavesNoTrace() {
    for (UnaryOperator<TrainerBuilder<int[]>> way : WAYS) {
      SingleModel model = NETWORK.create(3);
      SingleModel twin = NETWORK.create(3);
      try (Trainer<int[]> trainer = trainer(model, way);
          Trainer<int[]> same = trainer(twin, way)) {
        trainer.step(input(1), labels());
        same.step(input(1), labels());

        // A NaN in the data, after the statistics have moved.
        Tensor bad = input(1);
        bad.set(Double.NaN, 5, 1);
        assertThatThrownBy(() -> trainer.step(bad, labels()))
            .isInstanceOf(NonFiniteException.class)
            .hasMessageContaining("value 1 in the input of sample 5 of the batch is NaN");
        assertSame(model, twin);

        // A function of the user's, in the forward or, after all of its calls, in the backward.
        List<Supplier<Throwable>> kinds =
            List.of(
                () -> new IllegalStateException("unchecked"),
                () -> new IOException("checked"),
                StackOverflowError::new,
                OutOfMemoryError::new);
        for (int calls : new int[] {0, 13, 4 * BATCH, 4 * BATCH + 9}) {
          for (Supplier<Throwable> kind : kinds) {
            Fuse.blowAfter(calls, kind);
            Throwable thrown = catchThrowable(() -> trainer.step(input(1), labels()));
            assertThat(Fuse.defuse()).as("the fuse was still burning").isFalse();
            assertThat(thrown).isNotNull();
            assertSame(model, twin);
          }
        }
        assertThat(trainer.optimizer().stepCount()).isEqualTo(1);

        trainer.step(input(1), labels());
        same.step(input(1), labels());
        assertSame(model, twin);
      }
    }
  }

  /** Where values overflow, the layer is named. */
  @Test
  void theLayerWhereItBeganIsNamed() {
    CompiledNetwork network =
        CompiledNetwork.of(
            "Overflowing",
            "input = 3",
            List.of(
                "@Linear(out = 4) Weighted first();",
                "@ReLU Layer relu1();",
                "@Linear(out = 4) Weighted second();",
                "@ReLU Layer relu2();",
                "@Linear(out = 2) Weighted head();"));
    for (String layer : List.of("first", "second", "head")) {
      SingleModel model = network.create(1);
      model.state().parameter(layer + ".weight").value().fill(1e38);
      model.state().parameter("first.bias").value().fill(10);
      if (layer.equals("first")) {
        model.state().parameter("first.bias").value().fill(3e38);
      }
      try (Trainer<int[]> trainer = trainer(model, b -> b)) {
        Tensor positive = Tensor.zeros(model.dtype(), BATCH, 3);
        positive.fill(7);
        NonFiniteException thrown =
            (NonFiniteException) catchThrowable(() -> trainer.step(positive, labels()));
        assertThat(thrown).as(layer).isNotNull();
        assertThat(thrown.layer()).as(thrown.getMessage()).isEqualTo(layer);
        assertThat(thrown).hasMessageContaining("It began in " + layer + " (Linear)");
      }
    }
  }

  /** A rate that is far too high: it stops at the first loss that is no number. */
  @Test
  void aDivergingFitStops() {
    SingleModel model = NETWORK.create(3);
    Dataset<int[]> data = Dataset.of(input(100), labels());
    try (Trainer<int[]> trainer =
        Trainer.of(model).loss(crossEntropy()).optimizer(sgd(1e20)).batchSize(4).build()) {
      NonFiniteException thrown = (NonFiniteException) catchThrowable(() -> trainer.fit(data, 50));
      assertThat(thrown)
          .hasMessageContaining("learning rate 1.0E20")
          .hasMessageContaining("Try a lower learning rate");
      assertThat(thrown.epoch()).isPositive();
      assertThat(thrown.step()).isEqualTo(trainer.optimizer().stepCount() + 1);
      for (float value : model.state().floatParameters()) {
        assertThat(value).isFinite();
      }
    }
  }

  /** A last batch of one is refused before the first step, unless the statistics are frozen. */
  @Test
  void aBatchOfOneIsRefusedBeforeTheFirstStep() {
    CompiledNetwork network =
        CompiledNetwork.of(
            "Single",
            "input = 3",
            List.of("@BatchNorm1d BatchNorm bn();", "@Linear(out = 2) Weighted head();"));
    SingleModel model = network.create(1);
    SingleModel twin = network.create(1);
    Dataset<int[]> data = Dataset.of(input(1).samples(0, 7), new int[7]);
    try (Trainer<int[]> trainer =
        Trainer.of(model)
            .loss(crossEntropy())
            .optimizer(sgd(0.1))
            .batchSize(6)
            .lastBatch(LastBatch.KEEP)
            .build()) {
      assertThatThrownBy(() -> trainer.fit(data, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("gives Single a batch of 1, but the batch norm bn needs");
      assertSame(model, twin);
      BatchNorm bn = (BatchNorm) model.layers().get(0);
      bn.freezeStatistics();
      assertThat(model.minimumTrainingBatch()).isEqualTo(1);
      trainer.fit(data, 1);
      bn.unfreezeStatistics();
      assertThat(model.minimumTrainingBatch()).isEqualTo(2);
    }
  }
}
