package dev.tenon.integration.kill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.file.Weights;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} at random moments of a run that writes a checkpoint after every step, often while
 * it writes one: what is there is always whole, and the run goes on and ends with the bits of one
 * that was never killed. The property {@code kill.count} says how many: 5 in every build, 200 in
 * the Maven profile {@code kill}; {@code kill.seed} chooses the moments.
 */
class KilledRunTest {
  private static final int COUNT = Integer.getInteger("kill.count", 5);
  private static final Path LAST = Path.of("last.safetensors");

  /** So long a run goes on before it is killed, at most. */
  private static final int LONGEST_MILLIS = 300;

  private static final int TIMEOUT_SECONDS = 120;

  @TempDir private Path folder;

  @Test
  void everyRunThatIsKilledGoesOnToTheSameEnd(TestReporter reporter) throws Exception {
    long seed = Long.getLong("kill.seed", 1);
    Random random = new Random(seed);
    Path alive = Files.createDirectory(folder.resolve("alive"));
    Victim.live(alive);
    byte[] expected = Files.readAllBytes(alive.resolve(Victim.END));
    Path run = Files.createDirectory(folder.resolve("run"));
    int killed = 0;
    int ended = 0;
    List<Long> steps = new ArrayList<>();
    while (killed < COUNT) {
      if (killAfter(run, random.nextInt(LONGEST_MILLIS))) {
        killed++;
        steps.add(steps(run));
      } else {
        requireEnd(run, expected);
        ended++;
        empty(run);
      }
    }
    Process last = start(run);
    finish(last);
    requireEnd(run, expected);
    reporter.publishEntry("kills", Integer.toString(killed));
    reporter.publishEntry("ends", Integer.toString(ended + 1));
    reporter.publishEntry("steps at kills, seed " + seed, steps.toString());
  }

  /** Whether the process was killed; false if it came to its end before. */
  private static boolean killAfter(Path run, int millis) throws Exception {
    Process process = start(run);
    waitForAStep(process);
    if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
      finish(process);
      return false;
    }
    process.destroyForcibly();
    assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    if (process.exitValue() == 0) {
      return false;
    }
    assertThat(process.exitValue()).as("killed by signal 9").isEqualTo(128 + 9);
    return true;
  }

  private static Process start(Path run) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    ModuleLayer.boot()
        .findModule("jdk.incubator.vector")
        .ifPresent(module -> command.addAll(List.of("--add-modules", module.getName())));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Victim.class.getName());
    command.add(run.toString());
    File errors = run.resolveSibling("errors.txt").toFile();
    return new ProcessBuilder(command).redirectError(errors).start();
  }

  /** Until it has made a step, or come to its end without one because all were made. */
  private static void waitForAStep(Process process) throws IOException {
    assertThat(process.getInputStream().read()).isIn((int) 'f', -1);
  }

  private static void finish(Process process) throws Exception {
    boolean over = process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    if (!over) {
      process.destroyForcibly();
    }
    assertThat(over).isTrue();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(output).isZero();
  }

  private static void requireEnd(Path run, byte[] expected) {
    assertThat(run.resolve(Victim.END)).hasBinaryContent(expected);
  }

  /** What is there is whole; nothing is before the first step. */
  private static long steps(Path run) throws IOException {
    Path last = run.resolve(LAST);
    return Files.exists(last)
        ? Weights.read(last).tensor("checkpoint/steps_done").toLongArray()[0]
        : 0;
  }

  private static void empty(Path run) throws IOException {
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(run)) {
          Files.delete(file);
        }
      }
    }
  }
}
