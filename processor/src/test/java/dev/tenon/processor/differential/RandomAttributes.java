package dev.tenon.processor.differential;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The dice, and the attributes of one annotation that they are thrown for. */
abstract class RandomAttributes {
  final SplittableRandom random;

  /** Those of the annotation at hand, as they are written. */
  final List<String> attributes = new ArrayList<>();

  RandomAttributes(SplittableRandom random) {
    this.random = random;
  }

  /** Adds one number for all axes, or one for each; nothing if it is the default. */
  final void add(String attribute, int[] values, int byDefault) {
    boolean equal = Arrays.stream(values).distinct().count() == 1;
    if (equal && values[0] == byDefault) {
      return;
    }
    attributes.add(
        attribute
            + " = "
            + (equal && (values.length == 1 || chance(0.7))
                ? String.valueOf(values[0])
                : "{"
                    + Arrays.stream(values)
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining(", "))
                    + "}"));
  }

  final boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  final String pick(String... values) {
    return values[random.nextInt(values.length)];
  }

  /** A number from 1. */
  final int extent(int most) {
    return 1 + random.nextInt(most);
  }

  final int divisor(int number) {
    int[] divisors = IntStream.rangeClosed(1, number).filter(d -> number % d == 0).toArray();
    return divisors[random.nextInt(divisors.length)];
  }

  final void affineOrNot() {
    if (chance(0.2)) {
      attributes.add("affine = false");
    } else {
      maybeWithoutBias();
    }
  }

  final void maybeWithoutBias() {
    if (chance(0.2)) {
      attributes.add("bias = false");
    }
  }

  final void maybeEps() {
    if (chance(0.4)) {
      attributes.add("eps = " + pick("1e-3", "0.1", "1e-8", "0.0"));
    }
  }

  final String momentum() {
    return "momentum = " + pick("0.05", "0.0", "1.0", "0.3");
  }
}
