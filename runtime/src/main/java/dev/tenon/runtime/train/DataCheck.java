package dev.tenon.runtime.train;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.TensorSpec;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.loss.TargetException;
import dev.tenon.runtime.model.Model;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Looks at all of a dataset before anything is done with it, so that a bad one changes nothing. */
final class DataCheck<T> {
  private final TrainingStep<T> step;
  private final Model model;

  DataCheck(TrainingStep<T> step) {
    this.step = step;
    model = step.model;
  }

  /** Shapes, indices and targets of a dataset, in its own order. */
  void requireFits(Dataset<T> data, Batch<T> batch, int[] order, BatchPlan plan) {
    List<TensorSpec> inputs = model.inputs();
    List<Tensor> given = data.inputs();
    boolean fits = given.size() == inputs.size();
    for (int i = 0; fits && i < given.size(); i++) {
      fits = given.get(i).dtype() == inputs.get(i).dtype() && inputs.get(i).isBatchOf(given.get(i));
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "Trainer: "
              + model.name()
              + " takes samples of "
              + inputs.stream().map(DataCheck::sample).collect(Collectors.joining(" and "))
              + ", but the dataset has samples of "
              + given.stream().map(DataCheck::sample).collect(Collectors.joining(" and "))
              + ".");
    }
    for (int i = 0; i < given.size(); i++) {
      if (inputs.get(i).isIndices()) {
        inputs.get(i).requireIndices(model.name(), given.get(i));
      }
    }
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    for (int b = 0; b < plan.batches(); b++) {
      int from = plan.from(b);
      int to = plan.to(b);
      batch.gather(order, from, to);
      requireTargets(batch.targets(), from, to, data.size());
    }
  }

  /** A message of a batch, told by its place in the dataset. */
  private void requireTargets(T targets, int from, int to, int size) {
    try {
      step.loss.check(step.gradients(to - from), targets);
    } catch (TargetException e) {
      throw e.inDataset(from);
    } catch (IllegalArgumentException e) {
      if (to - from == size) {
        throw e;
      }
      throw new IllegalArgumentException(
          e.getMessage()
              + " This is about samples "
              + from
              + " to "
              + (to - 1)
              + " of the dataset.",
          e);
    }
  }

  /** Batches that the model can train on. */
  void requireBatches(BatchPlan plan, LastBatch rule) {
    if (plan.batches() == 0) {
      throw new IllegalArgumentException(
          "Trainer: "
              + plan.size()
              + " samples give no batch of "
              + plan.batchSize()
              + " with the last batch "
              + rule
              + ".");
    }
    int minimum = model.minimumTrainingBatch();
    int smallest = plan.smallest();
    if (smallest >= minimum) {
      return;
    }
    boolean all = plan.batchSize() < minimum;
    throw new IllegalArgumentException(
        "Trainer: "
            + (all
                ? "batchSize(" + plan.batchSize() + ")"
                : plan.size()
                    + " samples in batches of "
                    + plan.batchSize()
                    + " with the last batch "
                    + rule)
            + " gives "
            + model.name()
            + " a batch of "
            + smallest
            + ", but "
            + norms()
            + " needs more than 1 value per channel for batch statistics, and each sample has 1"
            + " there: the smallest batch is "
            + minimum
            + (minimum > 2 ? ", 2 for each of " + minimum / 2 + " pieces" : "")
            + ". "
            + remedy(plan, minimum, all));
  }

  private static String remedy(BatchPlan plan, int minimum, boolean all) {
    if (plan.size() < minimum) {
      return "There are too few samples; freezeStatistics() on the batch norm trains on them, by"
          + " its running statistics.";
    }
    if (all) {
      return "Use batchSize("
          + minimum
          + ") or more"
          + (minimum > 2 ? ", fewer pieces, or accumulate(...), whose pieces share statistics" : "")
          + "; or freezeStatistics() on the batch norm, which then needs no batch.";
    }
    return "Use lastBatch(LastBatch.MERGE_SINGLE), which adds the last batch to the one before, or"
        + " LastBatch.DROP.";
  }

  private String norms() {
    List<String> names =
        model.layers().stream().filter(BatchNorm.class::isInstance).map(l -> l.name()).toList();
    return names.size() == 1 ? "the batch norm " + names.get(0) : "a batch norm";
  }

  private static String sample(TensorSpec spec) {
    return spec.dtype() + " " + Arrays.toString(spec.shape());
  }

  private static String sample(Tensor samples) {
    return samples.dtype()
        + " "
        + Arrays.toString(Arrays.copyOfRange(samples.shape(), 1, samples.rank()));
  }
}
