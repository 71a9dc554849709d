package dev.tenon.runtime.internal.parallel;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A daemon that owes nothing to whoever happens to be there when it is made: it has the system's
 * class loader, the root thread group, normal priority and no thread-locals. Otherwise it would
 * keep the first caller's class loader for as long as it lives, and no application server could
 * unload that application.
 */
public abstract class IndependentThread extends Thread {
  /** Without work for so long, a thread ends; it is made again when there is some. */
  public static final long IDLE_NANOS = 2_000_000_000L;

  /**
   * To be called within {@link #make}.
   *
   * @param name the thread's
   */
  // Nothing relies on the priority: it is the one it would have. What is called here is Thread's,
  // which no thread of ours overrides.
  @SuppressWarnings({"ThreadPriorityCheck", "this-escape"})
  protected IndependentThread(String name) {
    super(root(), null, name, 0, false);
    setDaemon(true);
    setPriority(NORM_PRIORITY);
    setContextClassLoader(ClassLoader.getSystemClassLoader());
  }

  private static ThreadGroup root() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  /**
   * Makes a thread without the caller's access control context, which names the class loaders of
   * everybody on the stack and which a thread of JDK 17 to 23 keeps.
   *
   * @param <T> the type of the thread
   * @param constructor makes it
   * @return the thread, not started
   */
  @SuppressWarnings("removal")
  public static <T extends IndependentThread> T make(Supplier<T> constructor) {
    Objects.requireNonNull(constructor, "constructor");
    return AccessController.doPrivileged((PrivilegedAction<T>) constructor::get);
  }

  /**
   * Throws what another thread threw, whatever it is.
   *
   * @param <T> what the caller's compiler takes it for
   * @param thrown by the other thread
   * @throws T always
   */
  @SuppressWarnings("unchecked")
  public static <T extends Throwable> void rethrow(Throwable thrown) throws T {
    Objects.requireNonNull(thrown, "thrown");
    throw (T) thrown;
  }
}
