package dev.tenon.benchmarks.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A workload with the numbers that everyone computes it from. Made from a seed, so that processes
 * have the same without sending it.
 *
 * @param workload what to compute
 * @param input [batch, input]
 * @param outputGradient [batch, output], for {@link Kind#FORWARD_BACKWARD}
 * @param labels [batch], for {@link Kind#TRAINING_STEP}
 * @param parameters to start from, as {@link LayerSpec} orders them
 * @param runningStats to start from, as {@link LayerSpec} orders them
 */
// Compared by nobody, and copied by nobody because of its size.
@SuppressWarnings("ArrayRecordComponent")
public record Problem(
    Workload workload,
    float[] input,
    float[] outputGradient,
    int[] labels,
    List<float[]> parameters,
    List<float[]> runningStats) {
  /** Steps of training that are checked before any is measured. */
  public static final int CHECKED_STEPS = 3;

  /**
   * Learning rate of the steps that are checked: large enough for their updates to be seen, and
   * small enough for the loss to fall.
   */
  public static final double CHECKED_RATE = 0.002;

  /**
   * Learning rate of the steps that are measured: as good as none. A network that has learnt its
   * batch by heart has gradients near 0, down to denormal numbers, which take longer to compute
   * with, and whoever is faster would get there sooner.
   */
  public static final double MEASURED_RATE = 1e-9;

  /** Of SGD. */
  public static final double MOMENTUM = 0.9;

  /** The numbers of a workload. */
  public static Problem of(Workload workload) {
    SplittableRandom random = new SplittableRandom(1);
    NetworkSpec network = workload.network();
    float[] input = normal(random, workload.inputSize(), 0, 1);
    float[] outputGradient = normal(random, workload.outputSize(), 0, 1);
    int classes = network.output().get(0);
    int[] labels = random.ints(workload.batch(), 0, classes).toArray();
    List<float[]> parameters = new ArrayList<>();
    List<float[]> runningStats = new ArrayList<>();
    for (LayerSpec layer : LayerSpec.simple(network.layers()).toList()) {
      if (layer instanceof LayerSpec.Linear linear) {
        double deviation = 1 / Math.sqrt(linear.in());
        parameters.add(normal(random, linear.in() * linear.out(), 0, deviation));
        parameters.add(normal(random, linear.out(), 0, deviation));
      } else if (layer instanceof LayerSpec.Conv2d conv) {
        int window = conv.in() * conv.kernel() * conv.kernel();
        double deviation = 1 / Math.sqrt(window);
        parameters.add(normal(random, window * conv.out(), 0, deviation));
        if (conv.bias()) {
          parameters.add(normal(random, conv.out(), 0, deviation));
        }
      } else if (layer instanceof LayerSpec.BatchNorm norm) {
        parameters.add(normal(random, norm.channels(), 1, 0.1));
        parameters.add(normal(random, norm.channels(), 0, 0.1));
        runningStats.add(normal(random, norm.channels(), 0, 0.1));
        runningStats.add(normal(random, norm.channels(), 1, 0.1));
      }
    }
    return new Problem(workload, input, outputGradient, labels, parameters, runningStats);
  }

  private static float[] normal(SplittableRandom random, int size, double mean, double deviation) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (mean + deviation * random.nextGaussian());
    }
    return values;
  }
}
