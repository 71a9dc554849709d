package dev.tenon.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** Reads what {@code src/test/python/make_fixtures.py} wrote, and compares with it. */
public final class Fixtures {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private Fixtures() {}

  /** The cases of one file; an empty file is an error, or a test of it would prove nothing. */
  public static List<JsonNode> cases(String name) {
    try (InputStream in = Fixtures.class.getResourceAsStream("/fixtures/" + name + ".json")) {
      List<JsonNode> cases = new ArrayList<>();
      MAPPER.readTree(in).forEach(cases::add);
      assertThat(cases).as(name).isNotEmpty();
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The cases of one kind. */
  public static List<JsonNode> cases(String name, String kind) {
    List<JsonNode> cases =
        cases(name).stream().filter(c -> c.get("kind").asText().equals(kind)).toList();
    assertThat(cases).as(name + " of kind " + kind).isNotEmpty();
    return cases;
  }

  public static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  public static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  public static DType dtype(JsonNode test) {
    return test.get("dtype").asText().equals("float32") ? DType.FLOAT32 : DType.FLOAT64;
  }

  /** A tensor of values that a float32 fixture holds exactly. */
  public static Tensor tensor(DType dtype, double[] values, int... shape) {
    Tensor tensor = Tensor.zeros(dtype, values.length);
    for (int i = 0; i < values.length; i++) {
      tensor.set(values[i], i);
    }
    return tensor.reshape(shape);
  }

  /** |actual - expected| at most absolute + relative * |expected|; NaN equals NaN. */
  public static void assertClose(
      String what, double[] actual, double[] expected, double relative, double absolute) {
    assertThat(actual).as(what).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      boolean close =
          Double.compare(actual[i], expected[i]) == 0
              || Math.abs(actual[i] - expected[i]) <= absolute + relative * Math.abs(expected[i]);
      assertThat(close)
          .as("%s, element %s: %s, expected %s", what, i, actual[i], expected[i])
          .isTrue();
    }
  }

  /** As {@link #assertClose(String, double[], double[], double, double)} for one number. */
  public static void assertClose(
      String what, double actual, double expected, double relative, double absolute) {
    assertClose(what, new double[] {actual}, new double[] {expected}, relative, absolute);
  }
}
