package dev.tenon.runtime.init;

import dev.tenon.runtime.random.Randoms;
import java.util.Objects;

/**
 * The first values of a parameter, as a function of a key and an index: element {@code i} of
 * parameter number {@code p} under seed {@code s} depends on {@code (s, p, i)} only. The same seed
 * therefore gives the same weights on every platform, and changing one layer's size leaves the
 * weights of the layers before it alone.
 *
 * <p>float32 values are the float64 values rounded once.
 */
@FunctionalInterface
public interface Initializer {
  /**
   * One value.
   *
   * @param key key of the parameter, from {@link #key}
   * @param index row-major position of the element in the parameter
   * @return the initial value
   */
  double value(long key, long index);

  /**
   * The key of one parameter.
   *
   * @param seed the user's seed
   * @param parameter number of the parameter, in declaration order from 0
   * @return a key for {@link #value}
   */
  static long key(long seed, int parameter) {
    return Randoms.key(seed, Randoms.INITIALISATION, parameter);
  }

  /**
   * Fills a slice with initial values.
   *
   * @param array written
   * @param offset first element written
   * @param length number of elements written
   * @param key key of the parameter
   */
  default void fill(float[] array, int offset, int length, long key) {
    Objects.requireNonNull(array, "array");
    for (int i = 0; i < length; i++) {
      array[offset + i] = (float) value(key, i);
    }
  }

  /**
   * Fills a slice with initial values.
   *
   * @param array written
   * @param offset first element written
   * @param length number of elements written
   * @param key key of the parameter
   */
  default void fill(double[] array, int offset, int length, long key) {
    Objects.requireNonNull(array, "array");
    for (int i = 0; i < length; i++) {
      array[offset + i] = value(key, i);
    }
  }

  /**
   * Every element the same.
   *
   * @param value the value
   * @return an initialiser without randomness
   */
  static Initializer constant(double value) {
    return (key, index) -> value;
  }

  /**
   * Uniform on [-bound, bound).
   *
   * @param bound finite, at least 0
   * @return the initialiser
   * @throws IllegalArgumentException for a bound that is negative or not finite
   */
  static Initializer uniform(double bound) {
    requireScale("bound", bound);
    return (key, index) -> (2 * Randoms.uniformDouble(key, index) - 1) * bound;
  }

  /**
   * Normal with mean 0.
   *
   * @param std standard deviation, finite, at least 0
   * @return the initialiser
   * @throws IllegalArgumentException for a deviation that is negative or not finite
   */
  static Initializer normal(double std) {
    requireScale("std", std);
    return (key, index) -> std * Randoms.normal(key, index);
  }

  /**
   * The same but for one row, which is zero: the padding of an embedding.
   *
   * @param row number of the row
   * @param rowSize values in a row
   * @return the initialiser
   */
  default Initializer withZeroRow(int row, int rowSize) {
    return (key, index) -> index / rowSize == row ? 0 : value(key, index);
  }

  /**
   * The default of linear and convolution layers, for weights and biases alike: uniform with bound
   * {@code 1 / sqrt(fanIn)}. This is Kaiming uniform with {@code a = sqrt(5)}.
   *
   * @param fanIn inputs that one output reads: {@code in} for a linear layer, {@code in / groups *
   *     kernel height * kernel width} for a convolution
   * @return the initialiser
   * @throws IllegalArgumentException if {@code fanIn} is below 1
   */
  static Initializer fanIn(long fanIn) {
    return uniform(1 / Math.sqrt(requireFan("fanIn", fanIn)));
  }

  /**
   * Kaiming (He) uniform: bound {@code gain * sqrt(3 / fan)} (He et al., <i>Delving Deep into
   * Rectifiers</i>, 2015).
   *
   * @param gain see {@link Gain}
   * @param fan fan-in to keep the forward signal's variance, fan-out for the backward signal's
   * @return the initialiser
   * @throws IllegalArgumentException if {@code fan} is below 1 or the gain negative or not finite
   */
  static Initializer kaimingUniform(double gain, long fan) {
    return uniform(requireScale("gain", gain) * Math.sqrt(3.0 / requireFan("fan", fan)));
  }

  /**
   * Kaiming (He) normal: standard deviation {@code gain / sqrt(fan)}.
   *
   * @param gain see {@link Gain}
   * @param fan fan-in or fan-out
   * @return the initialiser
   * @throws IllegalArgumentException if {@code fan} is below 1 or the gain negative or not finite
   */
  static Initializer kaimingNormal(double gain, long fan) {
    return normal(requireScale("gain", gain) / Math.sqrt(requireFan("fan", fan)));
  }

  /**
   * Xavier (Glorot) uniform: bound {@code gain * sqrt(6 / (fanIn + fanOut))} (Glorot and Bengio,
   * <i>Understanding the difficulty of training deep feedforward neural networks</i>, 2010).
   *
   * @param gain see {@link Gain}
   * @param fanIn inputs that one output reads
   * @param fanOut outputs that one input reaches
   * @return the initialiser
   * @throws IllegalArgumentException if a fan is below 1 or the gain negative or not finite
   */
  static Initializer xavierUniform(double gain, long fanIn, long fanOut) {
    double fans = requireFan("fanIn", fanIn) + requireFan("fanOut", fanOut);
    return uniform(requireScale("gain", gain) * Math.sqrt(6 / fans));
  }

  /**
   * Xavier (Glorot) normal: standard deviation {@code gain * sqrt(2 / (fanIn + fanOut))}.
   *
   * @param gain see {@link Gain}
   * @param fanIn inputs that one output reads
   * @param fanOut outputs that one input reaches
   * @return the initialiser
   * @throws IllegalArgumentException if a fan is below 1 or the gain negative or not finite
   */
  static Initializer xavierNormal(double gain, long fanIn, long fanOut) {
    double fans = requireFan("fanIn", fanIn) + requireFan("fanOut", fanOut);
    return normal(requireScale("gain", gain) * Math.sqrt(2 / fans));
  }

  private static double requireScale(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "Initializer: " + name + " must be finite and at least 0, but is " + value + ".");
    }
    return value;
  }

  private static double requireFan(String name, long fan) {
    if (fan < 1) {
      throw new IllegalArgumentException(
          "Initializer: " + name + " must be at least 1, but is " + fan + ".");
    }
    return fan;
  }
}
