package dev.tenon.integration.typed;

import static dev.tenon.runtime.optim.Optimizers.adam;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.integration.typed.NormalizedNet.Extra;
import dev.tenon.integration.typed.NormalizedNet.House;
import dev.tenon.integration.typed.NormalizedNet.Price;
import dev.tenon.integration.typed.Patient.Blood;
import dev.tenon.integration.typed.Patient.Home;
import dev.tenon.integration.typed.Patient.Place;
import dev.tenon.integration.typed.Patient.Region;
import dev.tenon.integration.typed.TagsNet.Both;
import dev.tenon.integration.typed.TagsNet.Point;
import dev.tenon.integration.typed.TagsNet.Tags;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.random.Randoms;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.typed.Candidate;
import dev.tenon.runtime.typed.Classification;
import dev.tenon.runtime.typed.MultiLabel;
import dev.tenon.runtime.typed.TypedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records in and labels out: what becomes of every kind of component, and back. */
class TypedEndsTest {
  private static final Home HOME = new Home(true, new Place(53.5f, Region.INLAND));

  private static Patient patient() {
    return new Patient(
        "Ada",
        1.7f,
        61.25,
        36,
        12_000_000_000L,
        (short) 3,
        (byte) 2,
        true,
        Blood.AB,
        new float[] {1, 2, 3},
        new double[] {60.5, 90},
        HOME);
  }

  private static Patient patient(Blood blood, float[] pressure, double[] pulse, Home home) {
    Patient p = patient();
    return new Patient(
        p.name(),
        p.height(),
        p.weight(),
        p.age(),
        p.steps(),
        p.visits(),
        p.children(),
        p.smoker(),
        blood,
        pressure,
        pulse,
        home);
  }

  @Test
  void componentsStandInTheirOrder() {
    PatientNetModel model = PatientNetModel.create(1);

    Tensor tensor = model.tensor(List.of(patient()));

    assertThat(tensor.shape()).containsExactly(1, 20);
    assertThat(tensor.toFloatArray())
        .containsExactly(
            1.7f, 61.25f, 36, 12e9f, 3, 2, 1, 0, 0, 1, 0, 1, 2, 3, 60.5f, 90, 1, 53.5f, 0, 1);
    assertThat(model.inputShape()).containsExactly(20);
    assertThat(model.featureType().columns().names())
        .containsExactly(
            "height",
            "weight",
            "age",
            "steps",
            "visits",
            "children",
            "smoker",
            "blood.A",
            "blood.B",
            "blood.AB",
            "blood.ZERO",
            "pressure[0]",
            "pressure[1]",
            "pressure[2]",
            "pulse[0]",
            "pulse[1]",
            "home.city",
            "home.place.north",
            "home.place.region.COAST",
            "home.place.region.INLAND");
  }

  @Test
  void whatIsMissingIsNamed() {
    PatientNetModel model = PatientNetModel.create(1);
    float[] pressure = {1, 2, 3};
    double[] pulse = {60, 90};

    assertThatThrownBy(() -> model.tensor(Arrays.asList(patient(), null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("PatientNet: the Patient at index 1 is null.");
    assertThatThrownBy(() -> model.predict((Patient) null))
        .hasMessage("PatientNet: the Patient is null.");
    assertThatThrownBy(() -> model.tensor(List.of(patient(), patient(null, pressure, pulse, HOME))))
        .hasMessage("PatientNet, Patient at index 1: blood is null.");
    assertThatThrownBy(() -> model.predict(patient(Blood.A, null, pulse, HOME)))
        .hasMessage("PatientNet, Patient: pressure is null.");
    assertThatThrownBy(() -> model.predict(patient(Blood.A, pressure, new double[3], HOME)))
        .hasMessage(
            "PatientNet, Patient: pulse has 3 elements, but @Size says 2; pad or cut the array.");
    assertThatThrownBy(
            () -> model.predict(patient(Blood.A, new float[] {1, 2, Float.NaN}, pulse, HOME)))
        .hasMessageStartingWith(
            "PatientNet, Patient: pressure[2] is NaN, but must be a finite number;");
    assertThatThrownBy(
            () -> model.predict(patient(Blood.A, pressure, new double[] {1e40, 1}, HOME)))
        .hasMessage(
            "PatientNet, Patient: pulse[0] is 1.0E40, which is more than a float32 network can"
                + " hold. Look at the sample, give the record a smaller unit or its logarithm, or"
                + " set precision = Precision.FLOAT64.");
    assertThatThrownBy(() -> model.predict(patient(Blood.A, pressure, pulse, null)))
        .hasMessage("PatientNet, Patient: home is null.");
    assertThatThrownBy(() -> model.predict(patient(Blood.A, pressure, pulse, new Home(true, null))))
        .hasMessage("PatientNet, Patient: home.place is null.");
    assertThatThrownBy(() -> model.targets(Arrays.asList(Risk.LOW, null)))
        .hasMessage("PatientNet: the Risk at index 1 is null.");
    assertThatThrownBy(() -> model.dataset(List.of(patient()), List.of()))
        .hasMessage("PatientNet: there are 1 samples, but 0 labels; each sample has one.");
  }

  @Test
  void aPredictionIsTheSoftmaxOfTheScores() {
    PatientNetModel model = PatientNetModel.create(1);
    model.head().weight().value().fill(0);
    model.head().bias().value().copyFrom(Tensor.of(new float[] {1, 3, 2}, 3));

    Classification<Risk> prediction = model.predict(patient());

    // softmax([1, 3, 2]), torch 2: 0.09003057, 0.66524096, 0.24472847
    assertThat(prediction.label()).isEqualTo(Risk.MIDDLE);
    assertThat(prediction.probability()).isCloseTo(0.66524096, within(1e-7));
    assertThat(prediction.probability(Risk.LOW)).isCloseTo(0.09003057, within(1e-7));
    assertThat(prediction.probability(Risk.HIGH)).isCloseTo(0.24472847, within(1e-7));
    assertThat(prediction.ranked())
        .extracting(Candidate::label)
        .containsExactly(Risk.MIDDLE, Risk.HIGH, Risk.LOW);
    assertThat(prediction).hasToString("MIDDLE 66.5 %, HIGH 24.5 %, LOW 9.0 %");
    assertThat(model.predict(List.of(patient(), patient())))
        .containsExactly(prediction, prediction);
    assertThat(model.decode(model.predict(model.tensor(List.of(patient())))))
        .containsExactly(prediction);
    assertThatThrownBy(() -> prediction.probability(null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A fit is what the trainer does with the model's dataset. */
  @Test
  void fitIsTheTrainers() {
    List<Point> points = points(100);
    List<Tags> tags = points.stream().map(TypedEndsTest::tags).toList();
    TagsNetModel typed = TagsNetModel.create(3);
    TagsNetModel byHand = TagsNetModel.create(3);

    typed.fit(points, tags, 5, trainer -> trainer.optimizer(sgd(0.5)).batchSize(16).shuffleSeed(7));
    Dataset<Tensor> data = byHand.dataset(points, tags);
    Trainer.of(byHand)
        .loss(byHand.labelType().loss())
        .optimizer(sgd(0.5))
        .batchSize(16)
        .shuffleSeed(7)
        .build()
        .fit(data, 5);

    assertThat(typed.state().floatParameters()).isEqualTo(byHand.state().floatParameters());
    assertThat(data.targets().toFloatArray()).startsWith(flags(tags.get(0)));
  }

  private static float[] flags(Tags tags) {
    return new float[] {
      tags.right() ? 1 : 0, tags.upper() ? 1 : 0, tags.both().high() ? 1 : 0,
    };
  }

  @Test
  void multiLabelsAreJudgedEachForItself() {
    List<Point> points = points(400);
    TagsNetModel model = TagsNetModel.create(3);
    model.fit(
        points,
        points.stream().map(TypedEndsTest::tags).toList(),
        60,
        trainer -> trainer.optimizer(adam(0.05)));

    MultiLabel<Tags> prediction = model.predict(new Point(0.9f, -0.8f));

    assertThat(prediction.labels()).isEqualTo(new Tags(true, false, new Both(false)));
    assertThat(prediction.probability("right")).isGreaterThan(0.9);
    assertThat(prediction.probability("both.high")).isLessThan(0.5);
    assertThat(prediction.ranked().get(0).label()).isEqualTo("right");
    assertThatThrownBy(() -> prediction.probability("left"))
        .hasMessage("MultiLabel: there is no component \"left\". Known: both.high, right, upper.");
  }

  @Test
  void aBooleanIsTheSigmoidOfOneScore() {
    SideNetModel model = SideNetModel.create(1);
    model.head().weight().value().copyFrom(Tensor.of(new float[] {2, 0}, 1, 2));
    model.head().bias().value().fill(0);

    Classification<Boolean> right = model.predict(new Point(1, 0));

    // sigmoid(2), torch 2: 0.8807970779778823
    assertThat(right.label()).isTrue();
    assertThat(right.probability(true)).isCloseTo(0.8807970779778823, within(1e-12));
    assertThat(right.probability(false)).isCloseTo(1 - 0.8807970779778823, within(1e-12));
    assertThat(model.predict(new Point(-1, 0)).label()).isFalse();
    assertThat(model.targets(List.of(true, false)).toFloatArray()).containsExactly(1, 0);
    assertThatThrownBy(() -> model.targets(Collections.singletonList(null)))
        .hasMessage("SideNet: the label at index 0 is null.");

    List<Point> points = points(200);
    double before = model.evaluate(points, points.stream().map(p -> p.y() > 0).toList()).loss();
    model.fit(
        points,
        points.stream().map(p -> p.y() > 0).toList(),
        30,
        trainer -> trainer.optimizer(adam(0.1)));
    assertThat(model.evaluate(points, points.stream().map(p -> p.y() > 0).toList()).loss())
        .isLessThan(before / 2);
  }

  @Test
  void numbersAreNormalisedByTheTrainingSet() {
    NormalizedNetModel model = NormalizedNetModel.create(1);
    List<House> houses =
        List.of(
            new House(10, 1990, false, 0.1),
            new House(20, 2000, true, 0.1),
            new House(30, 2010, true, 0.1),
            new House(40, 2020, true, 0.1));

    assertThatThrownBy(() -> model.tensor(houses))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("NormalizedNet: it normalises by the mean");
    assertThatThrownBy(() -> model.normalizeBy(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    model.normalizeBy(houses);

    // numpy: mean 25, std 11.180339887498949; the boolean and what never changes stay.
    assertThat(model.state().runningStat("features.mean").value().toDoubleArray())
        .containsExactly(new double[] {25, 2005, 0, 0.1}, within(1e-12));
    assertThat(model.state().runningStat("features.std").value().toDoubleArray())
        .containsExactly(
            new double[] {11.180339887498949, 11.180339887498949, 1, 1}, within(1e-12));
    assertThat(model.state().counter("features.num_samples").get()).isEqualTo(4);
    assertThat(model.tensor(List.of(new House(40, 1990, true, 0.1))).toDoubleArray())
        .containsExactly(
            new double[] {1.3416407864998738, -1.3416407864998738, 1, 0}, within(1e-12));
    assertThat(model.state().tensors().keySet())
        .endsWith(
            "head.weight",
            "head.bias",
            "features.mean",
            "features.std",
            "features.num_samples",
            "labels.mean",
            "labels.std",
            "labels.num_samples");

    NormalizedNetModel copy = NormalizedNetModel.create(2);
    copy.state().copyFrom(model.state());
    assertThat(copy.predict(houses.get(0)).value()).isEqualTo(model.predict(houses.get(0)).value());
  }

  @Test
  void aWrongSampleLeavesTheStatistics() {
    NormalizedNetModel model = NormalizedNetModel.create(1);
    List<House> houses = List.of(new House(1, 1, true, 1), new House(Double.NaN, 1, true, 1));

    assertThatThrownBy(() -> model.normalizeBy(houses))
        .hasMessageStartingWith("NormalizedNet, House at index 1: area is NaN");
    assertThatThrownBy(
            () -> model.fit(List.of(new House(1, 1, true, 1)), Collections.singletonList(null), 1))
        .hasMessage("NormalizedNet: the Price at index 0 is null.");
    assertThat(model.state().counter("features.num_samples").get()).isZero();
  }

  /** A line is learnt, and comes back as the record that it was given as. */
  @Test
  void aRegressionPredictsTheRecord() {
    List<House> houses = new ArrayList<>();
    List<Price> prices = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      double area = 20 + 100 * Randoms.uniform(Randoms.key(1, 0, 0), i);
      houses.add(new House(area, 1990 + i % 30, i % 2 == 0, 5));
      prices.add(price(area));
    }
    NormalizedNetModel model = NormalizedNetModel.create(1);
    TypedModel<House, Price, Price, Tensor> anyModel = model;
    anyModel.fit(houses, prices, 200, trainer -> trainer.optimizer(adam(0.02)).batchSize(32));

    Price expected = price(70);
    Price predicted = anyModel.predict(new House(70, 2000, true, 5));

    assertThat(predicted.value()).isCloseTo(expected.value(), within(0.2));
    assertThat(predicted.extra().rooms()).isEqualTo(expected.extra().rooms());
    assertThat(predicted.extra().bounds()).containsExactly(expected.extra().bounds(), within(0.2f));
    assertThat(model.predict(houses.subList(0, 3))).hasSize(3);
    assertThat(model.evaluate(houses, prices).hasAccuracy()).isFalse();
  }

  private static Price price(double area) {
    double value = area / 20;
    return new Price(
        value,
        new Extra(new float[] {(float) value - 1, (float) value + 1}, 1 + (int) area / 1000));
  }

  @Test
  void oneNetworksOutputIsAnothersInput() {
    EncoderNetModel encoder = EncoderNetModel.create(1);
    DecoderNetModel decoder = DecoderNetModel.create(2);

    Tensor code = encoder.predict(encoder.tensor(points(7)));

    assertThat(decoder.inputShape()).isEqualTo(encoder.outputShape());
    assertThat(decoder.decode(decoder.predict(code))).hasSize(7);
    assertThat(decoder.targets(List.of(Risk.HIGH, Risk.LOW))).containsExactly(2, 0);
  }

  private static List<Point> points(int count) {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      points.add(
          new Point(
              2 * Randoms.uniform(Randoms.key(5, 0, 0), 2L * i) - 1,
              2 * Randoms.uniform(Randoms.key(5, 0, 0), 2L * i + 1) - 1));
    }
    return points;
  }

  private static Tags tags(Point p) {
    return new Tags(p.x() > 0, p.y() > 0, new Both(p.x() + p.y() > 1));
  }
}
