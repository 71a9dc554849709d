package dev.tenon.processor.reference;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.layers.LayerTypes;
import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Networks from Java source, by the compiler's own reading, configuring and inferring. */
public final class Networks {
  private Networks() {}

  /** The network of one source. */
  public static Network of(String source) {
    return ofAll(List.of(source)).values().iterator().next();
  }

  /**
   * The network of these layers in a chain.
   *
   * @param precision {@code float32} or {@code float64}
   * @param layers declarations such as {@code @ReLU Layer relu();}
   */
  public static Network of(String precision, List<Integer> input, List<String> layers) {
    return of(source("Net", precision, input, layers));
  }

  /** A network's source; without an input where the members declare some. */
  public static String source(
      String name, String precision, List<Integer> input, List<String> layers) {
    String sizes = input.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return "@Network("
        + (input.isEmpty() ? "" : "input = {" + sizes + "}, ")
        + "precision = Precision."
        + precision.toUpperCase(Locale.ROOT)
        + ")\ninterface "
        + name
        + " {\n  "
        + String.join("\n  ", layers)
        + "\n}\n";
  }

  /** The networks of many sources by the names of their types, in one compilation. */
  public static Map<String, Network> ofAll(List<String> sources) {
    Map<String, Network> networks = new LinkedHashMap<>();
    Compiled compiled = compile(sources, networks);
    if (!compiled.succeeded() || networks.size() != sources.size()) {
      throw new AssertionError("Not all networks are right:\n" + compiled.messages());
    }
    return networks;
  }

  /** The same for sources among which are wrong ones: those are left out. */
  public static Map<String, Network> ofValid(List<String> sources) {
    Map<String, Network> networks = new LinkedHashMap<>();
    Compiled compiled = compile(sources, networks);
    if (compiled.messages().contains("[InternalError]")) {
      throw new AssertionError("The compiler failed:\n" + compiled.messages());
    }
    return networks;
  }

  private static Compiled compile(List<String> sources, Map<String, Network> networks) {
    TenonProcessor processor =
        new TenonProcessor(
            LayerTypes.all(),
            (network, report) -> {
              networks.put(network.declaration().typeName(), network);
              return List.of();
            });
    return CompilerHarness.with(processor).run(sources.toArray(String[]::new));
  }
}
