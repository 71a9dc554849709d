package dev.tenon.integration.typed;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.loss.Losses.l1;
import static dev.tenon.runtime.loss.Losses.negativeLogLikelihood;
import static dev.tenon.runtime.optim.Optimizers.adam;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.integration.typed.GradeNet.Point;
import dev.tenon.integration.typed.SaleNet.Flat;
import dev.tenon.integration.typed.SaleNet.Sale;
import dev.tenon.integration.typed.ShareNet.Share;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.train.EndReason;
import dev.tenon.runtime.train.Every;
import dev.tenon.runtime.train.FitContext;
import dev.tenon.runtime.train.History;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.train.TrainingListener;
import dev.tenon.runtime.typed.NumberErrors;
import dev.tenon.runtime.typed.TypedEvaluation;
import dev.tenon.runtime.typed.TypedFit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training, judging and predicting in terms of records and labels. */
class TypedTrainingTest {
  private static List<Flat> flats(int count) {
    List<Flat> flats = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      flats.add(new Flat(50 + i % 40, i % 7));
    }
    return flats;
  }

  private static List<Sale> sales(List<Flat> flats) {
    return flats.stream()
        .map(f -> new Sale(250_000 + 3000 * (f.size() - 70), 20 + 3 * f.floor()))
        .toList();
  }

  // ---------------------------------------------------------------------- labels normalised

  @Test
  void largeLabelsAreLearntWithTheDefaults() {
    List<Flat> flats = flats(280);
    List<Sale> sales = sales(flats);
    SaleNetModel model = SaleNetModel.create(1);
    model.fit(flats, sales, 300);

    Sale predicted = model.predict(new Flat(70, 3));
    assertThat(predicted.euro()).isCloseTo(250_000, within(3000.0));
    assertThat(predicted.days()).isBetween(27, 31);
    TypedEvaluation<Sale> evaluation = model.evaluate(flats, sales);
    assertThat(evaluation.errors("euro").r2()).isGreaterThan(0.99);
    assertThat(evaluation.errors("euro").mae()).isBetween(1.0, 3000.0);
    assertThat(evaluation.errors("days").r2()).isGreaterThan(0.99);
    assertThat(evaluation.loss()).isLessThan(0.01);
    assertThat(evaluation.hasAccuracy()).isFalse();
  }

  @Test
  void statisticsOfLabelsAreInTheState() {
    List<Flat> flats = List.of(new Flat(1, 1), new Flat(2, 2), new Flat(3, 1));
    List<Sale> sales = List.of(new Sale(1e9 + 1, 5), new Sale(1e9 + 2, 5), new Sale(1e9 + 3, 5));
    SaleNetModel model = SaleNetModel.create(1);
    model.normalizeBy(flats, sales);

    assertThat(model.state().tensors().keySet())
        .endsWith(
            "features.mean",
            "features.std",
            "features.num_samples",
            "labels.mean",
            "labels.std",
            "labels.num_samples");
    assertThat(model.state().tensors().get("labels.mean").toDoubleArray())
        .containsExactly(1e9 + 2, 5);
    assertThat(model.state().tensors().get("labels.std").toDoubleArray())
        .containsExactly(new double[] {Math.sqrt(2 / 3.0), 1}, within(1e-12));
    double edge = Math.sqrt(1.5);
    assertThat(model.targets(sales).toDoubleArray())
        .containsExactly(new double[] {-edge, 0, 0, 0, edge, 0}, within(1e-6));
    // Outputs of 0 mean the mean, of 1 a deviation more.
    assertThat(model.decode(Tensor.of(new float[] {0, 0, 1, 2}, 2, 2)))
        .containsExactly(new Sale(1e9 + 2, 5), new Sale(1e9 + 2 + Math.sqrt(2 / 3.0), 7));

    SaleNetModel copy = SaleNetModel.create(2);
    model
        .state()
        .tensors()
        .forEach((name, tensor) -> copy.state().tensors().get(name).copyFrom(tensor));
    assertThat(copy.predict(flats)).isEqualTo(model.predict(flats));
  }

  @Test
  void labelsWithoutStatisticsBecomeNoDataset() {
    List<Flat> flats = flats(3);
    SaleNetModel model = SaleNetModel.create(1);
    model.normalizeBy(flats);
    assertThat(model.predict(flats)).hasSize(3);
    assertThatThrownBy(() -> model.dataset(flats, sales(flats)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("SaleNet: it normalises labels by the mean")
        .hasMessageContaining("normalizeBy(features, labels)");
    model.normalizeBy(flats, sales(flats));
    assertThat(model.dataset(flats, sales(flats)).size()).isEqualTo(3);
  }

  @Test
  void aFitThatWasKilledGoesOnFromItsCheckpoint(@TempDir Path folder) {
    List<Flat> flats = flats(40);
    List<Sale> sales = sales(flats);
    Consumer<TypedFit<Flat, Sale, Tensor>> options =
        fit -> fit.batchSize(8).validate(flats.subList(0, 10), sales.subList(0, 10)).keepBest();
    SaleNetModel whole = SaleNetModel.create(1);
    whole.fit(flats, sales, 6, options);

    Consumer<TypedFit<Flat, Sale, Tensor>> goesOn =
        options.andThen(fit -> fit.checkpoint(folder, Every.steps(3)).resumeIfPresent(folder));
    TrainingListener killer =
        new TrainingListener() {
          @Override
          public void onBatch(int epoch, int batch, int batches, double loss) {
            if (epoch == 3 && batch == 3) {
              throw new IllegalStateException("killed");
            }
          }
        };
    assertThatThrownBy(() -> SaleNetModel.create(1).fit(flats, sales, 6, goesOn, killer))
        .hasMessageContaining("killed");
    SaleNetModel again = SaleNetModel.create(1);
    again.fit(flats, sales, 6, goesOn);
    whole
        .state()
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(again.state().tensors().get(name).toDoubleArray())
                    .as(name)
                    .isEqualTo(tensor.toDoubleArray()));
    assertThat(folder.resolve("best.safetensors")).exists();
  }

  /** Checked exceptions too, which a listener in another language may throw. */
  @Test
  void whateverEndsAFitBeforeItsFirstStepItTakesNoStatistics() {
    List<Flat> flats = flats(8);
    for (Throwable thrown :
        List.of(
            new IllegalStateException("unchecked"),
            new IOException("checked"),
            new AssertionError("error"))) {
      TrainingListener refuses =
          new TrainingListener() {
            @Override
            public void onStart(FitContext fit) {
              TypedTrainingTest.<RuntimeException>sneak(thrown);
            }
          };
      SaleNetModel model = SaleNetModel.create(1);
      assertThatThrownBy(() -> model.fit(flats, sales(flats), 1, fit -> {}, refuses))
          .isSameAs(thrown);
      assertThatThrownBy(() -> model.predict(flats))
          .as("%s", thrown)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("normalises");
    }
  }

  @SuppressWarnings({"unchecked", "DoNotCallSuggester"})
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  @Test
  void aFitThatCannotResumeTakesNoStatistics(@TempDir Path folder) {
    List<Flat> flats = flats(8);
    SaleNetModel model = SaleNetModel.create(1);
    assertThatThrownBy(
            () -> model.fit(flats, sales(flats), 1, fit -> fit.resume(folder.resolve("none"))))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("none");
    assertThat(model.state().tensors().get("features.num_samples").toDoubleArray())
        .containsExactly(0);
  }

  @Test
  void anActivationAtTheEndHasTheLabelsAsTheyAre() {
    ShareNetModel model = ShareNetModel.create(1);
    assertThat(model.state().tensors().keySet()).doesNotContain("labels.mean");
    List<Flat> flats = flats(70);
    List<Share> shares = flats.stream().map(f -> new Share(f.size() > 70 ? 0.9f : 0.1f)).toList();
    model.fit(flats, shares, 200, fit -> fit.optimizer(adam(0.05)));
    assertThat(model.targets(shares).toFloatArray()).contains(0.9f, 0.1f);
    assertThat(model.predict(new Flat(89, 3)).part()).isBetween(0.7f, 1f);
    assertThat(model.evaluate(flats, shares).r2()).isGreaterThan(0.7);
  }

  @Test
  void aFitThatIsRefusedTakesNoStatistics() {
    List<Flat> flats = flats(8);
    List<Sale> sales = sales(flats);
    SaleNetModel model = SaleNetModel.create(1);
    float[] before = model.state().floatParameters();
    assertThatThrownBy(() -> model.fit(flats, sales, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> model.fit(flats, sales, 1, fit -> fit.batchSize(0)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> model.fit(flats, sales, 1, fit -> fit.validate(flats, List.of())))
        .hasMessage("SaleNet: there are 8 samples, but 0 labels; each sample has one.");
    List<Sale> wrong = new ArrayList<>(sales);
    wrong.set(5, new Sale(Double.NaN, 1));
    assertThatThrownBy(() -> model.fit(flats, wrong, 1))
        .hasMessageStartingWith("SaleNet, Sale at index 5: euro is NaN");
    wrong.set(5, null);
    assertThatThrownBy(() -> model.fit(flats, wrong, 1))
        .hasMessage("SaleNet: the Sale at index 5 is null.");
    assertThatThrownBy(() -> model.fit(flats, sales, 1, fit -> fit.validate(flats, wrong)))
        .hasMessage("SaleNet: the Sale at index 5 is null.");
    assertThatThrownBy(() -> model.fit(null, sales, 1))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("features");
    assertThatThrownBy(() -> model.fit(List.of(), List.of(), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no sample");

    assertThat(model.state().counter("features.num_samples").get()).isZero();
    assertThat(model.state().counter("labels.num_samples").get()).isZero();
    assertThat(model.state().tensors().get("labels.mean").toDoubleArray()).containsOnly(0);
    assertThat(model.state().tensors().get("labels.std").toDoubleArray()).containsOnly(1);
    assertThat(model.state().floatParameters()).isEqualTo(before);
  }

  // --------------------------------------------------------------------------------- errors

  /** sklearn.metrics of the same numbers: mean_absolute_error, mean_squared_error, r2_score. */
  @Test
  void errorsOfNumbersAreThoseOfScikitLearn() {
    SaleNetModel model = SaleNetModel.create(1);
    List<Flat> flats = List.of(new Flat(1, 0), new Flat(2, 0), new Flat(3, 0), new Flat(4, 0));
    List<Sale> sales = List.of(new Sale(3, 7), new Sale(-0.5, 7), new Sale(2, 7), new Sale(7, 7));
    model.normalizeBy(flats);
    // Outputs that do not depend on the sample: 2.5 for euro, 7 for days.
    model.head().weight().value().fill(0);
    model.head().bias().set(2.5, 0);
    model.head().bias().set(7, 1);
    TypedEvaluation<Sale> evaluation = model.evaluate(flats, sales);

    NumberErrors euro = evaluation.errors("euro");
    assertThat(euro.mae()).isCloseTo(2.125, within(1e-12));
    assertThat(euro.rmse()).isCloseTo(Math.sqrt(7.4375), within(1e-12));
    assertThat(euro.r2()).isCloseTo(-0.019271948608137, within(1e-12));
    assertThat(evaluation.errors("days").r2()).isEqualTo(1);
    assertThat(evaluation.errors()).hasSize(2);
    assertThatThrownBy(evaluation::r2)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("SaleNet: a label has 2 numbers; name one of euro, days by errors(component).");
    assertThatThrownBy(() -> evaluation.errors("dollar"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("SaleNet: there is no number \"dollar\" among the labels. Known: euro, days.");
    assertThatThrownBy(evaluation::confusion)
        .hasMessage(
            "SaleNet: there are no classes, because labels are records. errors() has how far"
                + " numbers are off.");
    assertThat(evaluation.toString())
        .contains("on 4 samples; euro: MAE 2.12500, RMSE 2.72718, R2 -0.0193")
        .endsWith("days: MAE 0.00000, RMSE 0.00000, R2 1.0000");
  }

  @Test
  void scoresOfLabelsAreByName() {
    GradeNetModel model = GradeNetModel.create(1);
    // The score of a constant is the point's coordinate, 0 for the last.
    model.head().weight().value().fill(0);
    model.head().weight().set(1, 0, 0);
    model.head().weight().set(1, 1, 1);
    model.head().bias().value().fill(0);
    Point low = new Point(2, 1);
    Point middle = new Point(1, 2);
    Point high = new Point(-1, -1);
    TypedEvaluation<Risk> evaluation =
        model.evaluate(
            List.of(low, low, low, middle, high, high),
            List.of(Risk.LOW, Risk.LOW, Risk.MIDDLE, Risk.MIDDLE, Risk.HIGH, Risk.LOW));

    assertThat(evaluation.accuracy()).isCloseTo(4 / 6.0, within(1e-15));
    assertThat(evaluation.precision(Risk.LOW)).isCloseTo(2 / 3.0, within(1e-15));
    assertThat(evaluation.recall(Risk.LOW)).isCloseTo(2 / 3.0, within(1e-15));
    assertThat(evaluation.precision(Risk.MIDDLE)).isEqualTo(1);
    assertThat(evaluation.recall(Risk.MIDDLE)).isEqualTo(0.5);
    assertThat(evaluation.f1(Risk.HIGH)).isCloseTo(2 / 3.0, within(1e-15));
    assertThat(evaluation.confusion().labelNames()).containsExactly("LOW", "MIDDLE", "HIGH");
    assertThat(evaluation.confusion().count(1, 0)).isEqualTo(1);
    assertThat(evaluation.toString()).endsWith("on 6 samples, accuracy 66.67 %");
    assertThatThrownBy(evaluation::mae)
        .hasMessage("GradeNet: labels are no numbers, so they have no MAE, RMSE and R2.");

    TypedEvaluation<Risk> empty = model.evaluate(List.of(), List.of());
    assertThat(empty.samples()).isZero();
    assertThat(empty.hasAccuracy()).isFalse();
    assertThatThrownBy(empty::accuracy).hasMessageContaining("without a sample");
  }

  @Test
  void booleansHaveAccuracyToo() {
    PlainEventNetModel model = PlainEventNetModel.create(1);
    model.head().weight().value().fill(0);
    model.head().weight().set(1, 0, 2);
    model.head().bias().value().fill(0);
    List<EventNet.Event> events = new ArrayList<>();
    for (float value : new float[] {1, 2, -1, -2}) {
      events.add(new EventNet.Event(0, 0, value, 0, false));
    }
    TypedEvaluation<Boolean> evaluation =
        model.evaluate(events, List.of(true, false, false, false));
    assertThat(evaluation.accuracy()).isEqualTo(0.75);
    assertThat(evaluation.precision(true)).isEqualTo(0.5);
    assertThat(evaluation.recall(true)).isEqualTo(1);
  }

  // ------------------------------------------------------------------------------- training

  /** The same as a trainer by hand with a weight for each class. */
  @Test
  void weightsOfClassesAreThoseOfCrossEntropy() {
    List<Point> points = new ArrayList<>();
    List<Risk> risks = new ArrayList<>();
    List<Risk> all = List.of(Risk.values());
    for (int i = 0; i < 90; i++) {
      points.add(new Point(i % 10 * 0.3f - 1, i % 7 * 0.2f));
      risks.add(all.get(i % 3));
    }
    GradeNetModel typed = GradeNetModel.create(1);
    History history =
        typed.fit(
            points,
            risks,
            3,
            fit ->
                fit.classWeight(Risk.HIGH, 4)
                    .classWeight(Risk.LOW, 0.5)
                    .optimizer(sgd(0.1))
                    .batchSize(16)
                    .loss(crossEntropy().labelSmoothing(0.1)));
    GradeNetModel byHand = GradeNetModel.create(1);
    try (Trainer<int[]> trainer =
        Trainer.of(byHand)
            .loss(crossEntropy().labelSmoothing(0.1).classWeights(0.5, 1, 4))
            .optimizer(sgd(0.1))
            .batchSize(16)
            .build()) {
      assertThat(trainer.fit(byHand.dataset(points, risks), 3).last().loss())
          .isEqualTo(history.last().loss());
    }
    assertThat(typed.state().floatParameters()).isEqualTo(byHand.state().floatParameters());

    assertThatThrownBy(
            () ->
                typed.fit(
                    points,
                    risks,
                    1,
                    fit -> fit.loss(negativeLogLikelihood()).classWeight(Risk.LOW, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("GradeNet: classWeight goes with crossEntropy()");
    for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> typed.fit(points, risks, 1, fit -> fit.classWeight(Risk.LOW, wrong)))
          .hasMessage(
              "GradeNet: the weight of LOW must be finite and at least 0, but is " + wrong + ".");
    }
    assertThatThrownBy(
            () ->
                PlainEventNetModel.create(1)
                    .fit(
                        List.of(new EventNet.Event(0, 0, 0, 0, true)),
                        List.of(true),
                        1,
                        fit -> fit.classWeight(true, 2)))
        .hasMessageContaining("binaryCrossEntropyWithLogits().posWeight");
  }

  @Test
  void anotherLossAndOtherSamplesToValidateBy() {
    List<Flat> flats = flats(140);
    List<Sale> sales = sales(flats);
    SaleNetModel model = SaleNetModel.create(1);
    History history =
        model.fit(
            flats.subList(0, 100),
            sales.subList(0, 100),
            40,
            fit ->
                fit.loss(l1())
                    .optimizer(adam(0.01))
                    .validate(flats.subList(100, 140), sales.subList(100, 140))
                    .stopEarly(3));
    assertThat(history.epochs().get(0).validated()).isTrue();
    assertThat(history.epochs().get(0).validation().samples()).isEqualTo(40);
    assertThat(history.reason()).isIn(EndReason.COMPLETED, EndReason.STOPPED_EARLY);
    // The statistics are those of the training set.
    assertThat(model.state().counter("labels.num_samples").get()).isEqualTo(100);
    assertThat(model.evaluate(flats, sales).errors("euro").r2()).isGreaterThan(0.9);
  }

  @Test
  void whatIsNoNumberIsNoPrediction() {
    GradeNetModel model = GradeNetModel.create(1);
    model.head().weight().set(Double.NaN, 2, 1);
    Point point = new Point(1, 1);
    assertThatThrownBy(() -> model.predict(point))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith(
            "GradeNet: the prediction is no label, because the score of HIGH is NaN. The state's"
                + " head.weight holds values that are not finite");
    assertThatThrownBy(() -> model.predict(List.of(point, point)))
        .hasMessageStartingWith("GradeNet: the prediction for the sample at index 0 of 2 is no");
    assertThatThrownBy(() -> model.evaluate(List.of(point), List.of(Risk.LOW)))
        .hasMessageContaining("is no label, because the score of HIGH is NaN");
    assertThatThrownBy(() -> model.predict((Point) null))
        .hasMessage("GradeNet: the Point is null.");
    assertThatThrownBy(() -> model.predict(Arrays.asList(point, null)))
        .hasMessage("GradeNet: the Point at index 1 is null.");
    assertThatThrownBy(() -> model.predict((List<Point>) null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("samples");
    assertThat(model.predict(List.of())).isEmpty();
  }
}
