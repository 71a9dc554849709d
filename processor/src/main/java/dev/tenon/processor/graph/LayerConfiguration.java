package dev.tenon.processor.graph;

import dev.tenon.processor.declaration.InputDeclaration;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The step <i>configure</i>: every layer checks its own attributes, before anything is known of
 * what flows in. All layers are checked, whatever is wrong with the ones before them.
 */
public final class LayerConfiguration {
  /** A layer's method returns another type than the view of its state. */
  public static final Problem RETURN_TYPE = Problem.error("LayerReturnType");

  /** What this step raises by itself; the layers raise their own. */
  public static final List<Problem> PROBLEMS = List.of(RETURN_TYPE);

  private final Map<String, LayerType> types = new LinkedHashMap<>();

  /** Prepares the step for networks of these layers. */
  public LayerConfiguration(List<LayerType> types) {
    types.forEach(type -> this.types.put(type.annotation(), type));
  }

  /**
   * Configures every layer.
   *
   * @return as many layers as the declaration has, in its order; those that cannot be used have no
   *     configuration
   */
  public List<ConfiguredLayer> configure(NetworkDeclaration network, Report report) {
    List<ConfiguredLayer> layers = new ArrayList<>();
    for (LayerDeclaration layer : network.layers()) {
      layers.add(
          layer.isReadable()
              ? configure(layer, report)
              : new ConfiguredLayer(layer, StateView.LAYER, Optional.empty()));
    }
    for (InputDeclaration input : network.inputs()) {
      checkReturnType(
          input.member(),
          input.name(),
          input.subject(),
          input.returnType(),
          StateView.LAYER,
          "an input is shown as ",
          report);
    }
    return layers;
  }

  private ConfiguredLayer configure(LayerDeclaration layer, Report report) {
    LayerType type = types.get(layer.annotation());
    if (type == null) {
      throw new IllegalArgumentException("No layer type for " + layer.subject());
    }
    checkReturnType(
        layer.member(),
        layer.method(),
        layer.subject(),
        layer.returnType(),
        type.view(),
        "the state of a @" + layer.annotation() + " is shown as ",
        report);
    Optional<LayerConfig> config = type.configure(layer, report).map(LayerConfig.class::cast);
    return new ConfiguredLayer(layer, type.view(), config);
  }

  private static void checkReturnType(
      int member,
      String method,
      String subject,
      String actual,
      StateView view,
      String shownAs,
      Report report) {
    // Empty: a type that does not exist, which javac reports.
    if (actual.isEmpty() || actual.equals(view.qualifiedName())) {
      return;
    }
    // The simple name says enough, unless the wrong type is a namesake from another package.
    String shown = actual.substring(actual.lastIndexOf('.') + 1);
    boolean namesake = shown.equals(view.simpleName());
    report.add(
        RETURN_TYPE,
        new SourceRef(member, "", ""),
        subject
            + ": returns "
            + (namesake ? actual : shown)
            + ", but "
            + shownAs
            + (namesake ? view.qualifiedName() : view.simpleName())
            + ".",
        namesake
            ? "Import " + view.qualifiedName() + "."
            : "Write `" + view.simpleName() + " " + method + "();`.");
  }
}
