package dev.tenon.processor.layers.common;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.diagnostics.Remedy;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;

/** What makes of a vector what a layer with spatial axes works on. */
public final class Reshapings {
  /** Advice for a vector where no sizes are known that would do. */
  public static final String ADVICE = "@Reshape makes several axes of one.";

  private static final List<Integer> USUAL_CHANNELS = List.of(1, 3);

  private Reshapings() {}

  /**
   * A reshaping before a layer, with the sizes if they can be told: the channels that the layer
   * says, or else one or three, and spatial axes of one size. Where they cannot, what is tried is
   * of one channel, or those of the layer, and nearly a square or cube.
   *
   * @param input what flows in
   * @param channels what the layer says, 0 if nothing
   * @return empty if the input is no vector, or has no such sizes
   */
  public static List<Remedy> before(
      LayerDeclaration layer, Spatial spatial, Shape input, int channels) {
    if (input.rank() != 1) {
      return List.of();
    }
    int values = input.channels();
    if (channels != 0 && (values % channels != 0 || values == channels)) {
      return List.of();
    }
    for (int guess : channels == 0 ? USUAL_CHANNELS : List.of(channels)) {
      List<Integer> sizes = values % guess == 0 ? sizes(spatial, values, guess) : List.of();
      boolean equal = sizes.stream().skip(1).distinct().count() == 1;
      if (equal && sizes.get(1) > 1) {
        String what = channels != 0 ? "" : " for " + spatial.ofChannels(guess);
        return List.of(Remedy.reshape(layer, Attributes.text(sizes), sizes, what));
      }
    }
    List<String> names = new ArrayList<>(spatial.names());
    names.add(0, channels == 0 ? "channels" : String.valueOf(channels));
    return List.of(
        Remedy.reshape(
            layer,
            Attributes.text(names),
            sizes(spatial, values, Math.max(channels, 1)),
            ", with sizes whose product is " + values));
  }

  private static List<Integer> sizes(Spatial spatial, int values, int channels) {
    List<Integer> sizes = new ArrayList<>(List.of(channels));
    int rest = values / channels;
    for (int axes = spatial.axes(); axes > 0; axes--) {
      int size = largestRoot(rest, axes);
      sizes.add(size);
      rest /= size;
    }
    return sizes;
  }

  /** The largest divisor of a number whose power is not above it. */
  private static int largestRoot(int number, int power) {
    if (power == 1) {
      return number;
    }
    int largest = 1;
    for (int divisor = 2; power(divisor, power) <= number; divisor++) {
      largest = number % divisor == 0 ? divisor : largest;
    }
    return largest;
  }

  private static long power(int base, int power) {
    return power == 1 ? base : base * power(base, power - 1);
  }
}
