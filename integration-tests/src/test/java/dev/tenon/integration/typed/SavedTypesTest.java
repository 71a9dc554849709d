package dev.tenon.integration.typed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.integration.typed.Passenger.Cabin;
import dev.tenon.integration.typed.Passenger.Deck;
import dev.tenon.integration.typed.Passenger.Family;
import dev.tenon.integration.typed.Passenger.Port;
import dev.tenon.runtime.file.Weights;
import dev.tenon.runtime.state.LoadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of models whose ends are records and enums remember them. */
class SavedTypesTest {
  private static final List<Passenger> PASSENGERS =
      List.of(passenger(30, Port.CHERBOURG, 7.25f), passenger(2, Port.QUEENSTOWN, 80));

  @TempDir private Path folder;

  private static Passenger passenger(float age, Port port, float fare) {
    return new Passenger(age, port, age < 18, new Cabin(Deck.C, fare), new Family(1, 2));
  }

  private Path saved() throws IOException {
    NormalizedPassengerNetModel model = NormalizedPassengerNetModel.create(9);
    model.normalizeBy(PASSENGERS);
    Path path = folder.resolve("passengers.safetensors");
    model.save(path);
    return path;
  }

  @Test
  void aLoadedModelPredictsTheSameBits() throws IOException {
    NormalizedPassengerNetModel model = NormalizedPassengerNetModel.create(9);
    model.normalizeBy(PASSENGERS);
    NormalizedPassengerNetModel loaded = NormalizedPassengerNetModel.load(saved());
    assertThat(loaded.predict(PASSENGERS)).hasToString(model.predict(PASSENGERS).toString());
    assertThat(loaded.state().seed()).isEqualTo(9);
  }

  @Test
  void theFileSaysWhatItIs() throws IOException {
    assertThat(Weights.read(saved()).metadata())
        .containsEntry("tenon.network", "NormalizedPassengerNet")
        .containsEntry("tenon.labels", "Fate: LOST, SAVED")
        .containsEntry(
            "tenon.features",
            "Passenger: age, child, cabin.deck.A, cabin.deck.B, cabin.deck.C, cabin.deck.D,"
                + " cabin.fare, port.SOUTHAMPTON, port.CHERBOURG, port.QUEENSTOWN, family.siblings,"
                + " family.parents");
    assertThat(Weights.read(saved()).describe())
        .contains("\ntenon.labels ")
        .contains("Fate: LOST, SAVED");
  }

  /** As if the enum had been reordered after the file was written. */
  @Test
  void anEnumInAnotherOrderIsAnErrorThatShowsBothLists() throws IOException {
    Path path = with("tenon.labels", "Fate: SAVED, LOST");
    assertThatThrownBy(() -> NormalizedPassengerNetModel.load(path))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "NormalizedPassengerNet: "
                + path
                + " is of other types, nothing was changed:\n"
                + "  labels of the file:  Fate: SAVED, LOST\n"
                + "  labels of the model: Fate: LOST, SAVED\n"
                + "  They differ from number 0 on: SAVED in the file, LOST in the model. Put them in"
                + " the file's order, or, if what the file learned of them is left out, load with"
                + " LoadOptions.otherLabels().");
    NormalizedPassengerNetModel model = NormalizedPassengerNetModel.create(1);
    LoadOptions body = LoadOptions.strict().except("head\\..*").otherLabels();
    assertThat(model.state().load(Weights.read(path), body).loaded()).contains("hidden.weight");
  }

  /** An embedded enum has a row for each constant, so its order counts too. */
  @Test
  void anEmbeddedEnumInAnotherOrderIsAnError() throws IOException {
    String features = Weights.read(saved()).metadata().get("tenon.features");
    Path path =
        with(
            "tenon.features",
            features.replace(
                "port.SOUTHAMPTON, port.CHERBOURG", "port.CHERBOURG, port.SOUTHAMPTON"));
    assertThatThrownBy(() -> NormalizedPassengerNetModel.load(path))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("port.CHERBOURG in the file, port.SOUTHAMPTON in the model");
  }

  private Path with(String key, String value) throws IOException {
    Weights weights = Weights.read(saved());
    Map<String, String> metadata = new HashMap<>(weights.metadata());
    metadata.put(key, value);
    Path path = folder.resolve("changed.safetensors");
    weights.withMetadata(metadata).write(path);
    return path;
  }
}
