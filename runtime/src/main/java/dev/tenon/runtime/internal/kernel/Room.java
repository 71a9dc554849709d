package dev.tenon.runtime.internal.kernel;

import java.util.Locale;
import java.util.Objects;

/** How large a batch a program's working memory can hold: an array has fewer than 2^31 values. */
public final class Room {
  /** The longest array that every virtual machine can make. */
  public static final int MOST_VALUES = Integer.MAX_VALUE - 8;

  private Room() {}

  /**
   * Checks that a batch fits.
   *
   * @param network its name
   * @param batch samples of the call
   * @param most the largest batch that fits
   * @param memory what takes most of a sample, such as {@code conv.forwardSums}
   * @param values values that it takes for a sample
   * @throws IllegalArgumentException if the batch is larger than the largest that fits
   */
  public static void require(String network, int batch, int most, String memory, long values) {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(memory, "memory");
    if (batch <= most) {
      return;
    }
    throw new IllegalArgumentException(
        network
            + ": a batch of "
            + grouped(batch)
            + " samples does not fit into working memory: "
            + memory
            + " takes "
            + grouped(values)
            + " values a sample, "
            + grouped(values * batch)
            + " for the batch, and an array holds at most "
            + grouped(MOST_VALUES)
            + ". The largest batch that fits is "
            + grouped(most)
            + ": cut the batch into smaller ones.");
  }

  /** With commas, whatever the locale. */
  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
