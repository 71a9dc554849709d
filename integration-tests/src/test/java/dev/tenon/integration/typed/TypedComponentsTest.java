package dev.tenon.integration.typed;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.adam;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tenon.integration.typed.Passenger.Cabin;
import dev.tenon.integration.typed.Passenger.Deck;
import dev.tenon.integration.typed.Passenger.Family;
import dev.tenon.integration.typed.Passenger.Port;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.typed.Classification;
import dev.tenon.runtime.typed.FeatureInput;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Components of a record that layers read by name, among them enums that are embedded. */
class TypedComponentsTest {
  private static final List<Passenger> PASSENGERS =
      List.of(
          passenger(0.5f, Port.QUEENSTOWN, true, Deck.B, 2, new Family(1, 2)),
          passenger(3, Port.SOUTHAMPTON, false, Deck.D, 0.25f, new Family(0, 0)),
          passenger(1.5f, Port.QUEENSTOWN, false, Deck.A, 1, new Family(3, 1)));

  private static final List<Fate> FATES = List.of(Fate.SAVED, Fate.LOST, Fate.SAVED);

  private static Passenger passenger(
      float age, Port port, boolean child, Deck deck, float fare, Family family) {
    return new Passenger(age, port, child, new Cabin(deck, fare), family);
  }

  @Test
  void eachIsAnInputAndTheRestIsOneMore() {
    PassengerNetModel model = PassengerNetModel.create(1);

    List<Tensor> tensors = model.tensors(PASSENGERS);

    assertThat(model.inputs())
        .hasToString(
            "[input float64 [batch, 3], port int32 [batch], cabinDeck int32 [batch],"
                + " family float64 [batch, 2]]");
    assertThat(tensors.get(0).toDoubleArray()).containsExactly(0.5, 1, 2, 3, 0, 0.25, 1.5, 0, 1);
    assertThat(tensors.get(1).intArray()).containsExactly(2, 0, 2);
    assertThat(tensors.get(2).intArray()).containsExactly(1, 3, 0);
    assertThat(tensors.get(3).toDoubleArray()).containsExactly(1, 2, 0, 0, 3, 1);
    assertThat(model.featureType().inputs())
        .extracting(FeatureInput::name)
        .containsExactly("input", "port", "cabinDeck", "family");
    assertThat(model.featureType().columns().names()).containsExactly("age", "child", "cabin.fare");
    assertThat(model.featureType().inputs().get(3).columns().names())
        .containsExactly("family.siblings", "family.parents");
  }

  /** The numbers are those that {@code typed_features.py} prints. */
  @Test
  void outputsAndGradientsArePyTorchs() {
    PassengerNetModel model = PassengerNetModel.create(1);
    for (Parameter parameter : model.state().parameters()) {
      double[] values = new double[parameter.value().size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (i % 7 - 3) / 4.0;
      }
      parameter.value().copyFrom(Tensor.of(values, parameter.shape()));
    }
    assertThat(model.state().parameters())
        .extracting(Parameter::name)
        .containsExactly(
            "portCode.weight",
            "deckCode.weight",
            "familyCode.weight",
            "familyCode.bias",
            "head.weight",
            "head.bias");

    Tensor[] scores = model.forward(model.tensors(PASSENGERS).toArray(Tensor[]::new));
    assertThat(scores[0].toDoubleArray())
        .containsExactly(new double[] {-0.75, -0.5, -3.0, -0.875, -0.5, -1.1875}, within(1e-12));

    Loss<int[]> loss = crossEntropy();
    Tensor gradient = Tensor.zeros(scores[0].dtype(), 3, 2);
    assertThat(loss.forwardBackward(scores[0], model.targets(FATES), gradient))
        .isCloseTo(1.3028709153013798, within(1e-12));
    model.backward(new Tensor[] {gradient});
    assertGradient(
        model.portCode().weight(), 0.223327352, -0.297769802, 0.0, 0.0, -0.275808514, 0.367744686);
    assertGradient(
        model.deckCode().weight(),
        0.22180352,
        0.22180352,
        -0.16635264,
        0.145941166,
        0.145941166,
        -0.109455875,
        0.0,
        0.0,
        0.0,
        -0.297769802,
        -0.297769802,
        0.223327352);
    assertGradient(
        model.familyCode().weight(), -0.608513794, -0.385264389, -0.608513794, -0.385264389);
    assertGradient(
        model.head().weight(),
        -0.487633543,
        0.145941166,
        0.439243402,
        0.315263523,
        0.332757244,
        -0.091910189,
        -0.074416468,
        -0.056922747,
        -0.917837883,
        -0.237825373,
        0.487633543,
        -0.145941166,
        -0.439243402,
        -0.315263523,
        -0.332757244,
        0.091910189,
        0.074416468,
        0.056922747,
        0.917837883,
        0.237825373);
  }

  private static void assertGradient(Parameter parameter, double... values) {
    assertThat(parameter.gradient().toDoubleArray()).containsExactly(values, within(1e-9));
  }

  @Test
  void predictionsAreThoseOfTheTensors() {
    PassengerNetModel model = PassengerNetModel.create(3);

    List<Classification<Fate>> all = model.predict(PASSENGERS);

    Tensor scores = model.predict(model.tensors(PASSENGERS).toArray(Tensor[]::new))[0];
    assertThat(all).isEqualTo(model.decode(scores));
    assertThat(model.predict(PASSENGERS.get(1)).probability(Fate.LOST))
        .isEqualTo(all.get(1).probability(Fate.LOST));
  }

  @Test
  void numbersOfAllInputsAreNormalized() {
    NormalizedPassengerNetModel model = NormalizedPassengerNetModel.create(1);

    model.fit(PASSENGERS, FATES, 100, trainer -> trainer.optimizer(adam(0.05)).batchSize(3));

    // age, child, deck A to D and fare of the rest, then siblings and parents.
    assertThat(model.state().runningStat("features.mean").value().toFloatArray())
        .containsExactly(new float[] {5f / 3, 0, 0, 0, 0, 0, 3.25f / 3, 4f / 3, 1}, within(1e-6f));
    assertThat(model.state().runningStat("features.std").value().toFloatArray()[8])
        .isCloseTo((float) Math.sqrt(2.0 / 3), within(1e-6f));
    assertThat(model.tensors(PASSENGERS).get(1).intArray()).containsExactly(2, 0, 2);
    assertThat(model.evaluate(PASSENGERS, FATES).accuracy()).isEqualTo(1);
    assertThat(model.predict(PASSENGERS)).extracting(Classification::label).isEqualTo(FATES);
  }

  @Test
  void whatIsMissingIsNamed() {
    PassengerNetModel model = PassengerNetModel.create(1);

    assertThatThrownBy(() -> model.predict(passenger(1, null, true, Deck.A, 1, new Family(0, 0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("PassengerNet, Passenger: port is null.");
    Passenger noDeck = passenger(1, Port.CHERBOURG, true, null, 1, new Family(0, 0));
    assertThatThrownBy(() -> model.tensors(List.of(PASSENGERS.get(0), noDeck)))
        .hasMessage("PassengerNet, Passenger at index 1: cabin.deck is null.");
    assertThatThrownBy(() -> model.predict(passenger(1, Port.CHERBOURG, true, Deck.A, 1, null)))
        .hasMessage("PassengerNet, Passenger: family is null.");
    assertThatThrownBy(() -> model.tensor(PASSENGERS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "PassengerNet: layers read components of Passenger by name, so a sample makes 4"
                + " tensors, not one; call tensors(samples).");
  }
}
