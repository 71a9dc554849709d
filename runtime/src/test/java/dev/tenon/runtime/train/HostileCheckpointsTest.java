package dev.tenon.runtime.train;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.adam;
import static dev.tenon.runtime.optim.Optimizers.groups;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static dev.tenon.runtime.schedule.Schedules.plateau;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.file.Mutants;
import dev.tenon.runtime.file.Weights;
import dev.tenon.runtime.file.WeightsException;
import dev.tenon.runtime.random.Randoms;
import dev.tenon.runtime.state.CheckpointSection;
import dev.tenon.runtime.state.Checkpointed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checkpoints that somebody has changed: each is taken as a whole, or ends in a documented
 * exception that leaves the trainer as it was, without more memory than twice the file and the
 * trainer's own copy, and without taking long. The property {@code hostile.mutants} says how many,
 * as for files of weights.
 */
final class HostileCheckpointsTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Copies of a small trainer, buffers, exceptions: what does not grow with the file. */
  private static final long CONSTANT = 1 << 20;

  private static final long LONGEST_NANOS = 1_000_000_000;

  @TempDir private Path folder;
  private Path file;
  private byte[] original;
  private int refused;
  private int taken;

  /** Remembers a number. */
  private static final class Remembering implements TrainingListener, Checkpointed {
    private long number = 5;

    @Override
    public void write(CheckpointSection section) {
      section.put("number", number);
    }

    @Override
    public void read(CheckpointSection section) {
      number = section.integer("number");
    }
  }

  private static Dataset<int[]> data(int size) {
    double[] values = new double[2 * size];
    Arrays.setAll(values, i -> Randoms.normal(1, i));
    int[] labels = new int[size];
    Arrays.setAll(labels, i -> i % 3);
    return Dataset.of(Tensor.of(values, size, 2), labels);
  }

  private static Trainer<int[]> trainer() {
    LinearModel model = new LinearModel(2, 3, false);
    model.recordBatches = false;
    return Trainer.of(model)
        .loss(crossEntropy())
        .optimizer(
            groups(adam(0.01).amsgrad())
                .with(p -> p.name().endsWith("bias"), sgd(0.1).momentum(0.9)))
        .schedule(plateau())
        .batchSize(4)
        .build();
  }

  private static void options(FitOptions<int[]> fit) {
    fit.validate(data(6)).stopEarly(3).listen(new Remembering());
  }

  @BeforeEach
  void checkpoint() throws IOException {
    file = folder.resolve("run.safetensors");
    Trainer<int[]> trainer = trainer();
    trainer.fit(
        data(12),
        3,
        fit -> {
          options(fit);
          fit.listen(
              new TrainingListener() {
                @Override
                public void onBatch(int epoch, int batch, int batches, double loss) {
                  if (epoch == 3 && batch == 2) {
                    try {
                      trainer.checkpoint(file);
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  }
                }
              });
        });
    original = Files.readAllBytes(file);
    // What is loaded for the first time is not counted.
    take(original, "the original");
    assertThat(taken).isEqualTo(1);
  }

  @Test
  void everyMutantIsTakenOrRefused(TestReporter reporter) throws IOException {
    String[] bounds = System.getProperty("hostile.mutants", "0..1999").split("\\.\\.", 2);
    long first = Long.parseLong(bounds[0]);
    long last = Long.parseLong(bounds[1]);
    for (long seed = first; seed <= last; seed++) {
      Random random = new Random(seed);
      // Most changes of the header end there, so every second file has a sound one.
      boolean anywhere = seed % 2 == 0;
      take(anywhere ? Mutants.of(original, random) : otherData(random), "mutant " + seed);
    }
    reporter.publishEntry("mutants", Long.toString(last - first + 1));
    reporter.publishEntry("refused", Integer.toString(refused));
    if (last - first >= 1000) {
      assertThat(refused).isBetween((int) ((last - first) / 5), (int) (last - first));
    }
  }

  /** Some bytes of the tensors are others. */
  private byte[] otherData(Random random) {
    byte[] mutant = original.clone();
    long header = ByteBuffer.wrap(mutant).order(ByteOrder.LITTLE_ENDIAN).getLong();
    int from = Long.BYTES + (int) header;
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      mutant[from + random.nextInt(mutant.length - from)] = (byte) random.nextInt();
    }
    return mutant;
  }

  /** Sound files with one entry that makes no sense: gone, of another type, shape or value. */
  @Test
  void everyEntryIsLookedAt() throws IOException {
    Weights sound = Weights.read(file);
    Map<String, Tensor> tensors = new LinkedHashMap<>(sound.tensors(sound.names()));
    for (String name : sound.names()) {
      Map<String, Tensor> without = new LinkedHashMap<>(tensors);
      without.remove(name);
      int before = refused;
      write(without, sound.metadata());
      take(Files.readAllBytes(file), name + " is gone");
      // An evaluation may have no confusion matrix, and a listener may be new.
      boolean optional = name.endsWith("/confusion") || name.contains("/listeners/");
      assertThat(refused).as(name + " is gone").isEqualTo(optional ? before : before + 1);
      for (Tensor other : others(tensors.get(name))) {
        Map<String, Tensor> changed = new LinkedHashMap<>(tensors);
        changed.put(name, other);
        write(changed, sound.metadata());
        take(Files.readAllBytes(file), name + " is " + other);
      }
    }
    for (String key : sound.metadata().keySet()) {
      Map<String, String> texts = new TreeMap<>(sound.metadata());
      texts.put(key, "x");
      int before = refused;
      write(tensors, texts);
      take(Files.readAllBytes(file), key + " is x");
      if (key.startsWith("checkpoint/")) {
        assertThat(refused).as(key).isEqualTo(before + 1);
      }
    }
    assertThat(refused).isGreaterThan(sound.names().size());
  }

  private static Tensor[] others(Tensor tensor) {
    return switch (tensor.dtype()) {
      case INT64 -> new Tensor[] {filled(tensor, -1), filled(tensor, Long.MAX_VALUE)};
      case FLOAT64 ->
          new Tensor[] {
            filled(tensor, Double.NaN), Tensor.zeros(tensor.dtype(), 1_000), filled(tensor, -1)
          };
      default -> new Tensor[] {filled(tensor, 7), Tensor.of(new long[3], 3)};
    };
  }

  private static Tensor filled(Tensor like, double value) {
    Tensor tensor = Tensor.zeros(like.dtype(), like.shape());
    tensor.fill(value);
    return tensor;
  }

  private static Tensor filled(Tensor like, long value) {
    long[] values = new long[like.size()];
    Arrays.fill(values, value);
    return Tensor.of(values, like.shape());
  }

  private void write(Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
    Weights.of(tensors).withMetadata(metadata).write(file);
  }

  private void take(byte[] content, String what) throws IOException {
    Files.write(file, content);
    Trainer<int[]> trainer = trainer();
    String before = everything(trainer);
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    long nanos = System.nanoTime();
    boolean resumed = false;
    try {
      trainer.resume(file);
      resumed = true;
    } catch (WeightsException | IllegalArgumentException e) {
      refused++;
      assertThat(e).as(what).hasMessageContaining("run.safetensors");
    } catch (IOException | RuntimeException | Error e) {
      fail(what + " ended in " + e, e);
    }
    nanos = System.nanoTime() - nanos;
    bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
    assertThat(nanos).as(what + ": nanoseconds").isLessThan(LONGEST_NANOS);
    assertThat(bytes).as(what + ": bytes").isLessThan(2L * content.length + CONSTANT);
    if (!resumed) {
      assertThat(everything(trainer)).as(what).isEqualTo(before);
      return;
    }
    taken++;
    try {
      trainer.fit(data(12), Math.min(4, trainer.epochsDone() + 1), HostileCheckpointsTest::options);
    } catch (IllegalArgumentException | NonFiniteException e) {
      assertThat(e.getMessage()).as(what).isNotEmpty();
    }
  }

  private static String everything(Trainer<?> trainer) {
    CheckpointSection all = CheckpointSection.empty();
    trainer.model().state().tensors().forEach(all::put);
    trainer.optimizer().write(all.section("optimizer"));
    StringBuilder text = new StringBuilder();
    all.tensors()
        .forEach((name, t) -> text.append(name).append(Arrays.toString(t.toDoubleArray())));
    return text.append(trainer.epochsDone()).append(trainer.fitMemory()).toString();
  }
}
