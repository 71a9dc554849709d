package dev.tenon.runtime.train;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.JointTargets;
import dev.tenon.runtime.loss.LossMean;
import java.util.ArrayList;
import java.util.List;

/** Judges a model by a dataset, in evaluation mode and in the dataset's order. */
final class Evaluator<T> {
  private final TrainingStep<T> step;
  private final Dataset<T> data;
  private final BatchPlan plan;
  private final Batch<T> batch;
  private final int[] order;

  /** Checks the dataset. */
  Evaluator(TrainingStep<T> step, Dataset<T> data, int batchSize) {
    this.step = step;
    this.data = data;
    plan = BatchPlan.toJudge(data.size(), batchSize);
    batch = data.newBatch();
    order = new int[data.size()];
    new DataCheck<>(step).requireFits(data, batch, order, plan);
  }

  Evaluation run() {
    return run(null);
  }

  /** As {@link #run()}, but refuses losses that are not finite, which the place is said of. */
  Evaluation run(Place after) {
    int outputs = step.outputs();
    LossMean<T> mean = step.loss.mean();
    Tally[] tallies = new Tally[outputs];
    for (int b = 0; b < plan.batches(); b++) {
      batch.gather(order, plan.from(b), plan.to(b));
      Tensor[] predictions = step.model.predict(batch.inputs());
      T targets = batch.targets();
      mean.add(predictions, targets);
      if (after != null && !mean.isFinite()) {
        throw notFinite(after, predictions, b);
      }
      for (int i = 0; i < outputs; i++) {
        int[] labels = labels(targets, i);
        if (labels != null) {
          if (tallies[i] == null) {
            tallies[i] = new Tally(predictions[i]);
          }
          tallies[i].add(predictions[i], labels);
        }
      }
    }
    int size = data.size();
    if (outputs == 1) {
      return evaluation(size, mean.value(), tallies[0]);
    }
    List<Evaluation> each = new ArrayList<>();
    long labels = 0;
    long correct = 0;
    for (int i = 0; i < outputs; i++) {
      Evaluation one = evaluation(size, size == 0 ? Double.NaN : mean.value(i), tallies[i]);
      each.add(one);
      labels += one.labels();
      correct += one.correct();
    }
    return new Evaluation(size, mean.value(), labels, correct, each);
  }

  private NonFiniteException notFinite(Place after, Tensor[] predictions, int number) {
    Place here = new Place();
    here.order = order;
    here.from = plan.from(number);
    String data =
        new NonFiniteSearch(step.model, batch.inputs(), batch.targets(), predictions, here).data();
    return new NonFiniteException(
        step.model.name()
            + ": the loss of the validation data is not finite after epoch "
            + after.epoch
            + " (step "
            + step.optimizer.stepCount()
            + ", learning rate "
            + step.optimizer.learningRate()
            + "). "
            + (data.isEmpty()
                ? "The losses of that epoch's steps were finite; samples unlike those that it"
                    + " learns from, or running statistics that have not settled, may be the cause."
                : data.replace("The data are", "The validation data are"))
            + " allowNonFinite() on the trainer goes on regardless.",
        after.epoch,
        step.optimizer.stepCount(),
        step.optimizer.learningRate(),
        "");
  }

  private static Evaluation evaluation(int size, double loss, Tally tally) {
    return tally == null
        ? new Evaluation(size, loss, 0, 0)
        : new Evaluation(size, loss, tally.labels, tally.correct, List.of(), tally.confusion());
  }

  /** What adds up for an output with class labels. */
  private static final class Tally {
    /** Of more classes than this, nobody reads a matrix. */
    private static final int MOST_CLASSES = 1000;

    private final long[][] counts;
    private long labels;
    private long correct;

    Tally(Tensor prediction) {
      int classes = prediction.rank() < 2 ? 0 : prediction.dim(1);
      counts = classes > MOST_CLASSES ? null : new long[classes][classes];
    }

    void add(Tensor prediction, int[] classes) {
      if (counts == null) {
        labels += Accuracy.judged(prediction, classes);
        correct += Accuracy.correct(prediction, classes);
        return;
      }
      labels += Accuracy.count(prediction, classes, counts);
      correct = 0;
      for (int k = 0; k < counts.length; k++) {
        correct += counts[k][k];
      }
    }

    ConfusionMatrix confusion() {
      return counts == null ? null : ConfusionMatrix.of(counts);
    }
  }

  /** The class labels of an output, or null if its targets are none. */
  static int[] labels(Object targets, int output) {
    if (targets instanceof JointTargets joint) {
      return joint.isLabels(output) ? joint.labels(output) : null;
    }
    return targets instanceof int[] classes ? classes : null;
  }
}
