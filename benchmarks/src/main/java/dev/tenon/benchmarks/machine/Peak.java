package dev.tenon.benchmarks.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the machine can do at most, measured in Java: the ceiling that figures are compared with.
 * The best of many samples counts, because nothing makes a loop faster than the machine.
 */
public final class Peak {
  /** A rate that was not beaten for so many seconds is taken for what compiled code does. */
  private static final double STEADY = 2.5;

  /**
   * The same for vectors: until C2 gets to them on a busy machine, they are objects on the heap.
   */
  private static final double STEADY_VECTORS = 10;

  private static final double SAMPLES = 1.0;
  private static final int SCRATCH = 2048;

  /** The part of a triad's repetitions that one sample takes together, in bytes. */
  private static final double BYTES_PER_SAMPLE = 2e8;

  private final Loops loops = VectorModule.isResolved() ? new VectorLoops() : new PlainLoops();

  /** How the loops are written. */
  public String name() {
    return loops.name();
  }

  /** Floating-point operations a second, a multiplication with an addition being two. */
  public double flops(int threads) {
    return together(
        threads,
        STEADY_VECTORS,
        thread -> {
          float[] scratch = new float[SCRATCH];
          Arrays.fill(scratch, 0.5f);
          return () -> loops.multiplyAdd(scratch);
        });
  }

  /**
   * Bytes a second of a triad, a = b + s c, which reads two arrays and writes one.
   *
   * @param floats length of each array, which decides what level of memory they live in
   */
  public double bandwidth(int threads, int floats) {
    float[] a = new float[floats];
    float[] b = new float[floats];
    float[] c = new float[floats];
    Arrays.fill(b, 1);
    Arrays.fill(c, 2);
    double bytes = 3.0 * Float.BYTES * floats;
    int repeats = (int) Math.max(1, BYTES_PER_SAMPLE / bytes);
    return together(
        threads,
        STEADY,
        thread -> {
          int from = (int) ((long) floats * thread / threads);
          int to = (int) ((long) floats * (thread + 1) / threads);
          return () -> {
            for (int i = 0; i < repeats; i++) {
              loops.triad(a, b, c, from, to);
            }
            return repeats * 3L * Float.BYTES * (to - from);
          };
        });
  }

  /** A piece of work that says how much it was. */
  private interface Work {
    long run();
  }

  /** Makes the work of one thread. */
  private interface Share {
    Work of(int thread);
  }

  private static double together(int threads, double steady, Share share) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CyclicBarrier start = new CyclicBarrier(threads);
    try {
      List<Future<Double>> rates = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        Work work = share.of(thread);
        rates.add(pool.submit(() -> best(start, steady, work)));
      }
      double sum = 0;
      for (Future<Double> rate : rates) {
        sum += rate.get();
      }
      return sum;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      pool.shutdown();
    }
  }

  private static double best(CyclicBarrier start, double steady, Work work)
      throws InterruptedException, BrokenBarrierException {
    warmUp(steady, work);
    start.await();
    double best = 0;
    long end = System.nanoTime() + (long) (SAMPLES * 1e9);
    while (System.nanoTime() < end) {
      best = Math.max(best, rate(work));
    }
    return best;
  }

  private static void warmUp(double steady, Work work) {
    double best = 0;
    long end = System.nanoTime() + (long) (steady * 1e9);
    while (System.nanoTime() < end) {
      double rate = rate(work);
      if (rate > 1.1 * best) {
        best = rate;
        end = System.nanoTime() + (long) (steady * 1e9);
      }
    }
  }

  private static double rate(Work work) {
    long before = System.nanoTime();
    long amount = work.run();
    return amount * 1e9 / (System.nanoTime() - before);
  }
}
