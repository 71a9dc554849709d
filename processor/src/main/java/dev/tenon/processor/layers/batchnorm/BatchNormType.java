package dev.tenon.processor.layers.batchnorm;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.norm.NormChecks;
import dev.tenon.processor.layers.norm.NormProblems;
import java.util.List;
import java.util.Optional;

/**
 * {@code @BatchNorm1d(features, ...)}, {@code @BatchNorm2d(channels, ...)} or
 * {@code @BatchNorm3d(channels, ...)}.
 *
 * @param kind which of the three
 */
public record BatchNormType(BatchNormKind kind) implements LayerType {
  @Override
  public String annotation() {
    return kind.annotation();
  }

  @Override
  public StateView view() {
    return StateView.BATCH_NORM;
  }

  @Override
  public List<Problem> problems() {
    return kind.problems();
  }

  @Override
  public Optional<BatchNormConfig> configure(LayerDeclaration declaration, Report report) {
    Attributes attributes = declaration.attributes();
    NormChecks norm = new NormChecks(declaration, report);
    norm.checks().sizeOrZero(new NormProblems(kind.annotation()).range(), kind.sizeAttribute());
    norm.eps();
    norm.momentumOrCumulative();
    norm.bias();
    norm.frozen();
    boolean affine = attributes.flag("affine");
    return norm.checks().passed()
        ? Optional.of(
            new BatchNormConfig(
                kind,
                declaration,
                attributes.integer(kind.sizeAttribute()),
                attributes.number("eps"),
                attributes.number("momentum"),
                attributes.flag("cumulative"),
                affine,
                affine && attributes.flag("bias"),
                attributes.flag("trackRunningStats"),
                attributes.flag("frozen")))
        : Optional.empty();
  }
}
