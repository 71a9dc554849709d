package dev.tenon.runtime.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tenon.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that Python wrote, against what {@code make_weights.py} says is in them. */
final class WeightsFixturesTest {
  @TempDir private Path folder;

  static Stream<JsonNode> files() throws IOException {
    JsonNode all = new ObjectMapper().readTree(Files.readAllBytes(Hashes.file("weights.json")));
    List<JsonNode> files = new ArrayList<>();
    all.get("files").forEach(files::add);
    assertThat(files).hasSizeGreaterThan(10);
    return files.stream();
  }

  @ParameterizedTest
  @MethodSource("files")
  void namesTypesShapesAndElementsAreThoseOfTorch(JsonNode expected) throws IOException {
    Weights weights = read(expected);
    Map<String, JsonNode> tensors = tensors(expected);
    assertThat(weights.names()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
    for (Map.Entry<String, JsonNode> tensor : tensors.entrySet()) {
      JsonNode facts = tensor.getValue();
      WeightInfo info = weights.info(tensor.getKey());
      assertThat(info.type()).isEqualTo(facts.get("type").asText());
      assertThat(info.shape()).containsExactly(longs(facts.get("shape")));
      if (facts.get("read").isNull()) {
        assertThat(info.tensorType()).isEmpty();
        assertThatThrownBy(() -> weights.tensor(tensor.getKey()))
            .isInstanceOf(WeightsException.class)
            .hasMessageContaining("of type " + info.type() + ", which are listed");
      } else {
        Tensor read = weights.tensor(tensor.getKey());
        assertThat(read.dtype()).isEqualTo(info.tensorType().orElseThrow());
        assertThat(Arrays.stream(read.shape()).asLongStream().toArray())
            .containsExactly(info.shape());
        assertThat(Hashes.sha256(read)).as(tensor.getKey()).isEqualTo(facts.get("read").asText());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void writesTheBytesThatPythonWrites(JsonNode expected) throws IOException {
    Path written = folder.resolve("written.safetensors");
    read(expected).withMetadata(Map.of()).write(written);
    assertThat(Hashes.sha256(Files.readAllBytes(written)))
        .isEqualTo(expected.get("safetensors").asText());
  }

  @ParameterizedTest
  @MethodSource("files")
  void tensorsInMemoryWriteTheSameBytesAsTheFile(JsonNode expected) throws IOException {
    Weights weights = read(expected);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : weights.names()) {
      String type = weights.info(name).type();
      if (type.equals("F32") || type.equals("F64") || type.equals("I32") || type.equals("I64")) {
        tensors.put(name, weights.tensor(name));
      }
    }
    Path ours = folder.resolve("ours.safetensors");
    Path theirs = folder.resolve("theirs.safetensors");
    Weights.of(tensors).write(ours);
    if (tensors.isEmpty()) {
      assertThat(Weights.read(ours).names()).isEmpty();
      return;
    }
    String which = String.join("|", tensors.keySet().stream().map(Pattern::quote).toList());
    weights.only(which).withMetadata(Map.of()).write(theirs);
    assertThat(Files.mismatch(ours, theirs)).isEqualTo(-1);
  }

  @ParameterizedTest
  @MethodSource("files")
  void aFileInMemoryIsReadAsOneOnDisk(JsonNode expected) throws IOException {
    String file = expected.get("file").asText();
    Weights weights =
        Weights.read(file, Files.readAllBytes(Hashes.file(file)), ReadOptions.defaults());
    assertThat(weights.names()).isEqualTo(read(expected).names());
    Path written = folder.resolve("written.safetensors");
    weights.withMetadata(Map.of()).write(written);
    assertThat(Hashes.sha256(Files.readAllBytes(written)))
        .isEqualTo(expected.get("safetensors").asText());
  }

  @Test
  void metadataAreThoseOfPython() throws IOException {
    int compared = 0;
    for (JsonNode expected : files().toList()) {
      Map<String, String> metadata = new LinkedHashMap<>();
      if (expected.has("metadata")) {
        expected
            .get("metadata")
            .properties()
            .forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
        compared++;
      }
      assertThat(read(expected).metadata()).isEqualTo(metadata);
    }
    assertThat(compared).isPositive();
  }

  @Test
  void aFileOfPythonIsWrittenAgainByteForByte() throws IOException {
    for (String file : List.of("types.safetensors", "metadata.safetensors")) {
      Path written = folder.resolve(file);
      Weights.read(Hashes.file(file)).write(written);
      assertThat(Files.mismatch(written, Hashes.file(file))).as(file).isEqualTo(-1);
    }
  }

  private static Weights read(JsonNode expected) throws IOException {
    return Weights.read(Hashes.file(expected.get("file").asText()));
  }

  private static Map<String, JsonNode> tensors(JsonNode expected) {
    Map<String, JsonNode> tensors = new LinkedHashMap<>();
    expected.get("tensors").properties().forEach(e -> tensors.put(e.getKey(), e.getValue()));
    return tensors;
  }

  private static long[] longs(JsonNode array) {
    long[] longs = new long[array.size()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = array.get(i).asLong();
    }
    return longs;
  }
}
