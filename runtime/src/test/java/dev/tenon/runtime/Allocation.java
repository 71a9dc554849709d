package dev.tenon.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts the bytes that the calling thread allocates. */
public final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocation() {}

  /**
   * Runs the action in rounds until one of them allocates nothing. An action that allocates now and
   * then has no such round; the virtual machine's own once-only allocations (linking, and objects
   * it restores when it drops compiled code) happen in some rounds, but not in all.
   */
  public static void assertNone(Runnable action) {
    bytes(action, 50);
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20 && least > 0; round++) {
      least = Math.min(least, bytes(action, 200));
    }
    assertThat(least).as("bytes allocated in 200 runs").isZero();
  }

  /** The bytes that one run of the action allocates, the least of many for the same reason. */
  public static long bytes(Runnable action) {
    long least = Long.MAX_VALUE;
    for (int run = 0; run < 50; run++) {
      least = Math.min(least, bytes(action, 1));
    }
    return least;
  }

  private static long bytes(Runnable action, int times) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < times; i++) {
      action.run();
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
