package dev.tenon.runtime.internal.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.Allocation;
import dev.tenon.runtime.parallel.PieceGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing here depends on how fast anything is; the timeouts are for a pool that hangs. */
@Timeout(120)
class WorkerPoolTest {
  /** Long enough to be cut as finely as a pool ever cuts. */
  private static final long LONG = 1_000_000_000L;

  @Test
  void everyItemIsDoneOnceInAlignedRanges() {
    for (int threads : new int[] {1, 2, 3, 4, 7}) {
      try (WorkerPool pool = WorkerPool.of(threads)) {
        for (int count : new int[] {0, 1, 2, 3, 5, 8, 15, 16, 17, 31, 64, 100, 1000, 4097}) {
          for (int align : new int[] {1, 2, 3, 4, 16, 100, 5000}) {
            for (long nanos : new long[] {0, 1, 500, 5_000, 50_000, LONG, Long.MAX_VALUE}) {
              assertCovered(pool, count, align, nanos);
            }
          }
        }
      }
    }
  }

  private static void assertCovered(WorkerPool pool, int count, int align, long nanos) {
    AtomicIntegerArray visits = new AtomicIntegerArray(count);
    AtomicInteger ranges = new AtomicInteger();
    String where = count + " items by " + align + ", " + nanos + " ns each";
    pool.run(
        (step, from, to) -> {
          assertThat(step).isEqualTo(7);
          assertThat(from).as(where).isLessThan(to);
          assertThat(from % align).as(where).isZero();
          ranges.incrementAndGet();
          for (int i = from; i < to; i++) {
            visits.incrementAndGet(i);
          }
        },
        7,
        count,
        align,
        nanos);
    for (int i = 0; i < count; i++) {
      assertThat(visits.get(i)).as(where).isEqualTo(1);
    }
    assertThat(ranges.get())
        .as(where)
        .isLessThanOrEqualTo(pool.threads() * WorkerPool.FINER_RANGES)
        .isGreaterThanOrEqualTo(count == 0 ? 0 : 1);
  }

  @Test
  void bigAlignmentsDoNotOverflow() {
    try (WorkerPool pool = WorkerPool.of(4)) {
      AtomicReference<List<int[]>> ranges = new AtomicReference<>(List.of());
      pool.run(
          (step, from, to) ->
              ranges.accumulateAndGet(List.of(new int[] {from, to}), (a, b) -> join(a, b)),
          0,
          Integer.MAX_VALUE,
          1 << 30,
          LONG);
      List<int[]> sorted = new ArrayList<>(ranges.get());
      sorted.sort((a, b) -> Integer.compare(a[0], b[0]));
      assertThat(sorted.get(0)).containsExactly(0, 1 << 30);
      assertThat(sorted.get(1)).containsExactly(1 << 30, Integer.MAX_VALUE);
    }
  }

  private static <E> List<E> join(List<E> a, List<E> b) {
    List<E> joined = new ArrayList<>(a);
    joined.addAll(b);
    return joined;
  }

  @Test
  void shortStepsStayWithTheCaller() {
    try (WorkerPool pool = WorkerPool.of(4)) {
      List<Thread> threads = new ArrayList<>();
      Work work =
          (step, from, to) -> {
            assertThat(from).isZero();
            assertThat(to).isEqualTo(10);
            threads.add(Thread.currentThread());
          };
      pool.run(work, 0, 10, 1, (2 * WorkerPool.LEAST_NANOS - 1) / 10);
      pool.run(work, 0, 10, 10, LONG);
      WorkerPool.of(1).run(work, 0, 10, 1, LONG);
      pool.limitedTo(1).run(work, 0, 10, 1, LONG);
      assertThat(threads).hasSize(4).containsOnly(Thread.currentThread());
    }
  }

  @Test
  void longStepsRunOnAllThreads() {
    try (WorkerPool pool = WorkerPool.of(3)) {
      assertThat(threadsThatMeet(pool, 3)).hasSize(3).contains(Thread.currentThread());
    }
  }

  /** Each range waits until so many threads are there, so they must be different ones. */
  private static Set<Thread> threadsThatMeet(WorkerPool pool, int threads) {
    CountDownLatch all = new CountDownLatch(threads);
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    pool.run(
        (step, from, to) -> {
          if (seen.add(Thread.currentThread())) {
            all.countDown();
          }
          await(all);
        },
        0,
        3 * threads,
        1,
        LONG);
    return seen;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void sleepingThreadsWakeUp() {
    try (WorkerPool pool = WorkerPool.of(3)) {
      for (int i = 0; i < 5; i++) {
        assertThat(threadsThatMeet(pool, 3)).hasSize(3);
        for (Thread thread : workers(pool)) {
          while (thread.getState() != Thread.State.TIMED_WAITING) {
            LockSupport.parkNanos(100_000);
          }
        }
      }
    }
  }

  /** The threads that a pool has, without the caller. */
  private static Set<Thread> workers(WorkerPool pool) {
    Set<Thread> threads = threadsThatMeet(pool, pool.threads());
    threads.remove(Thread.currentThread());
    return threads;
  }

  @Test
  void aViewUsesSoManyThreads() {
    try (WorkerPool pool = WorkerPool.of(4)) {
      WorkerPool two = pool.limitedTo(2);
      assertThat(two.threads()).isEqualTo(2);
      assertThat(pool.limitedTo(9).threads()).isEqualTo(4);
      assertThat(two.limitedTo(3).threads()).isEqualTo(2);
      assertThat(pool.threads()).isEqualTo(4);
      Set<Thread> all = workers(pool);
      for (int i = 0; i < 200; i++) {
        Set<Thread> seen = ConcurrentHashMap.newKeySet();
        two.run((step, from, to) -> seen.add(Thread.currentThread()), 0, 100, 1, LONG);
        seen.remove(Thread.currentThread());
        assertThat(seen).hasSizeLessThanOrEqualTo(1);
        assertThat(all).containsAll(seen);
      }
      two.close();
      assertThat(threadsThatMeet(two, 2)).hasSize(2);
      assertThat(threadsThatMeet(pool, 4)).hasSize(4);
    }
  }

  @Test
  void theFirstRangesFailureReachesTheCallerWhenAllHaveEnded() {
    try (WorkerPool pool = WorkerPool.of(3)) {
      for (int run = 0; run < 100; run++) {
        AtomicInteger ended = new AtomicInteger();
        assertThatThrownBy(
                () ->
                    pool.run(
                        (step, from, to) -> {
                          ended.addAndGet(to - from);
                          if (from >= 30) {
                            throw new IllegalStateException("range from " + from);
                          }
                        },
                        0,
                        120,
                        10,
                        LONG))
            .isInstanceOf(IllegalStateException.class)
            .hasMessage("range from 30");
        assertThat(ended.get()).isEqualTo(120);
        assertCovered(pool, 120, 10, LONG);
      }
    }
  }

  @Test
  void errorsReachTheCallerAsTheyAre() {
    try (WorkerPool pool = WorkerPool.of(2)) {
      AssertionError error = new AssertionError("here");
      Work fails =
          (step, from, to) -> {
            throw error;
          };
      assertThatThrownBy(() -> pool.run(fails, 0, 10, 1, LONG)).isSameAs(error);
      assertThatThrownBy(() -> pool.run(fails, 0, 10, 1, 0)).isSameAs(error);
      assertCovered(pool, 10, 1, LONG);
    }
  }

  @Test
  void nestedStepsRunWhereTheyAreCalled() {
    try (WorkerPool pool = WorkerPool.of(3);
        WorkerPool other = WorkerPool.of(3)) {
      AtomicInteger inner = new AtomicInteger();
      pool.run(
          (step, from, to) -> {
            Thread here = Thread.currentThread();
            Work work =
                (s, f, t) -> {
                  assertThat(Thread.currentThread()).isSameAs(here);
                  inner.addAndGet(t - f);
                };
            pool.run(work, 1, 50, 1, LONG);
            if (here.getName().startsWith("tenon-worker")) {
              other.run(work, 1, 50, 1, LONG);
            } else {
              inner.addAndGet(50);
            }
          },
          0,
          12,
          1,
          LONG);
      assertThat(inner.get()).isEqualTo(12 * 100);
    }
  }

  @Test
  void callersDoNotWaitForEachOther() throws InterruptedException {
    try (WorkerPool pool = WorkerPool.of(2)) {
      CountDownLatch begun = new CountDownLatch(2);
      CountDownLatch release = new CountDownLatch(1);
      Thread first =
          new Thread(
              () ->
                  pool.run(
                      (step, from, to) -> {
                        begun.countDown();
                        await(release);
                      },
                      0,
                      2,
                      1,
                      WorkerPool.LEAST_NANOS));
      first.start();
      await(begun);
      Set<Thread> seen = ConcurrentHashMap.newKeySet();
      pool.run((step, from, to) -> seen.add(Thread.currentThread()), 0, 100, 1, LONG);
      assertThat(seen).containsExactly(Thread.currentThread());
      assertThat(first.isAlive()).isTrue();
      release.countDown();
      first.join();
    }
  }

  @Test
  void manyCallersGetTheirOwnResults() throws InterruptedException {
    try (WorkerPool pool = WorkerPool.of(3)) {
      AtomicReference<Throwable> failure = new AtomicReference<>();
      List<Thread> callers = new ArrayList<>();
      for (int c = 0; c < 6; c++) {
        int caller = c;
        Thread thread = new Thread(() -> runMany(pool, caller, 3_000));
        thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
        thread.start();
        callers.add(thread);
      }
      for (Thread thread : callers) {
        thread.join();
      }
      assertThat(failure.get()).isNull();
    }
  }

  /** Rounds of all lengths in quick succession; every third one fails. */
  private static void runMany(WorkerPool pool, int seed, int rounds) {
    long[] values = new long[97];
    boolean[] fails = {false};
    Work work =
        (step, from, to) -> {
          for (int i = from; i < to; i++) {
            values[i] += (long) step * (i + 1);
          }
          if (fails[0] && to > 50) {
            throw new ArithmeticException("step " + step);
          }
        };
    long sum = 0;
    for (int round = 0; round < rounds; round++) {
      int step = seed + 31 * round;
      fails[0] = round % 3 == 0;
      boolean failed = false;
      try {
        pool.run(work, step, values.length, 1 + round % 5, round % 2 == 0 ? LONG : 200);
      } catch (ArithmeticException e) {
        assertThat(e).hasMessage("step " + step);
        failed = true;
      }
      assertThat(failed).isEqualTo(fails[0]);
      sum += step;
      assertThat(values[round % values.length]).isEqualTo(sum * (round % values.length + 1));
    }
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).isEqualTo(sum * (i + 1));
    }
  }

  @Test
  void moreThreadsThanCoresStillEnd() {
    int threads = 2 * Runtime.getRuntime().availableProcessors() + 3;
    try (WorkerPool pool = WorkerPool.of(threads)) {
      runMany(pool, 5, 500);
      assertThat(threadsThatMeet(pool, threads)).hasSize(threads);
    }
  }

  @Test
  void closeEndsTheThreadsAndLeavesTheWorkToCallers() throws InterruptedException {
    WorkerPool pool = WorkerPool.of(3);
    Set<Thread> workers = workers(pool);
    pool.close();
    pool.close();
    for (Thread thread : workers) {
      thread.join();
    }
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    pool.run((step, from, to) -> seen.add(Thread.currentThread()), 0, 100, 1, LONG);
    assertThat(seen).containsExactly(Thread.currentThread());
    assertCovered(pool, 100, 3, LONG);

    WorkerPool unused = WorkerPool.of(3);
    unused.close();
    assertCovered(unused, 100, 3, LONG);
  }

  @Test
  void closeWhileAStepRuns() throws InterruptedException {
    for (int i = 0; i < 200; i++) {
      WorkerPool pool = WorkerPool.of(3);
      Thread closer = new Thread(pool::close);
      AtomicInteger done = new AtomicInteger();
      closer.start();
      for (int run = 0; run < 20; run++) {
        pool.run((step, from, to) -> done.addAndGet(to - from), 0, 100, 1, LONG);
      }
      closer.join();
      assertThat(done.get()).isEqualTo(2_000);
    }
  }

  @Test
  void theSharedPoolStaysOpen() {
    WorkerPool shared = WorkerPool.shared();
    assertThat(shared).isSameAs(WorkerPool.shared());
    assertThat(shared.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
    shared.close();
    assertThat(threadsThatMeet(shared, shared.threads())).hasSize(shared.threads());
  }

  @Test
  void threadsAreDaemonsWithNames() {
    try (WorkerPool pool = WorkerPool.of(3)) {
      assertThat(workers(pool)).allMatch(Thread::isDaemon);
      assertThat(workers(pool).stream().map(Thread::getName))
          .containsExactlyInAnyOrder("tenon-worker-1", "tenon-worker-2");
    }
  }

  @Test
  void interruptsAreKept() {
    try (WorkerPool pool = WorkerPool.of(2)) {
      CountDownLatch both = new CountDownLatch(2);
      Thread caller = Thread.currentThread();
      AtomicInteger ended = new AtomicInteger();
      caller.interrupt();
      pool.run(
          (step, from, to) -> {
            both.countDown();
            while (both.getCount() > 0) {
              Thread.onSpinWait();
            }
            if (Thread.currentThread() == caller) {
              return;
            }
            // Until the caller sleeps, interrupted as it is.
            while (caller.getState() != Thread.State.TIMED_WAITING) {
              Thread.onSpinWait();
            }
            ended.incrementAndGet();
          },
          0,
          2,
          1,
          WorkerPool.LEAST_NANOS);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(ended.get()).isEqualTo(1);
    }
  }

  /**
   * Whatever is thrown reaches the caller as it is, and the pool has all its threads afterwards.
   */
  @Test
  void everythingThatCanBeThrown() {
    try (WorkerPool pool = WorkerPool.of(4)) {
      for (Throwable thrown : Thrown.everything()) {
        for (boolean byCaller : new boolean[] {true, false}) {
          Thread caller = Thread.currentThread();
          CountDownLatch all = new CountDownLatch(4);
          Set<Thread> seen = ConcurrentHashMap.newKeySet();
          Work work =
              (step, from, to) -> {
                if (seen.add(Thread.currentThread())) {
                  all.countDown();
                }
                await(all);
                if ((Thread.currentThread() == caller) == byCaller) {
                  Thrown.<RuntimeException>sneak(thrown);
                }
              };
          assertThatThrownBy(() -> pool.run(work, 0, 12, 1, LONG)).isSameAs(thrown);
          assertThat(pool).hasToString("WorkerPool of 4 threads, idle");
          assertThat(threadsThatMeet(pool, 4)).hasSize(4);
        }
      }
    }
  }

  @Test
  void aCallAnywhereNearTheEndOfTheStackReturns() throws InterruptedException {
    try (WorkerPool pool = WorkerPool.of(4)) {
      NearTheEnd.call(
          () -> pool.run((step, from, to) -> needStack(12), 0, 64, 1, LONG),
          () -> {
            assertThat(pool).hasToString("WorkerPool of 4 threads, idle");
            assertThat(threadsThatMeet(pool, 4)).hasSize(4);
          });
    }
  }

  private static int needStack(int frames) {
    return frames == 0 ? 0 : needStack(frames - 1) + 1;
  }

  @Test
  void saysWhomItWorksFor() {
    try (WorkerPool pool = WorkerPool.of(2)) {
      List<String> texts = new ArrayList<>();
      pool.run(
          (step, from, to) -> {
            synchronized (texts) {
              texts.add(pool.toString());
            }
          },
          0,
          2,
          1,
          LONG);
      assertThat(texts)
          .containsOnly(
              "WorkerPool of 2 threads, working for thread \""
                  + Thread.currentThread().getName()
                  + "\"");
    }
  }

  @Test
  void threadsEndWithoutWorkAndComeBackWithIt() throws InterruptedException {
    // Not closed: that is how a pool is dropped.
    WorkerPool pool = WorkerPool.of(3);
    for (int i = 0; i < 2; i++) {
      Set<Thread> workers = workers(pool);
      assertThat(workers).hasSize(2);
      for (Thread worker : workers) {
        worker.join(60_000);
        assertThat(worker.isAlive()).isFalse();
      }
    }
    assertThat(threadsThatMeet(pool, 3)).hasSize(3);
  }

  @Test
  @SuppressWarnings("ThreadPriorityCheck")
  void threadsHaveNothingOfWhoeverStartsThem() throws InterruptedException {
    InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
    ClassLoader loader = new ClassLoader("callers", getClass().getClassLoader()) {};
    Set<Object> seen = ConcurrentHashMap.newKeySet();
    WorkerPool pool = WorkerPool.of(3);
    PieceGroup group = new PieceGroup(2, 2);
    Runnable look =
        () -> {
          Thread thread = Thread.currentThread();
          if (thread.getName().startsWith("tenon")) {
            seen.add(thread.getContextClassLoader());
            seen.add(thread.getThreadGroup().getName());
            seen.add("local " + local.get());
            seen.add(thread.getPriority());
          }
        };
    CountDownLatch all = new CountDownLatch(3);
    Thread caller =
        new Thread(
            new ThreadGroup("callers"),
            () -> {
              local.set("of the caller");
              pool.run(
                  (step, from, to) -> {
                    look.run();
                    all.countDown();
                    await(all);
                  },
                  0,
                  3,
                  1,
                  WorkerPool.LEAST_NANOS);
              group.run(2, piece -> look.run());
            });
    caller.setContextClassLoader(loader);
    caller.setPriority(Thread.MAX_PRIORITY);
    caller.start();
    caller.join();
    assertThat(seen)
        .containsExactlyInAnyOrder(
            ClassLoader.getSystemClassLoader(), "system", "local null", Thread.NORM_PRIORITY);
  }

  @Test
  void runsAllocateNothing() {
    try (WorkerPool pool = WorkerPool.of(2)) {
      float[] values = new float[1000];
      Work work =
          (step, from, to) -> {
            for (int i = from; i < to; i++) {
              values[i] += step;
            }
          };
      Allocation.assertNone(() -> pool.run(work, 1, values.length, 16, 100));
      Allocation.assertNone(() -> pool.run(work, 1, values.length, 16, LONG));
      Allocation.assertNone(() -> pool.run(work, 1, values.length, 16, 0));
    }
  }

  /** Sums of fixed blocks: how a work is to be written for equal bits. */
  @Test
  void sumsInFixedBlocksHaveTheSameBits() {
    float[] values = new float[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i) * 1e3f;
    }
    float[] expected = null;
    for (int threads = 1; threads <= 5; threads++) {
      try (WorkerPool pool = WorkerPool.of(threads)) {
        float[] sums = new float[100];
        pool.run(
            (step, from, to) -> {
              for (int block = from; block < to; block++) {
                float sum = 0;
                for (int i = 0; i < 100; i++) {
                  sum += values[block * 100 + i];
                }
                sums[block] = sum;
              }
            },
            0,
            sums.length,
            1,
            LONG);
        expected = expected == null ? sums : expected;
        assertThat(Arrays.equals(sums, expected)).isTrue();
      }
    }
  }

  @Test
  void optionsAreChecked() {
    assertThatThrownBy(() -> WorkerPool.of(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("WorkerPool: threads must be from 1 to 16383, but is 0.");
    assertThatThrownBy(() -> WorkerPool.of(20_000)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WorkerPool.shared().limitedTo(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("WorkerPool: threads must be at least 1, but is 0.");
    WorkerPool pool = WorkerPool.of(1);
    Work work = (step, from, to) -> {};
    assertThatThrownBy(() -> pool.run(work, 0, -1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "WorkerPool: count and nanosPerItem must be at least 0 and align at least 1, but they"
                + " are -1, 1 and 1.");
    assertThatThrownBy(() -> pool.run(work, 0, 1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pool.run(work, 0, 1, 1, -1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
