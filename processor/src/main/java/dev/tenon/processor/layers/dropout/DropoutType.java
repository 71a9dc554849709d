package dev.tenon.processor.layers.dropout;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import java.util.List;
import java.util.Optional;

/** {@code @Dropout(p)}, which drops elements, and {@code @Dropout2d(p)}, which drops channels. */
public enum DropoutType implements LayerType {
  ELEMENTS("Dropout"),
  CHANNELS("Dropout2d");

  /** The input has no images whose channels could be dropped. */
  static final Problem RANK = Problem.error("Dropout2dRank");

  private final String annotation;
  private final Problem range;
  private final Problem beforeNorm;

  DropoutType(String annotation) {
    this.annotation = annotation;
    this.range = Problem.error(annotation + "Range");
    this.beforeNorm = Problem.warning(annotation + "BeforeNorm");
  }

  @Override
  public String annotation() {
    return annotation;
  }

  @Override
  public StateView view() {
    return StateView.LAYER;
  }

  /** A normalisation by running statistics reads what was dropped from. */
  Problem beforeNorm() {
    return beforeNorm;
  }

  @Override
  public List<Problem> problems() {
    return this == ELEMENTS ? List.of(range, beforeNorm) : List.of(range, beforeNorm, RANK);
  }

  @Override
  public Optional<DropoutConfig> configure(LayerDeclaration declaration, Report report) {
    double p = declaration.attributes().number("p");
    if (!(p >= 0 && p <= 1)) {
      new Checks(declaration, report)
          .report(range, "p", "p must lie between 0 and 1, but is " + p + ".", "");
      return Optional.empty();
    }
    return Optional.of(new DropoutConfig(this, declaration, p));
  }
}
