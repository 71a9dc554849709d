package dev.tenon.runtime.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.Objects;

/**
 * Who is in a call of a model: one thread at a time, because calls share the model's working
 * memory. Another thread that calls meanwhile gets an exception, at once, and disturbs nothing; a
 * model may be handed from thread to thread between calls. Each {@link State} has one, which all
 * calls on that state take:
 *
 * <pre>{@code
 * String outer = claim.begin(name, "fit");
 * try {
 *   ...
 * } finally {
 *   claim.end(outer);
 * }
 * }</pre>
 *
 * <p>Calls of one thread may lie within each other, as a step in a fit or an evaluation in a
 * listener, but none may lie within a call that was begun by {@link #beginAlone}: it is at work on
 * the memory that the other would use.
 *
 * <p>Costs two writes to memory, and neither waits nor allocates unless the thread has changed.
 */
public final class Claim {
  private static final VarHandle OWNER;

  static {
    try {
      OWNER = MethodHandles.lookup().findVarHandle(Claim.class, "owner", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile Thread owner;

  // Written by the owner only.
  private String first;
  private String call;
  private boolean alone;
  private int handovers;

  /** Weak, because a thread holds much, and may be done. */
  private WeakReference<Thread> last = new WeakReference<>(null);

  /** Nobody is in a call. */
  Claim() {}

  /**
   * Begins a call that may have others within it.
   *
   * @param name of the network, for messages
   * @param newCall what is called, for messages
   * @return what {@link #end} is to be given
   * @throws IllegalStateException if another thread is in a call, or this one is in a call that
   *     must be alone; nothing has begun then
   */
  public String begin(String name, String newCall) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(newCall, "newCall");
    return begin(name, newCall, false);
  }

  /**
   * Begins a call that works on the model's memory and must have no others within it.
   *
   * @param name of the network, for messages
   * @param newCall what is called, for messages
   * @return what {@link #end} is to be given
   * @throws IllegalStateException as {@link #begin}
   */
  public String beginAlone(String name, String newCall) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(newCall, "newCall");
    return begin(name, newCall, true);
  }

  // A begin takes more stack than its end does. So an end that stands where its begin stood does
  // not
  // overflow, and no claim is left behind by a StackOverflowError.

  private String begin(String name, String newCall, boolean newAlone) {
    Thread caller = Thread.currentThread();
    if (owner == caller) {
      if (alone) {
        throw within(name, newCall);
      }
      String outer = call;
      call = newCall;
      alone = newAlone;
      return outer;
    }
    while (!OWNER.compareAndSet(this, null, caller)) {
      Thread other = owner;
      if (other != null) {
        throw busy(name, newCall, caller, other);
      }
    }
    try {
      if (last.get() != caller) {
        last = new WeakReference<>(caller);
        handovers++;
      }
    } catch (Throwable e) {
      owner = null;
      throw e;
    }
    first = newCall;
    call = newCall;
    alone = newAlone;
    return null;
  }

  /**
   * Ends the call that began last.
   *
   * @param outer what its begin returned
   */
  public void end(String outer) {
    call = outer;
    alone = false;
    if (outer == null) {
      owner = null;
    }
  }

  /**
   * How often another thread than the one before began a call. What was handed out before the
   * number changed may still be read by that thread.
   *
   * @return for whoever is in a call
   */
  public int handovers() {
    return handovers;
  }

  private IllegalStateException busy(String name, String newCall, Thread caller, Thread other) {
    String running = first;
    String inner = call;
    return new IllegalStateException(
        name
            + ": "
            + newCall
            + " was called by thread \""
            + caller.getName()
            + "\" while thread \""
            + other.getName()
            + "\" is in "
            + (running == null ? "another call" : running)
            + (inner == null || inner.equals(running) ? "" : " (" + inner + ")")
            + ". A model serves one thread at a time, because its calls share working memory."
            + " Give each thread a model of its own (create one, then"
            + " copy.state().copyFrom(model.state())), or let one call wait for the other, under a"
            + " lock.");
  }

  private IllegalStateException within(String name, String newCall) {
    return new IllegalStateException(
        name
            + ": "
            + newCall
            + " was called from within "
            + call
            + ", by thread \""
            + Thread.currentThread().getName()
            + "\". A function that a model calls must not call that model: both would work on the"
            + " same memory. Call another model, or this one when "
            + call
            + " has returned.");
  }
}
