package dev.tenon.integration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.state.StateEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the numbers that PyTorch computed; see the README beside them. */
final class Fixtures {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Fixtures() {}

  /** The cases of one file. */
  static List<JsonNode> cases(String file) {
    List<JsonNode> cases = new ArrayList<>();
    document(file).get("cases").forEach(cases::add);
    return cases;
  }

  /** All of one file. */
  static JsonNode document(String file) {
    try (InputStream in = Fixtures.class.getResourceAsStream("/fixtures/" + file)) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  /** The {@code @Network} attributes of a case. */
  static String network(JsonNode fixture) {
    String precision =
        fixture.get("precision").asText().equals("float64")
            ? ", precision = Precision.FLOAT64"
            : "";
    return "input = {" + join(fixture.get("input")) + "}" + precision;
  }

  /** The layers of a case, as a user writes them. */
  static List<String> layers(JsonNode fixture) {
    List<String> layers = new ArrayList<>();
    fixture.get("layers").forEach(layer -> layers.add(layer.asText()));
    return layers;
  }

  private static String join(JsonNode sizes) {
    List<String> parts = new ArrayList<>();
    sizes.forEach(size -> parts.add(size.asText()));
    return String.join(", ", parts);
  }

  static int[] shape(JsonNode tensor) {
    int[] shape = new int[tensor.get("shape").size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = tensor.get("shape").get(i).asInt();
    }
    return shape;
  }

  static double[] values(JsonNode tensor) {
    JsonNode values = tensor.get("values");
    double[] result = new double[values.size()];
    for (int i = 0; i < result.length; i++) {
      // "NaN", "Infinity" and "-Infinity" are strings.
      result[i] =
          values.get(i).isTextual()
              ? Double.parseDouble(values.get(i).asText())
              : values.get(i).asDouble();
    }
    return result;
  }

  static Tensor tensor(JsonNode tensor, DType dtype) {
    double[] values = values(tensor);
    if (dtype == DType.FLOAT64) {
      return Tensor.of(values, shape(tensor));
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Tensor.of(floats, shape(tensor));
  }

  /** Puts every entry of a case's state into the model; both must have the same entries. */
  static void load(JsonNode state, Model model) {
    List<String> names = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : state.properties()) {
      names.add(entry.getKey());
      Tensor target = model.state().tensors().get(entry.getKey());
      if (target.dtype() == DType.INT64) {
        model.state().counter(entry.getKey()).set((long) values(entry.getValue())[0]);
      } else {
        target.copyFrom(tensor(entry.getValue(), model.dtype()));
      }
    }
    List<String> own = model.state().entries().stream().map(StateEntry::name).toList();
    if (!own.equals(names)) {
      throw new AssertionError("state of the model " + own + ", of the fixture " + names);
    }
  }

  /** A state entry's present values; a counter is one value. */
  static double[] stateValues(Model model, String name) {
    Tensor tensor = model.state().tensors().get(name);
    return tensor.dtype() == DType.INT64
        ? new double[] {model.state().counter(name).get()}
        : values(tensor);
  }

  static double[] values(Tensor tensor) {
    return tensor.dtype() == DType.FLOAT64 ? tensor.toDoubleArray() : widen(tensor);
  }

  private static double[] widen(Tensor tensor) {
    float[] floats = tensor.toFloatArray();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  /** Compares value by value; NaN equals NaN, infinities equal themselves. */
  static void assertClose(String what, double[] actual, double[] expected, double tolerance) {
    if (actual.length != expected.length) {
      throw new AssertionError(
          what + ": " + actual.length + " values, expected " + expected.length);
    }
    for (int i = 0; i < actual.length; i++) {
      double limit = tolerance + tolerance * Math.abs(expected[i]);
      boolean same = Double.compare(actual[i], expected[i]) == 0;
      if (!same && !(Math.abs(actual[i] - expected[i]) <= limit)) {
        throw new AssertionError(
            what + "[" + i + "] = " + actual[i] + ", PyTorch has " + expected[i]);
      }
    }
  }
}
