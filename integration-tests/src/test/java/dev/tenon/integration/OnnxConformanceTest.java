package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.integration.OnnxModel.OnnxTensor;
import dev.tenon.integration.OnnxNetwork.OutOfScope;
import dev.tenon.integration.OnnxNetwork.Statistic;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.SingleModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * ONNX's own conformance cases, which somebody else wrote. The README beside them says what becomes
 * of each; this test holds it to that.
 */
class OnnxConformanceTest {
  private static final Path CASES = Path.of("src/test/resources/onnx");
  private static final String PASSES = "passes";
  private static final String POPULATION = "passes, population variance";
  private static final String OUT_OF_SCOPE = "out of scope: ";

  /**
   * The suite's own is 1e-3. Half of the cases are sums in float32 that were added up in another
   * order; small results of large terms need this much.
   */
  private static final double RELATIVE = 1e-5;

  /** The suite's own. */
  private static final double ABSOLUTE = 1e-7;

  /** Read from the README: what becomes of each case. */
  private static Map<String, String> verdicts;

  private static final CompiledNetwork.Cache NETWORKS = new CompiledNetwork.Cache();

  @BeforeAll
  static void readVerdicts() throws IOException {
    Pattern row = Pattern.compile("\\| `([\\w/-]+)` \\| (.+?) \\|");
    verdicts = new TreeMap<>();
    for (String line : Files.readAllLines(CASES.resolve("README.md"))) {
      Matcher matcher = row.matcher(line);
      if (matcher.matches()) {
        assertThat(verdicts.put(matcher.group(1), matcher.group(2))).as(line).isNull();
      }
    }
  }

  @Test
  void everyCaseIsListedAndEveryListedCaseIsThere() throws IOException {
    try (Stream<Path> files = Files.walk(CASES)) {
      assertThat(verdicts.keySet())
          .containsExactlyInAnyOrderElementsOf(
              files
                  .filter(file -> file.endsWith("model.onnx"))
                  .map(file -> CASES.relativize(file.getParent()).toString().replace('\\', '/'))
                  .toList());
    }
  }

  /** The page has the normalisations one by one, and the others by number and reason. */
  @Test
  void thePageSaysTheSame() throws IOException {
    List<String> page = Files.readAllLines(Path.of("../docs/accuracy.md"));
    Map<String, String> norms = new TreeMap<>(verdicts);
    norms.keySet().removeIf(name -> !name.toLowerCase(Locale.ROOT).contains("norm"));
    assertThat(norms).isNotEmpty();
    assertThat(page.stream().filter(line -> line.startsWith("| `")))
        .containsExactlyInAnyOrderElementsOf(
            norms.entrySet().stream()
                .map(entry -> "| `" + entry.getKey() + "` | " + entry.getValue() + " |")
                .toList());

    Map<String, Long> reasons =
        verdicts.values().stream()
            .filter(verdict -> verdict.startsWith(OUT_OF_SCOPE))
            .collect(
                Collectors.groupingBy(
                    verdict -> verdict.substring(OUT_OF_SCOPE.length()),
                    TreeMap::new,
                    Collectors.counting()));
    int table = page.indexOf("| reason | cases |") + 2;
    assertThat(page.subList(table, table + reasons.size() + 1))
        .containsExactlyElementsOf(
            Stream.concat(
                    reasons.entrySet().stream()
                        .map(entry -> "| " + entry.getKey() + " | " + entry.getValue() + " |"),
                    Stream.of(""))
                .toList());
    long out = reasons.values().stream().mapToLong(Long::longValue).sum();
    assertThat(String.join(" ", page))
        .contains(
            String.format(
                Locale.ROOT,
                "Of the %d cases of operations that have a layer, %d pass and %d are out of scope",
                verdicts.size(),
                verdicts.size() - out,
                out));
  }

  @Test
  void theFilesAreTheSuites() throws IOException, NoSuchAlgorithmException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    List<String> sums = new ArrayList<>();
    try (Stream<Path> files = Files.walk(CASES)) {
      for (Path file :
          files.filter(f -> f.toString().matches(".*\\.(onnx|pb)")).sorted().toList()) {
        sums.add(
            HexFormat.of().formatHex(sha256.digest(Files.readAllBytes(file)))
                + "  "
                + CASES.relativize(file).toString().replace('\\', '/'));
      }
    }
    assertThat(sums)
        .containsExactlyInAnyOrderElementsOf(Files.readAllLines(CASES.resolve("SHA256SUMS")));
  }

  @TestFactory
  Stream<DynamicTest> cases() {
    Map<String, OnnxNetwork> networks = new TreeMap<>();
    verdicts.forEach(
        (name, verdict) -> {
          if (verdict.startsWith(PASSES)) {
            OnnxNetwork network = network(name);
            NETWORKS.add(network.network(), network.members());
            networks.put(name, network);
          }
        });
    return verdicts.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> check(entry.getKey(), entry.getValue(), networks.get(entry.getKey()))));
  }

  private static void check(String name, String verdict, OnnxNetwork network) {
    if (network == null) {
      assertThat(verdict).startsWith(OUT_OF_SCOPE);
      assertThatThrownBy(() -> network(name))
          .isInstanceOf(OutOfScope.class)
          .hasMessage(verdict.substring(OUT_OF_SCOPE.length()));
      return;
    }
    SingleModel model = NETWORKS.create(network.network(), network.members());
    network.load(model);
    OnnxModel onnx = OnnxModel.read(folder(name).resolve("model.onnx"));
    OnnxTensor expected = output(name, 0);
    if (network.isTraining()) {
      assertClose("y", model.forward(network.input()), expected);
    } else {
      assertClose("y", model.predict(network.input()), expected);
      assertClose("y to be followed back", model.forwardEvaluation(network.input()), expected);
    }
    boolean variance = false;
    for (int i = 1; i < onnx.outputs().size(); i++) {
      Statistic statistic = network.statistics().get(onnx.outputs().get(i));
      if (statistic != null) {
        double[] now = model.state().tensors().get(statistic.state()).toDoubleArray();
        assertClose(statistic.state(), network.asOnnx(statistic, now), output(name, i));
        variance |= statistic.isVariance();
      }
    }
    assertThat(verdict).isEqualTo(variance ? POPULATION : PASSES);
  }

  private static OnnxNetwork network(String name) {
    OnnxModel model = OnnxModel.read(folder(name).resolve("model.onnx"));
    List<OnnxTensor> inputs = new ArrayList<>();
    for (int i = 0; i < model.inputs().size(); i++) {
      inputs.add(OnnxModel.readTensor(folder(name).resolve("test_data_set_0/input_" + i + ".pb")));
    }
    return new OnnxNetwork(model, inputs);
  }

  private static OnnxTensor output(String name, int number) {
    return OnnxModel.readTensor(folder(name).resolve("test_data_set_0/output_" + number + ".pb"));
  }

  private static Path folder(String name) {
    return CASES.resolve(name);
  }

  private static void assertClose(String what, Tensor actual, OnnxTensor expected) {
    assertClose(what, actual.toDoubleArray(), expected);
  }

  private static void assertClose(String what, double[] actual, OnnxTensor expected) {
    assertThat(actual).as(what).hasSize(expected.values().length);
    for (int i = 0; i < actual.length; i++) {
      double limit = ABSOLUTE + RELATIVE * Math.abs(expected.values()[i]);
      assertThat(Math.abs(actual[i] - expected.values()[i]))
          .as("%s[%d]: %s, but ONNX says %s", what, i, actual[i], expected.values()[i])
          .isLessThanOrEqualTo(limit);
    }
  }
}
