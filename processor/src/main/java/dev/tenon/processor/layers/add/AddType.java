package dev.tenon.processor.layers.add;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import java.util.List;
import java.util.Optional;

/** {@code @Add}, which has no attributes. */
public final class AddType implements LayerType {
  @Override
  public String annotation() {
    return "Add";
  }

  @Override
  public StateView view() {
    return StateView.LAYER;
  }

  @Override
  public List<Problem> problems() {
    return List.of(AddConfig.SHAPES);
  }

  @Override
  public Optional<AddConfig> configure(LayerDeclaration declaration, Report report) {
    return Optional.of(new AddConfig(declaration));
  }
}
