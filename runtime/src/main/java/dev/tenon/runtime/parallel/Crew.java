package dev.tenon.runtime.parallel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads behind a {@link WorkerPool}, and how they learn of work. Member 0 is whoever calls.
 *
 * <p>A round begins when the caller has written what is to be done, then for each member which
 * ranges are its own, then the ticket, which the others watch. Ranges are claimed one at a time by
 * a compare-and-set, first one's own, then those of others; whoever comes late finds none, and
 * nobody waits for him. A claim carries the number of its round, so one from a past round fails,
 * and after one that succeeds the round cannot end before the range is done: only then may a thread
 * read what is to be done.
 *
 * <p>All that threads share is in an array of longs, two cache lines apart, because processors
 * fetch lines in pairs.
 */
final class Crew {
  /** So that the number of a range fits into 16 bits. */
  static final int MOST_MEMBERS = 0xffff / WorkerPool.FINER_RANGES;

  /**
   * How long a thread looks for work before it sleeps. Longer than what lies between the steps of a
   * training (the optimiser, the loss, the next batch), and short enough that a process that waits
   * for its user does not heat the room. To wake a thread costs its caller some 10 microseconds.
   */
  private static final long LOOK_NANOS = 200_000;

  /**
   * How long a caller looks for the end of a round before it sleeps. Longer than ranges of one
   * round differ; whoever takes longer has lost its core to another process, and may need this one.
   */
  private static final long WAIT_NANOS = 50_000;

  /**
   * Looks until a thread reads the clock and gives way to others that wait for its core, some 10
   * microseconds. The scheduler may have put the caller there: on a busy machine, rounds took twice
   * as long as the work alone when its partner did not give way.
   */
  private static final int LOOKS = 512;

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int STRIDE = 16;

  /** Number of the round and how many members it has. */
  private static final int TICKET = STRIDE;

  /** Ranges that are not done. */
  private static final int PENDING = 2 * STRIDE;

  /** 1 while the caller sleeps. */
  private static final int WAITING = 3 * STRIDE;

  /** 1 from the begin of a round to its end. */
  private static final int BUSY = 4 * STRIDE;

  private static final int FIRST_MEMBER = 5 * STRIDE;

  private final int size;
  private final long lookNanos;
  private final long waitNanos;
  private final long[] cells;
  private volatile Thread[] threads;
  private volatile boolean closed;
  private int rounds;

  // What is to be done in the round under way, see above for who may read it.
  private Thread caller;
  private Work work;
  private int step;
  private int count;
  private int align;
  private int ranges;

  // Guarded by this, and read by the caller after the round.
  private Throwable failure;
  private int failedRange;

  Crew(int size) {
    this.size = size;
    cells = new long[FIRST_MEMBER + 2 * size * STRIDE + STRIDE];
    // More threads than cores take each other's time when they look: they sleep at once.
    boolean fits = size <= Runtime.getRuntime().availableProcessors();
    lookNanos = fits ? LOOK_NANOS : 0;
    waitNanos = fits ? WAIT_NANOS : 0;
  }

  /** Round, end of the member's ranges and the next of them, in 32, 16 and 16 bits. */
  private static int claims(int member) {
    return FIRST_MEMBER + 2 * member * STRIDE;
  }

  /** 1 while the member sleeps. */
  private static int asleep(int member) {
    return claims(member) + STRIDE;
  }

  /**
   * Does all items in ranges, on the first so many members.
   *
   * @return false if nothing was done, because the crew is busy or closed, or one of it calls
   */
  boolean run(Work newWork, int newStep, int newCount, int newAlign, int members, int newRanges) {
    if (closed
        || Thread.currentThread() instanceof Member
        || !CELL.compareAndSet(cells, BUSY, 0L, 1L)) {
      return false;
    }
    Throwable failed;
    try {
      start();
      work = newWork;
      step = newStep;
      count = newCount;
      align = newAlign;
      ranges = newRanges;
      caller = Thread.currentThread();
      failure = null;
      begin(members);
      try {
        claimAll(0, members, rounds);
      } finally {
        // Even when the stack overflows: the others may be at it still.
        await();
      }
      failed = failure;
      failure = null;
    } finally {
      work = null;
      caller = null;
      CELL.setVolatile(cells, BUSY, 0L);
    }
    if (failed != null) {
      rethrow(failed);
    }
    return true;
  }

  private static void rethrow(Throwable failed) {
    if (failed instanceof RuntimeException exception) {
      throw exception;
    }
    if (failed instanceof Error error) {
      throw error;
    }
    // Other languages may throw checked exceptions where Java does not allow any.
    throw new IllegalStateException(failed);
  }

  private void start() {
    if (threads != null) {
      return;
    }
    Thread[] made = new Thread[size - 1];
    for (int i = 0; i < made.length; i++) {
      made[i] = new Member(this, i + 1);
    }
    // Seen by close before any thread can sleep.
    threads = made;
    for (Thread thread : made) {
      thread.start();
    }
  }

  private void begin(int members) {
    rounds++;
    CELL.setVolatile(cells, PENDING, (long) ranges);
    for (int m = 0; m < members; m++) {
      long first = (long) ranges * m / members;
      long end = (long) ranges * (m + 1) / members;
      CELL.setVolatile(cells, claims(m), (long) rounds << 32 | end << 16 | first);
    }
    CELL.setVolatile(cells, TICKET, (long) rounds << 32 | members);
    Thread[] all = threads;
    for (int m = 1; m < members; m++) {
      // A member says that it sleeps before it looks at the ticket for the last time.
      if ((long) CELL.getVolatile(cells, asleep(m)) != 0) {
        LockSupport.unpark(all[m - 1]);
      }
    }
  }

  private void claimAll(int member, int members, int round) {
    for (int i = 0; i < members; i++) {
      int other = member + i;
      int cell = claims(other < members ? other : other - members);
      int range = claim(cell, round);
      while (range >= 0) {
        doRange(range);
        range = claim(cell, round);
      }
    }
  }

  /** The next range of a member, or -1 if there is none left or the round is over. */
  private int claim(int cell, int round) {
    while (true) {
      long claims = (long) CELL.getVolatile(cells, cell);
      int next = (int) claims & 0xffff;
      int end = (int) claims >>> 16;
      if ((int) (claims >>> 32) != round || next >= end) {
        return -1;
      }
      if (CELL.compareAndSet(cells, cell, claims, claims + 1)) {
        return next;
      }
    }
  }

  private void doRange(int range) {
    try {
      work.run(step, start(range), start(range + 1));
    } catch (Throwable e) {
      // The caller throws it.
      keep(range, e);
    } finally {
      if ((long) CELL.getAndAdd(cells, PENDING, -1L) == 1
          && (long) CELL.getVolatile(cells, WAITING) != 0) {
        LockSupport.unpark(caller);
      }
    }
  }

  private int start(int range) {
    long units = (count - 1L) / align + 1;
    return (int) Math.min(count, units * range / ranges * align);
  }

  /** The failure of the first range is the one to show, whichever came first. */
  private synchronized void keep(int range, Throwable e) {
    if (failure == null || range < failedRange) {
      failure = e;
      failedRange = range;
    }
  }

  /** Waits for the ranges that others are at. */
  private void await() {
    long begun = 0;
    for (int looks = 0; (long) CELL.getVolatile(cells, PENDING) != 0; looks++) {
      if (looks % LOOKS != 0) {
        Thread.onSpinWait();
        continue;
      }
      long now = System.nanoTime();
      begun = looks == 0 ? now : begun;
      if (now - begun >= waitNanos) {
        sleepUntilDone();
        return;
      }
      if (looks > 0) {
        Thread.yield();
      }
    }
  }

  private void sleepUntilDone() {
    boolean interrupted = false;
    CELL.setVolatile(cells, WAITING, 1L);
    while ((long) CELL.getVolatile(cells, PENDING) != 0) {
      LockSupport.park(this);
      // While it is set, park does not wait.
      interrupted |= Thread.interrupted();
    }
    CELL.setVolatile(cells, WAITING, 0L);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  void close() {
    closed = true;
    Thread[] all = threads;
    if (all != null) {
      for (Thread thread : all) {
        LockSupport.unpark(thread);
      }
    }
  }

  /** What a thread does all its life. */
  private void serve(int member) {
    long seen = 0;
    while (!closed) {
      seen = nextTicket(member, seen);
      int members = (int) seen;
      if (member < members) {
        claimAll(member, members, (int) (seen >>> 32));
      }
    }
  }

  /** Waits for a round that the member belongs to; returns any ticket when the crew is closed. */
  private long nextTicket(int member, long last) {
    long seen = last;
    long begun = 0;
    for (int looks = 0; !closed; looks++) {
      long ticket = (long) CELL.getVolatile(cells, TICKET);
      if (ticket != seen) {
        if (member < (int) ticket) {
          return ticket;
        }
        seen = ticket;
      }
      if (looks % LOOKS != 0) {
        Thread.onSpinWait();
        continue;
      }
      long now = System.nanoTime();
      begun = looks == 0 ? now : begun;
      if (now - begun >= lookNanos) {
        sleep(member, seen);
        looks = -1;
      } else if (looks > 0) {
        Thread.yield();
      }
    }
    return seen;
  }

  private void sleep(int member, long seen) {
    CELL.setVolatile(cells, asleep(member), 1L);
    while (!closed && (long) CELL.getVolatile(cells, TICKET) == seen) {
      LockSupport.park(this);
      // Interrupts mean nothing here, and park would not wait.
      Thread.interrupted();
    }
    CELL.setVolatile(cells, asleep(member), 0L);
  }

  /** A thread of a crew, known by its class. */
  private static final class Member extends Thread {
    private final Crew crew;
    private final int number;

    Member(Crew crew, int number) {
      // Without the thread-locals of whoever happens to call first.
      super(null, null, "tenon-worker-" + number, 0, false);
      this.crew = crew;
      this.number = number;
      setDaemon(true);
    }

    @Override
    public void run() {
      crew.serve(number);
    }
  }
}
