package dev.tenon.integration.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.layers.LayerTypes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Every layer computes the same bits in the interpreter, compiled by C1 and compiled by C2, and on
 * every JDK; plain kernels and vector kernels each have theirs. What differs is an operation whose
 * result the specification leaves open. In every build it is 60 steps on the JDK of the build, by
 * the interpreter and by C2; in the Maven profile {@code soak} 3,000 by each compiler, and {@code
 * -Dsoak.jdks} names homes of JDKs, separated by commas. {@code soak.compilers}, {@code soak.steps}
 * and {@code soak.interpreted} (the steps in the interpreter) choose a part of it.
 */
class SoakTest {
  private static final int STEPS = Integer.getInteger("soak.steps", 60);
  private static final int INTERPRETED = Integer.getInteger("soak.interpreted", Soak.PERIOD);

  /** Of vectors that are slow: what compiled code repeats is compared with these. */
  private static final int SLOW_STEPS = Soak.PERIOD;

  private static final List<Compiler> COMPILERS =
      Stream.of(System.getProperty("soak.compilers", "INTERPRETER,C2").split(","))
          .map(Compiler::valueOf)
          .toList();

  @Test
  void everyCompilerGivesTheSameBits(TestReporter reporter) throws Exception {
    List<Jdk> jdks = jdks();
    for (Jdk jdk : jdks) {
      jdk.networks();
    }
    ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      for (boolean vectors : new boolean[] {false, true}) {
        Bits bits = new Bits();
        for (Future<Run> future : start(pool, jdks, vectors)) {
          Run run = result(future);
          bits.compare(run.name(), run.lines());
          reporter.publishEntry(run.name(), run.steps() + " steps");
        }
        reporter.publishEntry(
            vectors ? "vector kernels" : "plain kernels",
            String.format(
                "layers %d, networks %d, JDKs %s, compilers %s, steps compared %,d, differences %d",
                LayerTypes.all().size(),
                EveryLayer.networks().size(),
                versions(jdks),
                COMPILERS,
                bits.compared(),
                bits.differences().size()));
        assertThat(bits.differences()).isEmpty();
        assertThat(bits.networks())
            .containsExactlyElementsOf(
                EveryLayer.networks().stream().map(SoakNetwork::name).toList());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** What one virtual machine wrote. */
  private record Run(String name, int steps, List<String> lines) {}

  private static List<Future<Run>> start(ExecutorService pool, List<Jdk> jdks, boolean vectors) {
    List<Future<Run>> runs = new ArrayList<>();
    for (Compiler compiler : COMPILERS) {
      for (Jdk jdk : jdks) {
        runs.add(pool.submit(() -> run(jdk, compiler, vectors)));
      }
    }
    return runs;
  }

  private static Run run(Jdk jdk, Compiler compiler, boolean vectors) throws Exception {
    String name = compiler + (vectors ? "-vector-" : "-plain-") + jdk.version();
    int steps = compiler == Compiler.INTERPRETER ? INTERPRETED : STEPS;
    if (vectors && compiler.makesVectorsSlow()) {
      steps = Math.min(steps, SLOW_STEPS);
    }
    return new Run(
        name,
        steps,
        jdk.run(name, vectors, compiler.options(), Soak.class, Integer.toString(steps)));
  }

  private static Run result(Future<Run> run) throws Exception {
    try {
      return run.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  private static List<Jdk> jdks() {
    String homes = System.getProperty("soak.jdks");
    return homes == null
        ? List.of(Jdk.ofThisBuild())
        : Stream.of(homes.split(",")).map(Path::of).map(Jdk::at).toList();
  }

  private static List<String> versions(List<Jdk> jdks) throws Exception {
    List<String> versions = new ArrayList<>();
    for (Jdk jdk : jdks) {
      versions.add(jdk.version());
    }
    return versions;
  }

  /** The comparison sees one bit of one step, at the step where it is. */
  @Test
  void aDifferenceIsSeenAndNamed() {
    Bits bits = new Bits();
    bits.compare("one", List.of("Net 1 2 3", "Other 7"));
    assertThat(bits.differences()).isEmpty();
    bits.compare("two", List.of("Net 1 2 3 1 2 8", "Other 7"));
    assertThat(bits.differences())
        .containsExactly("Net, step 5 (2 of its 3): 8 in two, but 3 in one");
    assertThat(bits.compared()).isEqualTo(7);
  }
}
