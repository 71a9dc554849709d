package dev.tenon.integration;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A function and its derivative for an {@code @Elementwise} layer, which can be made to throw. */
public final class Fuse {
  private static final AtomicLong CALLS_LEFT = new AtomicLong(Long.MAX_VALUE);
  private static volatile Supplier<? extends Throwable> what;

  private Fuse() {}

  /** Throws once, at the call of either function that comes after so many. */
  static void blowAfter(long calls, Supplier<? extends Throwable> thrown) {
    what = thrown;
    CALLS_LEFT.set(calls);
  }

  /** Takes it back; says whether it was still to come. */
  static boolean defuse() {
    return CALLS_LEFT.getAndSet(Long.MAX_VALUE) >= 0;
  }

  /** How often something calls the functions. */
  static long callsOf(Runnable task) {
    CALLS_LEFT.set(Long.MAX_VALUE - 1);
    task.run();
    return Long.MAX_VALUE - 1 - CALLS_LEFT.getAndSet(Long.MAX_VALUE);
  }

  /** {@code 2x}. */
  public static double twice(double x) {
    burn();
    return 2 * x;
  }

  /** Its derivative. */
  public static double two(@SuppressWarnings("unused") double x) {
    burn();
    return 2;
  }

  private static void burn() {
    if (CALLS_LEFT.get() != Long.MAX_VALUE && CALLS_LEFT.getAndDecrement() == 0) {
      Fuse.<RuntimeException>sneak(what.get());
    }
  }

  @SuppressWarnings({"unchecked", "DoNotCallSuggester"})
  static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
