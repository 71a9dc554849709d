package dev.tenon.processor.graph;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layer.StateView;
import java.util.Optional;

/**
 * A layer between configure and infer.
 *
 * @param declaration what the user wrote
 * @param view the runtime view that its method returns
 * @param config its checked attributes, or empty when something about it has been reported
 */
public record ConfiguredLayer(
    LayerDeclaration declaration, StateView view, Optional<LayerConfig> config) {

  /** The same layer, configured otherwise. */
  ConfiguredLayer with(LayerConfig other) {
    return new ConfiguredLayer(declaration, view, Optional.of(other));
  }
}
