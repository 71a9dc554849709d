package dev.tenon.processor.layers.upsample;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.common.Reshapings;
import dev.tenon.processor.layers.common.Spatial;
import dev.tenon.processor.shape.Shape;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** {@code @Upsample(scale, size, mode, alignCorners)}. */
public final class UpsampleType implements LayerType {
  private static final String BILINEAR = "BILINEAR";

  /** Neither scale nor size, or both. */
  static final Problem TARGET = Problem.error("UpsampleTarget");

  /** A scale that is not a positive number, or a size below 1. */
  static final Problem RANGE = Problem.error("UpsampleRange");

  /** Neither one value nor two. */
  static final Problem VALUES = Problem.error("UpsampleValues");

  /** Aligned corners without interpolation. */
  static final Problem CORNERS = Problem.error("UpsampleCorners");

  /** The input is no image. */
  static final Problem RANK = Problem.error("UpsampleRank");

  /** No output, or more elements than an int holds. */
  static final Problem SIZE = Problem.error("UpsampleSize");

  @Override
  public String annotation() {
    return "Upsample";
  }

  @Override
  public StateView view() {
    return StateView.LAYER;
  }

  @Override
  public List<Problem> problems() {
    return List.of(TARGET, RANGE, VALUES, CORNERS, RANK, SIZE);
  }

  @Override
  public Optional<UpsampleConfig> configure(LayerDeclaration declaration, Report report) {
    Attributes attributes = declaration.attributes();
    Checks checks = new Checks(declaration, report);
    List<Double> scale = attributes.numbers("scale");
    List<Integer> size = attributes.integers("size");
    boolean bilinear = attributes.text("mode").equals(BILINEAR);
    boolean alignCorners = attributes.flag("alignCorners");
    if (scale.isEmpty() == size.isEmpty()) {
      checks.report(
          TARGET,
          scale.isEmpty() ? "" : "size",
          scale.isEmpty()
              ? "says neither how much larger the output is nor how large."
              : "scale and size both say how large the output is.",
          scale.isEmpty()
              ? "Set scale = 2 for twice the height and width, or size = {height, width}."
              : "Keep one of them.");
    }
    if (isOneOrAll(checks, "scale", scale.size())) {
      scale.stream()
          .filter(factor -> !(factor > 0) || Double.isInfinite(factor))
          .findFirst()
          .ifPresent(
              factor ->
                  checks.report(
                      RANGE,
                      "scale",
                      "scale must be positive and finite, but is " + factor + ".",
                      ""));
    }
    // Where scale is written too, one of them goes: nothing more is said of this one.
    if (scale.isEmpty() && isOneOrAll(checks, "size", size.size())) {
      checks.allAtLeast(RANGE, "size", size, 1);
    }
    if (alignCorners && !bilinear) {
      checks.report(
          CORNERS,
          "alignCorners",
          "alignCorners = true is for interpolation, but mode is NEAREST.",
          "Set mode = Upsample.Mode.BILINEAR, or leave alignCorners out.");
    }
    return checks.passed()
        ? Optional.of(
            new UpsampleConfig(declaration, perAxis(scale), perAxis(size), bilinear, alignCorners))
        : Optional.empty();
  }

  private static boolean isOneOrAll(Checks checks, String attribute, int count) {
    if (count <= 2) {
      return true;
    }
    checks.report(
        VALUES,
        attribute,
        attribute + " takes " + Spatial.TWO.oneOrAll() + ", but has " + count + ".",
        "");
    return false;
  }

  private static <T> List<T> perAxis(List<T> values) {
    return values.size() == 1 ? Collections.nCopies(2, values.get(0)) : values;
  }

  /** Reports an input that is no image. */
  static boolean takes(Checks checks, LayerDeclaration declaration, Shape input) {
    if (Spatial.TWO.takes(input)) {
      return true;
    }
    checks.report(
        RANK,
        "",
        "works on "
            + Spatial.TWO.works()
            + ", but its input is "
            + input
            + (input.rank() == 1
                ? ", a vector of features."
                : ", which has " + input.rank() + " axes."),
        Reshapings.before(declaration, Spatial.TWO, input, 0),
        input.rank() == 1 ? Reshapings.ADVICE : "");
    return false;
  }
}
