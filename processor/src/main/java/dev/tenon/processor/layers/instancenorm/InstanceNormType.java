package dev.tenon.processor.layers.instancenorm;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Spatial;
import dev.tenon.processor.layers.norm.NormChecks;
import dev.tenon.processor.layers.norm.NormProblems;
import java.util.List;
import java.util.Optional;

/**
 * {@code @InstanceNorm1d(channels, ...)}, {@code @InstanceNorm2d(channels, ...)} or
 * {@code @InstanceNorm3d(channels, ...)}.
 *
 * @param spatial which of the three
 */
public record InstanceNormType(Spatial spatial) implements LayerType {
  @Override
  public String annotation() {
    return "InstanceNorm" + spatial.suffix();
  }

  @Override
  public StateView view() {
    return StateView.INSTANCE_NORM;
  }

  @Override
  public List<Problem> problems() {
    NormProblems own = own();
    return List.of(
        own.range(),
        own.eps(),
        own.momentum(),
        own.momentumConvention(),
        own.bias(),
        own.frozen(),
        own.size(InstanceNormConfig.SIZE),
        own.rank(),
        InstanceNormConfig.spatial(own));
  }

  private NormProblems own() {
    return new NormProblems(annotation());
  }

  @Override
  public Optional<InstanceNormConfig> configure(LayerDeclaration declaration, Report report) {
    Attributes attributes = declaration.attributes();
    NormChecks norm = new NormChecks(declaration, report);
    norm.checks().sizeOrZero(own().range(), InstanceNormConfig.SIZE);
    norm.eps();
    norm.momentum();
    norm.bias();
    norm.frozen();
    boolean affine = attributes.flag("affine");
    return norm.checks().passed()
        ? Optional.of(
            new InstanceNormConfig(
                spatial,
                declaration,
                attributes.integer(InstanceNormConfig.SIZE),
                attributes.number("eps"),
                attributes.number("momentum"),
                affine,
                affine && attributes.flag("bias"),
                attributes.flag("trackRunningStats"),
                attributes.flag("frozen")))
        : Optional.empty();
  }
}
