package dev.tenon.integration.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * A step on vectors (forward, loss, backward to the inputs, optimiser, and a prediction) allocates
 * not one byte, on no thread, once C2 has compiled its kernels. All networks are trained one after
 * the other by one virtual machine with its own settings: what one of them teaches the compiler
 * about the methods of the vector API is known when it compiles the next.
 *
 * <p>In every build a network for each kind of kernel; in the Maven profile {@code soak} all of
 * {@link EveryLayer} without functions such as the exponential. These are methods of a vector, and
 * what makes C2 inline one depends on all that it compiles together with it: now and then one is
 * left as a call, and a vector that goes into a call or comes from one is an object.
 */
class GarbageTest {
  private static final boolean ALL = Boolean.getBoolean("soak.garbage");

  /** A network with {@code *} is trained by two threads. */
  private static final List<String> KINDS =
      List.of(
          "Max2dOverlapping",
          "Avg2dOfConv",
          "AdaptiveAvg1d",
          "BatchNormVolumes",
          "BatchNormChannelsLast",
          "GroupNormFeatures",
          "BatchNormSequences",
          "BatchNormPositions",
          "GroupNormImages",
          "InstanceNorm1dOfInput",
          "LayerNormImages",
          "Conv1dStrided",
          "Conv2dWide",
          "Conv2dDepthwise",
          "ConvTransposed",
          "LinearOfSequences",
          "HardswishPooled",
          "UpsampledBilinear",
          "Dropped",
          "Embedded",
          "Cnn",
          "Cnn*");

  @Test
  void aStepOnVectorsAllocatesNothing(TestReporter reporter) throws Exception {
    List<String> networks = ALL ? Garbage.all().toList() : KINDS;
    Map<String, Long> expected = new LinkedHashMap<>();
    networks.forEach(network -> expected.put(network, 0L));
    Map<String, Long> bytes =
        Garbage.bytes(
            Jdk.ofThisBuild()
                .run("garbage", true, List.of(), Garbage.class, networks.toArray(String[]::new)));
    reporter.publishEntry("bytes of " + Garbage.WINDOW + " steps", bytes.toString());
    assertThat(bytes).isEqualTo(expected);
  }

  /** One array in some steps of a window is seen, on the thread of the steps and on another. */
  @Test
  void anArrayIsSeen() throws Exception {
    float[][] kept = new float[1][];
    assertThat(Garbage.fewestBytes(step -> {}, 5)).isZero();
    assertThat(
            Garbage.fewestBytes(
                step -> {
                  if (step == 0) {
                    kept[0] = new float[1];
                  }
                },
                5))
        .isGreaterThanOrEqualTo(16);
    AtomicInteger arrays = new AtomicInteger();
    Thread other =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                kept[0] = new float[1];
                arrays.incrementAndGet();
              }
            });
    other.start();
    try {
      assertThat(
              Garbage.fewestBytes(
                  step -> {
                    int before = arrays.get();
                    while (arrays.get() == before) {
                      Thread.onSpinWait();
                    }
                  },
                  5))
          .isGreaterThanOrEqualTo(16);
    } finally {
      other.interrupt();
      other.join();
    }
  }
}
