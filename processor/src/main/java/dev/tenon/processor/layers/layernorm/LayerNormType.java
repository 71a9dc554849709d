package dev.tenon.processor.layers.layernorm;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.norm.NormChecks;
import java.util.List;
import java.util.Optional;

/** {@code @LayerNorm(shape, ...)}. */
public final class LayerNormType implements LayerType {
  @Override
  public String annotation() {
    return LayerNormConfig.OWN.annotation();
  }

  @Override
  public StateView view() {
    return StateView.NORM;
  }

  @Override
  public List<Problem> problems() {
    return List.of(
        LayerNormConfig.OWN.range(),
        LayerNormConfig.OWN.eps(),
        LayerNormConfig.OWN.bias(),
        LayerNormConfig.SHAPE,
        LayerNormConfig.AXES);
  }

  @Override
  public Optional<LayerNormConfig> configure(LayerDeclaration declaration, Report report) {
    Attributes attributes = declaration.attributes();
    NormChecks norm = new NormChecks(declaration, report);
    List<Integer> shape = attributes.integers(LayerNormConfig.SIZES);
    norm.checks().allAtLeast(LayerNormConfig.OWN.range(), LayerNormConfig.SIZES, shape, 1);
    norm.eps();
    norm.bias();
    boolean affine = attributes.flag("affine");
    return norm.checks().passed()
        ? Optional.of(
            new LayerNormConfig(
                declaration,
                shape,
                attributes.number("eps"),
                affine,
                affine && attributes.flag("bias")))
        : Optional.empty();
  }
}
