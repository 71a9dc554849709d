package dev.tenon.runtime.train;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.TensorSpec;
import dev.tenon.runtime.internal.call.BatchTensors;
import dev.tenon.runtime.loss.LossMean;
import dev.tenon.runtime.loss.Objective;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.optim.GradientClipping;
import dev.tenon.runtime.optim.Optimizer;
import dev.tenon.runtime.schedule.Schedule;
import dev.tenon.runtime.state.StateSnapshot;
import java.util.List;

/**
 * A training step: forward, loss, backward, clipping, the optimiser. It is made as a whole, or
 * leaves everything but the gradients as it was. Allocates nothing once the batch size is known.
 */
final class TrainingStep<T> {
  final Model model;
  final Objective<T> loss;
  final Optimizer optimizer;
  final double baseRate;
  private final Schedule schedule;
  private final double clipNorm;
  private final double clipValue;
  private final boolean allowsNonFinite;
  private final List<TensorSpec> inputs;
  private final List<BatchTensors> gradientTensors;
  private final Tensor[] gradients;
  private final Tensor[] onePrediction = new Tensor[1];
  private final StateSnapshot statistics;

  /** The model if it has one input and one output: its arrays of one would have to be made. */
  private final SingleModel single;

  private Tensor[] predictions;
  private double gradientNorm = Double.NaN;
  private boolean measuresNorm;

  TrainingStep(TrainerBuilder<T> options, Model model, Optimizer optimizer) {
    this.model = model;
    this.optimizer = optimizer;
    loss = options.loss;
    baseRate = optimizer.learningRate();
    schedule = options.stepSchedule;
    clipNorm = options.clipNorm;
    clipValue = options.clipValue;
    allowsNonFinite = options.allowsNonFinite;
    inputs = model.inputs();
    gradientTensors =
        model.outputs().stream().map(o -> new BatchTensors(o.dtype(), o.shape())).toList();
    gradients = new Tensor[gradientTensors.size()];
    statistics = new StateSnapshot(model.state());
    single =
        model instanceof SingleModel m && inputs.size() == 1 && gradients.length == 1 ? m : null;
  }

  /** Makes the step; the place is null for one by hand. */
  double run(Tensor[] batch, T target, Place place) {
    if (fits(batch)) {
      loss.check(gradients(batch[0].dim(0)), target);
    }
    // An input that does not fit goes on to the model, whose message says what it expects.
    double rateBefore = optimizer.learningRate();
    double rate =
        schedule == null ? rateBefore : schedule.learningRate(baseRate, optimizer.stepCount());
    statistics.save();
    boolean forwarded = false;
    boolean done = false;
    try {
      if (schedule != null) {
        optimizer.learningRate(rate);
      }
      predictions = forward(batch);
      forwarded = true;
      Tensor[] ofBatch = gradients(predictions[0].dim(0));
      double value = loss.forwardBackward(predictions, target, ofBatch);
      if (!allowsNonFinite && !Double.isFinite(value) && judges(target)) {
        throw search(batch, target, place).loss(value, optimizer.stepCount() + 1, rate);
      }
      if (single == null) {
        model.backward(ofBatch);
      } else {
        single.backward(ofBatch[0]);
      }
      // Where anything goes, only clipping wants to know.
      boolean finite = (allowsNonFinite && clipNorm == 0) || model.hasFiniteGradients();
      if (!finite && !allowsNonFinite) {
        throw search(batch, target, place).gradient(ofBatch, optimizer.stepCount() + 1, rate);
      }
      gradientNorm = clip(finite);
      optimizer.step();
      done = true;
      return value;
    } finally {
      if (!done) {
        undo(forwarded, rateBefore);
      }
    }
  }

  /** Clips what can be clipped: nothing makes an infinite gradient finite. */
  private double clip(boolean finite) {
    double norm = Double.NaN;
    if (clipNorm > 0 && finite) {
      norm = GradientClipping.byNorm(model.state(), clipNorm);
    } else if (measuresNorm) {
      norm = GradientClipping.norm(model.state());
    }
    if (clipValue > 0) {
      GradientClipping.byValue(model.state(), clipValue);
    }
    return norm;
  }

  private void undo(boolean forwarded, double rate) {
    // Where this step's forward was refused, taking back would take back the step before.
    if (forwarded) {
      model.undoForward();
    }
    statistics.restore();
    if (schedule != null) {
      optimizer.learningRate(rate);
    }
  }

  /** False if a loss is NaN only because all labels are ignored. */
  private boolean judges(T target) {
    LossMean<T> mean = loss.mean();
    mean.add(predictions, target);
    return !mean.isFinite();
  }

  private NonFiniteSearch search(Tensor[] batch, T target, Place place) {
    return new NonFiniteSearch(model, batch, target, predictions, place);
  }

  private Tensor[] forward(Tensor[] batch) {
    if (single == null || batch.length != 1) {
      return model.forward(batch);
    }
    onePrediction[0] = single.forward(batch[0]);
    return onePrediction;
  }

  /** What the last forward has said, until the next one. */
  Tensor[] predictions() {
    return predictions;
  }

  /** The norm of the last step's gradients before clipping; NaN if it was not measured. */
  double gradientNorm() {
    return gradientNorm;
  }

  /** Whether the norm is measured where no clipping needs it. */
  void measureNorm(boolean measures) {
    measuresNorm = measures;
  }

  boolean allowsNonFinite() {
    return allowsNonFinite;
  }

  /** The schedule by step, or null. */
  Schedule schedule() {
    return schedule;
  }

  int outputs() {
    return gradients.length;
  }

  private boolean fits(Tensor[] batch) {
    boolean fits = batch.length == inputs.size();
    for (int i = 0; fits && i < batch.length; i++) {
      fits = inputs.get(i).isBatchOf(batch[i]) && batch[i].dim(0) == batch[0].dim(0);
    }
    return fits;
  }

  /** Tensors for the gradients of all outputs, in an array that is always the same. */
  Tensor[] gradients(int samples) {
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = gradientTensors.get(i).get(samples);
    }
    return gradients;
  }
}
