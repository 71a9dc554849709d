package dev.tenon.processor.layers.reshape;

import static dev.tenon.processor.layers.reshape.ReshapeType.INFERRED;
import static dev.tenon.processor.layers.reshape.ReshapeType.SIZES;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A checked {@code @Reshape}.
 *
 * @param declaration what the user wrote
 * @param sizes of an output sample, whose product fits an int; one may be -1
 */
record ReshapeConfig(LayerDeclaration declaration, List<Integer> sizes) implements LayerConfig {
  ReshapeConfig {
    sizes = List.copyOf(sizes);
  }

  /** The size of an axis that would be right, were the others. */
  private record Fit(int axis, int size) {}

  @Override
  public OptionalInt wantedChannels() {
    // Right for a vector; of more axes, the values of a channel are not known here.
    return sizes.contains(INFERRED) ? OptionalInt.empty() : OptionalInt.of(written());
  }

  @Override
  public Optional<ReshapeLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    // A sample has no more values than an array holds.
    int values = Math.toIntExact(input.count());
    int inferred = sizes.indexOf(INFERRED);
    Checks checks = new Checks(declaration, report);
    if (inferred >= 0 && values % written() != 0) {
      reportRest(checks, input, values, inferred);
      return Optional.empty();
    }
    if (inferred < 0 && values != written()) {
      reportValues(checks, input, values);
      return Optional.empty();
    }
    return Optional.of(
        new ReshapeLayer(
            input, new Shape(inferred < 0 ? sizes : with(new Fit(inferred, values / written())))));
  }

  private void reportRest(Checks checks, Shape input, int values, int inferred) {
    checks.report(
        ReshapeType.REST,
        SIZES,
        inferred,
        "the sizes besides -1 make "
            + written()
            + ", which does not divide the "
            + values
            + (input.rank() == 1 ? " values of its input." : " values of its input " + input + "."),
        remedies(
            fits(values).stream()
                .filter(fit -> fit.axis() != inferred)
                .map(fit -> new Fit(fit.axis(), nearestDivisor(fit)))
                .toList()),
        "Write sizes whose product divides " + values + ".");
  }

  private void reportValues(Checks checks, Shape input, int values) {
    List<Fit> fits = fits(values);
    String what =
        "its sizes "
            + new Shape(sizes)
            + " make "
            + written()
            + (written() == 1 ? " value" : " values")
            + ", but its input "
            + (input.rank() == 1 ? "" : input + " ")
            + "has "
            + values
            + ".";
    String advice = "Write sizes whose product is " + values + ".";
    if (fits.size() == 1) {
      checks.report(ReshapeType.VALUES, SIZES, fits.get(0).axis(), what, remedies(fits), advice);
    } else {
      checks.report(ReshapeType.VALUES, SIZES, what, remedies(fits), advice);
    }
  }

  private List<Remedy> remedies(List<Fit> fits) {
    return fits.stream()
        .map(this::with)
        .map(
            fitting ->
                new Remedy(
                    "write", Attributes.text(fitting), new Change.Set(declaration, SIZES, fitting)))
        .toList();
  }

  /**
   * The axes with a size that could be another one, and what it could be then; with a -1, what it
   * would have to divide.
   */
  private List<Fit> fits(int values) {
    return IntStream.range(0, sizes.size())
        .filter(axis -> values % othersOf(axis) == 0)
        .mapToObj(axis -> new Fit(axis, values / othersOf(axis)))
        .toList();
  }

  private int nearestDivisor(Fit fit) {
    int size = sizes.get(fit.axis());
    return IntStream.rangeClosed(1, fit.size())
        .filter(divisor -> fit.size() % divisor == 0)
        .boxed()
        .min(Comparator.comparingInt(divisor -> Math.abs(divisor - size)))
        .orElseThrow();
  }

  /** The product of the sizes that are written. */
  private int written() {
    return sizes.stream().filter(size -> size != INFERRED).reduce(1, Math::multiplyExact);
  }

  /** The same without one of them. */
  private int othersOf(int axis) {
    return sizes.get(axis) == INFERRED ? written() : written() / sizes.get(axis);
  }

  private List<Integer> with(Fit fit) {
    List<Integer> changed = new ArrayList<>(sizes);
    changed.set(fit.axis(), fit.size());
    return changed;
  }
}
