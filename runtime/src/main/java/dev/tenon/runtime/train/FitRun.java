package dev.tenon.runtime.train;

import dev.tenon.runtime.loss.LossMean;
import dev.tenon.runtime.optim.Optimizer;
import dev.tenon.runtime.random.Randoms;
import dev.tenon.runtime.schedule.Schedule;
import dev.tenon.runtime.state.CheckpointSection;
import dev.tenon.runtime.state.Checkpointed;
import dev.tenon.runtime.text.Quoted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** One fit, from its checks to its end. Whatever it remembers between steps is a field here. */
final class FitRun<T> {
  /** As many rates of a schedule are looked at before the first step, and the last one. */
  private static final int RATES = 10_000;

  private final Trainer<T> trainer;
  private final TrainingStep<T> step;

  /** An array, because an iterator is allocated, and at every step. */
  private final TrainingListener[] listeners;

  private final boolean measuresNorms;
  private final BatchPlan plan;
  private final Batch<T> batch;
  private final int[] order;
  private final Evaluator<T> validation;
  private final BestEpoch best;
  private final int lastEpoch;
  private final FitContext context;
  private final Place place = new Place();
  private final int validationSamples;
  private final int firstEpoch;
  private final FitOptions<T> options;

  /** What listeners had written when the checkpoint was made that this fit goes on from. */
  private final CheckpointSection ofListeners;

  /** Steps made of the present epoch, and what their losses and gradient norms add up to. */
  private int made;

  private LossMean<T> mean;
  private double norms;

  /** The optimiser's steps when the newest checkpoint of the folder was written. */
  private long writtenAt = -1;

  private boolean begun;
  private boolean over;
  private final List<EpochReport> reports = new ArrayList<>();
  private volatile boolean stopped;

  /** Checks everything that can be wrong before the first step. */
  FitRun(
      Trainer<T> trainer,
      Dataset<T> data,
      int epochs,
      FitOptions<T> options,
      Optional<FitMemory> interrupted) {
    this.trainer = trainer;
    this.options = options;
    step = trainer.step();
    listeners = options.listeners().toArray(TrainingListener[]::new);
    measuresNorms = options.measuresNorms();
    int size = data.size();
    plan =
        BatchPlan.of(
            size, trainer.batchSize(), trainer.lastBatch(), trainer.model().minimumTrainingBatch());
    DataCheck<T> check = new DataCheck<>(step);
    check.requireBatches(plan, trainer.lastBatch());
    batch = data.newBatch();
    order = new int[size];
    check.requireFits(data, batch, order, plan);
    validation = validation(options);
    validationSamples = validation == null ? 0 : options.validation().size();
    int done = trainer.epochsDone();
    firstEpoch = interrupted.map(FitMemory::firstEpoch).orElse(done + 1);
    lastEpoch = (int) Math.min(firstEpoch - 1L + epochs, Integer.MAX_VALUE);
    best = new BestEpoch(options, trainer.model().state());
    mean = step.loss.mean();
    requireCheckpoints();
    interrupted.ifPresent(this::requireSame);
    interrupted.ifPresent(this::resume);
    requireRates();
    ofListeners = interrupted.map(FitMemory::listeners).orElseGet(CheckpointSection::empty);
    context =
        new FitContext(
            trainer, step, firstEpoch, lastEpoch, plan, reports, interrupted.isPresent());
    place.order = order;
    place.batches = plan.batches();
  }

  private Evaluator<T> validation(FitOptions<T> options) {
    Dataset<T> data = options.validation();
    if (data == null) {
      if (options.metric() == Metric.ACCURACY) {
        throw new IllegalArgumentException(
            "Trainer: monitor(Metric.ACCURACY) needs validation data: fit.validate(test).");
      }
      return null;
    }
    if (data.size() == 0) {
      throw new IllegalArgumentException("Trainer: the validation data have no samples.");
    }
    boolean labels = false;
    for (int i = 0; i < step.outputs(); i++) {
      labels |= Evaluator.labels(data.targets(), i) != null;
    }
    if (options.metric() == Metric.ACCURACY && !labels) {
      throw new IllegalArgumentException(
          "Trainer: monitor(Metric.ACCURACY) needs class labels, and the validation data have none;"
              + " leave it out to compare losses.");
    }
    return new Evaluator<>(step, data, trainer.batchSize());
  }

  private void requireCheckpoints() {
    Path folder = options.checkpoints();
    if (folder == null) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(
          "Trainer: checkpoints are to be written into " + folder + ", which is no folder.");
    }
    trainer.requireCheckpoints();
    mean.save();
    checkpointed().values().forEach(listener -> listener.write(CheckpointSection.empty()));
  }

  /** All that keeps this fit from going on with the one of a checkpoint. */
  private void requireSame(FitMemory before) {
    List<String> problems = new ArrayList<>();
    differ(problems, "samples of the data", before.samples(), plan.size());
    differ(problems, "batches of an epoch", before.batches(), plan.batches());
    differ(problems, "samples of the validation data", before.validation(), validationSamples);
    differ(problems, "monitor", before.metric(), options.metric().toString());
    differ(
        problems,
        "a best model that is kept",
        before.bestModel().isPresent() ? "yes" : "no",
        best.keepsModel() ? "yes" : "no");
    for (String name : before.listeners().sections()) {
      if (!checkpointed().containsKey(name)) {
        problems.add("listeners: the checkpoint has one more, " + Quoted.plain(name));
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "Trainer: this fit cannot go on with the one that the checkpoint was made in, and has not"
              + " begun:\n  "
              + String.join("\n  ", problems)
              + "\nCall fit with the data and the options of that one. To train otherwise, build a"
              + " new trainer for the model.");
    }
  }

  private static void differ(List<String> problems, String what, Object before, Object now) {
    if (!before.equals(now)) {
      problems.add(
          what
              + ": the checkpoint has "
              + (before instanceof String text ? Quoted.plain(text) : before)
              + ", this fit "
              + now);
    }
  }

  private void resume(FitMemory before) {
    if (before.made() > 0) {
      mean.restore(before.losses().stream().mapToDouble(Double::doubleValue).toArray());
    }
    made = before.made();
    norms = before.norms();
    reports.addAll(before.reports());
    best.resume(before.best(), before.bestModel());
  }

  /** Listeners that have something to remember, by name: the class, and how many before are. */
  private Map<String, Checkpointed> checkpointed() {
    Map<String, Checkpointed> all = new LinkedHashMap<>();
    for (TrainingListener listener : listeners) {
      if (listener instanceof Checkpointed remembering) {
        String type = listener.getClass().getName();
        int number = 1;
        while (all.containsKey(type + " " + number)) {
          number++;
        }
        all.put(type + " " + number, remembering);
      }
    }
    return all;
  }

  /** What a checkpoint made now has of this fit; nothing if it is over. */
  Optional<FitMemory> memory() {
    if (over) {
      return Optional.empty();
    }
    CheckpointSection written = CheckpointSection.empty();
    checkpointed().forEach((name, listener) -> listener.write(written.section(name)));
    List<Double> sums = made == 0 ? List.of() : DoubleStream.of(mean.save()).boxed().toList();
    return Optional.of(
        new FitMemory(
            firstEpoch,
            plan.size(),
            plan.batches(),
            made,
            sums,
            norms,
            validationSamples,
            options.metric().toString(),
            List.copyOf(reports),
            best.memory(),
            best.model(),
            written));
  }

  private void checkpoint(String file) {
    Path folder = options.checkpoints();
    try {
      trainer.checkpoint(folder.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Trainer: the checkpoint " + folder.resolve(file) + " cannot be written: " + e, e);
    }
    if (file.equals(CheckpointFile.LAST)) {
      writtenAt = step.optimizer.stepCount();
    }
  }

  /** A schedule that ends before the fit does, or gives no rate, is refused now. */
  private void requireRates() {
    long done = trainer.epochsDone();
    if (trainer.epochSchedule() != null) {
      requireRates(trainer.epochSchedule(), "epoch", done, lastEpoch);
    }
    if (step.schedule() != null) {
      long first = step.optimizer.stepCount();
      long steps = Math.max(0, (lastEpoch - done) * plan.batches() - made);
      requireRates(step.schedule(), "step", first, first + steps);
    }
  }

  private void requireRates(Schedule schedule, String unit, long from, long to) {
    long looked = Math.min(to, from + RATES);
    for (long e = from; e < looked; e++) {
      requireRate(schedule, unit, e);
    }
    if (looked < to) {
      requireRate(schedule, unit, to - 1);
    }
  }

  private void requireRate(Schedule schedule, String unit, long number) {
    double rate = schedule.learningRate(step.baseRate, number);
    if (!(rate >= 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException(
          "Trainer: the schedule gives a learning rate of "
              + rate
              + " for "
              + unit
              + " "
              + number
              + " (from 0); a rate is finite and at least 0.");
    }
  }

  /** Ends the fit before its next step. */
  void stop() {
    stopped = true;
  }

  History run() {
    EndReason reason = EndReason.FAILED;
    Throwable failure = null;
    int told = 0;
    try {
      for (TrainingListener listener : listeners) {
        listener.onStart(context);
        told++;
      }
      checkpointed()
          .forEach(
              (name, listener) -> {
                if (ofListeners.contains(name)) {
                  listener.read(ofListeners.section(name));
                }
              });
      begun = true;
      trainer.fitGoesOn();
      reason = train();
      if (options.checkpoints() != null && writtenAt != step.optimizer.stepCount()) {
        checkpoint(CheckpointFile.LAST);
      }
    } catch (Throwable t) {
      failure = t;
      reason = EndReason.FAILED;
      throw t;
    } finally {
      over = true;
      if (begun) {
        best.restore();
      }
      end(new History(reports, reason, best.epoch()), failure, told);
    }
    return new History(reports, reason, best.epoch());
  }

  /** Tells all listeners, whatever one of them throws; what ended the fit is not lost by that. */
  private void end(History history, Throwable failure, int told) {
    FitEnd end = new FitEnd(history, Optional.ofNullable(failure));
    Throwable thrown = failure;
    for (int i = 0; i < told; i++) {
      try {
        listeners[i].onEnd(end);
      } catch (Throwable t) {
        if (thrown == null) {
          thrown = t;
        } else if (thrown != t) {
          thrown.addSuppressed(t);
        }
      }
    }
    if (failure == null && thrown != null) {
      FitRun.<RuntimeException>rethrow(thrown);
    }
  }

  /** A listener may be of a language that knows no checked exceptions. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void rethrow(Throwable thrown) throws E {
    throw (E) thrown;
  }

  private EndReason train() {
    while (trainer.epochsDone() < lastEpoch && !best.isOverdue()) {
      EndReason reason = epoch();
      if (reason != null) {
        return reason;
      }
    }
    return best.isOverdue() ? EndReason.STOPPED_EARLY : EndReason.COMPLETED;
  }

  /** Trains one epoch; gives the reason if something ends the fit before the epoch does. */
  private EndReason epoch() {
    Optimizer optimizer = step.optimizer;
    int number = trainer.epochsDone();
    EndReason reason = endNow();
    if (reason != null) {
      return reason;
    }
    if (made == 0) {
      mean = step.loss.mean();
      norms = 0;
    }
    if (made == 0 && trainer.epochSchedule() != null) {
      optimizer.learningRate(trainer.epochSchedule().learningRate(step.baseRate, number));
    }
    Randoms.permute(Randoms.key(trainer.shuffleSeed(), number, 0), order);
    place.epoch = number + 1;
    for (int b = made; b < plan.batches(); b++) {
      reason = endNow();
      if (reason != null) {
        return reason;
      }
      place.batch = b + 1;
      place.from = plan.from(b);
      batch.gather(order, place.from, plan.to(b));
      step.measureNorm(measuresNorms);
      double value = step.run(batch.inputs(), batch.targets(), place);
      mean.add(value, step.predictions(), batch.targets());
      norms += step.gradientNorm();
      made = b + 1;
      for (TrainingListener listener : listeners) {
        listener.onBatch(place.epoch, b + 1, plan.batches(), value);
      }
      if (options.checkpoints() != null
          && options.checkpointsEvery().isDueAfterStep(optimizer.stepCount())) {
        checkpoint(CheckpointFile.LAST);
      }
    }
    place.batch = made;
    place.from = plan.from(made - 1);
    trainer.epochDone();
    made = 0;
    report(mean.value(), norms / plan.batches());
    return null;
  }

  private void report(double loss, double norm) {
    Optimizer optimizer = step.optimizer;
    double rate = optimizer.learningRate();
    Place after = step.allowsNonFinite() ? null : place;
    EpochReport report =
        new EpochReport(
            place.epoch,
            lastEpoch,
            plan.batches(),
            plan.to(plan.batches() - 1),
            loss,
            rate,
            norm,
            validation == null ? null : validation.run(after));
    reports.add(report);
    best.see(report);
    if (trainer.plateau() != null) {
      optimizer.learningRate(
          trainer.plateau().next(rate, validation == null ? loss : report.validation().loss()));
    }
    for (TrainingListener listener : listeners) {
      listener.onEpoch(report);
    }
    if (options.checkpoints() != null) {
      // The best first: if the process ends in between, the last knows of no best that is not
      // there.
      if (best.epoch() == report.epoch()) {
        checkpoint(CheckpointFile.BEST);
      }
      if (options.checkpointsEvery().isDueAfterEpoch(report.epoch())) {
        checkpoint(CheckpointFile.LAST);
      }
    }
  }

  /** Why the fit is to end before the next step, or null. */
  private EndReason endNow() {
    if (stopped) {
      return EndReason.STOPPED;
    }
    return Thread.currentThread().isInterrupted() ? EndReason.INTERRUPTED : null;
  }
}
