package dev.tenon.runtime.file;

import java.util.Locale;

/**
 * What the objects of one file may take. A pickle makes an object of a single byte, so a small file
 * could fill the memory; a state dictionary needs less than its file has.
 */
final class Budget {
  /** So small a file cannot do harm. */
  private static final long LEAST = 8L << 20;

  private final String origin;
  private final long most;
  private long used;

  Budget(String origin, long fileSize) {
    this.origin = origin;
    this.most = Math.max(LEAST, 2 * fileSize);
  }

  /** Takes some bytes of memory. */
  void take(long bytes) throws WeightsException {
    used += bytes;
    if (used > most) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "%s: what the file lists takes more than %,d bytes of memory, twice the file: no state"
                  + " dictionary needs that.",
              origin,
              most));
    }
  }
}
