package dev.tenon.runtime.schedule;

import dev.tenon.runtime.math.StableMath;
import java.util.Arrays;
import java.util.Objects;

/**
 * The learning-rate schedules, after PyTorch's of the same names. In the formulas e is the number
 * of scheduler steps taken, and 0 gives the first rate.
 *
 * <p>None of them allocates, and each gives the same bits on every machine.
 */
public final class Schedules {
  private Schedules() {}

  /**
   * {@code base * gamma^(e div size)}.
   *
   * @param size steps between drops, at least 1
   * @param gamma factor of each drop, finite, at least 0; PyTorch's default is 0.1
   * @return the schedule
   * @throws IllegalArgumentException for a value out of range
   */
  public static Schedule step(int size, double gamma) {
    atLeastOne("step", "size", size);
    notNegative("step", "gamma", gamma);
    return (base, e) -> {
      long drops = e / size;
      return base * StableMath.power(gamma, drops);
    };
  }

  /**
   * {@code base * gamma^(number of marks at or before e)}.
   *
   * @param gamma factor of each drop, finite, at least 0; PyTorch's default is 0.1
   * @param marks steps from which a drop applies, at least 0; a mark given twice drops twice
   * @return the schedule
   * @throws IllegalArgumentException for a value out of range
   */
  public static Schedule multiStep(double gamma, int... marks) {
    notNegative("multiStep", "gamma", gamma);
    Objects.requireNonNull(marks, "marks");
    int[] copy = Arrays.copyOf(marks, marks.length);
    for (int mark : copy) {
      if (mark < 0) {
        throw new IllegalArgumentException(
            "multiStep: marks must be at least 0, but one is " + mark + ".");
      }
    }
    return (base, e) -> {
      long drops = 0;
      for (int mark : copy) {
        if (mark <= e) {
          drops++;
        }
      }
      return base * StableMath.power(gamma, drops);
    };
  }

  /**
   * {@code base * gamma^e}.
   *
   * @param gamma factor of each step, finite, at least 0
   * @return the schedule
   * @throws IllegalArgumentException for a value out of range
   */
  public static Schedule exponential(double gamma) {
    notNegative("exponential", "gamma", gamma);
    return (base, e) -> base * StableMath.power(gamma, e);
  }

  /**
   * Half a cosine from the base rate down to 0 (Loshchilov and Hutter, <i>SGDR</i>, 2017, without
   * restarts); {@link #cosine(int, double)} with minimum 0.
   *
   * @param steps steps until the minimum, at least 1; after it the rate rises again
   * @return the schedule
   * @throws IllegalArgumentException for a value out of range
   */
  public static Schedule cosine(int steps) {
    return cosine(steps, 0);
  }

  /**
   * {@code min + (base - min) * (1 + cos(pi e / steps)) / 2}, periodic.
   *
   * @param steps steps until the minimum, at least 1; after it the rate rises again
   * @param min the lowest rate, finite, at least 0
   * @return the schedule
   * @throws IllegalArgumentException for a value out of range
   */
  public static Schedule cosine(int steps, double min) {
    atLeastOne("cosine", "steps", steps);
    notNegative("cosine", "min", min);
    // One period is 2 * steps; reduced first, so that large step numbers lose no accuracy.
    return (base, e) -> between(base, min, (double) (e % (2L * steps)) / steps);
  }

  /**
   * {@code base * (start + (end - start) * min(e, steps) / steps)}, a warm-up.
   *
   * @param start factor at the first step, in (0, 1]; PyTorch's default is 1/3
   * @param end factor from {@code steps} on, in [0, 1]; PyTorch's default is 1
   * @param steps length of the ramp, at least 1; PyTorch's default is 5
   * @return the schedule
   * @throws IllegalArgumentException for a value out of range
   */
  public static Schedule linear(double start, double end, int steps) {
    if (!(start > 0 && start <= 1)) {
      throw new IllegalArgumentException("linear: start must be in (0, 1], but is " + start + ".");
    }
    inUnit("linear", "end", end);
    atLeastOne("linear", "steps", steps);
    return (base, e) -> base * (start + (end - start) * Math.min(e, steps) / steps);
  }

  /**
   * {@code base * factor} for the first steps, then {@code base}.
   *
   * @param factor in [0, 1]; PyTorch's default is 1/3
   * @param steps how many steps are lowered, at least 1; PyTorch's default is 5
   * @return the schedule
   * @throws IllegalArgumentException for a value out of range
   */
  public static Schedule constant(double factor, int steps) {
    inUnit("constant", "factor", factor);
    atLeastOne("constant", "steps", steps);
    return (base, e) -> e < steps ? base * factor : base;
  }

  /**
   * {@code base * (1 - min(e, steps) / steps)^power}.
   *
   * @param steps steps until 0, at least 1; PyTorch's default is 5
   * @param power finite, at least 0; PyTorch's default is 1
   * @return the schedule
   * @throws IllegalArgumentException for a value out of range
   */
  public static Schedule polynomial(int steps, double power) {
    atLeastOne("polynomial", "steps", steps);
    notNegative("polynomial", "power", power);
    return (base, e) -> base * StableMath.power(1 - (double) Math.min(e, steps) / steps, power);
  }

  /**
   * Cosines that start again: each from the base rate towards the minimum (Loshchilov and Hutter,
   * <i>SGDR: Stochastic Gradient Descent with Warm Restarts</i>, 2017).
   *
   * @param first steps of the first period, at least 1
   * @param factor how much longer each period is than the one before, at least 1; PyTorch's default
   *     is 1
   * @param min the lowest rate, finite, at least 0; PyTorch's default is 0
   * @return the schedule
   * @throws IllegalArgumentException for a value out of range
   */
  public static Schedule cosineRestarts(int first, int factor, double min) {
    atLeastOne("cosineRestarts", "first", first);
    atLeastOne("cosineRestarts", "factor", factor);
    notNegative("cosineRestarts", "min", min);
    return (base, e) -> {
      long period = first;
      long within = e;
      if (factor == 1) {
        within = e % period;
      } else {
        while (within >= period) {
          within -= period;
          period *= factor;
        }
      }
      return between(base, min, (double) within / period);
    };
  }

  /**
   * One rise and one fall over the whole run; see {@link OneCycle} for its options.
   *
   * @param max the highest rate, finite, above 0; the optimiser's configured rate is not used
   * @param total number of steps of the whole run, at least 2
   * @return the schedule with PyTorch's defaults
   * @throws IllegalArgumentException for a value out of range
   */
  public static OneCycle oneCycle(double max, int total) {
    return new OneCycle(max, total);
  }

  /**
   * Lowers the rate when a metric stops getting better; see {@link Plateau} for its options.
   *
   * @return the rule with PyTorch's defaults
   */
  public static Plateau plateau() {
    return Plateau.DEFAULT;
  }

  /** Half a cosine from {@code from} (at 0) to {@code to} (at 1). */
  static double between(double from, double to, double share) {
    return to + (from - to) * (1 + StableMath.cosPi(share)) / 2;
  }

  static void atLeastOne(String schedule, String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          schedule + ": " + name + " must be at least 1, but is " + value + ".");
    }
  }

  static void notNegative(String schedule, String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          schedule + ": " + name + " must be finite and at least 0, but is " + value + ".");
    }
  }

  static void inUnit(String schedule, String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(
          schedule + ": " + name + " must be in [0, 1], but is " + value + ".");
    }
  }
}
