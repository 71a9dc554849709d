package dev.tenon.runtime.parallel;

import dev.tenon.runtime.PieceExchange;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;

/**
 * Runs the pieces of a batch on threads of this process. Each piece has a thread of its own, of
 * which only so many compute at a time; the others wait. The number of pieces decides the bits of a
 * result, the number of threads only how fast it comes.
 *
 * <p>The threads are daemons and sleep between calls. {@link #close} ends them.
 */
public final class PieceGroup implements AutoCloseable {
  private final Object lock = new Object();
  private final Semaphore permits;
  private final Thread[] workers;
  private final Throwable[] failures;
  private final double[][] contributions;
  private final int[] sizes;
  private double[] total = new double[0];

  // All guarded by the lock.
  private IntConsumer task;
  private long round;
  private int running;
  private int arrived;
  private boolean failed;
  private boolean closed;

  /**
   * Starts a group.
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
    permits = new Semaphore(threads);
    failures = new Throwable[pieces];
    contributions = new double[pieces][];
    sizes = new int[pieces];
    workers = new Thread[pieces];
    for (int i = 0; i < pieces; i++) {
      int index = i;
      workers[i] = new Thread(() -> work(index), "tenon-piece-" + i);
      workers[i].setDaemon(true);
      workers[i].start();
    }
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
   * Runs a task once for every piece and waits for all of them.
   *
   * @param batch samples in the whole batch, for {@link PieceExchange#sizes}
   * @param newTask takes the piece's index
   * @throws IllegalStateException if the group is closed
   * @throws RuntimeException what the first piece, by index, threw
   */
  public void run(int batch, IntConsumer newTask) {
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("This group of pieces is closed.");
      }
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = start(i + 1, batch) - start(i, batch);
      }
      Arrays.fill(failures, null);
      Arrays.fill(contributions, null);
      failed = false;
      arrived = 0;
      task = newTask;
      running = workers.length;
      round++;
      lock.notifyAll();
      boolean interrupted = false;
      while (running > 0) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      task = null;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      rethrow();
    }
  }

  private void rethrow() {
    for (Throwable failure : failures) {
      if (failure instanceof RuntimeException exception && !(failure instanceof PieceFailed)) {
        throw exception;
      }
      if (failure instanceof Error error) {
        throw error;
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

  private void work(int index) {
    long seen = 0;
    while (true) {
      IntConsumer now;
      synchronized (lock) {
        while (!closed && (task == null || round == seen)) {
          try {
            lock.wait();
          } catch (InterruptedException e) {
            return;
          }
        }
        if (closed) {
          return;
        }
        seen = round;
        now = task;
      }
      permits.acquireUninterruptibly();
      Throwable failure = null;
      try {
        now.accept(index);
      } catch (RuntimeException | Error e) {
        failure = e;
      } finally {
        permits.release();
      }
      synchronized (lock) {
        failures[index] = failure;
        failed |= failure != null;
        running--;
        lock.notifyAll();
      }
    }
  }

  private void join(int index, double[] values) {
    boolean waits;
    synchronized (lock) {
      contributions[index] = values;
      arrived++;
      waits = arrived < workers.length;
      if (!waits) {
        addUp(values.length);
        arrived = 0;
        lock.notifyAll();
      }
    }
    if (!waits) {
      return;
    }
    // Whoever waits lets another piece compute.
    permits.release();
    try {
      synchronized (lock) {
        // The last piece to come clears the contributions of all.
        while (contributions[index] != null && !failed) {
          try {
            lock.wait();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PieceFailed();
          }
        }
        if (contributions[index] != null) {
          throw new PieceFailed();
        }
      }
    } finally {
      permits.acquireUninterruptibly();
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

  /** Tells a waiting piece that another one has failed; that one's exception is the one to show. */
  private static final class PieceFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PieceFailed() {
      super("Another piece of the batch has failed.");
    }
  }
}
