package dev.tenon.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.Allocation;
import dev.tenon.runtime.DType;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClaimTest {
  private final Claim claim = new Claim();
  private final String me = Thread.currentThread().getName();

  private static void inThread(String name, Runnable task) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread = new Thread(task, name);
    thread.setUncaughtExceptionHandler((t, e) -> failure.set(e));
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }

  @Test
  void refusesASecondThreadAndSaysWhoIsThere() {
    String outer = claim.begin("Net", "Trainer.fit");
    String inner = claim.beginAlone("Net", "backward");
    inThread(
        "the other",
        () ->
            assertThatThrownBy(() -> claim.beginAlone("Net", "predict"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                    "Net: predict was called by thread \"the other\" while thread \""
                        + me
                        + "\" is in Trainer.fit (backward). A model serves one thread at a time, because"
                        + " its calls share working memory. Give each thread a model of its own"
                        + " (create one, then copy.state().copyFrom(model.state())), or let one"
                        + " call wait for the other, under a lock."));
    claim.end(inner);
    inThread(
        "the other",
        () ->
            assertThatThrownBy(() -> claim.begin("Net", "Trainer.step"))
                .hasMessageContaining("is in Trainer.fit."));
    claim.end(outer);
    inThread("the other", () -> claim.end(claim.beginAlone("Net", "predict")));
  }

  @Test
  void callsMayLieWithinCallsButNotWithinOneThatIsAlone() {
    String fit = claim.begin("Net", "Trainer.fit");
    assertThat(fit).isNull();
    String step = claim.begin("Net", "Trainer.step");
    String forward = claim.beginAlone("Net", "forward");
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> claim.beginAlone("Net", "predict"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("Net: predict was called from within forward, by thread \"")
          .hasMessageContaining("A function that a model calls must not call that model");
    }
    claim.end(forward);
    claim.end(claim.beginAlone("Net", "backward"));
    claim.end(step);
    claim.end(claim.beginAlone("Net", "predict"));
    claim.end(fit);
    inThread("the other", () -> claim.end(claim.beginAlone("Net", "predict")));
  }

  @Test
  void countsHandovers() {
    claim.end(claim.begin("Net", "a"));
    int before = claim.handovers();
    claim.end(claim.begin("Net", "b"));
    assertThat(claim.handovers()).isEqualTo(before);
    inThread("the other", () -> claim.end(claim.begin("Net", "c")));
    assertThat(claim.handovers()).isEqualTo(before + 1);
    claim.end(claim.begin("Net", "d"));
    assertThat(claim.handovers()).isEqualTo(before + 2);
  }

  @Test
  void allocatesNothing() {
    Allocation.assertNone(() -> claim.end(claim.beginAlone("Net", "predict")));
  }

  @Test
  void statesThatShareGradientsShareTheClaim() {
    State state = State.builder(DType.FLOAT32).counter("c").build(1);
    assertThat(state.only(p -> true).claim()).isSameAs(state.claim());
    assertThat(state.sharing().claim()).isNotSameAs(state.claim());
  }

  @Test
  void aCopyTakesBothStates() {
    State from = State.builder(DType.FLOAT32).counter("c").build(1);
    State to = State.builder(DType.FLOAT32).counter("c").build(1);
    from.counter("c").set(3);
    for (State busy : new State[] {from, to}) {
      String outer = busy.claim().begin("Net", "Trainer.fit");
      inThread(
          "the other",
          () ->
              assertThatThrownBy(() -> to.copyFrom(from))
                  .isInstanceOf(IllegalStateException.class)
                  .hasMessageContaining("is in Trainer.fit"));
      busy.claim().end(outer);
      assertThat(to.counter("c").get()).isZero();
    }
    inThread("the other", () -> to.copyFrom(from));
    assertThat(to.counter("c").get()).isEqualTo(3);
  }
}
