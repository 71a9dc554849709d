package dev.tenon.runtime.internal.parallel;

import static org.assertj.core.api.Assertions.assertThat;

/** Calls something from every frame of a stack that has overflown, until it has returned twice. */
public final class NearTheEnd implements Runnable {
  private final Runnable call;
  private int calls;
  private int returned;

  private NearTheEnd(Runnable call) {
    this.call = call;
  }

  /**
   * Does so on threads with stacks of several sizes; it fails at some depths, and must not hang.
   */
  public static void call(Runnable call, Runnable after) throws InterruptedException {
    // What is linked or initialised at the first call must not fail for good.
    call.run();
    after.run();
    int failed = 0;
    for (int i = 0; i < 30; i++) {
      NearTheEnd near = new NearTheEnd(call);
      Thread caller = new Thread(null, near, "near the end", 200_000 + 333 * i);
      caller.start();
      caller.join(60_000);
      assertThat(caller.isAlive()).as("hangs").isFalse();
      assertThat(near.returned).isPositive();
      failed += near.calls - near.returned;
      after.run();
    }
    assertThat(failed).isPositive();
  }

  @Override
  public void run() {
    try {
      deeper();
    } catch (StackOverflowError e) {
      // What it was about happened on the way up.
    }
  }

  @SuppressWarnings("InfiniteRecursion")
  private void deeper() {
    try {
      deeper();
    } catch (StackOverflowError e) {
      if (returned < 2) {
        calls++;
        call.run();
        returned++;
      }
      throw e;
    }
  }
}
