package dev.tenon.runtime.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Files that somebody has changed: each is read as a whole or ends in a {@link WeightsException},
 * in a virtual machine of 64 MB, without more memory than twice the file and without taking long.
 * The property {@code hostile.mutants} says how many: 2,000 in every build, 1,000,000 in the Maven
 * profile {@code hostile-files}; {@code 17..17} repeats one of them.
 */
final class HostileFilesTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Buffers, views, exceptions with their stack traces: what does not grow with the file. */
  private static final long CONSTANT = 256 << 10;

  /** Of the thread's own time: no limit of speed, but of what would hold up a service. */
  private static final long LONGEST_NANOS = 1_000_000_000;

  private static final List<String> FILES =
      List.of(
          "types.safetensors",
          "metadata.safetensors",
          "state.pt",
          "state-old.pt",
          "state-4.pt",
          "state-5-old.pt",
          "checkpoint.pt",
          "checkpoint-old.pt",
          "views.pt",
          "views-old.pt",
          "types.pt",
          "parameters-old.pt");

  private int refused;
  private long slowest;

  @Test
  void everyMutantIsReadOrRefused(TestReporter reporter) throws IOException {
    assertThat(Runtime.getRuntime().maxMemory())
        .as("this runs in a small virtual machine: mvn surefire:test@small -pl runtime")
        .isLessThanOrEqualTo(64 << 20);
    String[] bounds = System.getProperty("hostile.mutants", "0..1999").split("\\.\\.", 2);
    long first = Long.parseLong(bounds[0]);
    long last = Long.parseLong(bounds[1]);
    List<byte[]> originals = new ArrayList<>();
    for (String file : FILES) {
      originals.add(Files.readAllBytes(Hashes.file(file)));
      // So that what loads a class for the first time is not counted.
      Weights weights = Weights.read(Hashes.file(file));
      for (String name : weights.names()) {
        if (weights.info(name).tensorType().isPresent()) {
          weights.tensor(name);
        } else {
          assertThatThrownBy(() -> weights.tensor(name)).isInstanceOf(WeightsException.class);
        }
      }
    }
    Map<String, Integer> messages = new TreeMap<>();
    for (long seed = first; seed <= last; seed++) {
      Random random = new Random(seed);
      int which = random.nextInt(FILES.size());
      byte[] mutant = Mutants.of(originals.get(which), random);
      check(FILES.get(which), mutant, seed, messages);
    }
    reporter.publishEntry("mutants", Long.toString(last - first + 1));
    reporter.publishEntry("refused", Integer.toString(refused));
    reporter.publishEntry("slowest", slowest / 1000 + " us");
    if (last - first >= 1000) {
      // Both ends are met, and not by one check alone.
      assertThat(refused).isBetween((int) ((last - first) / 5), (int) (last - first));
      assertThat(messages).hasSizeGreaterThan(20);
    }
  }

  private void check(String name, byte[] mutant, long seed, Map<String, Integer> messages) {
    String what = name + ", mutant " + seed;
    long nanos = THREADS.getCurrentThreadCpuTime();
    try {
      try {
        read(name, mutant);
      } catch (AssertionError e) {
        // What is loaded for the first time takes memory too: nothing is, the second time.
        read(name, mutant);
      }
    } catch (WeightsException e) {
      refused++;
      messages.merge(kind(e.getMessage()), 1, Integer::sum);
    } catch (RuntimeException | Error e) {
      fail(what + " ended in " + e, e);
    }
    nanos = THREADS.getCurrentThreadCpuTime() - nanos;
    slowest = Math.max(slowest, nanos);
    assertThat(nanos).as(what + ": nanoseconds").isLessThan(LONGEST_NANOS);
  }

  /** A message without its names and numbers. */
  private static String kind(String message) {
    return message.replaceAll("\"[^\"]*\"?", "").replaceAll("[^a-z ]", "");
  }

  /** Reads everything, and sees to it that no step takes more memory than it may. */
  private static void read(String name, byte[] file) throws WeightsException {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    Weights weights;
    try {
      weights = Weights.read(name, file, ReadOptions.defaults());
    } finally {
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
          .as("bytes to list " + name)
          .isLessThan(2L * file.length + CONSTANT);
    }
    for (String tensor : weights.names()) {
      WeightInfo info = weights.info(tensor);
      before = THREADS.getCurrentThreadAllocatedBytes();
      try {
        assertThat(weights.tensor(tensor).size()).isEqualTo((int) info.elements());
      } catch (WeightsException e) {
        assertThat(e).hasMessageStartingWith(name);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      // Its elements, four or eight bytes each, and what a view spans of the file.
      long elements = Math.min(info.elements(), 2L * file.length);
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
          .as("bytes to read " + tensor + " of " + name)
          .isLessThan(8 * elements + file.length + CONSTANT);
    }
    assertThat(weights.describe()).isNotEmpty();
  }

  /** Headers that are as dense as can be, in a third of the memory. */
  @Test
  void aHeaderTakesLessThanTwiceTheFile() {
    StringBuilder tensors = new StringBuilder("{");
    for (int i = 0; i < 80_000; i++) {
      tensors.append(i == 0 ? "\"" : ",\"").append(Integer.toString(i, 36));
      tensors.append("\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
    }
    check(tensors);
    StringBuilder metadata = new StringBuilder("{\"__metadata__\":{");
    for (int i = 0; i < 400_000; i++) {
      metadata.append(i == 0 ? "\"" : ",\"").append(Integer.toString(i, 36)).append("\":\"\"");
    }
    check(metadata.append('}'));
    StringBuilder shape = new StringBuilder("{\"a\":{\"dtype\":\"U8\",\"shape\":[");
    shape.append("0,".repeat(2_000_000));
    check(shape.append("0],\"data_offsets\":[0,0]}"));
    StringBuilder text = new StringBuilder("{\"__metadata__\":{\"a\":\"");
    check(text.append("\\u00fc".repeat(600_000)).append("\"}"));
  }

  private static void check(StringBuilder header) {
    byte[] file = new byte[8 + header.length() + 1];
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length() + 1);
    for (int i = 0; i < header.length(); i++) {
      file[8 + i] = (byte) header.charAt(i);
    }
    file[file.length - 1] = '}';
    check(file);
  }

  private static void check(byte[] file) {
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    try {
      Weights.read("x", file, ReadOptions.defaults());
    } catch (WeightsException e) {
      fail("refused", e);
    }
    bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
    assertThat(bytes).isLessThan(2L * file.length + CONSTANT);
  }

  /** A value for each byte of a pickle, and a tensor of each few. */
  @Test
  void aPickleTakesLessThanTwiceTheFileOrIsRefused() {
    for (int operation : new int[] {'}', ']', ')', '(', 'N', 0x88}) {
      refused(new Pickled().repeat(2_000_000, operation));
      if (operation != '(') {
        refused(new Pickled().bytes('N').repeat(1_000_000, 0x94, operation));
      }
    }
    long[] none = {};
    Pickled tensors = new Pickled().bytes('}').text("w").tensor("FloatStorage", 1, 0, none, none);
    tensors.bytes('q', 0, 's');
    for (int i = 0; i < 200_000; i++) {
      tensors.text(Integer.toString(i, 36)).bytes('h', 0, 's');
    }
    refused(tensors);
  }

  private static void refused(Pickled pickle) {
    byte[] file = pickle.zip(4);
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    String message = "";
    try {
      Weights.read("x", file, ReadOptions.defaults());
    } catch (WeightsException e) {
      message = e.getMessage();
    }
    bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
    assertThat(message).startsWith("x: what the file lists takes more than");
    assertThat(bytes).isLessThan(Math.max(8 << 20, 2L * file.length) + CONSTANT);
  }
}
