package dev.tenon.runtime.train;

import dev.tenon.runtime.loss.LossMean;
import dev.tenon.runtime.optim.Optimizer;
import dev.tenon.runtime.random.Randoms;
import dev.tenon.runtime.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
  private final List<EpochReport> reports = new ArrayList<>();
  private volatile boolean stopped;

  /** Checks everything that can be wrong before the first step. */
  FitRun(Trainer<T> trainer, Dataset<T> data, int epochs, FitOptions<T> options) {
    this.trainer = trainer;
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
    int done = trainer.epochsDone();
    lastEpoch = (int) Math.min((long) done + epochs, Integer.MAX_VALUE);
    requireRates();
    best = new BestEpoch(options, trainer.model().state());
    context = new FitContext(trainer, step, done + 1, lastEpoch, plan);
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

  /** A schedule that ends before the fit does, or gives no rate, is refused now. */
  private void requireRates() {
    long done = trainer.epochsDone();
    if (trainer.epochSchedule() != null) {
      requireRates(trainer.epochSchedule(), "epoch", done, lastEpoch);
    }
    if (step.schedule() != null) {
      long first = step.optimizer.stepCount();
      long steps = (lastEpoch - done) * plan.batches();
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
      reason = train();
    } catch (Throwable t) {
      failure = t;
      throw t;
    } finally {
      best.restore();
      end(new History(reports, reason, best.epoch()), failure, told);
    }
    return new History(reports, reason, best.epoch());
  }

  /** Tells all listeners, also when one of them throws. */
  private void end(History history, Throwable failure, int told) {
    FitEnd end = new FitEnd(history, Optional.ofNullable(failure));
    RuntimeException thrown = null;
    for (int i = 0; i < told; i++) {
      try {
        listeners[i].onEnd(end);
      } catch (RuntimeException e) {
        if (failure != null) {
          failure.addSuppressed(e);
        } else if (thrown != null) {
          thrown.addSuppressed(e);
        } else {
          thrown = e;
        }
      }
    }
    if (thrown != null) {
      throw thrown;
    }
  }

  private EndReason train() {
    while (trainer.epochsDone() < lastEpoch) {
      EndReason reason = epoch();
      if (reason != null) {
        return reason;
      }
      if (best.isOverdue()) {
        return EndReason.STOPPED_EARLY;
      }
    }
    return EndReason.COMPLETED;
  }

  /** Trains one epoch; gives the reason if something ends the fit before the epoch does. */
  private EndReason epoch() {
    Optimizer optimizer = step.optimizer;
    int number = trainer.epochsDone();
    EndReason reason = endNow();
    if (reason != null) {
      return reason;
    }
    if (trainer.epochSchedule() != null) {
      optimizer.learningRate(trainer.epochSchedule().learningRate(step.baseRate, number));
    }
    Randoms.permute(Randoms.key(trainer.shuffleSeed(), number, 0), order);
    LossMean<T> mean = step.loss.mean();
    double norms = 0;
    place.epoch = number + 1;
    for (int b = 0; b < plan.batches(); b++) {
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
      for (TrainingListener listener : listeners) {
        listener.onBatch(place.epoch, b + 1, plan.batches(), value);
      }
    }
    trainer.epochDone();
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
  }

  /** Why the fit is to end before the next step, or null. */
  private EndReason endNow() {
    if (stopped) {
      return EndReason.STOPPED;
    }
    return Thread.currentThread().isInterrupted() ? EndReason.INTERRUPTED : null;
  }
}
