package dev.tenon.runtime.loss;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The weighted sum of a loss for each output of a network, in the order of the outputs:
 *
 * <pre>{@code
 * joint(crossEntropy()).and(smoothL1(1), 0.5)
 * }</pre>
 */
public final class JointLoss implements Objective<JointTargets> {
  private record Part(Loss<?> loss, double weight) {}

  private final List<Part> parts;

  private JointLoss(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  static JointLoss of(Loss<?> loss, double weight) {
    return new JointLoss(List.of()).and(loss, weight);
  }

  /**
   * Adds the loss of the next output, with weight 1.
   *
   * @param loss of that output
   * @return a joint loss for one output more
   * @throws IllegalArgumentException if it reduces otherwise than the losses before
   */
  public JointLoss and(Loss<?> loss) {
    return and(loss, 1);
  }

  /**
   * Adds the loss of the next output.
   *
   * @param loss of that output
   * @param weight what it is multiplied with, finite and at least 0
   * @return a joint loss for one output more
   * @throws IllegalArgumentException for another weight, or if the loss reduces otherwise than
   *     those before
   */
  public JointLoss and(Loss<?> loss, double weight) {
    Objects.requireNonNull(loss, "loss");
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException(
          "JointLoss: a weight must be finite and at least 0, but is " + weight + ".");
    }
    if (!parts.isEmpty() && loss.reduction() != reduction()) {
      throw new IllegalArgumentException(
          "JointLoss: all losses must reduce alike, but the first gives the "
              + reduction()
              + " and the one of output "
              + parts.size()
              + " the "
              + loss.reduction()
              + ".");
    }
    List<Part> more = new ArrayList<>(parts);
    more.add(new Part(loss, weight));
    return new JointLoss(more);
  }

  @Override
  public void check(Tensor[] predictions, JointTargets targets) {
    Objects.requireNonNull(predictions, "predictions");
    Objects.requireNonNull(targets, "targets");
    if (predictions.length != parts.size() || targets.size() != parts.size()) {
      throw new IllegalArgumentException(
          "JointLoss: there are "
              + parts.size()
              + " losses, but "
              + predictions.length
              + " outputs and targets for "
              + targets.size()
              + ".");
    }
    for (int i = 0; i < parts.size(); i++) {
      check(i, parts.get(i).loss(), predictions[i], targets);
    }
  }

  @SuppressWarnings("unchecked") // Which targets a loss takes is known to it alone.
  private static <T> void check(int output, Loss<T> loss, Tensor prediction, JointTargets targets) {
    T target = (T) targets.get(output);
    try {
      loss.check(prediction, target);
    } catch (ClassCastException e) {
      throw new IllegalArgumentException(
          "JointLoss: the targets of output "
              + output
              + " are "
              + (targets.isLabels(output) ? "labels, int[]" : "values, a Tensor")
              + ", which "
              + loss.getClass().getSimpleName()
              + " does not take.",
          e);
    }
  }

  @Override
  public double forward(Tensor[] predictions, JointTargets targets) {
    double sum = 0;
    double[] losses = forwardEach(predictions, targets);
    for (int i = 0; i < losses.length; i++) {
      sum += parts.get(i).weight() * losses[i];
    }
    return sum;
  }

  @Override
  public double[] forwardEach(Tensor[] predictions, JointTargets targets) {
    check(predictions, targets);
    double[] losses = new double[parts.size()];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = forward(parts.get(i).loss(), predictions[i], targets.get(i));
    }
    return losses;
  }

  @SuppressWarnings("unchecked") // Has been checked.
  private static <T> double forward(Loss<T> loss, Tensor prediction, Object target) {
    return loss.forward(prediction, (T) target);
  }

  @Override
  public double forwardBackward(Tensor[] predictions, JointTargets targets, Tensor[] gradients) {
    check(predictions, targets);
    Objects.requireNonNull(gradients, "gradients");
    if (gradients.length != predictions.length) {
      throw new IllegalArgumentException(
          "JointLoss: there are "
              + predictions.length
              + " outputs, but "
              + gradients.length
              + " gradients.");
    }
    for (int i = 0; i < gradients.length; i++) {
      Checks.sameAs("JointLoss", predictions[i], "gradient", gradients[i]);
    }
    double sum = 0;
    for (int i = 0; i < gradients.length; i++) {
      Part part = parts.get(i);
      sum +=
          part.weight()
              * forwardBackward(part.loss(), predictions[i], targets.get(i), gradients[i]);
      scale(gradients[i], part.weight());
    }
    return sum;
  }

  @SuppressWarnings("unchecked") // Has been checked.
  private static <T> double forwardBackward(
      Loss<T> loss, Tensor prediction, Object target, Tensor gradient) {
    return loss.forwardBackward(prediction, (T) target, gradient);
  }

  private static void scale(Tensor tensor, double factor) {
    if (factor == 1) {
      return;
    }
    int from = tensor.offset();
    int to = from + tensor.size();
    if (tensor.dtype() == DType.FLOAT32) {
      float[] values = tensor.floatArray();
      for (int i = from; i < to; i++) {
        values[i] *= (float) factor;
      }
    } else {
      double[] values = tensor.doubleArray();
      for (int i = from; i < to; i++) {
        values[i] *= factor;
      }
    }
  }

  @Override
  public String name() {
    return parts.stream()
        .map(part -> part.weight() + " " + part.loss().settings())
        .collect(Collectors.joining(" + "));
  }

  @Override
  public LossMean<JointTargets> mean() {
    double[] sums = new double[parts.size()];
    double[] weights = new double[parts.size()];
    return new LossMean<>() {
      @Override
      public void add(Tensor[] predictions, JointTargets targets) {
        check(predictions, targets);
        for (int i = 0; i < sums.length; i++) {
          sums[i] += sum(parts.get(i).loss(), predictions[i], targets.get(i));
          weights[i] += weightOf(parts.get(i).loss(), predictions[i], targets.get(i));
        }
      }

      /** The value does not tell the outputs apart, whose weights differ. */
      @Override
      public void add(double value, Tensor[] predictions, JointTargets targets) {
        add(predictions, targets);
      }

      @Override
      public double value() {
        double value = 0;
        for (int i = 0; i < sums.length; i++) {
          value += parts.get(i).weight() * value(i);
        }
        return value;
      }

      @Override
      public double value(int output) {
        return sums[output] / weights[output];
      }

      @Override
      public double[] save() {
        double[] saved = Arrays.copyOf(sums, 2 * sums.length);
        System.arraycopy(weights, 0, saved, sums.length, weights.length);
        return saved;
      }

      @Override
      public void restore(double... saved) {
        Checks.saved(2 * sums.length, saved);
        System.arraycopy(saved, 0, sums, 0, sums.length);
        System.arraycopy(saved, sums.length, weights, 0, weights.length);
      }

      @Override
      public boolean isFinite() {
        boolean finite = true;
        for (double sum : sums) {
          finite &= Double.isFinite(sum);
        }
        return finite;
      }
    };
  }

  @SuppressWarnings("unchecked") // Has been checked.
  private static <T> double sum(Loss<T> loss, Tensor prediction, Object target) {
    return loss.sum(prediction, (T) target);
  }

  @SuppressWarnings("unchecked") // Has been checked.
  private static <T> double weightOf(Loss<T> loss, Tensor prediction, Object target) {
    return loss.weight(prediction, (T) target);
  }

  /**
   * {@inheritDoc}
   *
   * @return that of all its losses
   */
  @Override
  public Reduction reduction() {
    return parts.get(0).loss().reduction();
  }
}
