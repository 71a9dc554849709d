package dev.tenon.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts the bytes that the calling thread allocates. */
public final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocation() {}

  /** Runs the action often, first to warm up, then counted: it must allocate nothing. */
  public static void assertNone(Runnable action) {
    // Linking, first-time class initialisation and the counter itself allocate once.
    bytes(action, 50);
    assertThat(bytes(action, 200)).as("bytes allocated").isZero();
  }

  private static long bytes(Runnable action, int times) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < times; i++) {
      action.run();
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
