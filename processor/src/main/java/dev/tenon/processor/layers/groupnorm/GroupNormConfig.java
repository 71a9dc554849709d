package dev.tenon.processor.layers.groupnorm;

import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.layers.norm.NormChecks;
import dev.tenon.processor.layers.norm.NormProblems;
import dev.tenon.processor.layers.norm.Normalisation;
import dev.tenon.processor.layers.norm.Scope;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A checked {@code @GroupNorm}.
 *
 * @param declaration what the user wrote
 * @param groups at least 1
 * @param channels 0 to take them from the input
 * @param eps added to the variance; finite, at least 0
 * @param affine whether it learns a scale
 * @param bias whether it learns a shift; only with {@code affine}
 */
public record GroupNormConfig(
    LayerDeclaration declaration,
    int groups,
    int channels,
    double eps,
    boolean affine,
    boolean bias)
    implements LayerConfig {
  static final NormProblems OWN = new NormProblems("GroupNorm");

  /** The channels cannot be divided into so many groups of one size. */
  static final Problem GROUPS = Problem.error("GroupNormGroups");

  /** A group of a sample has one value only. */
  static final Problem VALUES = Problem.error("GroupNormValues");

  static final String SIZE = "channels";

  /** Divisors in a message; some numbers have more than a thousand. */
  private static final int MOST_DIVISORS = 16;

  @Override
  public OptionalInt wantedChannels() {
    return channels == 0 ? OptionalInt.empty() : OptionalInt.of(channels);
  }

  @Override
  public Optional<GroupNormLayer> bind(List<Shape> inputs, Report report) {
    Shape input = inputs.get(0);
    NormChecks norm = new NormChecks(declaration, report);
    if (!norm.size(SIZE, channels, input)) {
      return Optional.empty();
    }
    if (input.channels() % groups != 0) {
      norm.checks()
          .report(
              GROUPS,
              "groups",
              input.channels()
                  + (input.channels() == 1 ? " channel" : " channels")
                  + " cannot be divided into "
                  + groups
                  + " groups of one size.",
              "Use a divisor of " + input.channels() + ": " + divisors(input) + ".");
      return Optional.empty();
    }
    if (input.count() == groups) {
      norm.checks()
          .report(
              VALUES,
              "groups",
              "each of the "
                  + groups
                  + (groups == 1 ? " group" : " groups")
                  + " has only one value in a sample of "
                  + input
                  + ": there is nothing to take a mean of.",
              groups == 1
                  ? "Put it where a sample has more than one value."
                  : "Use fewer groups, or put it where a channel has more than one value.");
      return Optional.empty();
    }
    return Optional.of(
        new GroupNormLayer(
            input,
            groups,
            new Normalisation(Scope.ofGroups(input, groups), eps, affine, bias, Optional.empty())));
  }

  /** All but one that would leave a single value to a group. */
  private static String divisors(Shape input) {
    int number = input.channels();
    List<Integer> divisors =
        IntStream.rangeClosed(1, (int) Math.sqrt(number))
            .filter(divisor -> number % divisor == 0)
            .flatMap(divisor -> IntStream.of(divisor, number / divisor))
            .filter(divisor -> divisor != input.count())
            .distinct()
            .sorted()
            .boxed()
            .toList();
    String shown =
        divisors.stream()
            .limit(MOST_DIVISORS)
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    return divisors.size() > MOST_DIVISORS ? shown + " and others" : shown;
  }
}
