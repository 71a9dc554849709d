package dev.tenon.integration;

import dev.tenon.runtime.internal.parallel.Work;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands in for the pool of generated programs: the smallest ranges, in reverse order. */
public final class Cutting {
  private static final AtomicInteger RANGES = new AtomicInteger();

  private Cutting() {}

  /** As {@link dev.tenon.runtime.internal.parallel.WorkerPool#run}. */
  public static void run(Work work, int step, int count, int align, long nanosPerItem) {
    if (nanosPerItem < 0) {
      throw new IllegalArgumentException("nanosPerItem " + nanosPerItem);
    }
    for (int from = (count - 1) / align * align; from >= 0; from -= align) {
      work.run(step, from, Math.min(from + align, count));
      RANGES.incrementAndGet();
    }
  }

  /** How many ranges have been run. */
  static int ranges() {
    return RANGES.get();
  }
}
