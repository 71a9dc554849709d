package dev.tenon.processor.layers.reshape;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.shape.Shape;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code @Reshape(value)}. */
public final class ReshapeType implements LayerType {
  /** The only attribute, the sizes. */
  static final String SIZES = "value";

  /** The size that follows from the others. */
  static final int INFERRED = -1;

  /** No size at all. */
  static final Problem EMPTY = Problem.error("ReshapeEmpty");

  /** More axes than a sample can have. */
  static final Problem AXES = Problem.error("ReshapeAxes");

  /** A size of 0, or below -1. */
  static final Problem RANGE = Problem.error("ReshapeRange");

  /** More than one -1. */
  static final Problem INFERENCE = Problem.error("ReshapeInference");

  /** More values than a Java array holds. */
  static final Problem TOO_LARGE = Problem.error("ReshapeTooLarge");

  /** More or fewer values than the input has. */
  static final Problem VALUES = Problem.error("ReshapeValues");

  /** No whole number is left for the -1. */
  static final Problem REST = Problem.error("ReshapeRest");

  @Override
  public String annotation() {
    return "Reshape";
  }

  @Override
  public StateView view() {
    return StateView.LAYER;
  }

  @Override
  public List<Problem> problems() {
    return List.of(EMPTY, AXES, RANGE, INFERENCE, TOO_LARGE, VALUES, REST);
  }

  @Override
  public Optional<ReshapeConfig> configure(LayerDeclaration declaration, Report report) {
    List<Integer> sizes = declaration.attributes().integers(SIZES);
    Checks checks = new Checks(declaration, report);
    if (sizes.isEmpty()) {
      checks.report(
          EMPTY,
          SIZES,
          "says no size.",
          "Write the sizes of a sample without the batch, such as {3, 32, 32} for channels, height"
              + " and width.");
    }
    if (sizes.size() > Shape.MOST_AXES) {
      checks.report(
          AXES,
          SIZES,
          Shape.MOST_AXES,
          "has "
              + sizes.size()
              + " axes, but a sample can have at most "
              + Shape.MOST_AXES
              + " besides the batch, which is not written.",
          List.of(),
          "Merge some of them.");
    }
    checkEach(checks, sizes);
    if (checks.passed()) {
      checkProduct(checks, sizes);
    }
    return checks.passed() ? Optional.of(new ReshapeConfig(declaration, sizes)) : Optional.empty();
  }

  private static void checkEach(Checks checks, List<Integer> sizes) {
    int inferred = Collections.frequency(sizes, INFERRED);
    int before = 0;
    for (int i = 0; i < sizes.size(); i++) {
      int size = sizes.get(i);
      if (size == INFERRED && ++before == 2) {
        checks.report(
            INFERENCE,
            SIZES,
            i,
            "-1 stands for what the other sizes leave, so one size can be -1, but "
                + inferred
                + " are.",
            List.of(),
            "Write all sizes but one.");
      }
      if (size < 1 && size != INFERRED) {
        checks.report(
            RANGE,
            SIZES,
            i,
            "a size must be at least 1, or -1 for what the others leave, but one is " + size + ".",
            List.of(),
            "");
      }
    }
  }

  private static void checkProduct(Checks checks, List<Integer> sizes) {
    List<Integer> written = sizes.stream().filter(size -> size != INFERRED).toList();
    BigInteger values =
        written.stream().map(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);
    if (values.bitLength() >= Integer.SIZE) {
      checks.report(
          TOO_LARGE,
          SIZES,
          "its sizes "
              + written.stream().map(String::valueOf).collect(Collectors.joining("x"))
              + " make "
              + values
              + " values, but a sample can have at most "
              + Integer.MAX_VALUE
              + ".",
          "");
    }
  }
}
