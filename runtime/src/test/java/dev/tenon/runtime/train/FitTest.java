package dev.tenon.runtime.train;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.loss.Losses.meanSquaredError;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static dev.tenon.runtime.schedule.Schedules.oneCycle;
import static dev.tenon.runtime.schedule.Schedules.plateau;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.Reduction;
import dev.tenon.runtime.optim.GradientClipping;
import dev.tenon.runtime.random.Randoms;
import dev.tenon.runtime.state.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a fit does besides training: validation, early stopping, listeners, every way to end. */
@Timeout(60)
class FitTest {
  /** Is told everything, and writes it down. */
  private static class Recorder implements TrainingListener {
    final List<String> heard = new ArrayList<>();
    FitContext context;
    FitEnd end;

    @Override
    public void onStart(FitContext fit) {
      context = fit;
      heard.add("start " + fit.firstEpoch() + " to " + fit.lastEpoch());
    }

    @Override
    public void onBatch(int epoch, int batch, int batches, double loss) {
      heard.add("batch " + epoch + "." + batch);
    }

    @Override
    public void onEpoch(EpochReport report) {
      heard.add("epoch " + report.epoch());
    }

    @Override
    public void onEnd(FitEnd fitEnd) {
      end = fitEnd;
      heard.add("end " + fitEnd.reason());
    }
  }

  /** Calls something after a step. */
  private static TrainingListener after(int epoch, int batch, Runnable action) {
    return new TrainingListener() {
      @Override
      public void onBatch(int e, int b, int batches, double loss) {
        if (e == epoch && b == batch) {
          action.run();
        }
      }
    };
  }

  private static TrainingListener afterEpoch(int epoch, Runnable action) {
    return new TrainingListener() {
      @Override
      public void onEpoch(EpochReport report) {
        if (report.epoch() == epoch) {
          action.run();
        }
      }
    };
  }

  private static TrainerBuilder<int[]> classifier(LinearModel model) {
    return Trainer.of(model).loss(crossEntropy()).optimizer(sgd(0.1)).batchSize(4);
  }

  private static Dataset<int[]> data(int samples) {
    double[] x = new double[2 * samples];
    int[] labels = new int[samples];
    for (int i = 0; i < samples; i++) {
      x[2 * i] = Randoms.normal(1, 2L * i);
      x[2 * i + 1] = Randoms.normal(1, 2L * i + 1);
      labels[i] = x[2 * i] > 0 ? 1 : x[2 * i + 1] > 0 ? 2 : 0;
    }
    return Dataset.of(Tensor.of(x, samples, 2), labels);
  }

  private static long[] bits(State state) {
    List<Long> bits = new ArrayList<>();
    state.parameters().forEach(p -> add(bits, p.value()));
    state.runningStats().forEach(s -> add(bits, s.value()));
    state.counterList().forEach(c -> bits.add(c.get()));
    return bits.stream().mapToLong(Long::longValue).toArray();
  }

  private static void add(List<Long> bits, Tensor values) {
    for (double value : values.toDoubleArray()) {
      bits.add(Double.doubleToRawLongBits(value));
    }
  }

  @Test
  void listenersHearTheStartAndTheEnd() {
    Recorder recorder = new Recorder();
    Trainer<int[]> trainer = classifier(new LinearModel(2, 3, false)).build();
    trainer.fit(data(8), 1);
    History history = trainer.fit(data(8), 2, recorder);
    assertThat(recorder.heard)
        .containsExactly(
            "start 2 to 3",
            "batch 2.1",
            "batch 2.2",
            "epoch 2",
            "batch 3.1",
            "batch 3.2",
            "epoch 3",
            "end COMPLETED");
    assertThat(recorder.end.history()).isEqualTo(history);
    assertThat(recorder.end.failure()).isEmpty();
    assertThat(recorder.context.model()).isSameAs(trainer.model());
    assertThat(recorder.context.samples()).isEqualTo(8);
    assertThat(recorder.context.batches()).isEqualTo(2);
    assertThat(recorder.context.steps()).isEqualTo(6);
    assertThat(recorder.context.learningRate()).isEqualTo(0.1);
    assertThat(recorder.context.gradientNorm()).isNaN();
    assertThat(history.reason()).isEqualTo(EndReason.COMPLETED);
  }

  /** Stopped between steps, the model has the bits of as many steps by hand. */
  @Test
  void stoppedIsBetweenSteps() {
    for (int way = 0; way < 3; way++) {
      LinearModel model = new LinearModel(2, 3, false);
      Trainer<int[]> trainer = classifier(model).build();
      Recorder recorder = new Recorder();
      int which = way;
      TrainingListener stopper =
          after(
              2,
              1,
              () -> {
                switch (which) {
                  case 0 -> trainer.stop();
                  case 1 -> recorder.context.stop();
                  default -> Thread.currentThread().interrupt();
                }
              });
      History history = trainer.fit(data(12), 100, recorder, stopper);
      boolean interrupted = Thread.interrupted();
      assertThat(interrupted).as("the flag stays").isEqualTo(way == 2);
      assertThat(history.reason()).isEqualTo(way == 2 ? EndReason.INTERRUPTED : EndReason.STOPPED);
      assertThat(history.epochs()).hasSize(1);
      assertThat(recorder.heard).last().isEqualTo("end " + history.reason());
      assertThat(trainer.optimizer().stepCount()).isEqualTo(4);
      assertThat(trainer.epochsDone()).isEqualTo(1);

      LinearModel twin = new LinearModel(2, 3, false);
      Trainer<int[]> byHand = classifier(twin).build();
      byHand.fit(data(12), 1);
      Batch<int[]> batch = data(12).newBatch();
      batch.gather(Randoms.permutation(Randoms.key(0, 1, 0), 12), 0, 4);
      byHand.step(batch.features(), batch.targets());
      assertThat(bits(model.state())).isEqualTo(bits(twin.state()));
      // The epoch begins again.
      assertThat(trainer.fit(data(12), 1).last().epoch()).isEqualTo(2);
    }
  }

  @Test
  void anotherThreadStops() throws InterruptedException {
    Trainer<int[]> trainer = classifier(new LinearModel(2, 3, false)).build();
    CountDownLatch started = new CountDownLatch(1);
    History[] history = new History[1];
    Thread thread =
        new Thread(
            () ->
                history[0] =
                    trainer.fit(data(12), Integer.MAX_VALUE, after(1, 1, started::countDown)));
    thread.start();
    assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
    trainer.stop();
    thread.join();
    assertThat(history[0].reason()).isEqualTo(EndReason.STOPPED);
    trainer.stop();
    assertThat(trainer.fit(data(12), 1).reason())
        .as("a stop without a fit does nothing")
        .isEqualTo(EndReason.COMPLETED);
  }

  @Test
  void aThreadThatIsInterruptedTrainsNothing() {
    LinearModel model = new LinearModel(2, 3, false);
    long[] before = bits(model.state());
    Thread.currentThread().interrupt();
    History history = classifier(model).build().fit(data(12), 3);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(history.reason()).isEqualTo(EndReason.INTERRUPTED);
    assertThat(history.epochs()).isEmpty();
    assertThat(bits(model.state())).isEqualTo(before);
  }

  @Test
  void asManyEpochsAsThereAreNumbers() {
    Trainer<int[]> trainer = classifier(new LinearModel(2, 3, false)).build();
    trainer.fit(data(8), 2);
    Recorder recorder = new Recorder();
    History history =
        trainer.fit(
            data(8), Integer.MAX_VALUE, recorder, afterEpoch(5, () -> recorder.context.stop()));
    assertThat(history.epochs()).extracting(EpochReport::epoch).containsExactly(3, 4, 5);
    assertThat(history.last().epochs()).isEqualTo(Integer.MAX_VALUE);
    assertThat(recorder.context.lastEpoch()).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void batchesAsLargeAsThereAreNumbers() {
    LinearModel model = new LinearModel(2, 3, false);
    Trainer<int[]> trainer = classifier(model).batchSize(Integer.MAX_VALUE).build();
    trainer.fit(data(5), 2);
    assertThat(model.batches).containsExactly(5, 5);
    assertThat(trainer.evaluate(data(7)).samples()).isEqualTo(7);
  }

  @Test
  void aFitWithinAFitIsRefused() {
    LinearModel model = new LinearModel(2, 3, false);
    Trainer<int[]> trainer = classifier(model).build();
    History history =
        trainer.fit(
            data(8),
            1,
            after(
                1,
                1,
                () ->
                    assertThatThrownBy(() -> trainer.fit(data(8), 1))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("a fit of this trainer is under way")));
    assertThat(history.reason()).isEqualTo(EndReason.COMPLETED);
    assertThat(trainer.fit(data(8), 1).reason()).isEqualTo(EndReason.COMPLETED);
  }

  @Test
  void validationIsThatOfEvaluate() {
    Trainer<int[]> trainer = classifier(new LinearModel(2, 3, false)).build();
    Dataset<int[]> test = data(10);
    List<Evaluation> evaluated = new ArrayList<>();
    TrainingListener evaluator =
        new TrainingListener() {
          @Override
          public void onEpoch(EpochReport report) {
            evaluated.add(trainer.evaluate(test));
          }
        };
    History history = trainer.fit(data(12), 3, fit -> fit.validate(test).listen(evaluator));
    assertThat(history.epochs()).extracting(EpochReport::validation).isEqualTo(evaluated);
    assertThat(history.last().validated()).isTrue();
    assertThat(history.last().validation().hasConfusion()).isTrue();
    assertThat(history.last().validation().confusion().total()).isEqualTo(10);
    History without = trainer.fit(data(12), 1);
    assertThat(without.last().validated()).isFalse();
    assertThatThrownBy(() -> without.last().validation())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("fit.validate(test)");
  }

  /**
   * A rate that grows makes the loss rise from some epoch on. However the fit ends, the model is
   * that of the best epoch, and its history says so.
   */
  @Test
  void theBestModelIsPutBackHoweverTheFitEnds() {
    for (String way :
        List.of("early", "completed", "stopped", "interrupted", "listener", "not finite")) {
      LinearModel model = new LinearModel(2, 3, false);
      double[] rates = {0.3, 0.3, 0.3, 30, 30, 30, 30, 30};
      Trainer<int[]> trainer =
          classifier(model)
              .schedule((base, e) -> e < rates.length ? rates[(int) e] : 1e308)
              .build();
      Dataset<int[]> train = data(40);
      List<long[]> models = new ArrayList<>();
      Recorder recorder = new Recorder();
      TrainingListener copies =
          new TrainingListener() {
            @Override
            public void onEpoch(EpochReport report) {
              models.add(bits(model.state()));
            }
          };
      RuntimeException boom = new RuntimeException("boom");
      TrainingListener ends =
          switch (way) {
            case "stopped" -> after(5, 2, () -> recorder.context.stop());
            case "interrupted" -> after(5, 2, () -> Thread.currentThread().interrupt());
            case "listener" ->
                after(
                    5,
                    2,
                    () -> {
                      throw boom;
                    });
            default -> new TrainingListener() {};
          };
      int epochs = way.equals("not finite") ? 20 : 8;
      try {
        trainer.fit(
            train,
            epochs,
            fit -> {
              fit.validate(train).listen(recorder, copies, ends);
              if (way.equals("early")) {
                fit.stopEarly(2);
              } else {
                fit.keepBest();
              }
            });
        assertThat(way).isNotIn("listener", "not finite");
      } catch (RuntimeException e) {
        assertThat(way).isIn("listener", "not finite");
        assertThat(recorder.end.failure()).containsSame(e);
      }
      assertThat(Thread.interrupted()).isEqualTo(way.equals("interrupted"));
      History history = recorder.end.history();
      assertThat(history.reason())
          .isEqualTo(
              switch (way) {
                case "early" -> EndReason.STOPPED_EARLY;
                case "completed" -> EndReason.COMPLETED;
                case "stopped" -> EndReason.STOPPED;
                case "interrupted" -> EndReason.INTERRUPTED;
                default -> EndReason.FAILED;
              });
      double least =
          history.epochs().stream().mapToDouble(r -> r.validation().loss()).min().orElseThrow();
      assertThat(history.best().validation().loss()).as(way).isEqualTo(least);
      assertThat(history.bestEpoch()).as(way).isLessThan(history.last().epoch());
      assertThat(bits(model.state())).as(way).isEqualTo(models.get(history.bestEpoch() - 1));
      assertThat(trainer.evaluate(train).loss()).isEqualTo(least);
      if (way.equals("early")) {
        assertThat(history.epochs()).hasSize(history.bestEpoch() + 2);
      }
    }
  }

  @Test
  void withoutKeepBestTheLastModelStays() {
    LinearModel model = new LinearModel(2, 3, false);
    Trainer<int[]> trainer = classifier(model).schedule((base, e) -> e < 2 ? 0.3 : 30).build();
    Dataset<int[]> train = data(40);
    History history = trainer.fit(train, 4, fit -> fit.validate(train));
    assertThat(history.bestEpoch()).isLessThan(4);
    assertThat(trainer.evaluate(train).loss()).isEqualTo(history.last().validation().loss());
  }

  @Test
  void accuracyMayBeMonitored() {
    Trainer<int[]> trainer = classifier(new LinearModel(2, 3, false)).build();
    History history =
        trainer.fit(
            data(40), 10, fit -> fit.validate(data(40)).monitor(Metric.ACCURACY).keepBest());
    double most =
        history.epochs().stream().mapToDouble(r -> r.validation().accuracy()).max().orElseThrow();
    assertThat(history.best().validation().accuracy()).isEqualTo(most);
    assertThatThrownBy(() -> trainer.fit(data(8), 1, fit -> fit.monitor(Metric.ACCURACY)))
        .hasMessageContaining("needs validation data");
    Trainer<Tensor> numbers =
        Trainer.of(new LinearModel(1, 1, false)).loss(meanSquaredError()).optimizer(sgd(0)).build();
    Dataset<Tensor> values =
        Dataset.of(Tensor.zeros(DType.FLOAT64, 3, 1), Tensor.zeros(DType.FLOAT64, 3, 1));
    assertThatThrownBy(
            () -> numbers.fit(values, 1, fit -> fit.validate(values).monitor(Metric.ACCURACY)))
        .hasMessageContaining("needs class labels");
  }

  @Test
  void aDifferenceThatIsTooSmallDoesNotCount() {
    Trainer<int[]> trainer =
        Trainer.of(new LinearModel(2, 3, false)).loss(crossEntropy()).optimizer(sgd(1e-6)).build();
    History history = trainer.fit(data(20), 50, fit -> fit.validate(data(20)).stopEarly(3, 0.01));
    assertThat(history.reason()).isEqualTo(EndReason.STOPPED_EARLY);
    assertThat(history.epochs()).hasSize(4);
    assertThat(history.bestEpoch()).isEqualTo(1);
  }

  /** The rule follows the validation data where there are any: here they never get better. */
  @Test
  void plateauFollowsTheValidation() {
    Dataset<int[]> train = data(20);
    int[] wrong = Arrays.stream(train.targets()).map(label -> (label + 1) % 3).toArray();
    Dataset<int[]> test = Dataset.of(train.features(), wrong);
    Trainer<int[]> trainer =
        Trainer.of(new LinearModel(2, 3, false))
            .loss(crossEntropy())
            .optimizer(sgd(0.5))
            .schedule(plateau().patience(1).factor(0.5))
            .build();
    History history = trainer.fit(train, 8, fit -> fit.validate(test));
    assertThat(history.last().loss()).isLessThan(history.epochs().get(0).loss());
    assertThat(history.last().validation().loss())
        .isGreaterThan(history.epochs().get(0).validation().loss());
    assertThat(history.last().learningRate()).isLessThan(0.5);
  }

  @Test
  void normsAreReported() {
    LinearModel model = new LinearModel(2, 3, false);
    List<Double> norms = new ArrayList<>();
    Recorder recorder = new Recorder();
    Trainer<int[]> trainer = classifier(model).build();
    TrainingListener measures =
        new TrainingListener() {
          @Override
          public void onBatch(int epoch, int batch, int batches, double loss) {
            // Nothing has overwritten the gradients since.
            norms.add(GradientClipping.norm(model.state()));
            assertThat(recorder.context.gradientNorm()).isEqualTo(norms.get(norms.size() - 1));
          }
        };
    History history =
        trainer.fit(data(12), 1, fit -> fit.gradientNorms().listen(recorder, measures));
    double mean = (norms.get(0) + norms.get(1) + norms.get(2)) / 3;
    assertThat(history.last().gradientNorm()).isCloseTo(mean, within(1e-15));
    assertThat(trainer.fit(data(12), 1).last().gradientNorm()).isNaN();
    // Clipping measures it anyway, before it clips.
    Trainer<int[]> clipped = classifier(new LinearModel(2, 3, false)).clipNorm(1e-3).build();
    assertThat(clipped.fit(data(12), 1).last().gradientNorm()).isGreaterThan(1e-2);
  }

  @Test
  void whatCannotBeTrainedOnIsRefusedBeforeTheFirstStep() {
    LinearModel model = new LinearModel(2, 3, true);
    long[] before = bits(model.state());
    assertThatThrownBy(() -> classifier(model).lastBatch(LastBatch.KEEP).build().fit(data(9), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("9 samples in batches of 4 with the last batch KEEP")
        .hasMessageContaining("a batch of 1")
        .hasMessageContaining("Use lastBatch(LastBatch.MERGE_SINGLE)");
    assertThatThrownBy(() -> classifier(model).batchSize(1).build().fit(data(9), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batchSize(1) gives LinearNet a batch of 1")
        .hasMessageContaining("Use batchSize(2) or more");
    try (Trainer<int[]> pieces = classifier(model).accumulateUnsynchronised(3).build()) {
      assertThatThrownBy(() -> pieces.fit(data(9), 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("batchSize(4) gives LinearNet a batch of 4")
          .hasMessageContaining("the smallest batch is 6, 2 for each of 3 pieces")
          .hasMessageContaining("Use batchSize(6) or more, fewer pieces, or accumulate(...)");
    }
    assertThatThrownBy(
            () -> classifier(model).schedulePerStep(oneCycle(1, 5)).build().fit(data(8), 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the schedule was made for 5 steps");
    assertThatThrownBy(
            () ->
                classifier(model)
                    .schedule((base, e) -> e < 2 ? 0.1 : Double.NaN)
                    .build()
                    .fit(data(8), 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a learning rate of NaN for epoch 2 (from 0)");
    assertThatThrownBy(
            () -> classifier(model).build().fit(data(8), 1, fit -> fit.validate(badLabel(9, 5))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("target 3 of sample 5 of the dataset");
    assertThatThrownBy(() -> classifier(model).build().fit(data(8), 1, fit -> fit.stopEarly(0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("stopEarly must wait for at least 1 epoch");
    assertThat(bits(model.state())).isEqualTo(before);
  }

  private static Dataset<int[]> badLabel(int samples, int at) {
    int[] labels = new int[samples];
    labels[at] = 3;
    return Dataset.of(Tensor.zeros(DType.FLOAT64, samples, 2), labels);
  }

  @Test
  void aBadLabelIsNamedByItsPlaceInTheDataset() {
    Trainer<int[]> trainer = classifier(new LinearModel(2, 3, false)).build();
    for (int at : new int[] {0, 3, 4, 6, 8}) {
      assertThatThrownBy(() -> trainer.fit(badLabel(9, at), 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "CrossEntropy: target 3 of sample " + at + " of the dataset is outside [0, 3)")
          .hasMessageEndingWith("Labels start at 0: subtract 1 from labels that count from 1.");
      assertThatThrownBy(() -> trainer.evaluate(badLabel(9, at)))
          .hasMessageContaining("of sample " + at + " of the dataset");
    }
  }

  /** A sample that is no number, found in the middle of a fit. */
  @Test
  void notANumberIsNamedByItsPlaceInTheDataset() {
    Dataset<int[]> data = data(12);
    data.features().set(Double.NaN, 7, 1);
    LinearModel model = new LinearModel(2, 3, false);
    Recorder recorder = new Recorder();
    assertThatThrownBy(() -> classifier(model).build().fit(data, 5, recorder))
        .isInstanceOf(NonFiniteException.class)
        .hasMessageContaining("value 1 in the input of sample 7 of the dataset is NaN")
        .hasMessageContaining("epoch 1, batch ");
    assertThat(recorder.heard).last().isEqualTo("end FAILED");
    assertThatThrownBy(
            () ->
                classifier(new LinearModel(2, 3, false))
                    .build()
                    .fit(data(12), 1, fit -> fit.validate(data)))
        .isInstanceOf(NonFiniteException.class)
        .hasMessageContaining("the validation data is not finite after epoch 1")
        .hasMessageContaining("value 1 in the input of sample 7 of the dataset is NaN");
  }

  /** A batch of which every label is ignored has no mean, but nothing is wrong with it. */
  @Test
  void batchesWithoutLabelsAreNoFailure() {
    Dataset<int[]> data = data(12);
    Arrays.fill(data.targets(), -100);
    data.targets()[3] = 1;
    LinearModel model = new LinearModel(2, 3, false);
    History history = classifier(model).batchSize(2).build().fit(data, 2);
    assertThat(history.last().loss()).isFinite();
    data.targets()[3] = -100;
    assertThat(classifier(model).build().fit(data, 1).last().loss()).isNaN();
    assertThat(classifier(model).build().evaluate(data).loss()).isNaN();
  }

  /** The mean of an epoch, and of an evaluation, is that of one batch, whatever the batches. */
  @Test
  void meansDoNotDependOnTheBatches() {
    Dataset<int[]> data = data(13);
    data.targets()[2] = -100;
    data.targets()[7] = -100;
    data.targets()[8] = -100;
    for (Reduction reduction : Reduction.values()) {
      double expected = Double.NaN;
      for (int size : new int[] {13, 1, 2, 3, 4, 5, 12}) {
        Trainer<int[]> trainer =
            Trainer.of(new LinearModel(2, 3, false))
                .loss(crossEntropy().classWeights(1, 10, 0.1).reduction(reduction))
                .optimizer(sgd(0))
                .batchSize(size)
                .build();
        double evaluated = trainer.evaluate(data).loss();
        expected = size == 13 ? evaluated : expected;
        assertThat(evaluated).isCloseTo(expected, within(1e-14));
        assertThat(trainer.fit(data, 1).last().loss()).isCloseTo(expected, within(1e-14));
      }
    }
  }

  /** Gradients of a batch in pieces are those of the whole, with pieces that have no labels. */
  @Test
  void piecesWithoutLabelsAreNoFailure() {
    Dataset<int[]> data = data(12);
    Arrays.fill(data.targets(), 0, 7, -100);
    double[] whole = afterOneEpoch(data, b -> b);
    for (int pieces : new int[] {2, 3, 5, 12}) {
      double[] cut = afterOneEpoch(data, b -> b.accumulate(pieces));
      for (int i = 0; i < whole.length; i++) {
        assertThat(cut[i]).isCloseTo(whole[i], within(1e-14));
      }
    }
  }

  private static double[] afterOneEpoch(
      Dataset<int[]> data, UnaryOperator<TrainerBuilder<int[]>> options) {
    LinearModel model = new LinearModel(2, 3, false);
    TrainerBuilder<int[]> builder =
        Trainer.of(model)
            .loss(crossEntropy().classWeights(1, 10, 0.1).labelSmoothing(0.1))
            .optimizer(sgd(0.1))
            .batchSize(12);
    try (Trainer<int[]> trainer = options.apply(builder).build()) {
      trainer.fit(data, 1);
    }
    return model.state().parameter("head.weight").value().toDoubleArray();
  }

  @Test
  void everyListenerHearsTheEnd() {
    RuntimeException boom = new RuntimeException("boom");
    Recorder first = new Recorder();
    Recorder last = new Recorder();
    TrainingListener refuses =
        new TrainingListener() {
          @Override
          public void onStart(FitContext fit) {
            throw boom;
          }
        };
    Trainer<int[]> trainer = classifier(new LinearModel(2, 3, false)).build();
    assertThatThrownBy(() -> trainer.fit(data(8), 1, first, refuses, last)).isSameAs(boom);
    assertThat(first.heard).containsExactly("start 1 to 1", "end FAILED");
    assertThat(first.end.failure()).containsSame(boom);
    assertThat(last.heard).as("was not told of the start").isEmpty();
    TrainingListener ends =
        new TrainingListener() {
          @Override
          public void onEnd(FitEnd end) {
            throw boom;
          }
        };
    assertThatThrownBy(() -> trainer.fit(data(8), 1, ends, last)).isSameAs(boom);
    assertThat(last.heard).last().isEqualTo("end COMPLETED");
    assertThat(trainer.fit(data(8), 0).reason()).isEqualTo(EndReason.COMPLETED);
    assertThatThrownBy(() -> trainer.fit(data(8), 0).best())
        .isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void csv(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("log.csv");
    Trainer<int[]> trainer = classifier(new LinearModel(2, 3, false)).build();
    History history =
        trainer.fit(data(12), 2, fit -> fit.validate(data(4)).listen(CsvLog.to(file)));
    String text = Files.readString(file);
    assertThat(text).endsWith("\r\n").doesNotContain("\n\n");
    List<String> lines = List.of(text.split("\r\n"));
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0))
        .isEqualTo(
            "epoch,batches,samples,loss,learning_rate,gradient_norm,validation_loss,"
                + "validation_accuracy");
    EpochReport second = history.last();
    assertThat(lines.get(2))
        .isEqualTo(
            "2,3,12,%s,0.1,,%s,%s"
                .formatted(
                    second.loss(), second.validation().loss(), second.validation().accuracy()));
    trainer.fit(data(12), 1, CsvLog.to(file).append());
    assertThat(Files.readString(file)).startsWith(text);
    assertThat(Files.readString(file).split("\r\n")).hasSize(4);
    trainer.fit(data(12), 1, CsvLog.to(file));
    assertThat(Files.readString(file).split("\r\n")).hasSize(2);
  }
}
