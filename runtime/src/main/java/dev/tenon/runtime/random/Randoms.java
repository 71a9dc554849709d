package dev.tenon.runtime.random;

import java.util.Objects;

/**
 * Counter-based random numbers: every number is a pure function of a 64-bit key and an index, never
 * of how many numbers were drawn before. The same arguments give the same bits on every platform
 * and for any number of threads.
 *
 * <p>The generator is SplitMix64 (Steele, Lea, Flood, <i>Fast Splittable Pseudorandom Number
 * Generators</i>, OOPSLA 2014) read as a function: {@code bits(key, i)} is output number {@code i}
 * (counting from 0) of a SplitMix64 whose state starts at {@code key}. It is fast and statistically
 * sound, and not meant for cryptography.
 */
public final class Randoms {
  /**
   * The value of {@code step} in {@link #key} that the initial values of parameters use. Training
   * steps count from 0, so a dropout mask never repeats the numbers after the weights.
   */
  public static final long INITIALISATION = -1;

  /** The value of {@code step} in {@link #key} that {@link #permutation(long, int)} uses. */
  public static final long SHUFFLE = -2;

  /** 2^64 divided by the golden ratio, odd: the increment of SplitMix64. */
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private Randoms() {}

  /**
   * A key for one layer at one step. For a fixed seed and step, different layers have different
   * keys; for a fixed seed and layer, different steps have different keys.
   *
   * @param seed the user's seed
   * @param step training step, from 0; negative values are reserved (see the constants here)
   * @param layer number of the layer or parameter, in declaration order
   * @return {@code mix(mix(mix(seed + G) ^ step + G) ^ layer + G)}, where {@code ^} binds tighter
   *     than {@code +} in this formula, {@code G} is the golden increment and {@code mix} the
   *     SplitMix64 finaliser
   */
  public static long key(long seed, long step, int layer) {
    long afterSeed = mix(seed + GOLDEN);
    long afterStep = mix((afterSeed ^ step) + GOLDEN);
    return mix((afterStep ^ layer) + GOLDEN);
  }

  /**
   * 64 random bits.
   *
   * @param key any number, usually from {@link #key}
   * @param index position in the stream of that key
   * @return output number {@code index} of SplitMix64 started at {@code key}
   */
  public static long bits(long key, long index) {
    return mix(key + (index + 1) * GOLDEN);
  }

  /**
   * A float in [0, 1) with 24 random bits: a multiple of 2^-24.
   *
   * @param key any number, usually from {@link #key}
   * @param index position in the stream of that key
   * @return the top 24 of {@link #bits}, times 2^-24
   */
  public static float uniform(long key, long index) {
    return (bits(key, index) >>> 40) * 0x1p-24f;
  }

  /**
   * A double in [0, 1) with 53 random bits: a multiple of 2^-53.
   *
   * @param key any number, usually from {@link #key}
   * @param index position in the stream of that key
   * @return the top 53 of {@link #bits}, times 2^-53
   */
  public static double uniformDouble(long key, long index) {
    return (bits(key, index) >>> 11) * 0x1p-53;
  }

  /**
   * A number from the standard normal distribution, by the Box-Muller transform of the uniform
   * numbers at {@code 2 * index} and {@code 2 * index + 1}. {@link StrictMath} keeps the bits equal
   * on every platform.
   *
   * @param key any number, usually from {@link #key}
   * @param index position among the normal numbers of that key
   * @return a finite number; its absolute value is at most 8.6
   */
  public static double normal(long key, long index) {
    // 1 - u is in (0, 1], so the logarithm is finite.
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniformDouble(key, 2 * index)));
    return radius * StrictMath.cos(2 * Math.PI * uniformDouble(key, 2 * index + 1));
  }

  /**
   * A random order of {@code 0 .. n-1}, every order equally likely.
   *
   * @param seed any number; equal seeds give equal orders on every platform
   * @param n how many, at least 0
   * @return a new array
   * @throws IllegalArgumentException if {@code n} is negative
   */
  public static int[] permutation(long seed, int n) {
    if (n < 0) {
      throw new IllegalArgumentException("A permutation of " + n + " items: must be at least 0.");
    }
    int[] order = new int[n];
    permute(seed, order);
    return order;
  }

  /**
   * Writes {@link #permutation(long, int) permutation(seed, order.length)} into an existing array.
   *
   * @param seed any number
   * @param order overwritten
   */
  public static void permute(long seed, int[] order) {
    Objects.requireNonNull(order, "order");
    long key = key(seed, SHUFFLE, 0);
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    long draw = 0;
    for (int i = order.length - 1; i > 0; i--) {
      long bound = i + 1L;
      long bits = bits(key, draw++) >>> 1;
      long j = bits % bound;
      // 2^63 is rarely a multiple of the bound: numbers of the incomplete last block are drawn
      // again, or small results would be a little more likely. The sum overflows exactly there.
      while (bits - j + (bound - 1) < 0) {
        bits = bits(key, draw++) >>> 1;
        j = bits % bound;
      }
      int swapped = order[i];
      order[i] = order[(int) j];
      order[(int) j] = swapped;
    }
  }

  /** The SplitMix64 finaliser: a bijection on 64 bits. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
