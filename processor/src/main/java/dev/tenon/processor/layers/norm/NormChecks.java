package dev.tenon.processor.layers.norm;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.shape.Shape;
import java.math.BigDecimal;
import java.util.List;

/** Checks of the attributes that several normalisations share. */
public final class NormChecks {
  /** From here on a momentum is more likely to be meant as the weight of the old value. */
  private static final double LOOKS_LIKE_DECAY = 0.5;

  /** What momentum is where it is left out. */
  private static final double USUAL_MOMENTUM = 0.1;

  private final LayerDeclaration declaration;
  private final NormProblems problems;
  private final Attributes attributes;
  private final Checks checks;

  public NormChecks(LayerDeclaration declaration, Report report) {
    this.declaration = declaration;
    problems = new NormProblems(declaration.annotation());
    attributes = declaration.attributes();
    checks = new Checks(declaration, report);
  }

  /** The layer's own checks report here too. */
  public Checks checks() {
    return checks;
  }

  /** {@code eps}, finite and at least 0. */
  public void eps() {
    double eps = attributes.number("eps");
    if (!(eps >= 0) || Double.isInfinite(eps)) {
      checks.report(
          problems.eps(), "eps", "eps must be finite and at least 0, but is " + eps + ".", "");
    }
  }

  /** {@code bias}, which goes with {@code affine} only. */
  public void bias() {
    if (!attributes.flag("affine") && attributes.flag("bias") && attributes.isWritten("bias")) {
      checks.report(
          problems.bias(),
          "bias",
          "bias = true, but affine = false: without a scale there is no shift.",
          List.of(leaveOut("bias", "bias", true), on("affine")),
          "");
    }
  }

  /** {@code frozen}, which goes with {@code trackRunningStats} only. */
  public void frozen() {
    if (attributes.flag("frozen") && !attributes.flag("trackRunningStats")) {
      checks.report(
          problems.frozen(),
          "frozen",
          "frozen = true, but trackRunningStats = false: a frozen layer normalises by its running"
              + " statistics, and there are none.",
          List.of(leaveOut("frozen", "frozen", false), on("trackRunningStats")),
          "");
    }
  }

  private Remedy leaveOut(String attribute, String what, Object value) {
    return new Remedy("leave out", what, new Change.LeaveOut(declaration, attribute, value))
        .local();
  }

  /** A flag that is on unless somebody wrote otherwise. */
  private Remedy on(String attribute) {
    return attributes.isWritten(attribute)
        ? leaveOut(attribute, attribute + " = false", true)
        : new Remedy("set", attribute + " = true", new Change.Set(declaration, attribute, true))
            .local();
  }

  /** {@code cumulative}, which leaves no use for {@code momentum}; or else that. */
  public void momentumOrCumulative() {
    if (!attributes.flag("cumulative")) {
      momentum();
    } else if (attributes.isWritten("momentum")) {
      checks.report(
          problems.cumulative(),
          "momentum",
          "momentum = "
              + attributes.number("momentum")
              + " has no meaning with cumulative = true, which weights all batches alike.",
          List.of(
              leaveOut("momentum", "momentum", USUAL_MOMENTUM),
              leaveOut("cumulative", "cumulative = true", false)),
          "");
    }
  }

  /** {@code momentum}, between 0 and 1, with a warning of the other convention. */
  public void momentum() {
    double momentum = attributes.number("momentum");
    if (!(momentum >= 0 && momentum <= 1)) {
      checks.report(
          problems.momentum(),
          "momentum",
          "momentum must lie between 0 and 1, but is " + momentum + ".",
          "");
    } else if (momentum >= LOOKS_LIKE_DECAY) {
      checks.report(
          problems.momentumConvention(),
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

  /**
   * The size of axis 1, which must be that of the input where it is written.
   *
   * @param attribute {@code features} or {@code channels}
   * @param size what is written, 0 if nothing is
   * @return whether it is right
   */
  public boolean size(String attribute, int size, Shape input) {
    if (size == 0 || size == input.channels()) {
      return true;
    }
    checks.report(
        problems.size(attribute),
        attribute,
        attribute
            + " = "
            + size
            + ", but its input has "
            + input.channels()
            + " "
            + (input.channels() == 1 ? attribute.substring(0, attribute.length() - 1) : attribute)
            + ".",
        List.of(Remedy.follow(declaration, attribute, input.channels())),
        "");
    return false;
  }
}
