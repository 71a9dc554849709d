package dev.tenon.processor.layer;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import java.util.List;
import java.util.Optional;

/** A kind of layer: one annotation, one folder, one line in {@code LayerTypes}. */
public interface LayerType {
  /** Simple name of the annotation in {@code dev.tenon.annotations}. */
  String annotation();

  /** The runtime view that the layer's method must return. */
  StateView view();

  /** Every problem that this layer can raise, for the catalogue test and the documentation. */
  List<Problem> problems();

  /**
   * Checks the attributes by themselves and makes the layer's configuration. Reports every bad
   * value; empty when there was one.
   */
  Optional<? extends LayerConfig> configure(LayerDeclaration declaration, Report report);
}
