package dev.tenon.processor.layers.groupnorm;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.norm.NormChecks;
import java.util.List;
import java.util.Optional;

/** {@code @GroupNorm(groups, channels, ...)}. */
public final class GroupNormType implements LayerType {
  @Override
  public String annotation() {
    return GroupNormConfig.OWN.annotation();
  }

  @Override
  public StateView view() {
    return StateView.NORM;
  }

  @Override
  public List<Problem> problems() {
    return List.of(
        GroupNormConfig.OWN.range(),
        GroupNormConfig.OWN.eps(),
        GroupNormConfig.OWN.bias(),
        GroupNormConfig.OWN.size(GroupNormConfig.SIZE),
        GroupNormConfig.GROUPS,
        GroupNormConfig.VALUES);
  }

  @Override
  public Optional<GroupNormConfig> configure(LayerDeclaration declaration, Report report) {
    Attributes attributes = declaration.attributes();
    NormChecks norm = new NormChecks(declaration, report);
    norm.checks().atLeast(GroupNormConfig.OWN.range(), "groups", 1);
    norm.checks().sizeOrZero(GroupNormConfig.OWN.range(), GroupNormConfig.SIZE);
    norm.eps();
    norm.bias();
    boolean affine = attributes.flag("affine");
    return norm.checks().passed()
        ? Optional.of(
            new GroupNormConfig(
                declaration,
                attributes.integer("groups"),
                attributes.integer(GroupNormConfig.SIZE),
                attributes.number("eps"),
                affine,
                affine && attributes.flag("bias")))
        : Optional.empty();
  }
}
