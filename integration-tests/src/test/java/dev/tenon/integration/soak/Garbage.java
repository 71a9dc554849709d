package dev.tenon.integration.soak;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Trains networks until a window of steps allocates nothing, on any thread, and writes what the
 * best window allocated. Until C2 has compiled the kernels a vector is an object, so windows follow
 * each other while it compiles, up to a number that no machine needs.
 */
final class Garbage {
  /** Steps of a window: {@link Soak#PERIOD} batches in turn. */
  static final int WINDOW = 20 * Soak.PERIOD;

  private static final int MOST_WINDOWS = 300;

  /** Steps between two windows, for the counters that say what is worth compiling. */
  private static final int STEPS_BETWEEN = 500;

  /** What the compiler gets of the cores between two windows. */
  private static final int MILLIS_BETWEEN = 20;

  /** Samples of a batch whose kernels are shared by two threads. */
  private static final int LARGE_BATCH = 256;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Garbage() {}

  /**
   * Writes a line that says which kernels ran, then a line for each network, of its name and the
   * bytes of the best window.
   *
   * @param args a file, and the networks' names; one with {@code *} behind it is trained by two
   *     threads on large batches
   */
  public static void main(String[] args) throws Exception {
    Map<String, SoakNetwork> networks = new LinkedHashMap<>();
    EveryLayer.networks().forEach(network -> networks.put(network.name(), network));
    StringBuilder text = new StringBuilder();
    for (String name : List.of(args).subList(1, args.length)) {
      SoakNetwork network = networks.get(name.replace("*", ""));
      boolean large = name.endsWith("*");
      Training training = new Training(large ? network.ofBatch(LARGE_BATCH) : network);
      training.threads(large ? 2 : 1);
      text.append(name).append(' ').append(fewestBytes(training::step, MOST_WINDOWS)).append('\n');
    }
    write(Path.of(args[0]), text);
  }

  private static void write(Path file, CharSequence text) throws IOException {
    Files.writeString(file, Soak.kernels() + "\n" + text);
  }

  /** A step of a number. */
  interface Step {
    void run(int number);
  }

  /** The bytes that all threads allocate in a window, in the one where they are fewest. */
  static long fewestBytes(Step step, int mostWindows) throws InterruptedException {
    long fewest = Long.MAX_VALUE;
    for (int window = 0; window < mostWindows && fewest > 0; window++) {
      run(step, STEPS_BETWEEN);
      Thread.sleep(window == 0 ? 0 : MILLIS_BETWEEN);
      long[] others = others();
      long[] before = THREADS.getThreadAllocatedBytes(others);
      long own = THREADS.getCurrentThreadAllocatedBytes();
      run(step, WINDOW);
      long bytes = THREADS.getCurrentThreadAllocatedBytes() - own;
      long[] after = THREADS.getThreadAllocatedBytes(others);
      for (int i = 0; i < others.length; i++) {
        // An idle thread that has ended has no number any more.
        bytes += Math.max(0, after[i] - before[i]);
      }
      fewest = Math.min(fewest, bytes);
    }
    return fewest;
  }

  private static void run(Step step, int count) {
    for (int i = 0; i < count; i++) {
      step.run(i % Soak.PERIOD);
    }
  }

  private static long[] others() {
    long own = Thread.currentThread().getId();
    return LongStream.of(THREADS.getAllThreadIds()).filter(id -> id != own).toArray();
  }

  /** The bytes by network, from the lines that {@link #main} writes. */
  static Map<String, Long> bytes(List<String> lines) {
    return lines.stream()
        .map(line -> line.split(" "))
        .collect(
            Collectors.toMap(
                parts -> parts[0],
                parts -> Long.parseLong(parts[1]),
                (a, b) -> a,
                LinkedHashMap::new));
  }

  /** Networks in single precision, in which vector kernels compute, that call no functions. */
  static Stream<String> all() {
    return EveryLayer.networks().stream()
        .filter(network -> !network.name().endsWith("64"))
        .filter(
            network ->
                network.members().stream()
                    .noneMatch(m -> m.matches(".*@(GELU|Sigmoid|SiLU|Tanh|(Log)?Softmax)\\b.*")))
        .map(SoakNetwork::name);
  }
}
