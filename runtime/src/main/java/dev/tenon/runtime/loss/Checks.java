package dev.tenon.runtime.loss;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import java.util.Arrays;
import java.util.Objects;

/** Checks and option rules that the losses share. */
final class Checks {
  private Checks() {}

  static void sameAs(String loss, Tensor prediction, String what, Tensor other) {
    given(loss, "prediction", prediction);
    given(loss, what, other);
    if (!prediction.sameShape(other) || prediction.dtype() != other.dtype()) {
      throw new IllegalArgumentException(
          loss
              + ": the "
              + what
              + " must have the shape and type of the prediction, "
              + prediction.describe()
              + ", but is "
              + other.describe()
              + ".");
    }
    rowMajor(loss, "prediction", prediction);
    rowMajor(loss, what, other);
  }

  /** The losses work on arrays, and the elements of a packed parameter are no slice of one. */
  private static void rowMajor(String loss, String what, Tensor tensor) {
    if (tensor.isPacked()) {
      throw new IllegalArgumentException(
          loss
              + ": the "
              + what
              + " is a view of a packed parameter or statistic; pass a copy, such as"
              + " Tensor.of(tensor.toFloatArray(), tensor.shape()).");
    }
  }

  /** Classes lie on axis 1; all later axes are positions. */
  static void classAxis(String loss, Tensor prediction) {
    given(loss, "prediction", prediction);
    if (prediction.rank() < 2 || prediction.dim(1) < 1) {
      throw new IllegalArgumentException(
          loss
              + ": the prediction must have the shape [batch, classes] or [batch, classes, ...],"
              + " with at least one class, but is "
              + prediction.describe()
              + ".");
    }
  }

  /** Class weights as settings say them. */
  static String text(double[] weights) {
    return weights == null ? "none" : Arrays.toString(weights);
  }

  static void classWeights(String loss, Tensor prediction, double[] weights) {
    if (weights != null && weights.length != prediction.dim(1)) {
      throw new IllegalArgumentException(
          loss
              + ": "
              + weights.length
              + " class weights were given, but the prediction "
              + prediction.describe()
              + " has "
              + prediction.dim(1)
              + " classes.");
    }
  }

  /** One class index for every sample and position. */
  static void labels(String loss, Tensor prediction, int[] target, int ignoreIndex) {
    given(loss, "target", target);
    int classes = prediction.dim(1);
    int positions = positionsPerSample(prediction);
    int expected = prediction.dim(0) * positions;
    if (target.length != expected) {
      throw new IllegalArgumentException(
          loss
              + ": a prediction of "
              + prediction.describe()
              + " needs "
              + expected
              + " targets, but "
              + target.length
              + " were given.");
    }
    for (int i = 0; i < expected; i++) {
      int label = target[i];
      if ((label < 0 || label >= classes) && label != ignoreIndex) {
        throw new TargetException(
            loss,
            label,
            i,
            positions,
            "is outside [0, "
                + classes
                + "), the classes of a prediction of "
                + prediction.describe()
                + ", and is not the ignored index "
                + ignoreIndex
                + "."
                + (label == classes
                    ? " Labels start at 0: subtract 1 from labels that count from 1."
                    : ""));
      }
    }
  }

  /** The losses of single positions have the prediction's shape without the class axis. */
  static void positions(String loss, Tensor prediction, Tensor losses) {
    given(loss, "losses", losses);
    boolean fits =
        losses.rank() == prediction.rank() - 1
            && losses.dtype() == prediction.dtype()
            && losses.dim(0) == prediction.dim(0);
    for (int axis = 2; fits && axis < prediction.rank(); axis++) {
      fits = losses.dim(axis - 1) == prediction.dim(axis);
    }
    if (!fits) {
      throw new IllegalArgumentException(
          loss
              + ": the losses must have the type of the prediction, "
              + prediction.describe()
              + ", and its shape without axis 1, but are "
              + losses.describe()
              + ".");
    }
  }

  /** Nothing that a caller gives may be null. Allocates nothing where it is not. */
  static void given(String loss, String what, Object argument) {
    if (argument == null) {
      throw new NullPointerException(loss + ": " + what + " is null.");
    }
  }

  static double smoothing(String loss, double smoothing) {
    if (!(smoothing >= 0 && smoothing <= 1)) {
      throw new IllegalArgumentException(
          loss + ": labelSmoothing must be in [0, 1], but is " + smoothing + ".");
    }
    return smoothing;
  }

  static double[] weights(String loss, double[] weights) {
    given(loss, "newWeights", weights);
    for (int k = 0; k < weights.length; k++) {
      if (!(weights[k] >= 0) || Double.isInfinite(weights[k])) {
        throw new IllegalArgumentException(
            loss
                + ": class weights must be finite and at least 0, but weight "
                + k
                + " is "
                + weights[k]
                + ".");
      }
    }
    return Arrays.copyOf(weights, weights.length);
  }

  /** Positions per sample: the product of the axes after the class axis. */
  static int positionsPerSample(Tensor prediction) {
    int positions = 1;
    for (int axis = 2; axis < prediction.rank(); axis++) {
      positions *= prediction.dim(axis);
    }
    return positions;
  }

  static boolean isFloat(Tensor tensor) {
    return tensor.dtype() == DType.FLOAT32;
  }

  /** Numbers that a mean goes on from. */
  static void saved(int wanted, double... saved) {
    if (Objects.requireNonNull(saved, "saved").length != wanted) {
      throw new IllegalArgumentException(
          "A mean of this objective needs "
              + wanted
              + " numbers, but "
              + saved.length
              + " were saved.");
    }
  }
}
