package dev.tenon.processor.layers.batchnorm;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * {@code @BatchNorm1d(features, ...)}, {@code @BatchNorm2d(channels, ...)} or
 * {@code @BatchNorm3d(channels, ...)}.
 *
 * @param kind which of the three
 */
public record BatchNormType(BatchNormKind kind) implements LayerType {
  /** From here on a momentum is more likely to be meant as the weight of the old value. */
  private static final double LOOKS_LIKE_DECAY = 0.5;

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
    Checks checks = new Checks(declaration, report);
    checks.sizeOrZero(kind.range(), kind.sizeAttribute());
    double eps = attributes.number("eps");
    if (!(eps >= 0) || Double.isInfinite(eps)) {
      checks.report(
          kind.eps(), "eps", "eps must be finite and at least 0, but is " + eps + ".", "");
    }
    double momentum = attributes.number("momentum");
    boolean cumulative = attributes.flag("cumulative");
    checkMomentum(checks, momentum, cumulative, attributes.isWritten("momentum"));
    boolean affine = attributes.flag("affine");
    if (!affine && attributes.flag("bias") && attributes.isWritten("bias")) {
      checks.report(
          kind.bias(),
          "bias",
          "bias = true, but affine = false: without a scale there is no shift.",
          "Leave out bias, or affine = false.");
    }
    boolean frozen = attributes.flag("frozen");
    if (frozen && !attributes.flag("trackRunningStats")) {
      checks.report(
          kind.frozen(),
          "frozen",
          "frozen = true, but trackRunningStats = false: a frozen layer normalises by its running"
              + " statistics, and there are none.",
          "Leave out frozen, or trackRunningStats = false.");
    }
    return checks.passed()
        ? Optional.of(
            new BatchNormConfig(
                kind,
                declaration,
                attributes.integer(kind.sizeAttribute()),
                eps,
                momentum,
                cumulative,
                affine,
                affine && attributes.flag("bias"),
                attributes.flag("trackRunningStats"),
                frozen))
        : Optional.empty();
  }

  private void checkMomentum(
      Checks checks, double momentum, boolean cumulative, boolean isWritten) {
    if (cumulative) {
      if (isWritten) {
        checks.report(
            kind.cumulative(),
            "momentum",
            "momentum = "
                + momentum
                + " has no meaning with cumulative = true, which weights all batches alike.",
            "Leave out one of the two.");
      }
    } else if (!(momentum >= 0 && momentum <= 1)) {
      checks.report(
          kind.momentum(),
          "momentum",
          "momentum must lie between 0 and 1, but is " + momentum + ".",
          "");
    } else if (momentum >= LOOKS_LIKE_DECAY) {
      checks.report(
          kind.momentumConvention(),
          "momentum",
          "momentum = " + momentum + " is the weight of the new batch in the running statistics.",
          "If it is meant as the weight of the old value, as in new = decay * old + ..., set"
              + " momentum = "
              + BigDecimal.ONE
                  .subtract(BigDecimal.valueOf(momentum))
                  .stripTrailingZeros()
                  .toPlainString()
              + ".");
    }
  }
}
