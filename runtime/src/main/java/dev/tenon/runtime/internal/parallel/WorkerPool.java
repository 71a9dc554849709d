package dev.tenon.runtime.internal.parallel;

import java.util.Objects;

/**
 * Threads for the steps of a model. A step is handed over by a few writes to memory, without a lock
 * and without allocating, as long as the threads still look for work; after a moment without any
 * they sleep, so an idle process costs nothing. The threads are daemons, start with the first step
 * that is worth it, and end after some seconds without any, until there is one again: a pool may be
 * dropped without {@link #close}. They have nothing of the thread that starts them, such as its
 * class loader.
 *
 * <p>Thread-safe: a pool works for one caller at a time, and the others do their steps by
 * themselves meanwhile, so models that share a pool never wait for each other.
 */
public final class WorkerPool implements AutoCloseable {
  /**
   * The work that each thread must have at least. Measured on two cores of a Zen4 server with JDK
   * 17: to hand over a step without work and wait for its end takes 0.3 microseconds while the
   * threads look for work; with work, two threads did 10 microseconds in 6.5 and 14 in 8, so a
   * hand-over costs 1 to 1.5. From 8 microseconds on that is a clear gain.
   */
  static final long LEAST_NANOS = 4_000;

  /** Work per thread from which on it is cut finer, so that a slow thread's share moves on. */
  static final long FINER_NANOS = 100_000;

  /** Ranges for each thread then. */
  static final int FINER_RANGES = 4;

  private final Crew crew;
  private final int limit;
  private final boolean closes;

  private WorkerPool(Crew crew, int limit, boolean closes) {
    this.crew = crew;
    this.limit = limit;
    this.closes = closes;
  }

  /**
   * The pool of the process, with a thread for each core. Models use it unless told otherwise.
   *
   * @return the same pool at every call; {@link #close} leaves it as it is, because others may use
   *     it
   */
  public static WorkerPool shared() {
    return Shared.POOL;
  }

  /**
   * A pool of its own.
   *
   * @param threads at least 1, and the caller is one of them
   * @return a pool that is closed by {@link #close}
   * @throws IllegalArgumentException for less than 1 or more than {@value Crew#MOST_MEMBERS}
   */
  public static WorkerPool of(int threads) {
    if (threads < 1 || threads > Crew.MOST_MEMBERS) {
      throw new IllegalArgumentException(
          "WorkerPool: threads must be from 1 to "
              + Crew.MOST_MEMBERS
              + ", but is "
              + threads
              + ".");
    }
    return new WorkerPool(new Crew(threads), threads, true);
  }

  /**
   * The same pool, used in part.
   *
   * @param threads at least 1; more than the pool has are as many as it has
   * @return a view whose {@link #run} uses at most this many threads; {@link #close} of a view does
   *     nothing
   * @throws IllegalArgumentException for less than 1
   */
  public WorkerPool limitedTo(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "WorkerPool: threads must be at least 1, but is " + threads + ".");
    }
    return new WorkerPool(crew, Math.min(threads, limit), false);
  }

  /**
   * How many threads a step may use, the caller among them.
   *
   * @return at least 1
   */
  public int threads() {
    return limit;
  }

  /**
   * Does all items of a step and returns when the last is done. They are cut into contiguous
   * ranges, one for each thread, and some more where the work is long. The caller does all of them
   * in one call when the step is too short to hand over, when the pool is working for someone else,
   * when a thread of a pool calls, and after {@link #close}.
   *
   * @param work does the items of a range
   * @param step passed on to the work
   * @param count number of items, at least 0; without items there is no call
   * @param align ranges begin at multiples of it, at least 1
   * @param nanosPerItem estimate of the time that an item takes, at least 0
   * @throws IllegalArgumentException if a number is below what it must be at least
   * @throws RuntimeException what the work threw. When several ranges were under way, all of them
   *     ended before, and it is what the first of those that failed threw; an {@link Error}, or a
   *     checked exception of another language, likewise. Whatever it is, no range is under way
   *     afterwards, and the pool works for the next caller with all its threads
   */
  public void run(Work work, int step, int count, int align, long nanosPerItem) {
    Objects.requireNonNull(work, "work");
    if (count < 0 || align < 1 || nanosPerItem < 0) {
      throw new IllegalArgumentException(
          "WorkerPool: count and nanosPerItem must be at least 0 and align at least 1, but they"
              + " are "
              + count
              + ", "
              + nanosPerItem
              + " and "
              + align
              + ".");
    }
    if (count == 0) {
      return;
    }
    long nanos = nanosPerItem > Long.MAX_VALUE / count ? Long.MAX_VALUE : count * nanosPerItem;
    int units = (count - 1) / align + 1;
    int members = (int) Math.min(Math.min(limit, units), nanos / LEAST_NANOS);
    if (members > 1) {
      int each = nanos / members >= FINER_NANOS ? FINER_RANGES : 1;
      int ranges = Math.min(units, members * each);
      if (crew.run(work, step, count, align, members, ranges)) {
        return;
      }
    }
    work.run(step, 0, count);
  }

  /**
   * Ends the threads, each as soon as it has done the range it is at. Steps that follow are done by
   * their callers alone, with the same results. Does nothing to the {@link #shared} pool or through
   * a view.
   */
  @Override
  public void close() {
    if (closes) {
      crew.close();
    }
  }

  /** Returns how many threads a step may use, and whom the pool works for. */
  @Override
  public String toString() {
    Thread caller = crew.caller();
    return "WorkerPool of "
        + limit
        + (limit == 1 ? " thread, " : " threads, ")
        + (caller == null ? "idle" : "working for thread \"" + caller.getName() + "\"");
  }

  /** Made when it is first asked for. */
  private static final class Shared {
    static final WorkerPool POOL = make();

    private static WorkerPool make() {
      int cores = Math.min(Runtime.getRuntime().availableProcessors(), Crew.MOST_MEMBERS);
      return new WorkerPool(new Crew(cores), cores, false);
    }
  }
}
