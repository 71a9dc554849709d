package dev.tenon.runtime.train;

import static dev.tenon.runtime.Fixtures.assertClose;
import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.loss.Losses.meanSquaredError;
import static dev.tenon.runtime.optim.Optimizers.adam;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static dev.tenon.runtime.schedule.Schedules.cosine;
import static dev.tenon.runtime.schedule.Schedules.oneCycle;
import static dev.tenon.runtime.schedule.Schedules.plateau;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.runtime.Allocation;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Fixtures;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.Reduction;
import dev.tenon.runtime.optim.Optimizers;
import dev.tenon.runtime.parallel.PiecewiseModel;
import dev.tenon.runtime.random.Randoms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrainerTest {
  /** Losses of every batch, rates, final weights and accuracy of three epochs, from PyTorch. */
  @Test
  void aRunMatchesPyTorch() {
    for (JsonNode test : Fixtures.cases("training")) {
      LinearModel model = new LinearModel(3, 4, test.get("merged").asBoolean());
      model
          .state()
          .parameter("head.weight")
          .value()
          .copyFrom(Tensor.of(Fixtures.doubles(test.get("weight")), 4, 3));
      model
          .state()
          .parameter("head.bias")
          .value()
          .copyFrom(Tensor.of(Fixtures.doubles(test.get("bias")), 4));
      Dataset<int[]> data =
          Dataset.of(
              Tensor.of(Fixtures.doubles(test.get("features")), 17, 3),
              Fixtures.ints(test.get("labels")));
      Trainer<int[]> trainer =
          Trainer.of(model)
              .loss(crossEntropy())
              .optimizer(sgd(0.1).momentum(0.9))
              .schedule(cosine(3))
              .batchSize(4)
              .shuffleSeed(test.get("shuffleSeed").asLong())
              .build();
      List<Double> losses = new ArrayList<>();

      History history =
          trainer.fit(
              data,
              3,
              new TrainingListener() {
                @Override
                public void onBatch(int epoch, int batch, int batches, double loss) {
                  losses.add(loss);
                }
              });
      Evaluation evaluation = trainer.evaluate(data);

      assertClose("batch losses", array(losses), doubles(test, "batchLosses"), 1e-12, 1e-12);
      List<Double> means = history.epochs().stream().map(EpochReport::loss).toList();
      assertClose("epoch losses", array(means), doubles(test, "epochLosses"), 1e-12, 1e-12);
      List<Double> rates = history.epochs().stream().map(EpochReport::learningRate).toList();
      assertClose("rates", array(rates), doubles(test, "rates"), 1e-12, 0);
      double[] weight = model.state().parameter("head.weight").value().toDoubleArray();
      assertClose("weight", weight, doubles(test, "finalWeight"), 1e-12, 1e-12);
      double[] bias = model.state().parameter("head.bias").value().toDoubleArray();
      assertClose("bias", bias, doubles(test, "finalBias"), 1e-12, 1e-12);
      assertClose("loss", evaluation.loss(), test.get("evaluationLoss").asDouble(), 1e-12, 1e-12);
      assertThat(evaluation.correct()).isEqualTo(test.get("correct").asLong());
      assertThat(evaluation.labels()).isEqualTo(17);
      assertThat(evaluation.accuracy()).isEqualTo(evaluation.correct() / 17.0);
    }
  }

  @Test
  void learnsALine() {
    LinearModel model = new LinearModel(1, 1, false);
    double[] x = IntStream.range(0, 40).mapToDouble(i -> i / 20.0 - 1).toArray();
    double[] y = IntStream.range(0, 40).mapToDouble(i -> 3 * x[i] - 2).toArray();
    Dataset<Tensor> data = Dataset.of(Tensor.of(x, 40, 1), Tensor.of(y, 40, 1));
    Trainer<Tensor> trainer =
        Trainer.of(model).loss(meanSquaredError()).optimizer(adam(0.05)).batchSize(8).build();

    trainer.fit(data, 200);

    assertThat(model.state().parameter("head.weight").get(0, 0)).isEqualTo(3, within(1e-3));
    assertThat(model.state().parameter("head.bias").get(0)).isEqualTo(-2, within(1e-3));
    Evaluation evaluation = trainer.evaluate(data);
    assertThat(evaluation.loss()).isLessThan(1e-6);
    assertThat(evaluation.samples()).isEqualTo(40);
    assertThat(evaluation.hasAccuracy()).isFalse();
    assertThatThrownBy(evaluation::accuracy).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void lastBatchRules() {
    assertThat(batchSizes(9, LastBatch.MERGE_SINGLE, true)).containsExactly(4, 5);
    assertThat(batchSizes(9, LastBatch.MERGE_SINGLE, false)).containsExactly(4, 4, 1);
    assertThat(batchSizes(9, LastBatch.KEEP, false)).containsExactly(4, 4, 1);
    assertThat(batchSizes(9, LastBatch.DROP, true)).containsExactly(4, 4);
    assertThat(batchSizes(10, LastBatch.MERGE_SINGLE, true)).containsExactly(4, 4, 2);
    assertThat(batchSizes(8, LastBatch.MERGE_SINGLE, true)).containsExactly(4, 4);
    assertThat(batchSizes(8, LastBatch.DROP, true)).containsExactly(4, 4);
    assertThat(batchSizes(3, LastBatch.KEEP, true)).containsExactly(3);
  }

  private static List<Integer> batchSizes(int samples, LastBatch rule, boolean refusesOne) {
    LinearModel model = new LinearModel(2, 3, refusesOne);
    classifier(model).batchSize(4).lastBatch(rule).build().fit(random(samples, 2, 3), 1);
    return model.batches;
  }

  @Test
  void aSampleThatCannotBeMergedMeetsTheModelsError() {
    LinearModel model = new LinearModel(2, 3, true);
    assertThatThrownBy(() -> classifier(model).build().fit(random(1, 2, 3), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("needs more than 1 value per channel");
    assertThatThrownBy(
            () ->
                classifier(model)
                    .batchSize(4)
                    .lastBatch(LastBatch.DROP)
                    .build()
                    .fit(random(3, 2, 3), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Trainer: 3 samples give no batch of 4 with the last batch DROP.");
  }

  @Test
  void everyEpochSeesEverySampleInANewOrder() {
    LinearModel model = new LinearModel(1, 1, false);
    double[] x = IntStream.range(0, 10).mapToDouble(i -> i).toArray();
    List<Double> seen = new ArrayList<>();
    Dataset<Tensor> data = Dataset.of(Tensor.of(x, 10, 1), Tensor.of(x.clone(), 10, 1));
    // With rate 0 and weight 0, the loss of a batch of one is its target squared.
    model.state().parameter("head.weight").value().fill(0);
    model.state().parameter("head.bias").value().fill(0);
    Trainer<Tensor> trainer =
        Trainer.of(model).loss(meanSquaredError()).optimizer(sgd(0)).batchSize(1).build();

    trainer.fit(
        data,
        2,
        new TrainingListener() {
          @Override
          public void onBatch(int epoch, int batch, int batches, double loss) {
            seen.add(Math.sqrt(loss));
          }
        });

    assertThat(seen.subList(0, 10)).containsExactlyInAnyOrderElementsOf(asList(x));
    assertThat(seen.subList(10, 20)).containsExactlyInAnyOrderElementsOf(asList(x));
    assertThat(seen.subList(0, 10)).isNotEqualTo(seen.subList(10, 20));
  }

  @Test
  void twoFitsAreOneLongerFit() {
    LinearModel once = new LinearModel(2, 3, false);
    LinearModel twice = new LinearModel(2, 3, false);
    Dataset<int[]> data = random(11, 2, 3);
    Trainer<int[]> whole = classifier(once).batchSize(4).schedule(cosine(4)).build();
    Trainer<int[]> parts = classifier(twice).batchSize(4).schedule(cosine(4)).build();

    History history = whole.fit(data, 4);
    parts.fit(data, 1);
    History rest = parts.fit(data, 3);

    assertThat(twice.state().doubleParameters()).isEqualTo(once.state().doubleParameters());
    assertThat(rest.epochs()).isEqualTo(history.epochs().subList(1, 4));
    assertThat(rest.last().epoch()).isEqualTo(4);
    assertThat(rest.last().epochs()).isEqualTo(4);
    assertThat(rest.last().batches()).isEqualTo(3);
    assertThat(rest.last().samples()).isEqualTo(11);
    assertThat(parts.epochsDone()).isEqualTo(4);
  }

  @Test
  void listenersHearOfBatchesAndEpochs() {
    List<String> heard = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void onBatch(int epoch, int batch, int batches, double loss) {
            heard.add("batch " + epoch + " " + batch + "/" + batches);
          }

          @Override
          public void onEpoch(EpochReport report) {
            heard.add("epoch " + report.epoch() + "/" + report.epochs());
          }
        };
    classifier(new LinearModel(2, 3, false)).batchSize(4).build().fit(random(8, 2, 3), 2, listener);

    assertThat(heard)
        .containsExactly(
            "batch 1 1/2", "batch 1 2/2", "epoch 1/2", "batch 2 1/2", "batch 2 2/2", "epoch 2/2");
  }

  @Test
  void aBadLabelChangesNothing() {
    LinearModel model = new LinearModel(2, 3, false);
    Trainer<int[]> trainer = classifier(model).batchSize(4).build();
    double[] before = model.state().doubleParameters().clone();
    int[] labels = new int[9];
    labels[8] = 3;
    Dataset<int[]> data = Dataset.of(Tensor.zeros(DType.FLOAT64, 9, 2), labels);

    assertThatThrownBy(() -> trainer.fit(data, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("target 3");
    assertThatThrownBy(() -> trainer.step(Tensor.zeros(DType.FLOAT64, 1, 2), new int[] {-1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("target -1 at position 0");
    assertThat(model.state().doubleParameters()).isEqualTo(before);
    assertThat(model.state().counters()).containsExactly(0);
    assertThat(trainer.optimizer().stepCount()).isZero();
    assertThat(trainer.epochsDone()).isZero();
  }

  @Test
  void aWrongInputMeetsTheModelsError() {
    Trainer<int[]> trainer = classifier(new LinearModel(2, 3, false)).build();

    assertThatThrownBy(() -> trainer.step(Tensor.zeros(DType.FLOAT64, 5), new int[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("LinearNet: expected an input of shape [batch, 2], got [5].");
    assertThatThrownBy(() -> trainer.step(Tensor.zeros(DType.FLOAT32, 1, 2), new int[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("type float64, got float32");
    assertThatThrownBy(() -> trainer.fit(random(4, 5, 3), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Trainer: LinearNet takes samples of float64 [2], but the dataset has samples of"
                + " float64 [5].");
    assertThatThrownBy(() -> trainer.fit(random(4, 2, 3), -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Trainer: epochs must be at least 0, but is -1.");
  }

  @Test
  void schedulePerStepMovesWithEveryStep() {
    LinearModel model = new LinearModel(2, 3, false);
    Trainer<int[]> trainer = classifier(model).batchSize(4).schedulePerStep(oneCycle(1, 4)).build();
    List<Double> rates = new ArrayList<>();
    trainer.fit(
        random(8, 2, 3),
        2,
        new TrainingListener() {
          @Override
          public void onBatch(int epoch, int batch, int batches, double loss) {
            rates.add(trainer.optimizer().learningRate());
          }
        });

    double[] expected =
        IntStream.range(0, 4).mapToDouble(e -> oneCycle(1, 4).learningRate(0, e)).toArray();
    assertThat(array(rates)).isEqualTo(expected);
    double[] before = model.state().doubleParameters().clone();
    assertThatThrownBy(() -> trainer.step(Tensor.zeros(DType.FLOAT64, 1, 2), new int[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lies behind the end");
    assertThat(model.state().doubleParameters()).isEqualTo(before);
    assertThat(model.state().counters()).containsExactly(4);
  }

  @Test
  void plateauLowersTheRateOfALossThatStays() {
    // Rate 0 at the optimiser would stay 0; a loss that cannot change needs no gradient at all.
    Trainer<int[]> trainer =
        Trainer.of(new LinearModel(2, 1, false))
            .loss(crossEntropy())
            .optimizer(sgd(0.1))
            .schedule(plateau().patience(1).factor(0.5))
            .build();

    History history = trainer.fit(random(8, 2, 1), 6);

    assertThat(history.epochs().stream().map(EpochReport::learningRate))
        .containsExactly(0.1, 0.1, 0.1, 0.05, 0.05, 0.025);
    assertThat(trainer.optimizer().learningRate()).isEqualTo(0.025);
  }

  @Test
  void sumsAreReportedPerSample() {
    Dataset<int[]> data = random(10, 2, 3);
    Trainer<int[]> mean = classifier(new LinearModel(2, 3, false)).batchSize(4).build();
    Trainer<int[]> sum =
        Trainer.of(new LinearModel(2, 3, false))
            .loss(crossEntropy().reduction(Reduction.SUM))
            .optimizer(sgd(0.1))
            .batchSize(4)
            .build();

    assertThat(sum.evaluate(data).loss()).isEqualTo(mean.evaluate(data).loss(), within(1e-14));
  }

  @Test
  void ignoredLabelsAreNotJudged() {
    LinearModel model = new LinearModel(2, 3, false);
    Dataset<int[]> data = random(4, 2, 3);
    data.targets()[1] = -100;
    Evaluation evaluation = classifier(model).build().evaluate(data);

    assertThat(evaluation.samples()).isEqualTo(4);
    assertThat(evaluation.labels()).isEqualTo(3);
  }

  @Test
  void evaluationReadsWell() {
    assertThat(new Evaluation(4, 0.25, 4, 3))
        .hasToString("loss 0.2500 on 4 samples, accuracy 75.00 %");
    assertThat(new Evaluation(4, 0.25, 0, 0)).hasToString("loss 0.2500 on 4 samples");
  }

  @Test
  void builderChecks() {
    LinearModel model = new LinearModel(2, 3, false);
    assertThatThrownBy(() -> Trainer.of(model).loss(crossEntropy()).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("call optimizer(...) before build()");
    assertThatThrownBy(() -> classifier(model).batchSize(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Trainer: batchSize must be at least 1, but is 0.");
    assertThatThrownBy(() -> classifier(model).schedule(cosine(3)).schedule(plateau()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Trainer: there is a learning-rate schedule already.");
    assertThatThrownBy(() -> classifier(model).schedule(plateau()).schedulePerStep(cosine(3)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () -> Trainer.of(model).loss(crossEntropy()).optimizer(sgd(1).nesterov()).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void threadsGoToTheModelAndSplitNothing() {
    LinearModel model = new LinearModel(2, 3, false);
    model.splitsLoops = true;
    Trainer<int[]> trainer = classifier(model).threads(3).build();
    trainer.fit(random(8, 2, 3), 1);
    assertThat(trainer.model()).isSameAs(model);
    assertThat(model.threads()).isEqualTo(3);
    assertThat(model.pieces).isEmpty();
    classifier(model).build();
    assertThat(model.threads()).as("without a call it stays").isEqualTo(3);
    assertThatThrownBy(() -> classifier(model).threads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Trainer: threads must be at least 1, but is 0.");
    assertThatThrownBy(() -> model.threads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("LinearNet: threads must be at least 1, but is 0.");
  }

  @Test
  void piecesUseTheThreadsOfTheModel() {
    LinearModel model = new LinearModel(2, 3, false);
    model.splitsLoops = true;
    try (Trainer<int[]> trainer = classifier(model).threads(3).accumulate(2).build()) {
      assertThat(model.pieces).extracting(LinearModel::threads).containsExactly(3, 3);
      trainer.model().threads(2);
      assertThat(trainer.model().threads()).isEqualTo(2);
      assertThat(model.threads()).isEqualTo(2);
      assertThat(model.pieces).extracting(LinearModel::threads).containsExactly(2, 2);
    }
    // Pieces at the same time have a thread each.
    try (PiecewiseModel split = PiecewiseModel.of(model, 2, 2)) {
      assertThat(split.threads()).isEqualTo(2);
      assertThat(model.pieces.subList(2, 4)).extracting(LinearModel::threads).containsExactly(1, 1);
    }
  }

  @Test
  void piecesAndThreadsDoNotChangeTheResult() {
    Dataset<int[]> data = random(22, 2, 3);
    double[] whole = parametersAfter(data, b -> b);
    double[] pieces = parametersAfter(data, b -> b.accumulate(3));
    for (int i = 0; i < whole.length; i++) {
      assertThat(pieces[i]).isEqualTo(whole[i], within(1e-12));
    }
    assertThat(parametersAfter(data, b -> b.threads(2))).isEqualTo(whole);
    assertThat(parametersAfter(data, b -> b.accumulate(3).threads(2))).isEqualTo(pieces);
    double[] apart = parametersAfter(data, b -> b.accumulateUnsynchronised(3));
    assertThat(parametersAfter(data, b -> b.accumulateUnsynchronised(3).threads(2)))
        .isEqualTo(apart);
  }

  private static double[] parametersAfter(
      Dataset<int[]> data, UnaryOperator<TrainerBuilder<int[]>> options) {
    LinearModel model = new LinearModel(2, 3, true);
    try (Trainer<int[]> trainer = options.apply(classifier(model).batchSize(8)).build()) {
      trainer.fit(data, 3);
    }
    return model.state().doubleParameters().clone();
  }

  @Test
  void historyOfNothing() {
    LinearModel model = new LinearModel(2, 3, false);
    History history = classifier(model).build().fit(random(4, 2, 3), 0);
    assertThat(history.epochs()).isEmpty();
    assertThatThrownBy(history::last).isInstanceOf(NoSuchElementException.class);
    assertThat(model.state().counters()).containsExactly(0);
  }

  @Test
  void stepsAllocateNothing() {
    LinearModel model = new LinearModel(8, 4, true);
    model.recordBatches = false;
    Trainer<int[]> trainer =
        Trainer.of(model)
            .loss(crossEntropy().labelSmoothing(0.1))
            .optimizer(Optimizers.adamW(0.01))
            .schedulePerStep(cosine(100))
            .build();
    Dataset<int[]> data = random(40, 8, 4);
    Batch<int[]> batch = data.newBatch();
    int[] order = new int[40];

    // An epoch's worth: shuffle, full batches, and the smaller last one.
    Allocation.assertNone(
        () -> {
          Randoms.permute(3, order);
          for (int from = 0; from < 40; from += 16) {
            batch.gather(order, from, Math.min(40, from + 16));
            trainer.step(batch.features(), batch.targets());
          }
        });
  }

  /** The loop of fit itself: more epochs cost their reports, never more for more batches. */
  @Test
  void fitAllocatesNothingPerBatch() {
    long few = bytesOfFit(random(16 * 4 + 3, 8, 4));
    long many = bytesOfFit(random(16 * 64 + 3, 8, 4));
    // The order array is the one thing that grows with the data: 4 bytes a sample.
    assertThat(many - few).isEqualTo(16L * 60 * Integer.BYTES);
  }

  private static long bytesOfFit(Dataset<int[]> data) {
    LinearModel model = new LinearModel(8, 4, true);
    model.recordBatches = false;
    Trainer<int[]> trainer = classifier(model).batchSize(16).build();
    trainer.fit(data, 30);
    return Allocation.bytes(() -> trainer.fit(data, 3));
  }

  private static TrainerBuilder<int[]> classifier(LinearModel model) {
    return Trainer.of(model).loss(crossEntropy()).optimizer(sgd(0.1).momentum(0.9));
  }

  private static Dataset<int[]> random(int samples, int features, int classes) {
    double[] x = new double[samples * features];
    int[] labels = new int[samples];
    for (int i = 0; i < x.length; i++) {
      x[i] = Randoms.normal(1, i);
    }
    for (int i = 0; i < samples; i++) {
      labels[i] = (int) (Randoms.uniformDouble(2, i) * classes);
    }
    return Dataset.of(Tensor.of(x, samples, features), labels);
  }

  private static double[] doubles(JsonNode test, String name) {
    return Fixtures.doubles(test.get(name));
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static List<Double> asList(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
