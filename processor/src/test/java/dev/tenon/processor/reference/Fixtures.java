package dev.tenon.processor.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The layer fixtures that PyTorch wrote; their README has the format. */
public final class Fixtures {
  /** Relative to this module, in which Maven runs its tests. */
  public static final Path FOLDER = Path.of("../integration-tests/src/test/resources/fixtures");

  /** The file with fixtures of networks that have several inputs and outputs. */
  public static final Path SEVERAL_ENDS = FOLDER.resolve("ends.json");

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

    /** Whether there is such a tensor; {@code dy} where the step is followed back. */
    public boolean has(String name) {
      return node.has(name);
    }

    /** The normalisations that are frozen during this step. */
    public Set<String> frozen() {
      Set<String> layers = new HashSet<>();
      node.path("frozen").forEach(layer -> layers.add(layer.textValue()));
      return layers;
    }

    /**
     * The tensor {@code x} or {@code y}; where the step is followed back, {@code dy} or {@code dx}.
     */
    public double[] values(String name) {
      return Fixtures.values(node.get(name));
    }

    /** dL/dparameter by the parameter's name; empty where the step is not followed back. */
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
        node.get("layers").forEach(layer -> layers.add(layer.textValue()));
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
