package dev.tenon.processor.layers.common;

import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of the layers with a sliding window: a family, such as {@code Conv}, and how many axes the
 * window slides along. Everything that messages and problems call it follows from the two.
 *
 * @param family the annotation's name without its {@code 2d}
 * @param spatial the axes
 * @param isOnlyOne whether the family has no layer for another number of axes
 */
public record WindowKind(String family, Spatial spatial, boolean isOnlyOne) {
  /** Attributes with a value for each axis, where there are several. */
  private static final Set<String> ALONG_AXES =
      Set.of("kernel", "stride", "padding", "dilation", "outputPadding");

  /** A layer of a family for one, two and three axes. */
  public WindowKind(String family, Spatial spatial) {
    this(family, spatial, false);
  }

  /** Simple name of the annotation: {@code Conv2d}. */
  public String annotation() {
    return family + spatial.suffix();
  }

  /** An error of this layer: {@code Conv2dGroups} for {@code Groups}. */
  public Problem error(String what) {
    return Problem.error(annotation() + what);
  }

  /** A number below what it may be. */
  public Problem range() {
    return error("Range");
  }

  /** Neither one value nor one for each axis; a single axis leaves no room for it. */
  public Problem values() {
    return error("Values");
  }

  /** The input has another number of axes. */
  public Problem rank() {
    return error("Rank");
  }

  /** The kernel is larger than the padded input. */
  public Problem kernel() {
    return error("Kernel");
  }

  /** A size that an int does not hold. */
  public Problem size() {
    return error("Size");
  }

  /** Reports an input with another number of axes, and names the annotation that takes it. */
  public boolean takes(
      Checks checks, Shape input, LayerDeclaration declaration, List<Remedy> remediesForVectors) {
    if (spatial.takes(input)) {
      return true;
    }
    checks.report(
        rank(),
        "",
        "works on "
            + spatial.works()
            + ", but its input is "
            + input
            + (input.rank() == 1
                ? ", a vector of features."
                : ", which has " + input.rank() + " axes."),
        input.rank() == 1
            ? remediesForVectors
            : Spatial.of(input)
                .filter(other -> !isOnlyOne)
                .map(other -> use(other, declaration))
                .stream()
                .toList(),
        input.rank() == 1
            ? Reshapings.ADVICE
            : isOnlyOne ? "There is no @" + family + " for that." : "");
    return false;
  }

  /** The same for a pool: of a vector, it should stand where there still are axes, or make some. */
  public boolean takes(Checks checks, Shape input, LayerDeclaration declaration) {
    List<Remedy> remedies = new ArrayList<>();
    remedies.add(
        new Remedy(
            "put",
            "it before the layer that flattens",
            new Change.MoveBefore(declaration, "Flatten")));
    Reshapings.before(declaration, spatial, input, 0)
        .forEach(remedy -> remedies.add(remedy.otherwise()));
    return takes(checks, input, declaration, remedies);
  }

  private Remedy use(Spatial other, LayerDeclaration declaration) {
    String annotation = family + other.suffix();
    Map<String, Object> values = new LinkedHashMap<>();
    declaration
        .attributes()
        .values()
        .forEach((name, value) -> values.put(name, along(other, name, value)));
    return new Remedy("use", "@" + annotation, new Change.Replace(declaration, annotation, values));
  }

  /** An attribute of the window, for another number of axes: one value serves them all. */
  private Object along(Spatial other, String attribute, Object value) {
    boolean isAlong =
        ALONG_AXES.contains(attribute)
            || (attribute.equals("out") && family.startsWith("Adaptive"));
    boolean one = other == Spatial.ONE;
    if (!isAlong || one == (spatial == Spatial.ONE)) {
      return isAlong && value instanceof List<?> list && list.size() > 1
          ? List.of(list.get(0))
          : value;
    }
    if (one) {
      return ((List<?>) value).isEmpty() ? 0 : ((List<?>) value).get(0);
    }
    // A stride that is left out is that of the kernel.
    return attribute.equals("stride") && value.equals(0) ? List.of() : List.of(value);
  }
}
