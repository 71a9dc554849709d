package dev.tenon.runtime.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WeightsTest {
  @TempDir private Path folder;

  private static Weights sample() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("module.body.0.weight", Tensor.of(new float[] {1, 2, 3, 4}, 2, 2));
    tensors.put("module.body.0.bias", Tensor.of(new float[] {5, 6}, 2));
    tensors.put("module.head.weight", Tensor.of(new double[] {7}, 1, 1));
    tensors.put("steps", Tensor.of(new long[] {8}));
    return Weights.of(tensors);
  }

  private Path written(Weights weights) throws IOException {
    Path file = folder.resolve("w.safetensors");
    weights.write(file);
    return file;
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Map<String, String> metadata = Map.of("b", "2", "a", "\"1\"\n", "\u00fc", "");
    Weights read = Weights.read(written(sample().withMetadata(metadata)));
    assertThat(read.names())
        .containsExactly(
            "steps", "module.head.weight", "module.body.0.bias", "module.body.0.weight");
    assertThat(read.metadata())
        .containsExactly(Map.entry("a", "\"1\"\n"), Map.entry("b", "2"), Map.entry("\u00fc", ""));
    assertThat(read.tensors().toString())
        .isEqualTo(
            "{steps=int64 [] 8, module.head.weight=float64 [1, 1] [[7.0]],"
                + " module.body.0.bias=float32 [2] [5.0, 6.0],"
                + " module.body.0.weight=float32 [2, 2] [[1.0, 2.0], [3.0, 4.0]]}");
  }

  /**
   * As the format's reference implementation tests it: compact, in this order, with this padding.
   */
  @Test
  void theHeaderIsThatOfTheReference() throws IOException {
    Tensor zeros = Tensor.zeros(DType.INT32, 2, 2);
    Weights one = Weights.of(Map.of("test", zeros));
    assertThat(header(one))
        .isEqualTo(
            "@\0\0\0\0\0\0\0{\"test\":{\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}    ");
    assertThat(header(Weights.of(Map.of("test1", zeros)).withMetadata(Map.of("framework", "pt"))))
        .isEqualTo(
            "`\0\0\0\0\0\0\0{\"__metadata__\":{\"framework\":\"pt\"},\"test1\":{\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[0,16]}} ");
    assertThat(header(Weights.of(Map.of()))).isEqualTo("\b\0\0\0\0\0\0\0{}      ");
  }

  private String header(Weights weights) throws IOException {
    byte[] bytes = Files.readAllBytes(written(weights));
    return new String(bytes, 0, 8 + bytes[0], StandardCharsets.ISO_8859_1);
  }

  @Test
  void everyHalfAndBrainFloatIsWidenedExactly() throws IOException {
    byte[] halves = new byte[2 << 16];
    for (int bits = 0; bits < 1 << 16; bits++) {
      halves[2 * bits] = (byte) bits;
      halves[2 * bits + 1] = (byte) (bits >> 8);
    }
    for (String type : List.of("F16", "BF16")) {
      String header =
          "{\"a\":{\"dtype\":\"" + type + "\",\"shape\":[65536],\"data_offsets\":[0,131072]}}";
      byte[] file = new byte[8 + header.length() + halves.length];
      file[0] = (byte) header.length();
      System.arraycopy(header.getBytes(StandardCharsets.UTF_8), 0, file, 8, header.length());
      System.arraycopy(halves, 0, file, 8 + header.length(), halves.length);
      float[] values = Weights.read("x", file, ReadOptions.defaults()).tensor("a").floatArray();
      for (int bits = 0; bits < 1 << 16; bits++) {
        double expected = type.equals("F16") ? value(bits, 5, 10) : value(bits, 8, 7);
        assertThat(Double.compare(values[bits], expected)).as("%s %x", type, bits).isZero();
      }
    }
  }

  /** A float of 16 bits by its definition: sign, biased exponent, fraction. */
  private static double value(int bits, int exponentBits, int fractionBits) {
    int bias = (1 << (exponentBits - 1)) - 1;
    int exponent = bits >> fractionBits & ((1 << exponentBits) - 1);
    double fraction = (bits & ((1 << fractionBits) - 1)) * Math.pow(2, -fractionBits);
    double magnitude;
    if (exponent == (1 << exponentBits) - 1) {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else {
      magnitude =
          exponent == 0
              ? fraction * Math.pow(2, 1 - bias)
              : (1 + fraction) * Math.pow(2, exponent - bias);
    }
    return bits >> 15 == 0 ? magnitude : -magnitude;
  }

  @Test
  void largeTensorsGoThroughInPieces() throws IOException {
    float[] values = new float[300_001];
    double[] more = new double[70_003];
    Random random = new Random(5);
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(random.nextInt());
    }
    for (int i = 0; i < more.length; i++) {
      more[i] = random.nextGaussian();
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("view", Tensor.view(values, 1, 300, 1000));
    tensors.put("doubles", Tensor.of(more, more.length));
    Weights read = Weights.read(written(Weights.of(tensors)));
    float[] floats = read.tensor("view").floatArray();
    for (int i = 0; i < floats.length; i++) {
      assertThat(Float.floatToRawIntBits(floats[i]))
          .isEqualTo(Float.floatToRawIntBits(values[i + 1]));
    }
    assertThat(read.tensor("doubles").doubleArray()).isEqualTo(more);
  }

  @Test
  void namesAreStrippedRenamedAndChosen() throws IOException {
    Weights weights = Weights.read(written(sample()));
    Weights body = weights.strip("module.").only("body\\..*").rename("^body\\.(\\d+)", "layer$1");
    assertThat(body.names()).containsExactly("layer0.bias", "layer0.weight");
    assertThat(body.info("layer0.weight").toString()).isEqualTo("layer0.weight F32 [2, 2]");
    assertThat(body.tensor("layer0.bias").toString()).isEqualTo("float32 [2] [5.0, 6.0]");
    assertThat(weights.strip("module.").except("head\\..*").names())
        .containsExactly("steps", "body.0.bias", "body.0.weight");
    Path again = folder.resolve("again.safetensors");
    body.write(again);
    assertThat(Weights.read(again).tensors().toString()).isEqualTo(body.tensors().toString());
  }

  @Test
  void aPatternThatMatchesNothingIsASlip() {
    assertThatThrownBy(() -> sample().except("haed\\..*"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Weights: none of the 4 tensors has a name that matches \"haed\\..*\" from its first to"
                + " its last character.");
    assertThatThrownBy(() -> sample().only("module"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none of the 4 tensors");
  }

  @Test
  void twoTensorsNeverHaveOneName() {
    assertThatThrownBy(() -> sample().rename("weight|bias", "value"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Weights: \"module.body.0.weight\" and \"module.body.0.bias\" would both be called"
                + " \"module.body.0.value\".");
  }

  @Test
  void namesThatCannotBeWrittenAreRefusedAtOnce() {
    Tensor tensor = Tensor.zeros(DType.FLOAT32, 1);
    assertThatThrownBy(() -> Weights.of(Map.of("__metadata__", tensor)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("A tensor cannot be called __metadata__");
    assertThatThrownBy(() -> Weights.of(Map.of("a\ud800", tensor)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("half of a surrogate pair");
    assertThatThrownBy(() -> sample().rename(".*\\.head\\.weight", "__metadata__"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> sample().withMetadata(Map.of("a", "\udc00")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The metadata value");
  }

  @Test
  void aHeaderThatIsTooLargeIsNotWritten() throws IOException {
    Path file = folder.resolve("w.safetensors");
    Weights weights = sample().withMetadata(Map.of("large", "a".repeat(100_000_000)));
    assertThatThrownBy(() -> weights.write(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("but safetensors allows 100,000,000");
    assertThat(file).doesNotExist();
  }

  @Test
  void anUnknownNameHasTheClosestInItsMessage() {
    assertThatThrownBy(() -> sample().tensor("module.head.weigth"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage(
            "Weights: no tensor \"module.head.weigth\". Did you mean \"module.head.weight\"?");
    assertThatThrownBy(() -> sample().info("x"))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessage("Weights: no tensor \"x\".");
  }

  @Test
  void aFileThatHasChangedSinceIsNotReadByTheOldHeader() throws IOException {
    Path file = written(sample());
    Weights weights = Weights.read(file);
    assertThat(weights.tensor("steps").get()).isEqualTo(8);
    Weights.of(Map.of("steps", Tensor.of(new long[] {1, 2}, 2))).write(file);
    assertThatThrownBy(() -> weights.tensor("steps"))
        .isInstanceOf(WeightsException.class)
        .hasMessage(
            file + ": the file has been written anew since its header was read: read it again.");
  }

  @Test
  void aFileIsWrittenOverItself() throws IOException {
    Path file = written(sample());
    Weights.read(file).strip("module.").write(file);
    assertThat(Weights.read(file).tensor("body.0.bias").toString())
        .isEqualTo("float32 [2] [5.0, 6.0]");
  }

  @Test
  void aFileThatHasBeenReadCanBeDeleted() throws IOException {
    Path file = written(sample());
    Weights weights = Weights.read(file);
    weights.tensors();
    Files.delete(file);
    assertThatThrownBy(() -> weights.tensor("steps")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> Weights.read(file)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> Weights.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("directory");
  }

  @Test
  void describesAsATable() {
    assertThat(sample().withMetadata(Map.of("epoch", "3\u001b[2J")).describe())
        .isEqualTo(
            """
            Weights (in memory)
            name                  type  shape   elements  bytes
            module.body.0.weight  F32   [2, 2]         4     16
            module.body.0.bias    F32   [2]            2      8
            module.head.weight    F64   [1, 1]         1      8
            steps                 I64   []             1      8
            total 4                                    8     40

            metadata  value
            epoch     3\\u001b[2J
            """);
  }
}
