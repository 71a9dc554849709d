package dev.tenon.runtime.parallel;

import dev.tenon.runtime.internal.parallel.IndependentThread;
import dev.tenon.runtime.model.PieceExchange;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * Runs the pieces of a batch on threads of this process. Each piece has a thread of its own, of
 * which only so many compute at a time; the others wait. The number of pieces decides the bits of a
 * result, the number of threads only how fast it comes.
 *
 * <p>The threads are daemons, start with the first run, sleep between runs and end when there is
 * none for a while, so a group may be dropped without {@link #close}, which ends them at once.
 */
public final class PieceGroup implements AutoCloseable {
  private static final VarHandle CALLER;

  static {
    try {
      CALLER = MethodHandles.lookup().findVarHandle(PieceGroup.class, "caller", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** How long a thread waits before it looks whether those that it waits for live. */
  private static final long CHECK_MILLIS = 500;

  private final Object lock = new Object();
  private final int atATime;

  /** Whoever runs; one at a time. */
  private volatile Thread caller;

  // Written under the lock, and by the caller when no piece is under way.
  private final Worker[] workers;
  private final boolean[] underWay;
  private final boolean[] computes;
  private final Throwable[] failures;
  private final double[][] contributions;
  private final int[] sizes;
  private double[] total = new double[0];
  private IntConsumer task;
  private long round;
  private volatile int running;
  private int computing;
  private int arrived;
  private volatile boolean failed;
  private boolean closed;

  /**
   * A group without threads, which the first {@link #run} starts.
   *
   * @param pieces number of pieces, at least 1
   * @param threads how many may compute at the same time, at least 1
   * @throws IllegalArgumentException if either is below 1
   */
  public PieceGroup(int pieces, int threads) {
    if (pieces < 1 || threads < 1) {
      throw new IllegalArgumentException(
          "A group needs at least 1 piece and 1 thread, but was given "
              + pieces
              + " and "
              + threads
              + ".");
    }
    atATime = threads;
    workers = new Worker[pieces];
    underWay = new boolean[pieces];
    computes = new boolean[pieces];
    failures = new Throwable[pieces];
    contributions = new double[pieces][];
    sizes = new int[pieces];
  }

  /**
   * The number of pieces.
   *
   * @return at least 1
   */
  public int pieces() {
    return workers.length;
  }

  /**
   * Where a piece of a batch begins: samples {@code start(k) .. start(k + 1) - 1} belong to piece
   * k.
   *
   * @param piece from 0 to {@link #pieces}
   * @param batch samples in the whole batch
   * @return the number of its first sample
   */
  public int start(int piece, int batch) {
    return (int) ((long) batch * piece / workers.length);
  }

  /**
   * The exchange of one piece.
   *
   * @param index which
   * @return its side of the group
   */
  public PieceExchange exchange(int index) {
    return new PieceExchange() {
      @Override
      public int index() {
        return index;
      }

      @Override
      public int[] sizes(int batch) {
        return sizes;
      }

      @Override
      public void sum(double[] values) {
        join(index, values);
      }
    };
  }

  /**
   * Runs a task once for every piece and waits for all of them. An interrupt of the caller is kept
   * and does not end the wait; whatever is thrown, no piece is under way afterwards, and the group
   * can run again.
   *
   * @param batch samples in the whole batch, for {@link PieceExchange#sizes}
   * @param newTask takes the piece's index
   * @throws IllegalStateException if the group is closed, or is running already
   * @throws RuntimeException what the first piece, by index, threw; an error, or a checked
   *     exception of another language, likewise
   */
  public void run(int batch, IntConsumer newTask) {
    Objects.requireNonNull(newTask, "newTask");
    Thread current = Thread.currentThread();
    if (!take(current)) {
      throw busy();
    }
    Throwable thrown = null;
    try {
      begin(batch, newTask);
      await();
    } catch (Throwable e) {
      // Not a piece's, whose failures are kept: this thread got no further.
      thrown = e;
    }
    // From here on nothing is called that has to succeed, until the group is free: after a
    // StackOverflowError there may be no stack for a call.
    if (thrown != null) {
      failed = true;
      while (running > 0) {
        try {
          rest();
        } catch (Throwable e) {
          // No stack for it: then look without a rest.
        }
      }
    }
    for (int i = 0; i < failures.length; i++) {
      if (thrown == null || thrown instanceof PieceFailed) {
        thrown = failures[i] == null ? thrown : failures[i];
      }
      failures[i] = null;
      contributions[i] = null;
    }
    task = null;
    caller = null;
    if (thrown != null) {
      IndependentThread.<RuntimeException>rethrow(thrown);
    }
  }

  /** Makes the group run for a thread, if it is free. */
  private boolean take(Thread current) {
    Thread other = caller;
    if (other == null) {
      return CALLER.compareAndSet(this, null, current);
    }
    // It is free as well when whoever it ran for was killed.
    return running == 0 && !other.isAlive() && CALLER.compareAndSet(this, other, current);
  }

  private IllegalStateException busy() {
    Thread other = caller;
    return new IllegalStateException(
        "This group of pieces is running already"
            + (other == null ? "" : ", for thread \"" + other.getName() + "\"")
            + ". It runs for one thread at a time.");
  }

  private void begin(int batch, IntConsumer newTask) {
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("This group of pieces is closed.");
      }
      for (int i = 0; i < workers.length; i++) {
        if (workers[i] == null) {
          start(i);
        }
        sizes[i] = start(i + 1, batch) - start(i, batch);
        underWay[i] = true;
      }
      failed = false;
      arrived = 0;
      computing = 0;
      task = newTask;
      running = workers.length;
      round++;
      lock.notifyAll();
    }
  }

  private void start(int index) {
    Worker made = IndependentThread.make(() -> new Worker(this, index, round));
    made.start();
    workers[index] = made;
  }

  private void await() {
    boolean interrupted = false;
    try {
      synchronized (lock) {
        while (running > 0) {
          try {
            lock.wait(CHECK_MILLIS);
          } catch (InterruptedException e) {
            interrupted = true;
          }
          giveUpTheDead();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Of a caller that got no further, while pieces are under way. */
  private void rest() {
    synchronized (lock) {
      giveUpTheDead();
      lock.notifyAll();
    }
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
  }

  /** So that nobody waits for a thread that was killed. */
  private void giveUpTheDead() {
    for (int i = 0; i < workers.length; i++) {
      Worker worker = workers[i];
      if (underWay[i] && worker != null && !worker.isAlive()) {
        workers[i] = null;
        leave(i);
        ended(
            i,
            new IllegalStateException(
                "Thread \"" + worker.getName() + "\" was killed in the middle of its piece."));
      }
    }
  }

  /** Ends the threads. A group that is closed cannot run again. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
  }

  /** What a thread does all its life. */
  private void serve(Worker self) {
    int index = self.index;
    long seen = self.startRound;
    while (awaitRound(self, seen)) {
      seen++;
      Throwable failure = null;
      try {
        // Of one whose caller has given up, only the end is told.
        if (!failed) {
          enter(index);
          try {
            task.accept(index);
          } finally {
            leave(index);
          }
        }
      } catch (Throwable e) {
        failure = e;
      }
      // An interrupt was meant for the piece.
      Thread.interrupted();
      ended(index, failure);
    }
  }

  /** False when the group is closed or has not run for long. */
  private boolean awaitRound(Worker self, long seen) {
    long end = System.nanoTime() + IndependentThread.IDLE_NANOS;
    synchronized (lock) {
      if (workers[self.index] != self) {
        // Whoever started this thread failed just then, and knows nothing of it.
        return false;
      }
      while (round == seen) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (closed || left <= 0) {
          workers[self.index] = null;
          return false;
        }
        try {
          lock.wait(left);
        } catch (InterruptedException e) {
          // It means nothing here.
        }
      }
      return true;
    }
  }

  private void ended(int index, Throwable failure) {
    synchronized (lock) {
      failures[index] = failure;
      if (failure != null) {
        failed = true;
      }
      underWay[index] = false;
      running--;
      lock.notifyAll();
    }
  }

  /** Waits until fewer pieces compute than may. */
  private void enter(int index) {
    boolean interrupted = false;
    synchronized (lock) {
      while (computing >= atATime) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      computing++;
      computes[index] = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void leave(int index) {
    synchronized (lock) {
      if (computes[index]) {
        computes[index] = false;
        computing--;
        lock.notifyAll();
      }
    }
  }

  private void join(int index, double[] values) {
    synchronized (lock) {
      contributions[index] = values;
      arrived++;
      if (arrived == workers.length) {
        addUp(values.length);
        arrived = 0;
        lock.notifyAll();
        return;
      }
    }
    // Whoever waits lets another piece compute.
    leave(index);
    try {
      awaitTotal(index);
    } finally {
      enter(index);
    }
  }

  private void awaitTotal(int index) {
    boolean interrupted = false;
    synchronized (lock) {
      // The last piece to come clears the contributions of all.
      while (contributions[index] != null && !failed) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      if (contributions[index] != null) {
        throw new PieceFailed();
      }
    }
  }

  /** In the order of the pieces, whatever the order in which they came. */
  private void addUp(int length) {
    if (total.length < length) {
      total = new double[length];
    }
    Arrays.fill(total, 0, length, 0);
    for (double[] values : contributions) {
      for (int i = 0; i < length; i++) {
        total[i] += values[i];
      }
    }
    for (int i = 0; i < contributions.length; i++) {
      System.arraycopy(total, 0, contributions[i], 0, length);
      contributions[i] = null;
    }
  }

  /** A thread of a group. */
  private static final class Worker extends IndependentThread {
    private final PieceGroup group;
    private final int index;
    private final long startRound;

    Worker(PieceGroup group, int index, long startRound) {
      super("tenon-piece-" + index);
      this.group = group;
      this.index = index;
      this.startRound = startRound;
    }

    @Override
    public void run() {
      group.serve(this);
    }
  }

  /** Tells a waiting piece that another one has failed; that one's exception is the one to show. */
  private static final class PieceFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PieceFailed() {
      super("Another piece of the batch has failed.");
    }
  }
}
