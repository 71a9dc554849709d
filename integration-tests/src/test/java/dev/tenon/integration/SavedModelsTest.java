package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.file.Weights;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.parallel.PiecewiseModel;
import dev.tenon.runtime.state.LoadReport;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A network that PyTorch has trained and saved: loaded as it is, and saved again. */
class SavedModelsTest {
  private static final CompiledNetwork NETWORK = network("SavedNet", 5);

  @TempDir private Path folder;

  private static CompiledNetwork network(String name, int outputs) {
    return CompiledNetwork.of(
        name,
        "input = {3, 6, 6}",
        List.of(
            "@Conv2d(out = 20, kernel = 3, bias = false) Weighted conv1();",
            "@BatchNorm2d BatchNorm bn1();",
            "@ReLU Layer relu();",
            "@Flatten Layer flat();",
            "@Linear(out = " + outputs + ") Weighted fc();"));
  }

  private static Path file(String name) {
    try {
      return Path.of(SavedModelsTest.class.getResource("/saved/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static float[] floats(JsonNode array) {
    float[] floats = new float[array.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) array.get(i).asDouble();
    }
    return floats;
  }

  @ParameterizedTest
  @ValueSource(strings = {"saved.pt", "saved-old.pt", "saved.safetensors"})
  void whatPyTorchTrainedPredictsTheSameHere(String name) throws IOException {
    JsonNode expected = new ObjectMapper().readTree(Files.readAllBytes(file("saved.json")));
    SingleModel model = NETWORK.create(1);
    LoadReport report = model.state().load(Weights.read(file(name)));
    assertThat(report.warnings()).isEmpty();
    assertThat(model.state().counter("bn1.num_batches_tracked").get()).isEqualTo(4);
    float[] outputs =
        model.predict(Tensor.of(floats(expected.get("input")), 3, 3, 6, 6)).toFloatArray();
    float[] wanted = floats(expected.get("output"));
    for (int i = 0; i < wanted.length; i++) {
      assertThat(outputs[i]).isCloseTo(wanted[i], within(1e-5f));
    }
  }

  @Test
  void whatIsSavedHereIsWhatPyTorchSaved() throws IOException {
    SingleModel model = NETWORK.create(1);
    model.state().load(Weights.read(file("saved.pt")));
    Path ours = folder.resolve("ours.safetensors");
    model.save(ours);
    Weights saved = Weights.read(ours);
    assertThat(saved.metadata())
        .containsEntry("tenon.network", "SavedNet")
        .containsEntry("tenon.seed", "1")
        .containsEntry("tenon.fingerprint", model.state().fingerprint());
    Path plain = folder.resolve("plain.safetensors");
    saved.withMetadata(Map.of("format", "pt")).write(plain);
    assertThat(Files.mismatch(plain, file("saved.safetensors"))).isEqualTo(-1);
    // A model in pieces is the same model.
    try (PiecewiseModel pieces = PiecewiseModel.of(model, 2, 1)) {
      Path again = folder.resolve("pieces.safetensors");
      pieces.save(again);
      assertThat(Files.mismatch(again, ours)).isEqualTo(-1);
    }
  }

  @Test
  void trainingGoesOnFromAFileAsFromTheModel() throws IOException {
    SingleModel model = NETWORK.create(3);
    Path path = folder.resolve("model.safetensors");
    model.save(path);
    SingleModel other = NETWORK.create(4);
    other.state().load(Weights.read(path));
    Tensor input = Tensor.of(new float[2 * 3 * 6 * 6], 2, 3, 6, 6);
    for (int i = 0; i < input.size(); i++) {
      input.floatArray()[i] = (float) Math.sin(i);
    }
    Tensor gradient = Tensor.of(new float[] {1, 0, -1, 2, 0, 0, 1, 1, 0, 3}, 2, 5);
    List<float[]> gradients = new ArrayList<>();
    for (SingleModel trained : List.of(model, other)) {
      trained.forward(input);
      trained.backward(gradient);
      gradients.add(trained.state().floatGradients());
    }
    assertThat(gradients.get(0)).isEqualTo(gradients.get(1));
    assertThat(model.state().floatRunningStats()).isEqualTo(other.state().floatRunningStats());
  }

  @Test
  void theFileOfAnotherNetworkIsRefusedWithBothShapes() throws IOException {
    Path path = folder.resolve("model.safetensors");
    NETWORK.create(3).save(path);
    SingleModel other = network("OtherNet", 7).create(1);
    float[] before = other.state().floatParameters();
    assertThatThrownBy(() -> other.state().load(Weights.read(path)))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "OtherNet: "
                + path
                + ", a file of the network SavedNet, does not fit, nothing was changed:\n"
                + "  fc.weight: shapes differ: the model has float32 [7, 320], the file F32 [5, 320]\n"
                + "  fc.bias: shapes differ: the model has float32 [7], the file F32 [5]\n"
                + "LoadOptions has strip, rename, only and except; LoadOptions.lenient() takes what"
                + " fits.");
    assertThat(other.state().floatParameters()).isEqualTo(before);
  }
}
