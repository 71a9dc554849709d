package dev.tenon.runtime.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tenon.runtime.Tensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * Compares tensors by their sha256 with what Python computed. As a program it compares a file that
 * the repository does not carry with a list of hashes: {@code Hashes slim.json
 * version-slim-320.pth}.
 */
final class Hashes {
  private Hashes() {}

  /** A file of the test resources. */
  static Path file(String name) {
    try {
      return Path.of(Hashes.class.getResource("/weights/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The hash of the elements, little-endian, in row-major order. */
  static String sha256(Tensor tensor) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * tensor.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < tensor.size(); i++) {
      switch (tensor.dtype()) {
        case FLOAT32 -> bytes.putFloat(tensor.floatArray()[tensor.offset() + i]);
        case FLOAT64 -> bytes.putDouble(tensor.doubleArray()[tensor.offset() + i]);
        case INT32 -> bytes.putInt(tensor.intArray()[tensor.offset() + i]);
        case INT64 -> bytes.putLong(tensor.longArray()[tensor.offset() + i]);
      }
    }
    byte[] used = new byte[bytes.position()];
    bytes.flip().get(used);
    return sha256(used);
  }

  /**
   * Compares every tensor of a file.
   *
   * @param arguments the list in {@code /weights}, and the file
   */
  public static void main(String... arguments) throws IOException {
    JsonNode expected =
        new ObjectMapper().readTree(Files.readAllBytes(file(arguments[0]))).get("tensors");
    Path path = Path.of(arguments[1]);
    Weights weights = Weights.read(path);
    int equal = 0;
    int norms = 0;
    for (Map.Entry<String, JsonNode> tensor : expected.properties()) {
      String hash = sha256(weights.tensor(tensor.getKey()));
      if (hash.equals(tensor.getValue().asText())) {
        equal++;
        norms += tensor.getKey().endsWith(".running_var") ? 1 : 0;
      } else {
        System.out.println("differs: " + tensor.getKey());
      }
    }
    System.out.printf(
        "%s: %d tensors, %d of %d bit for bit, %d batch norms among them%n",
        path.getFileName(), weights.names().size(), equal, expected.size(), norms);
  }
}
