package dev.tenon.runtime.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.internal.parallel.NearTheEnd;
import dev.tenon.runtime.internal.parallel.Thrown;
import dev.tenon.runtime.model.PieceExchange;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing here depends on how fast anything is; the timeouts are for a group that hangs. */
@Timeout(120)
class PieceGroupTest {
  /** Every piece adds its number and one, twice; gives the threads that ran them. */
  private static Set<Thread> assertWorks(PieceGroup group) {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    int pieces = group.pieces();
    double[][] sums = new double[pieces][1];
    group.run(
        pieces,
        piece -> {
          threads.add(Thread.currentThread());
          PieceExchange exchange = group.exchange(piece);
          sums[piece][0] = piece + 1.0;
          exchange.sum(sums[piece]);
          exchange.sum(sums[piece]);
        });
    double once = pieces * (pieces + 1) / 2.0;
    for (double[] sum : sums) {
      assertThat(sum[0]).isEqualTo(pieces * once);
    }
    assertThat(threads).hasSize(pieces);
    return threads;
  }

  @Test
  void everythingThatCanBeThrownWhereverItIs() {
    for (int threads : new int[] {1, 4}) {
      try (PieceGroup group = new PieceGroup(4, threads)) {
        Set<Thread> workers = assertWorks(group);
        for (Throwable thrown : Thrown.everything()) {
          for (int failing = 0; failing < 4; failing++) {
            for (int sums = 0; sums < 3; sums++) {
              int bad = failing;
              int before = sums;
              assertThatThrownBy(
                      () ->
                          group.run(
                              8,
                              piece -> {
                                for (int i = 0; i < 3; i++) {
                                  if (piece == bad && i == before) {
                                    Thrown.<RuntimeException>sneak(thrown);
                                  }
                                  group.exchange(piece).sum(new double[2]);
                                }
                              }))
                  .isSameAs(thrown);
            }
          }
          assertThat(assertWorks(group)).isEqualTo(workers);
        }
      }
    }
  }

  @Test
  void theFirstPiecesFailureIsShown() {
    try (PieceGroup group = new PieceGroup(3, 3)) {
      CountDownLatch all = new CountDownLatch(3);
      assertThatThrownBy(
              () ->
                  group.run(
                      3,
                      piece -> {
                        all.countDown();
                        await(all);
                        throw new IllegalStateException("piece " + piece);
                      }))
          .hasMessage("piece 0");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void interruptsEndNoWait() {
    for (int threads : new int[] {1, 3}) {
      try (PieceGroup group = new PieceGroup(3, threads)) {
        Set<Thread> workers = assertWorks(group);
        // Those that sleep.
        workers.forEach(Thread::interrupt);
        assertThat(assertWorks(group)).isEqualTo(workers);
        // Those that wait for each other's sums.
        double[][] sums = {{1}, {2}, {3}};
        AtomicInteger flags = new AtomicInteger();
        group.run(
            3,
            piece -> {
              Thread.currentThread().interrupt();
              group.exchange(piece).sum(sums[piece]);
              flags.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
            });
        assertThat(flags.get()).isEqualTo(3);
        assertThat(sums).isEqualTo(new double[][] {{6}, {6}, {6}});
        assertThat(assertWorks(group)).isEqualTo(workers);
        // And whoever runs them.
        Thread.currentThread().interrupt();
        try {
          assertThat(assertWorks(group)).isEqualTo(workers);
        } finally {
          assertThat(Thread.interrupted()).isTrue();
        }
      }
    }
  }

  @Test
  void oneRunAtATime() throws InterruptedException {
    try (PieceGroup group = new PieceGroup(2, 2)) {
      CountDownLatch begun = new CountDownLatch(2);
      CountDownLatch release = new CountDownLatch(1);
      Thread first =
          new Thread(
              () ->
                  group.run(
                      2,
                      piece -> {
                        begun.countDown();
                        await(release);
                      }),
              "the first");
      first.start();
      await(begun);
      assertThatThrownBy(() -> group.run(2, piece -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "This group of pieces is running already, for thread \"the first\". It runs for one"
                  + " thread at a time.");
      release.countDown();
      first.join();
      assertThatThrownBy(() -> group.run(2, piece -> group.run(2, inner -> {})))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(Thread.currentThread().getName());
      assertWorks(group);
    }
  }

  @Test
  void aCallAnywhereNearTheEndOfTheStackReturns() throws InterruptedException {
    try (PieceGroup group = new PieceGroup(3, 3)) {
      assertWorks(group);
      NearTheEnd.call(
          () -> group.run(3, piece -> group.exchange(piece).sum(new double[1])),
          () -> assertWorks(group));
    }
  }

  @Test
  void threadsStartWithTheFirstRunAndEndWithoutWork() throws InterruptedException {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    // Not closed: that is how a group is dropped.
    PieceGroup group = new PieceGroup(3, 1);
    assertThat(Thread.getAllStackTraces().keySet().stream().filter(t -> !before.contains(t)))
        .noneMatch(thread -> thread.getName().startsWith("tenon-piece"));
    for (int i = 0; i < 2; i++) {
      for (Thread worker : assertWorks(group)) {
        assertThat(worker.isDaemon()).isTrue();
        worker.join(60_000);
        assertThat(worker.isAlive()).isFalse();
      }
    }
    assertWorks(group);
    group.close();
    assertThatThrownBy(() -> group.run(3, piece -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("This group of pieces is closed.");
  }
}
