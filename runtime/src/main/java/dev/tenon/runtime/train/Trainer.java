package dev.tenon.runtime.train;

import dev.tenon.runtime.BaseModel;
import dev.tenon.runtime.BatchTensors;
import dev.tenon.runtime.Model;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.TensorSpec;
import dev.tenon.runtime.loss.JointTargets;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.loss.LossMean;
import dev.tenon.runtime.loss.Objective;
import dev.tenon.runtime.optim.GradientClipping;
import dev.tenon.runtime.optim.Optimizer;
import dev.tenon.runtime.optim.OptimizerSpec;
import dev.tenon.runtime.parallel.PiecewiseModel;
import dev.tenon.runtime.random.Randoms;
import dev.tenon.runtime.schedule.Plateau;
import dev.tenon.runtime.schedule.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Trains a model: shuffle, forward, loss, backward, optimiser step.
 *
 * <pre>{@code
 * var trainer = Trainer.of(model)
 *     .loss(crossEntropy())
 *     .optimizer(sgd(0.1).momentum(0.9))
 *     .schedule(cosine(30))
 *     .batchSize(64)
 *     .shuffleSeed(1)
 *     .build();
 * trainer.fit(train, 30, listener);
 * trainer.evaluate(test);
 * }</pre>
 *
 * <p>Once both batch sizes of an epoch have been seen, a step allocates nothing. Results depend on
 * seeds and data alone. Not synchronised.
 *
 * @param <T> what a target is, fixed by the loss: {@code int[]}, {@link Tensor}, or {@link
 *     JointTargets} for several outputs
 */
public final class Trainer<T> implements AutoCloseable {
  private final BaseModel model;
  private final PiecewiseModel split;
  private final Objective<T> loss;
  private final Optimizer optimizer;
  private final double baseRate;
  private final Schedule epochSchedule;
  private final Schedule stepSchedule;
  private final Plateau.Tracker plateau;
  private final int batchSize;
  private final long shuffleSeed;
  private final LastBatch lastBatch;
  private final double clipNorm;
  private final double clipValue;
  private final List<TensorSpec> inputs;
  private final List<BatchTensors> gradientTensors;
  private final Tensor[] gradients;
  private final Tensor[] oneInput = new Tensor[1];
  private final Tensor[] onePrediction = new Tensor[1];

  /** What the last step's forward has said. */
  private Tensor[] predictions;

  /** The model if it has one input and one output: its arrays of one would have to be made. */
  private final Model single;

  private int epochsDone;

  private Trainer(Builder<T> builder) {
    if (builder.threads > 0) {
      builder.model.threads(builder.threads);
    }
    split = builder.split();
    model = split == null ? builder.model : split;
    loss = builder.loss;
    optimizer = builder.optimizer.create(model.state());
    baseRate = optimizer.learningRate();
    epochSchedule = builder.epochSchedule;
    stepSchedule = builder.stepSchedule;
    plateau = builder.plateau == null ? null : builder.plateau.start();
    batchSize = builder.batchSize;
    shuffleSeed = builder.shuffleSeed;
    lastBatch = builder.lastBatch;
    clipNorm = builder.clipNorm;
    clipValue = builder.clipValue;
    inputs = model.inputs();
    gradientTensors =
        model.outputs().stream().map(o -> new BatchTensors(o.dtype(), o.shape())).toList();
    gradients = new Tensor[gradientTensors.size()];
    single = model instanceof Model m && inputs.size() == 1 && gradients.length == 1 ? m : null;
  }

  /**
   * Starts a trainer; the loss comes next, because it fixes the type of the targets.
   *
   * @param model what to train
   * @return asks for the loss
   */
  public static Start of(BaseModel model) {
    return new Start(model);
  }

  /**
   * One training step on one batch. All checks come before the forward, so that a wrong shape or
   * label changes nothing, not even running statistics.
   *
   * @param input {@code [batch, input shape]}
   * @param target targets of the batch
   * @return the loss before the step
   * @throws IllegalArgumentException if input or target do not fit the model
   */
  public double step(Tensor input, T target) {
    oneInput[0] = input;
    return step(oneInput, target);
  }

  /**
   * One training step on one batch of a network with several inputs.
   *
   * @param batch {@code [batch, ...]} for each input, in the network's order
   * @param target targets of the batch
   * @return the loss before the step
   * @throws IllegalArgumentException if an input or target does not fit the model
   */
  public double step(Tensor[] batch, T target) {
    if (fits(batch)) {
      loss.check(gradients(batch[0].dim(0)), target);
    }
    // An input that does not fit goes on to the model, whose message says what it expects.
    // The schedule is asked before the forward, because it may refuse, and obeyed after it.
    double rate =
        stepSchedule == null
            ? optimizer.learningRate()
            : stepSchedule.learningRate(baseRate, optimizer.stepCount());
    predictions = forward(batch);
    optimizer.learningRate(rate);
    Tensor[] ofBatch = gradients(predictions[0].dim(0));
    double value = loss.forwardBackward(predictions, target, ofBatch);
    if (single == null) {
      model.backward(ofBatch);
    } else {
      single.backward(ofBatch[0]);
    }
    if (clipNorm > 0) {
      GradientClipping.byNorm(model.state(), clipNorm);
    }
    if (clipValue > 0) {
      GradientClipping.byValue(model.state(), clipValue);
    }
    optimizer.step();
    return value;
  }

  private Tensor[] forward(Tensor[] batch) {
    if (single == null || batch.length != 1) {
      return model.forward(batch);
    }
    onePrediction[0] = single.forward(batch[0]);
    return onePrediction;
  }

  /**
   * Trains for some epochs, each over all samples in a new order: epoch e (from 0, counted over all
   * fits) uses {@code Randoms.permutation(Randoms.key(shuffleSeed, e, 0), size)}.
   *
   * @param data what to learn from
   * @param epochs how many, at least 0
   * @param listeners told after every step and every epoch
   * @return one report for every epoch
   * @throws IllegalArgumentException if any sample or target does not fit, or there is no batch;
   *     nothing is changed then
   */
  public History fit(Dataset<T> data, int epochs, TrainingListener... listeners) {
    if (epochs < 0) {
      throw new IllegalArgumentException(
          "Trainer: epochs must be at least 0, but is " + epochs + ".");
    }
    int size = data.size();
    int batches = batches(size);
    if (batches == 0) {
      throw new IllegalArgumentException(
          "Trainer: "
              + size
              + " samples give no batch of "
              + batchSize
              + " with the last batch "
              + lastBatch
              + ".");
    }
    Batch<T> batch = data.newBatch();
    int[] order = new int[size];
    requireFits(data, batch, order);
    List<EpochReport> reports = new ArrayList<>();
    int lastEpoch = epochsDone + epochs;
    while (epochsDone < lastEpoch) {
      if (epochSchedule != null) {
        optimizer.learningRate(epochSchedule.learningRate(baseRate, epochsDone));
      }
      Randoms.permute(Randoms.key(shuffleSeed, epochsDone, 0), order);
      LossMean<T> mean = loss.mean();
      int samples = 0;
      for (int b = 0; b < batches; b++) {
        int from = b * batchSize;
        int to = end(b, batches, size);
        batch.gather(order, from, to);
        double value = step(batch.inputs(), batch.targets());
        mean.add(value, predictions, batch.targets());
        samples += to - from;
        for (TrainingListener listener : listeners) {
          listener.onBatch(epochsDone + 1, b + 1, batches, value);
        }
      }
      double ofEpoch = mean.value();
      double rate = optimizer.learningRate();
      epochsDone++;
      EpochReport report = new EpochReport(epochsDone, lastEpoch, batches, samples, ofEpoch, rate);
      reports.add(report);
      if (plateau != null) {
        optimizer.learningRate(plateau.next(rate, ofEpoch));
      }
      for (TrainingListener listener : listeners) {
        listener.onEpoch(report);
      }
    }
    return new History(reports);
  }

  /**
   * Judges the model in evaluation mode, in batches of the trainer's size and the dataset's order.
   * Changes nothing.
   *
   * @param data what to judge by
   * @return mean loss and, for class labels, accuracy
   * @throws IllegalArgumentException if a sample or target does not fit the model
   */
  public Evaluation evaluate(Dataset<T> data) {
    int size = data.size();
    Batch<T> batch = data.newBatch();
    int[] order = inOrder(size);
    int outputs = gradientTensors.size();
    LossMean<T> mean = loss.mean();
    long[] labels = new long[outputs];
    long[] correct = new long[outputs];
    for (int from = 0; from < size; from += batchSize) {
      int to = Math.min(size, from + batchSize);
      batch.gather(order, from, to);
      Tensor[] predicted = model.predict(batch.inputs());
      T target = batch.targets();
      mean.add(predicted, target);
      for (int i = 0; i < outputs; i++) {
        int[] classes = labels(target, i);
        if (classes != null) {
          labels[i] += Accuracy.judged(predicted[i], classes);
          correct[i] += Accuracy.correct(predicted[i], classes);
        }
      }
    }
    List<Evaluation> each = new ArrayList<>();
    long allLabels = 0;
    long allCorrect = 0;
    for (int i = 0; i < outputs; i++) {
      allLabels += labels[i];
      allCorrect += correct[i];
      if (outputs > 1) {
        each.add(new Evaluation(size, mean.value(i), labels[i], correct[i]));
      }
    }
    return new Evaluation(size, mean.value(), allLabels, allCorrect, each);
  }

  /** The class labels of an output, or null if its targets are none. */
  private static int[] labels(Object targets, int output) {
    if (targets instanceof JointTargets joint) {
      return joint.isLabels(output) ? joint.labels(output) : null;
    }
    return targets instanceof int[] classes ? classes : null;
  }

  /**
   * The model.
   *
   * @return what is trained
   */
  public BaseModel model() {
    return model;
  }

  /**
   * The optimiser, whose learning rate may be changed between steps if there is no schedule.
   *
   * @return the optimiser bound to the model's state
   */
  public Optimizer optimizer() {
    return optimizer;
  }

  /**
   * Epochs trained so far, over all fits.
   *
   * @return at least 0
   */
  public int epochsDone() {
    return epochsDone;
  }

  /** Ends the threads that belong to the pieces of {@link Builder#accumulate}, if any. */
  @Override
  public void close() {
    if (split != null) {
      split.close();
    }
  }

  /** Looks at every target before the first step, so that a bad one changes nothing. */
  private void requireFits(Dataset<T> data, Batch<T> batch, int[] order) {
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
              + inputs.stream().map(Trainer::sample).collect(Collectors.joining(" and "))
              + ", but the dataset has samples of "
              + given.stream().map(Trainer::sample).collect(Collectors.joining(" and "))
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
    int batches = batches(order.length);
    for (int b = 0; b < batches; b++) {
      int to = end(b, batches, order.length);
      batch.gather(order, b * batchSize, to);
      loss.check(gradients(to - b * batchSize), batch.targets());
    }
  }

  private int batches(int size) {
    int full = size / batchSize;
    int rest = size % batchSize;
    if (rest == 0 || lastBatch == LastBatch.DROP) {
      return full;
    }
    boolean merged =
        lastBatch == LastBatch.MERGE_SINGLE && rest < model.minimumTrainingBatch() && full > 0;
    return merged ? full : full + 1;
  }

  /** Where a batch ends: a merged one reaches to the end of the data. */
  private int end(int batch, int batches, int size) {
    boolean takesRest = batch == batches - 1 && lastBatch != LastBatch.DROP;
    return takesRest ? size : (batch + 1) * batchSize;
  }

  private boolean fits(Tensor[] batch) {
    boolean fits = batch.length == inputs.size();
    for (int i = 0; fits && i < batch.length; i++) {
      fits = inputs.get(i).isBatchOf(batch[i]) && batch[i].dim(0) == batch[0].dim(0);
    }
    return fits;
  }

  /** Tensors for the gradients of all outputs, in an array that is always the same. */
  private Tensor[] gradients(int samples) {
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = gradientTensors.get(i).get(samples);
    }
    return gradients;
  }

  private static String sample(TensorSpec spec) {
    return spec.dtype() + " " + Arrays.toString(spec.shape());
  }

  private static String sample(Tensor samples) {
    return samples.dtype()
        + " "
        + Arrays.toString(Arrays.copyOfRange(samples.shape(), 1, samples.rank()));
  }

  private static int[] inOrder(int size) {
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    return order;
  }

  /** A trainer that still needs its loss. */
  public static final class Start {
    private final BaseModel model;

    private Start(BaseModel model) {
      this.model = model;
    }

    /**
     * Sets the loss, which fixes the type of the targets.
     *
     * @param loss what to minimise
     * @param <T> type of a batch's targets
     * @return a builder for the rest
     */
    public <T> Builder<T> loss(Loss<T> loss) {
      return loss(Objective.of(loss));
    }

    /**
     * Sets what to minimise for a network with several outputs.
     *
     * @param objective such as {@code joint(crossEntropy()).and(meanSquaredError(), 0.5)}
     * @param <T> type of a batch's targets
     * @return a builder for the rest
     */
    public <T> Builder<T> loss(Objective<T> objective) {
      return new Builder<>(model, objective);
    }
  }

  /**
   * Options of a trainer; only the optimiser has no default.
   *
   * @param <T> type of a batch's targets
   */
  public static final class Builder<T> {
    private final BaseModel model;
    private final Objective<T> loss;
    private OptimizerSpec optimizer;
    private Schedule epochSchedule;
    private Schedule stepSchedule;
    private Plateau plateau;
    private int batchSize = 64;
    private long shuffleSeed;
    private LastBatch lastBatch = LastBatch.MERGE_SINGLE;
    private double clipNorm;
    private double clipValue;
    private int threads;
    private int pieces;
    private boolean synchronised = true;

    private Builder(BaseModel model, Objective<T> loss) {
      this.model = model;
      this.loss = loss;
    }

    /**
     * Sets the optimiser.
     *
     * @param spec such as {@code sgd(0.1).momentum(0.9)}
     * @return this builder
     */
    public Builder<T> optimizer(OptimizerSpec spec) {
      optimizer = spec;
      return this;
    }

    /**
     * Sets the learning rate at the start of every epoch of a fit, by the number of epochs done.
     * {@link Trainer#step} called by hand leaves the rate alone.
     *
     * @param schedule such as {@code cosine(30)}; none is the default
     * @return this builder
     * @throws IllegalStateException if there is a schedule already
     */
    public Builder<T> schedule(Schedule schedule) {
      requireNoSchedule();
      epochSchedule = schedule;
      return this;
    }

    /**
     * Sets the learning rate before every step, by the number of steps done.
     *
     * @param schedule such as {@code oneCycle(0.1, epochs * batches)}; none is the default
     * @return this builder
     * @throws IllegalStateException if there is a schedule already
     */
    public Builder<T> schedulePerStep(Schedule schedule) {
      requireNoSchedule();
      stepSchedule = schedule;
      return this;
    }

    /**
     * Lowers the learning rate when the epochs' mean training loss stops falling.
     *
     * @param rule such as {@code plateau().patience(3)}; none is the default
     * @return this builder
     * @throws IllegalStateException if there is a schedule already
     */
    public Builder<T> schedule(Plateau rule) {
      requireNoSchedule();
      plateau = rule;
      return this;
    }

    /**
     * Sets the number of samples of a step.
     *
     * @param samples at least 1; 64 is the default
     * @return this builder
     * @throws IllegalArgumentException for less than 1
     */
    public Builder<T> batchSize(int samples) {
      if (samples < 1) {
        throw new IllegalArgumentException(
            "Trainer: batchSize must be at least 1, but is " + samples + ".");
      }
      batchSize = samples;
      return this;
    }

    /**
     * Sets the seed of the order of samples.
     *
     * @param seed any number; 0 is the default
     * @return this builder
     */
    public Builder<T> shuffleSeed(long seed) {
      shuffleSeed = seed;
      return this;
    }

    /**
     * Scales the gradients of each step together, so that their norm is at most this; see {@link
     * GradientClipping#byNorm}.
     *
     * @param max positive and finite; without this call gradients stay as they are
     * @return this builder
     * @throws IllegalArgumentException if max is not positive or not finite
     */
    public Builder<T> clipNorm(double max) {
      clipNorm = requirePositive("clipNorm", max);
      return this;
    }

    /**
     * Puts each element of the gradients of each step between {@code -most} and {@code most}; see
     * {@link GradientClipping#byValue}. Comes behind {@link #clipNorm} where both are given.
     *
     * @param most positive and finite; without this call gradients stay as they are
     * @return this builder
     * @throws IllegalArgumentException if most is not positive or not finite
     */
    public Builder<T> clipValue(double most) {
      clipValue = requirePositive("clipValue", most);
      return this;
    }

    private static double requirePositive(String option, double value) {
      if (!(value > 0) || Double.isInfinite(value)) {
        throw new IllegalArgumentException(
            "Trainer: " + option + " must be positive and finite, but is " + value + ".");
      }
      return value;
    }

    /**
     * Sets how many threads the model uses, as {@link BaseModel#threads(int)} does, and leaves it
     * so. The number does not change a bit of the result, and batches are not split for it.
     *
     * @param count at least 1; without this call the model uses as many as it is set to, which is
     *     all cores for generated models
     * @return this builder
     * @throws IllegalArgumentException for less than 1
     */
    public Builder<T> threads(int count) {
      threads = requirePositive("threads", count);
      return this;
    }

    /**
     * Works on each batch in this many pieces, which saves memory: one after the other, unless the
     * model cannot use the {@link #threads} asked for within a piece; then as many pieces at a
     * time. Batch norms take the statistics of the whole batch. Splitting a batch may change the
     * last bits of the result, the number of threads does not.
     *
     * @param count at least 1; without this call a batch is not split
     * @return this builder
     * @throws IllegalArgumentException for less than 1
     */
    public Builder<T> accumulate(int count) {
      pieces = requirePositive("accumulate", count);
      synchronised = true;
      return this;
    }

    /**
     * Works on each batch in this many pieces, one after the other, of which each normalises by
     * itself and moves the running statistics by itself, as micro-batches do elsewhere.
     *
     * @param count at least 1
     * @return this builder
     * @throws IllegalArgumentException for less than 1
     */
    public Builder<T> accumulateUnsynchronised(int count) {
      pieces = requirePositive("accumulateUnsynchronised", count);
      synchronised = false;
      return this;
    }

    private static int requirePositive(String option, int count) {
      if (count < 1) {
        throw new IllegalArgumentException(
            "Trainer: " + option + " must be at least 1, but is " + count + ".");
      }
      return count;
    }

    /** The model in pieces, or null if it is not to be split. */
    private PiecewiseModel split() {
      if (pieces == 0) {
        return null;
      }
      if (!synchronised) {
        // Always one after the other, so that the running statistics move in order.
        return PiecewiseModel.unsynchronised(model, pieces);
      }
      boolean splitsLoops = model.threads() > 1;
      return PiecewiseModel.of(model, pieces, splitsLoops ? 1 : Math.max(1, threads));
    }

    /**
     * Says what happens to a last batch that is not full.
     *
     * @param rule {@link LastBatch#MERGE_SINGLE} is the default
     * @return this builder
     */
    public Builder<T> lastBatch(LastBatch rule) {
      lastBatch = rule;
      return this;
    }

    /**
     * Creates the trainer and its optimiser.
     *
     * @return a trainer at epoch 0
     * @throws IllegalStateException if there is no optimiser
     * @throws IllegalArgumentException if the optimiser's options contradict each other, or the
     *     model has no parameters
     */
    public Trainer<T> build() {
      if (optimizer == null) {
        throw new IllegalStateException(
            "Trainer: call optimizer(...) before build(), for example"
                + " optimizer(sgd(0.1).momentum(0.9)).");
      }
      return new Trainer<>(this);
    }

    private void requireNoSchedule() {
      if (epochSchedule != null || stepSchedule != null || plateau != null) {
        throw new IllegalStateException("Trainer: there is a learning-rate schedule already.");
      }
    }
  }
}
