package dev.tenon.runtime.internal.parallel;

import java.util.List;

/** What a task may end with. */
public final class Thrown {
  private Thrown() {}

  /** One of each kind. */
  public static List<Throwable> everything() {
    return List.of(
        new IllegalArgumentException("unchecked"),
        new java.io.IOException("checked"),
        new InterruptedException("checked as well"),
        new AssertionError("error"),
        new StackOverflowError("as if"),
        new OutOfMemoryError("as if"),
        new ThreadDeath());
  }

  /** Throws it, checked or not. */
  @SuppressWarnings({"unchecked", "DoNotCallSuggester"})
  public static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
