package dev.tenon.processor.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.processor.fuzz.Corpus.Program;
import dev.tenon.processor.layers.LayerTypes;
import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Networks with random mistakes: every one ends as a network or with errors that are javac's own or
 * documented. The property {@code fuzz.seeds} says which: {@code 0..499} in every build, {@code
 * 0..19999} in the Maven profile {@code fuzz}, and one number repeats one of them. One in ten goes
 * all the way to class files; of the others only the shapes are inferred, which is quick.
 */
final class FuzzTest {
  private static final String SEEDS = "fuzz.seeds";

  /** No limit of speed, but of what could be an endless loop. */
  private static final int SECONDS = 120;

  private static final int WHOLE = 10;

  /** After so many mutants the figures are given, so that a long run shows how far it is. */
  private static final int REPORTED = 1000;

  /** Shown of those that failed. */
  private static final int SHOWN = 20;

  private static final Pattern ID = Pattern.compile("^\\[(\\w+)]");

  private final List<Program> programs = Corpus.programs();
  private final Set<String> documented = Corpus.documentedIds();
  private int succeeded;
  private int failedByTenon;
  private int failedByJavac;
  private long slowest;
  private long slowestSeed;

  @Test
  void everyMutantEndsInANetworkOrInDocumentedErrors(TestReporter reporter) throws Exception {
    String[] bounds = System.getProperty(SEEDS, "0..499").split("\\.\\.", 2);
    long first = Long.parseLong(bounds[0]);
    long last = Long.parseLong(bounds[bounds.length - 1]);
    List<String> failures = new ArrayList<>();
    ExecutorService worker = Executors.newSingleThreadExecutor(FuzzTest::daemon);
    try {
      for (long seed = first; seed <= last && failures.size() < SHOWN; seed++) {
        Program mutant = Mutator.mutant(programs, seed);
        String wrong = check(mutant, seed, worker);
        if (!wrong.isEmpty()) {
          failures.add(
              String.format(
                  Locale.ROOT,
                  "Seed %d, made of %s: %s%nRepeat with -D%s=%d%n%s",
                  seed,
                  mutant.name(),
                  wrong,
                  SEEDS,
                  seed,
                  String.join("\n----\n", mutant.sources())));
        }
        if ((seed + 1 - first) % REPORTED == 0 || seed == last) {
          reporter.publishEntry("mutants", figures(first, seed, failures.size()));
        }
      }
    } finally {
      worker.shutdownNow();
    }
    if (!failures.isEmpty()) {
      fail(String.join("\n================\n", failures));
    }
  }

  /** Networks that are right must be among the mutants, or the second half is never reached. */
  @Test
  void theProgramsThemselvesAreNetworksOrKnownMistakes() {
    assertThat(programs).hasSizeGreaterThan(300);
    assertThat(documented).contains("NetworkInput", "BatchNorm2dChannels");
  }

  private String check(Program mutant, long seed, ExecutorService worker) throws Exception {
    AtomicReference<Thread> thread = new AtomicReference<>();
    AtomicLong before = new AtomicLong();
    Future<String> result =
        worker.submit(
            () -> {
              before.set(cpuSeconds(Thread.currentThread()));
              thread.set(Thread.currentThread());
              long start = cpuTime(Thread.currentThread());
              String wrong = judge(mutant, seed % WHOLE == 0);
              long taken = cpuTime(Thread.currentThread()) - start;
              if (taken > slowest) {
                slowest = taken;
                slowestSeed = seed;
              }
              return wrong;
            });
    try {
      while (true) {
        try {
          return result.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
          // On the processor's own clock: a machine may be busy, or the test have been stopped.
          if (cpuSeconds(thread.get()) - before.get() > SECONDS) {
            throw late;
          }
        }
      }
    } catch (TimeoutException endless) {
      String where =
          Stream.of(thread.get().getStackTrace())
              .map(StackTraceElement::toString)
              .collect(Collectors.joining("\n    at "));
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "Seed %d, made of %s, has not ended after %d seconds, and is at%n    at %s%n%s",
              seed,
              mutant.name(),
              SECONDS,
              where,
              String.join("\n----\n", mutant.sources())));
    } catch (ExecutionException thrown) {
      StringWriter trace = new StringWriter();
      thrown.getCause().printStackTrace(new PrintWriter(trace, true));
      return "threw " + trace;
    }
  }

  private String figures(long first, long last, int wrong) {
    return String.format(
        Locale.ROOT,
        "%d..%d: %d succeeded, %d got errors of Tenon's, %d of javac's alone, %d are findings; the"
            + " slowest was %d, %.1f s",
        first,
        last,
        succeeded,
        failedByTenon,
        failedByJavac,
        wrong,
        slowestSeed,
        slowest / 1e9);
  }

  private String judge(Program mutant, boolean whole) {
    CompilerHarness harness =
        whole
            ? CompilerHarness.with(new TenonProcessor())
            : CompilerHarness.with(
                    new TenonProcessor(LayerTypes.all(), (network, report) -> List.of()))
                .options("-proc:only");
    Compiled compiled = harness.run(mutant.sources().toArray(String[]::new));
    boolean ours = false;
    for (Diagnostic<? extends JavaFileObject> diagnostic : compiled.diagnostics()) {
      if (diagnostic.getKind() != Diagnostic.Kind.ERROR) {
        continue;
      }
      String message = diagnostic.getMessage(Locale.ROOT);
      Matcher id = ID.matcher(message);
      if (isGenerated(diagnostic.getSource())) {
        return "javac rejects generated code: " + diagnostic;
      }
      if (id.find()) {
        ours = true;
        if (id.group(1).equals("InternalError") || !documented.contains(id.group(1))) {
          return message;
        }
      }
    }
    if (compiled.succeeded()) {
      succeeded++;
    } else if (ours) {
      failedByTenon++;
    } else {
      failedByJavac++;
    }
    return "";
  }

  private static long cpuSeconds(Thread thread) {
    return TimeUnit.NANOSECONDS.toSeconds(cpuTime(thread));
  }

  private static long cpuTime(Thread thread) {
    return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId());
  }

  private static boolean isGenerated(JavaFileObject source) {
    return source != null && source.toUri().toString().startsWith(URI.create("mem:///out/") + "");
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "mutant");
    thread.setDaemon(true);
    return thread;
  }
}
