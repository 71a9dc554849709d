package dev.tenon.processor.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The layer fixtures that PyTorch wrote; their README has the format. */
public final class Fixtures {
  /** Relative to this module, in which Maven runs its tests. */
  public static final Path FOLDER = Path.of("../integration-tests/src/test/resources/fixtures");

  /** One network and what happened to it. */
  public record Case(
      String name,
      String precision,
      List<Integer> input,
      List<String> layers,
      Map<String, double[]> state,
      List<Step> steps) {

    /** What two values of this precision may differ by, absolutely and relatively. */
    public double tolerance() {
      return precision.equals("float64") ? 1e-12 : 1e-5;
    }

    /** Equal for cases that one compilation serves. */
    public String networkKey() {
      return precision + input + layers;
    }
  }

  /** One step of a case. */
  public static final class Step {
    private final JsonNode node;

    private Step(JsonNode node) {
      this.node = node;
    }

    public boolean training() {
      return node.get("mode").textValue().equals("train");
    }

    /** Whether batch norms are frozen during this step. */
    public boolean frozen() {
      return node.has("frozen") && !node.get("frozen").isEmpty();
    }

    /** The tensor {@code x} or {@code y}; in training also {@code dy} or {@code dx}. */
    public double[] values(String name) {
      return Fixtures.values(node.get(name));
    }

    /** dL/dparameter by the parameter's name; empty in evaluation. */
    public Map<String, double[]> gradients() {
      return tensors(node.get("gradients"));
    }

    /** Running statistics and counters behind the step. */
    public Map<String, double[]> stateAfter() {
      return tensors(node.get("stateAfter"));
    }
  }

  private Fixtures() {}

  /** The files with layer fixtures. */
  public static List<Path> files() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(f -> f.getFileName().toString().startsWith("layer-")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The cases of one file. */
  public static List<Case> read(Path file) {
    try {
      List<Case> cases = new ArrayList<>();
      for (JsonNode node : new ObjectMapper().readTree(file.toFile()).get("cases")) {
        List<Step> steps = new ArrayList<>();
        node.get("steps").forEach(step -> steps.add(new Step(step)));
        List<Integer> input = new ArrayList<>();
        node.get("input").forEach(size -> input.add(size.intValue()));
        List<String> layers = new ArrayList<>();
        node.get("layers")
            .forEach(layer -> layers.add(withIn(layer.textValue(), node.get("state"))));
        cases.add(
            new Case(
                node.get("name").textValue(),
                node.get("precision").textValue(),
                input,
                layers,
                tensors(node.get("state")),
                steps));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes {@code in}, which the fixtures leave out, into a linear layer: on an input with several
   * axes {@code @Linear} asks for it.
   */
  private static String withIn(String layer, JsonNode state) {
    if (!layer.startsWith("@Linear(out")) {
      return layer;
    }
    String name = layer.substring(layer.lastIndexOf(' ') + 1, layer.indexOf("();"));
    int in = state.get(name + ".weight").get("shape").get(1).intValue();
    return layer.replace("@Linear(out", "@Linear(in = " + in + ", out");
  }

  private static Map<String, double[]> tensors(JsonNode node) {
    Map<String, double[]> tensors = new LinkedHashMap<>();
    if (node != null) {
      node.properties().forEach(field -> tensors.put(field.getKey(), values(field.getValue())));
    }
    return tensors;
  }

  private static double[] values(JsonNode tensor) {
    JsonNode values = tensor.get("values");
    double[] array = new double[values.size()];
    for (int i = 0; i < array.length; i++) {
      JsonNode value = values.get(i);
      // "NaN" and "Infinity" are strings.
      array[i] = value.isTextual() ? Double.parseDouble(value.textValue()) : value.doubleValue();
    }
    return array;
  }
}
