package dev.tenon.benchmarks.workload;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a contender computed from a problem, by name: {@code output}, {@code inputGradient}, {@code
 * gradient 0} and so on for forward and backward; {@code loss} of each step and {@code update 0}
 * and so on, by how much the steps moved each parameter, for training; {@code output} for
 * inference.
 *
 * @param arrays in the order above
 */
public record Answer(Map<String, float[]> arrays) {
  /** Errors up to this part of the largest value of an array are float32's. */
  private static final double RELATIVE = 2e-4;

  /**
   * The same of gradients, and of updates by them, behind {@link #MANY_RELU_VALUES}. A ReLU's
   * gradient jumps at 0, and float32's errors put a few of millions of values on its other side.
   * With ResNet-20 in batches of 32 that moves gradients by up to 3 % of their largest value,
   * whoever computes; in batches of 2 it moves none, and PyTorch in double precision agrees with
   * the reference to the last digit of a float in both.
   */
  private static final double RELATIVE_BEHIND_RELUS = 0.05;

  private static final int MANY_RELU_VALUES = 2_000_000;

  /** Of the arrays that are wrong, these are said. */
  private static final int WRONG_ARRAYS = 3;

  /**
   * An update is the difference of parameters that were rounded after each step; this part of the
   * largest parameter is the rounding's. It also covers biases in front of a batch norm, whose
   * gradient is exactly 0 and everybody's own noise when computed.
   */
  private static final double ROUNDING = 2e-7;

  private static final String LOSS = "loss";
  private static final String OUTPUT = "output";
  private static final String UPDATE = "update ";

  /** The answer of a forward and backward. */
  public static Answer ofBackward(float[] output, float[] inputGradient, List<float[]> gradients) {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    arrays.put(OUTPUT, output);
    arrays.put("inputGradient", inputGradient);
    for (int i = 0; i < gradients.size(); i++) {
      arrays.put("gradient " + i, gradients.get(i));
    }
    return new Answer(arrays);
  }

  /** The answer of the checked steps of training. */
  public static Answer ofTraining(List<Float> losses, List<float[]> before, List<float[]> after) {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    float[] loss = new float[losses.size()];
    for (int i = 0; i < loss.length; i++) {
      loss[i] = losses.get(i);
    }
    arrays.put(LOSS, loss);
    for (int i = 0; i < before.size(); i++) {
      float[] update = after.get(i).clone();
      for (int k = 0; k < update.length; k++) {
        update[k] -= before.get(i)[k];
      }
      arrays.put(UPDATE + i, update);
    }
    return new Answer(arrays);
  }

  /** The answer of an inference. */
  public static Answer ofInference(float[] output) {
    return new Answer(Map.of(OUTPUT, output));
  }

  /**
   * Compares with the right answer.
   *
   * @param right the reference's
   * @param problem what both computed
   * @return the largest error, as a part of the largest value of its array
   * @throws IllegalStateException if it is not the right answer
   */
  public double requireCloseTo(Answer right, Problem problem) {
    if (!List.copyOf(arrays.keySet()).equals(List.copyOf(right.arrays.keySet()))) {
      throw new IllegalStateException(
          "Expected " + right.arrays.keySet() + ", got " + arrays.keySet() + ".");
    }
    List<String> wrong = new ArrayList<>();
    double largest = 0;
    for (Map.Entry<String, float[]> entry : arrays.entrySet()) {
      float[] ours = entry.getValue();
      float[] theirs = right.arrays.get(entry.getKey());
      if (ours.length != theirs.length) {
        throw new IllegalStateException(
            entry.getKey() + " has " + ours.length + " values, not " + theirs.length + ".");
      }
      double size = 0;
      double error = 0;
      for (int i = 0; i < ours.length; i++) {
        size = Math.max(size, Math.abs(theirs[i]));
        double difference = Math.abs((double) ours[i] - theirs[i]);
        // A comparison with NaN is false, so that this form finds it.
        error = difference <= error ? error : difference;
      }
      double floor = floor(entry.getKey(), problem);
      if (!(error <= relative(entry.getKey(), problem) * size + floor)) {
        wrong.add(entry.getKey() + " is off by " + error + ", its largest value is " + size);
      }
      if (error > floor) {
        largest = Math.max(largest, error / size);
      }
    }
    if (!wrong.isEmpty()) {
      int said = Math.min(WRONG_ARRAYS, wrong.size());
      String more = said < wrong.size() ? "; and " + (wrong.size() - said) + " more" : "";
      throw new IllegalStateException(
          "Wrong: " + String.join("; ", wrong.subList(0, said)) + more + ".");
    }
    return largest;
  }

  private static double relative(String array, Problem problem) {
    Workload workload = problem.workload();
    boolean forward = array.equals(LOSS) || array.equals(OUTPUT);
    boolean many = (long) workload.batch() * workload.network().reluValues() >= MANY_RELU_VALUES;
    return many && !forward ? RELATIVE_BEHIND_RELUS : RELATIVE;
  }

  private static double floor(String array, Problem problem) {
    if (!array.startsWith(UPDATE)) {
      return 0;
    }
    double largest = 0;
    for (float value :
        problem.parameters().get(Integer.parseInt(array.substring(UPDATE.length())))) {
      largest = Math.max(largest, Math.abs(value));
    }
    return ROUNDING * largest;
  }
}
