package dev.tenon.benchmarks.peers;

import dev.tenon.benchmarks.workload.Contender;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/** The contenders that run on a JVM. An engine is loaded when it is asked for, and not before. */
public final class Contenders {
  /** Their names, in the order of the table. */
  public static final List<String> NAMES =
      List.of(Tenon.NAME, Djl.NAME, OnnxRuntime.NAME, Deeplearning4j.NAME);

  private Contenders() {}

  /**
   * A contender by its name.
   *
   * @throws NoSuchElementException if there is none of that name
   */
  public static Contender named(String name) {
    Supplier<Contender> contender =
        switch (name) {
          case Tenon.NAME -> Tenon::new;
          case Djl.NAME -> Djl::new;
          case OnnxRuntime.NAME -> OnnxRuntime::new;
          case Deeplearning4j.NAME -> Deeplearning4j::new;
          default ->
              throw new NoSuchElementException(
                  "No contender " + name + "; there are " + NAMES + ".");
        };
    return contender.get();
  }
}
