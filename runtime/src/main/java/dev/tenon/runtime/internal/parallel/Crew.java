package dev.tenon.runtime.internal.parallel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads of a {@link WorkerPool}, and how they learn of work. Member 0 is whoever calls.
 *
 * <p>A round begins when the caller has written what is to be done, then for each member which
 * ranges are its own, then the ticket, which the others watch. Ranges are claimed one at a time by
 * a compare-and-set, first one's own, then those of others; whoever comes late finds none, and
 * nobody waits for him. A claim carries the number of its round, so one from a past round fails,
 * and after one that succeeds the round cannot end before the range is done: only then may a thread
 * read what is to be done. The caller ends the round when it finds no range and the others have
 * done as many as it did not do.
 *
 * <p>Whatever is thrown, a round ends and the crew is free. What the work throws is kept and thrown
 * to the caller at the end. If the caller itself gets no further, because its stack is at its end,
 * it closes the round and waits until no member is at it; for that it calls nothing, because there
 * may be no stack for a call. Members have stacks of their own, of which their own part is small.
 *
 * <p>All that threads watch is in an array of longs, two cache lines apart, because processors
 * fetch lines in pairs. Members that find no work for a while end; the next round makes them again.
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

  /** How long a caller sleeps before it looks whether all members live. */
  private static final long CHECK_NANOS = 1_000_000_000L;

  /**
   * Looks until a thread reads the clock and gives way to others that wait for its core, some 10
   * microseconds. The scheduler may have put the caller there: on a busy machine, rounds took twice
   * as long as the work alone when its partner did not give way.
   */
  private static final int LOOKS = 512;

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle CALLER;

  static {
    try {
      CALLER = MethodHandles.lookup().findVarHandle(Crew.class, "caller", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int STRIDE = 16;

  /** Number of the round and how many members it has. */
  private static final int TICKET = STRIDE;

  /** Ranges that members other than the caller have done in this round. */
  private static final int DONE = 2 * STRIDE;

  /** 1 while the caller sleeps. */
  private static final int WAITING = 3 * STRIDE;

  private static final int FIRST_MEMBER = 4 * STRIDE;

  // What a member is at.
  private static final long AWAKE = 0;
  private static final long ASLEEP = 1;
  private static final long ABSENT = 2;

  /** The round of {@link #open} and of {@link Member#round} when there is none. */
  private static final int NONE = 0;

  private final long lookNanos;
  private final long waitNanos;
  private final long[] cells;

  /** All but the caller, null where there is none yet. Written under the lock, by callers only. */
  private final Member[] members;

  private final Object lock = new Object();
  private volatile boolean closed;

  /** Whoever calls: the crew works for one at a time. */
  private volatile Thread caller;

  /** The round in which ranges may be claimed. */
  private volatile int open = NONE;

  /** Whether work failed in this round. */
  private volatile boolean failed;

  // What is to be done in the round under way, see above for who may read it.
  private int rounds;
  private Work work;
  private int step;
  private int count;
  private int align;
  private int ranges;

  // The first failure among the ranges of the caller.
  private Throwable failure;
  private int failedRange;

  Crew(int size) {
    cells = new long[FIRST_MEMBER + 2 * size * STRIDE + STRIDE];
    members = new Member[size - 1];
    for (int m = 1; m < size; m++) {
      cells[presence(m)] = ABSENT;
    }
    // More threads than cores take each other's time when they look: they sleep at once.
    boolean fits = size <= Runtime.getRuntime().availableProcessors();
    lookNanos = fits ? LOOK_NANOS : 0;
    waitNanos = fits ? WAIT_NANOS : 0;
  }

  /** Round, end of the member's ranges and the next of them, in 32, 16 and 16 bits. */
  private static int claims(int member) {
    return FIRST_MEMBER + 2 * member * STRIDE;
  }

  /** Whether the member sleeps, or there is none. */
  private static int presence(int member) {
    return claims(member) + STRIDE;
  }

  /** Whom the crew works for, or null. */
  Thread caller() {
    return caller;
  }

  /**
   * Does all items in ranges, on the first members, this many.
   *
   * @return false if nothing was done, because the crew is busy or closed, or one of it calls
   */
  boolean run(Work newWork, int newStep, int newCount, int newAlign, int seats, int newRanges) {
    Thread current = Thread.currentThread();
    if (closed || current instanceof Member || !take(current)) {
      return false;
    }
    Throwable thrown = null;
    try {
      work = newWork;
      step = newStep;
      count = newCount;
      align = newAlign;
      ranges = newRanges;
      begin(seats);
      await(newRanges - claimAll(0, seats, rounds, null));
    } catch (Throwable e) {
      // Not the work's, whose failures are kept: this thread got no further.
      thrown = e;
    }
    // From here on nothing is called that has to succeed, until the crew is free.
    open = NONE;
    if (thrown != null) {
      for (Member member : members) {
        while (member != null && member.round == rounds) {
          try {
            rest(member);
          } catch (Throwable e) {
            // No stack for it: then look without a rest.
          }
        }
      }
    }
    if (failed) {
      for (Member member : members) {
        if (member != null && member.failure != null) {
          if (failure == null || member.failedRange < failedRange) {
            failure = member.failure;
            failedRange = member.failedRange;
          }
          member.failure = null;
        }
      }
      failed = false;
    }
    if (thrown == null) {
      thrown = failure;
    }
    failure = null;
    work = null;
    caller = null;
    if (thrown != null) {
      IndependentThread.<RuntimeException>rethrow(thrown);
    }
    return true;
  }

  /** Makes the crew work for a thread, if it is free. */
  private boolean take(Thread current) {
    Thread other = caller;
    if (other == null) {
      return CALLER.compareAndSet(this, null, current);
    }
    if (other == current || other.isAlive() || !CALLER.compareAndSet(this, other, current)) {
      return false;
    }
    // Whoever it worked for was killed in the middle. A member may still be at that round.
    open = NONE;
    for (Member member : members) {
      if (member != null && member.round != NONE) {
        caller = other;
        return false;
      }
    }
    return true;
  }

  private void begin(int seats) {
    int round = rounds + 1 == NONE ? NONE + 1 : rounds + 1;
    rounds = round;
    CELL.setVolatile(cells, DONE, 0L);
    for (int m = 0; m < seats; m++) {
      long first = (long) ranges * m / seats;
      long end = (long) ranges * (m + 1) / seats;
      CELL.setVolatile(cells, claims(m), (long) round << 32 | end << 16 | first);
    }
    open = round;
    CELL.setVolatile(cells, TICKET, (long) round << 32 | seats);
    for (int m = 1; m < seats; m++) {
      // A member says that it sleeps, or ends, before it looks at the ticket for the last time.
      long presence = (long) CELL.getVolatile(cells, presence(m));
      if (presence == ASLEEP) {
        LockSupport.unpark(members[m - 1]);
      } else if (presence == ABSENT && !make(m)) {
        return;
      }
    }
  }

  /** Makes a member that is not there; false if there can be none now, and others do its work. */
  private boolean make(int number) {
    if (!CELL.compareAndSet(cells, presence(number), ABSENT, AWAKE)) {
      return true;
    }
    boolean made = false;
    try {
      synchronized (lock) {
        if (!closed) {
          Member member = IndependentThread.make(() -> new Member(this, number));
          members[number - 1] = member;
          member.start();
          member.left = false;
          made = true;
        }
      }
    } catch (OutOfMemoryError e) {
      // The system gives no more threads. The next round asks again.
    } finally {
      if (!made) {
        CELL.setVolatile(cells, presence(number), ABSENT);
      }
    }
    return made;
  }

  /**
   * Does ranges until there are none.
   *
   * @param self the member, or null for the caller
   * @return how many were done
   */
  private int claimAll(int seat, int seats, int round, Member self) {
    int mine = 0;
    for (int i = 0; i < seats; i++) {
      int other = seat + i;
      int cell = claims(other < seats ? other : other - seats);
      int range = claim(cell, round);
      while (range >= 0) {
        mine++;
        if (self == null) {
          doOwn(range);
        } else {
          doFor(self, range);
        }
        range = claim(cell, round);
      }
    }
    return mine;
  }

  /** The next range of a member, or -1 if there is none left or the round is over. */
  private int claim(int cell, int round) {
    while (open == round) {
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
    return -1;
  }

  private void doOwn(int range) {
    try {
      work.run(step, start(range), start(range + 1));
    } catch (Throwable e) {
      // The failure of the first range is the one to show, whichever came first.
      if (failure == null || range < failedRange) {
        failure = e;
        failedRange = range;
      }
    }
  }

  private void doFor(Member member, int range) {
    Thread waits = caller;
    try {
      work.run(step, start(range), start(range + 1));
    } catch (Throwable e) {
      if (member.failure == null || range < member.failedRange) {
        member.failure = e;
        member.failedRange = range;
      }
      failed = true;
    } finally {
      CELL.getAndAdd(cells, DONE, 1L);
      if ((long) CELL.getVolatile(cells, WAITING) != 0) {
        LockSupport.unpark(waits);
      }
    }
  }

  private int start(int range) {
    long units = (count - 1L) / align + 1;
    return (int) Math.min(count, units * range / ranges * align);
  }

  /** Waits until the others have done so many ranges. */
  private void await(long others) {
    long begun = 0;
    for (int looks = 0; (long) CELL.getVolatile(cells, DONE) != others; looks++) {
      if (looks % LOOKS != 0) {
        Thread.onSpinWait();
        continue;
      }
      long now = System.nanoTime();
      begun = looks == 0 ? now : begun;
      if (now - begun >= waitNanos) {
        sleepUntilDone(others);
        return;
      }
      if (looks > 0) {
        giveWay();
      }
    }
  }

  /** Nothing but speed depends on it, and the speed was measured, see {@link #LOOKS}. */
  @SuppressWarnings("ThreadPriorityCheck")
  private static void giveWay() {
    Thread.yield();
  }

  private void sleepUntilDone(long others) {
    boolean interrupted = false;
    CELL.setVolatile(cells, WAITING, 1L);
    try {
      while ((long) CELL.getVolatile(cells, DONE) != others) {
        LockSupport.parkNanos(this, CHECK_NANOS);
        // While it is set, park does not wait.
        interrupted |= Thread.interrupted();
        requireMembers(others);
      }
    } finally {
      CELL.setVolatile(cells, WAITING, 0L);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** All ranges are claimed. If nobody is at one and one is not done, a member was killed. */
  private void requireMembers(long others) {
    for (Member member : members) {
      if (member != null && member.round == rounds && member.isAlive()) {
        return;
      }
    }
    if ((long) CELL.getVolatile(cells, DONE) != others) {
      throw new IllegalStateException("WorkerPool: a thread was killed in the middle of a step.");
    }
  }

  /** Of a caller that got no further, while a member is at its round. */
  private static void rest(Member member) {
    if (!member.isAlive()) {
      member.round = NONE;
    }
    LockSupport.parkNanos(WAIT_NANOS);
  }

  void close() {
    closed = true;
    synchronized (lock) {
      for (Member member : members) {
        // Without effect on one that is not there.
        LockSupport.unpark(member);
      }
    }
  }

  /** What a thread does all its life. */
  private void serve(Member self) {
    long ticket = nextTicket(self, 0);
    while (ticket != 0) {
      int round = (int) (ticket >>> 32);
      self.round = round;
      claimAll(self.number, (int) ticket, round, self);
      self.round = NONE;
      ticket = nextTicket(self, ticket);
    }
  }

  /** Waits for a round that the member belongs to; 0 is the end of its life. */
  private long nextTicket(Member self, long last) {
    long seen = last;
    long begun = 0;
    int looks = 0;
    while (true) {
      long ticket = (long) CELL.getVolatile(cells, TICKET);
      if (ticket != seen) {
        if (self.number < (int) ticket) {
          return ticket;
        }
        seen = ticket;
      }
      if (looks++ % LOOKS != 0) {
        Thread.onSpinWait();
        continue;
      }
      if (closed) {
        return 0;
      }
      long now = System.nanoTime();
      begun = looks == 1 ? now : begun;
      if (now - begun >= lookNanos) {
        if (!sleep(self, seen)) {
          return 0;
        }
        looks = 0;
      } else if (looks > 1) {
        giveWay();
      }
    }
  }

  /** Sleeps until there is another ticket; false if there was none for long. */
  private boolean sleep(Member self, long seen) {
    long end = System.nanoTime() + IndependentThread.IDLE_NANOS;
    long left = IndependentThread.IDLE_NANOS;
    CELL.setVolatile(cells, presence(self.number), ASLEEP);
    while (left > 0 && !closed && (long) CELL.getVolatile(cells, TICKET) == seen) {
      LockSupport.parkNanos(this, left);
      // Interrupts mean nothing here, and park would not wait.
      Thread.interrupted();
      left = end - System.nanoTime();
    }
    if (left > 0) {
      CELL.setVolatile(cells, presence(self.number), AWAKE);
      return true;
    }
    CELL.setVolatile(cells, presence(self.number), ABSENT);
    // A round that has begun meanwhile gets this member, if it has not made another one.
    self.left =
        (long) CELL.getVolatile(cells, TICKET) == seen
            || !CELL.compareAndSet(cells, presence(self.number), ABSENT, AWAKE);
    return !self.left;
  }

  /** A thread of a crew, known by its class. */
  private static final class Member extends IndependentThread {
    private final Crew crew;
    private final int number;

    /** The round that it may be at. */
    private volatile int round = NONE;

    /**
     * Whether its place is another thread's, or will be: so it is until its start has succeeded.
     * Written under the lock until the member runs, and by the member from then on.
     */
    private boolean left = true;

    // The first failure among its ranges. Read by the caller after the round.
    private Throwable failure;
    private int failedRange;

    Member(Crew crew, int number) {
      super("tenon-worker-" + number);
      this.crew = crew;
      this.number = number;
    }

    @Override
    public void run() {
      try {
        synchronized (crew.lock) {
          if (left) {
            return;
          }
        }
        crew.serve(this);
      } finally {
        round = NONE;
        if (!left) {
          CELL.setVolatile(crew.cells, presence(number), ABSENT);
        }
      }
    }
  }
}
