package dev.tenon.runtime.file;

import java.util.Locale;
import java.util.function.IntFunction;

/** Memory for what a file holds: what does not fit is said, instead of ending the program. */
final class Memory {
  private Memory() {}

  /**
   * Makes one array.
   *
   * @param size elements; compared with the size of the file before
   * @param bytes of one element
   * @param what it is for, at the beginning of the message
   */
  static <A> A array(IntFunction<A> make, int size, int bytes, String what)
      throws WeightsException {
    try {
      return make.apply(size);
    } catch (OutOfMemoryError e) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "%s needs %,d bytes of memory at once, more than is left of the %,d that the virtual"
                  + " machine may use: give it more with -Xmx.",
              what,
              (long) size * bytes,
              Runtime.getRuntime().maxMemory()),
          e);
    }
  }
}
