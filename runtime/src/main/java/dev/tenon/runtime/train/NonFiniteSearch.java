package dev.tenon.runtime.train;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.loss.JointTargets;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.RunningStat;
import java.util.List;
import java.util.function.Predicate;

/**
 * Looks for where the first number came from that is not finite, after a forward whose loss or
 * gradient is not: in the data, the parameters, or the layer whose output or gradient overflowed.
 */
final class NonFiniteSearch {
  private static final String SMALLER = "Try a lower learning rate, or clipNorm(1) on the trainer.";

  private final Model model;
  private final Tensor[] inputs;
  private final Object targets;
  private final Tensor[] predictions;
  private final Place place;

  /** The path of the layer, or nothing. */
  private String layer = "";

  /**
   * A search in what a step has at hand.
   *
   * @param place of the batch in the dataset, or null for a step by hand
   */
  NonFiniteSearch(Model model, Tensor[] inputs, Object targets, Tensor[] predictions, Place place) {
    this.model = model;
    this.inputs = inputs;
    this.targets = targets;
    this.predictions = predictions;
    this.place = place;
  }

  /** What to say of a loss; the backward of the forward is still due. */
  NonFiniteException loss(double value, long step, double rate) {
    String cause = data();
    if (cause.isEmpty()) {
      cause = parameters();
    }
    if (cause.isEmpty()) {
      boolean said = true;
      for (Tensor prediction : predictions) {
        said &= firstBad(prediction) < 0;
      }
      cause = said ? "The predictions are finite, so it began in the loss. " + SMALLER : outputs();
    }
    return exception("the loss is " + value, cause, step, rate);
  }

  /** What to say of a gradient after a loss that is finite. */
  NonFiniteException gradient(Tensor[] outputGradients, long step, double rate) {
    String cause = "";
    for (Tensor gradient : outputGradients) {
      if (firstBad(gradient) >= 0) {
        cause = "It began in the loss, whose derivative is not finite. " + SMALLER;
      }
    }
    if (cause.isEmpty()) {
      // Backward goes from the last layer to the first.
      List<Parameter> parameters = model.state().parameters();
      for (Parameter parameter : parameters) {
        if (!parameter.isFrozen() && firstBad(parameter.gradient()) >= 0) {
          layer = layerOf(parameter.name());
        }
      }
      cause = "It began in " + named(layer) + ", whose gradient is too large. " + remedies();
    }
    return exception("a gradient is not finite", cause, step, rate);
  }

  /** Values of the inputs or targets that are not finite. */
  String data() {
    for (int i = 0; i < inputs.length; i++) {
      String found = value(inputs[i], model.inputs().get(i).name(), "input");
      if (!found.isEmpty()) {
        return found;
      }
    }
    if (targets instanceof Tensor values) {
      return value(values, "", "target");
    }
    if (targets instanceof JointTargets joint) {
      for (int i = 0; i < joint.size(); i++) {
        String found =
            joint.isLabels(i)
                ? ""
                : value(joint.values(i), model.outputs().get(i).name(), "target");
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    return "";
  }

  private String value(Tensor tensor, String name, String kind) {
    int at = firstBad(tensor);
    if (at < 0) {
      return "";
    }
    int perSample = tensor.size() / tensor.dim(0);
    int sample = at / perSample;
    String which =
        place == null
            ? "sample " + sample + " of the batch"
            : "sample " + place.sample(sample) + " of the dataset";
    String end = name.isEmpty() || name.equals(kind) ? "" : " of " + name;
    return "The data are the cause: value "
        + at % perSample
        + end
        + " in the "
        + kind
        + " of "
        + which
        + " is "
        + element(tensor, at)
        + ". Replace what is no number, or leave the sample out.";
  }

  private String parameters() {
    for (Parameter parameter : model.state().parameters()) {
      int at = firstBad(parameter.value());
      if (at >= 0) {
        layer = layerOf(parameter.name());
        return "It began in "
            + named(layer)
            + ": "
            + parameter.name()
            + " has been "
            + element(parameter.value(), at)
            + " since before this step. The step before has moved it there, or it was set or"
            + " loaded so. Start again from finite parameters, with a lower learning rate.";
      }
    }
    return "";
  }

  /**
   * Which output is the first that is not finite. A backward of zeros tells: the gradient of a
   * weight is then 0 times the input of its layer, which is NaN where that input is not finite.
   */
  private String outputs() {
    Predicate<Parameter> reached = parameter -> false;
    try {
      Tensor[] zeros = new Tensor[predictions.length];
      for (int i = 0; i < zeros.length; i++) {
        zeros[i] = Tensor.zeros(predictions[i].dtype(), predictions[i].shape());
      }
      model.backward(zeros);
      reached = parameter -> firstBad(parameter.gradient()) >= 0;
    } catch (RuntimeException e) {
      // A model that cannot say more; the rest of the message holds.
      reached = parameter -> false;
    }
    String before = "";
    String after = "";
    for (Parameter parameter : model.state().parameters()) {
      String path = layerOf(parameter.name());
      if (reached.test(parameter) || movedAway(path)) {
        after = path;
        break;
      }
      before = path;
    }
    layer = before.equals(after) || before.isEmpty() ? after : before;
    if (layer.isEmpty()) {
      return "The predictions are not finite, although the parameters are. " + remedies();
    }
    String until =
        after.isEmpty() || after.equals(layer) ? "" : " or the layers from it to " + after;
    return "It began in "
        + named(layer)
        + until
        + ": the output is not finite although the parameters are, of which the largest in "
        + layer
        + " is "
        + largest(layer)
        + ". "
        + remedies();
  }

  /** Whether statistics of a layer have taken up what is not finite. */
  private boolean movedAway(String path) {
    for (RunningStat stat : model.state().runningStats()) {
      if (layerOf(stat.name()).equals(path) && firstBad(stat.value()) >= 0) {
        return true;
      }
    }
    return false;
  }

  private double largest(String path) {
    double largest = 0;
    for (Parameter parameter : model.state().parameters()) {
      if (layerOf(parameter.name()).equals(path)) {
        largest = Math.max(largest, largest(parameter.value()));
      }
    }
    return largest;
  }

  private String remedies() {
    double largest = 0;
    for (Tensor input : inputs) {
      largest = Math.max(largest, largest(input));
    }
    return largest > 100
        ? SMALLER
            + " Normalise the inputs, whose largest value in this batch is "
            + largest
            + "; about 1 is best."
        : SMALLER;
  }

  private NonFiniteException exception(String what, String cause, long step, double rate) {
    String where = place == null ? "" : place + ", ";
    return new NonFiniteException(
        model.name()
            + ": "
            + what
            + " ("
            + where
            + "step "
            + step
            + ", learning rate "
            + rate
            + "). "
            + cause
            + " Everything is as before this step; allowNonFinite() on the trainer goes on"
            + " regardless.",
        place == null ? 0 : place.epoch,
        step,
        rate,
        layer);
  }

  private String named(String path) {
    for (Layer each : model.layers()) {
      if (each.name().equals(path)) {
        return path + " (" + each.type() + ")";
      }
    }
    return path;
  }

  private static String layerOf(String entry) {
    int dot = entry.lastIndexOf('.');
    return dot < 0 ? entry : entry.substring(0, dot);
  }

  /** The first element in row-major order that is not finite, or -1. */
  private static int firstBad(Tensor tensor) {
    int size = tensor.size();
    double[] values = values(tensor);
    for (int i = 0; i < size; i++) {
      if (!Double.isFinite(values[i])) {
        return i;
      }
    }
    return -1;
  }

  private static double largest(Tensor tensor) {
    double largest = 0;
    for (double value : values(tensor)) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static double element(Tensor tensor, int at) {
    return values(tensor)[at];
  }

  /** A copy: this runs once, when all is lost. Indices are always finite. */
  private static double[] values(Tensor tensor) {
    return switch (tensor.dtype()) {
      case FLOAT32 -> {
        float[] floats = tensor.toFloatArray();
        double[] doubles = new double[floats.length];
        for (int i = 0; i < doubles.length; i++) {
          doubles[i] = floats[i];
        }
        yield doubles;
      }
      case FLOAT64 -> tensor.toDoubleArray();
      default -> new double[tensor.size()];
    };
  }
}
