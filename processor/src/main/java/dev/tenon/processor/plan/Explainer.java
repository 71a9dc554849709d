package dev.tenon.processor.plan;

import dev.tenon.processor.graph.Network;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.plan.Plan.Buffer;
import dev.tenon.processor.plan.rewrite.OperationCount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Gathers what was decided, layer by layer, and puts the figures beside it. */
final class Explainer {
  private static final String INDENT = "    ";

  private final Network network;
  private final Map<String, List<String>> decisions = new HashMap<>();

  Explainer(Network network) {
    this.network = network;
  }

  /** Notes one decision about a layer. */
  void add(String layer, String decision) {
    decisions.computeIfAbsent(layer, name -> new ArrayList<>()).add(decision);
  }

  NetworkPlan.Explanation explain(Program program, List<Buffer> buffers) {
    List<String> lines = new ArrayList<>();
    // Of the layer whose tensor is the first tenant; of the network for the empty name.
    Map<String, List<Buffer>> of =
        buffers.stream().collect(Collectors.groupingBy(b -> b.tenants().get(0).layer()));
    Map<String, Long> forwards = OperationCount.perSample(program.forward());
    Map<String, Long> backwards = OperationCount.perSample(program.backward());
    Map<String, Long> predictions = OperationCount.perSample(program.predict());
    for (Network.Input input : network.inputs()) {
      lines.add(input.name() + ": " + input.shape() + (input.isIndices() ? ", indices" : ""));
      if (network.namesInputs()) {
        addBuffers(lines, of, input.name());
      }
    }
    addBuffers(lines, of, "");
    long forward = 0;
    long backward = 0;
    long predict = 0;
    for (Network.Node node : network.nodes()) {
      String layer = node.name();
      long inForward = forwards.getOrDefault(layer, 0L);
      long inBackward = backwards.getOrDefault(layer, 0L);
      long inPredict = predictions.getOrDefault(layer, 0L);
      forward += inForward;
      backward += inBackward;
      predict += inPredict;
      lines.add(node.heading());
      network
          .movedBehind(node)
          .ifPresent(
              maxima ->
                  lines.add(
                      INDENT + "behind " + maxima + ", on its maxima: the same of fewer values"));
      lines.add(INDENT + "each sample: " + operations(inForward, inBackward, inPredict));
      decisions.getOrDefault(layer, List.of()).forEach(line -> lines.add(INDENT + line));
      addBuffers(lines, of, layer);
    }
    return new NetworkPlan.Explanation(
        number(parameters())
            + " parameters; each sample: "
            + operations(forward, backward, predict)
            + "; working memory of "
            + number(bytes(buffers, false, true))
            + " bytes a sample and "
            + number(bytes(buffers, false, false))
            + " besides to train, "
            + number(bytes(buffers, true, true))
            + " and "
            + number(bytes(buffers, true, false))
            + " to evaluate.",
        lines);
  }

  private long parameters() {
    return network.nodes().stream()
        .flatMap(node -> node.layer().state().stream())
        .filter(spec -> spec.kind() == StateSpec.Kind.PARAMETER)
        .mapToLong(StateSpec::count)
        .sum();
  }

  private static String operations(long forward, long backward, long predict) {
    return number(forward)
        + " FLOP forward, "
        + number(backward)
        + " backward, "
        + number(predict)
        + " to evaluate";
  }

  private static void addBuffers(
      List<String> lines, Map<String, List<Buffer>> buffers, String layer) {
    for (Buffer buffer : buffers.getOrDefault(layer, List.of())) {
      List<String> tenants = buffer.tenants().stream().map(Tensor::name).toList();
      lines.add(
          INDENT
              + "buffer "
              + buffer.name()
              + ": "
              + layout(buffer)
              + (buffer.rowsPerSample() > 0 ? " a sample, " : ", ")
              + number(bytes(buffer))
              + " bytes"
              + (tenants.size() > 1 ? "; holds " + String.join(", then ", tenants) : ""));
    }
  }

  /** {@code 16 rows of 64 floats}. */
  private static String layout(Buffer buffer) {
    long rows = (long) buffer.rowsPerSample() + buffer.rows();
    return (buffer.isFlat() ? "" : number(rows) + (rows == 1 ? " row of " : " rows of "))
        + number(buffer.length())
        + " "
        + buffer.type().keyword()
        + (buffer.length() == 1 ? "" : "s");
  }

  private static long bytes(List<Buffer> buffers, boolean predict, boolean perSample) {
    return buffers.stream()
        .filter(buffer -> buffer.predict() == predict)
        .filter(buffer -> buffer.rowsPerSample() > 0 == perSample)
        .mapToLong(Explainer::bytes)
        .sum();
  }

  private static long bytes(Buffer buffer) {
    long rows = Math.max(1, buffer.rowsPerSample() + buffer.rows());
    return rows * buffer.length() * (buffer.type() == ElementType.DOUBLE ? 8 : 4);
  }

  static String number(long value) {
    String digits = Long.toString(value);
    StringBuilder text = new StringBuilder(digits);
    int first = value < 0 ? 1 : 0;
    for (int i = digits.length() - 3; i > first; i -= 3) {
      text.insert(i, ',');
    }
    return text.toString();
  }
}
