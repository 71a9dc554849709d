package dev.tenon.integration;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.adam;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.loss.Reduction;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.optim.Optimizer;
import dev.tenon.runtime.optim.OptimizerSpec;
import dev.tenon.runtime.schedule.Schedule;
import dev.tenon.runtime.state.CheckpointSection;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.EpochReport;
import dev.tenon.runtime.train.FitContext;
import dev.tenon.runtime.train.FitEnd;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.train.TrainerBuilder;
import dev.tenon.runtime.train.TrainingListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever a part of training that the user has written throws, at any of its calls: the caller
 * gets it, the model is as after a whole step, and the threads that models share are free again.
 */
@Timeout(300)
class ThrowingPartsTest {
  private static final int SAMPLES = 24;
  private static final int EPOCHS = 2;

  private static final CompiledNetwork NETWORK =
      CompiledNetwork.of(
          "Parts",
          "input = 3",
          List.of(
              "@Linear(out = 4) Weighted fc1();",
              "@BatchNorm1d BatchNorm bn1();",
              "@Dropout(p = 0.5) Layer drop();",
              "@Linear(out = 2) Weighted head();"));

  private static final List<UnaryOperator<TrainerBuilder<int[]>>> WAYS =
      List.of(
          b -> b.threads(1),
          b -> b.threads(4),
          b -> b.threads(1).accumulate(2),
          b -> b.threads(4).accumulate(2),
          b -> b.threads(1).accumulateUnsynchronised(2));

  private static final List<Supplier<Throwable>> KINDS =
      List.of(
          () -> new IllegalStateException("unchecked"),
          () -> new IOException("checked"),
          () -> new InterruptedException("interrupted"),
          StackOverflowError::new,
          OutOfMemoryError::new,
          () -> new AssertionError("error"),
          ThrowingPartsTest::threadDeath);

  /** Where a user's code is called. */
  enum Place {
    LOSS_CHECK,
    LOSS,
    LOSS_IN_EVALUATION,
    LOSS_WEIGHT,
    SCHEDULE_PER_STEP,
    SCHEDULE_PER_EPOCH,
    OPTIMIZER,
    LEARNING_RATE,
    ON_START,
    ON_BATCH,
    ON_EPOCH,
    ON_END
  }

  /** Something that throws at one of its calls. */
  private static final class Bomb {
    private final Place place;
    private int callsLeft = Integer.MAX_VALUE;
    private Throwable thrown;
    private int calls;

    Bomb(Place place) {
      this.place = place;
    }

    void blowAfter(int more, Throwable what) {
      callsLeft = more;
      thrown = what;
    }

    /** Whether it went off. */
    boolean defuse() {
      boolean blown = callsLeft < 0;
      callsLeft = Integer.MAX_VALUE;
      return blown;
    }

    void call(Place at) {
      if (at == place) {
        calls++;
        if (callsLeft != Integer.MAX_VALUE && callsLeft-- == 0) {
          Fuse.<RuntimeException>sneak(thrown);
        }
      }
    }
  }

  @SuppressWarnings("removal")
  private static Throwable threadDeath() {
    return new ThreadDeath();
  }

  private static Dataset<int[]> data() {
    int[] labels = new int[SAMPLES];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 2;
    }
    return Dataset.of(Samples.normal(NETWORK.create(1).dtype(), 5, SAMPLES, 3), labels);
  }

  private static Trainer<int[]> trainer(
      SingleModel model, Bomb bomb, UnaryOperator<TrainerBuilder<int[]>> way) {
    TrainerBuilder<int[]> builder =
        Trainer.of(model)
            .loss(new Losing(bomb))
            .optimizer(optimizer(bomb))
            .batchSize(8)
            .clipNorm(1);
    Schedule schedule =
        (base, step) -> {
          bomb.call(Place.SCHEDULE_PER_STEP);
          bomb.call(Place.SCHEDULE_PER_EPOCH);
          return base / (1 + step);
        };
    return way.apply(
            bomb.place == Place.SCHEDULE_PER_EPOCH
                ? builder.schedule(schedule)
                : builder.schedulePerStep(schedule))
        .build();
  }

  private static OptimizerSpec optimizer(Bomb bomb) {
    return state -> {
      Optimizer inner = adam(0.01).create(state);
      return new Optimizer() {
        @Override
        public void step() {
          bomb.call(Place.OPTIMIZER);
          inner.step();
        }

        @Override
        public double learningRate() {
          bomb.call(Place.LEARNING_RATE);
          return inner.learningRate();
        }

        @Override
        public void learningRate(double learningRate) {
          inner.learningRate(learningRate);
        }

        @Override
        public long stepCount() {
          return inner.stepCount();
        }

        @Override
        public void write(CheckpointSection section) {
          inner.write(section);
        }

        @Override
        public void read(CheckpointSection section) {
          inner.read(section);
        }
      };
    };
  }

  /** Cross entropy, with a bomb in it. */
  private static final class Losing implements Loss<int[]> {
    private final Loss<int[]> real = crossEntropy();
    private final Bomb bomb;

    Losing(Bomb bomb) {
      this.bomb = bomb;
    }

    @Override
    public void check(Tensor prediction, int[] target) {
      bomb.call(Place.LOSS_CHECK);
      real.check(prediction, target);
    }

    @Override
    public double forward(Tensor prediction, int[] target) {
      bomb.call(Place.LOSS_IN_EVALUATION);
      return real.forward(prediction, target);
    }

    @Override
    public double forwardBackward(Tensor prediction, int[] target, Tensor gradient) {
      double value = real.forwardBackward(prediction, target, gradient);
      bomb.call(Place.LOSS);
      return value;
    }

    @Override
    public void elementwise(Tensor prediction, int[] target, Tensor losses) {
      real.elementwise(prediction, target, losses);
    }

    @Override
    public double weight(Tensor prediction, int[] target) {
      bomb.call(Place.LOSS_WEIGHT);
      return real.weight(prediction, target);
    }

    @Override
    public Reduction reduction() {
      return real.reduction();
    }
  }

  /** Remembers the model after every step. */
  private static final class Watching implements TrainingListener {
    private final Bomb bomb;
    private final SingleModel model;
    private final List<List<String>> afterSteps = new ArrayList<>();
    private boolean ended;

    Watching(Bomb bomb, SingleModel model) {
      this.bomb = bomb;
      this.model = model;
      afterSteps.add(bits(model));
    }

    @Override
    public void onStart(FitContext fit) {
      bomb.call(Place.ON_START);
    }

    @Override
    public void onBatch(int epoch, int batch, int batches, double loss) {
      afterSteps.add(bits(model));
      bomb.call(Place.ON_BATCH);
    }

    @Override
    public void onEpoch(EpochReport report) {
      bomb.call(Place.ON_EPOCH);
    }

    @Override
    public void onEnd(FitEnd end) {
      ended = true;
      bomb.call(Place.ON_END);
    }
  }

  private static Throwable fit(Trainer<int[]> trainer, Watching watching) {
    Dataset<int[]> data = data();
    return catchThrowable(
        () -> trainer.fit(data, EPOCHS, fit -> fit.validate(data).listen(watching)));
  }

  @ParameterizedTest
  @EnumSource(Place.class)
  void isThrownOnAndLeavesAWholeStep(Place place) {
    List<Throwable> seen = new ArrayList<>();
    for (UnaryOperator<TrainerBuilder<int[]>> way : WAYS) {
      Bomb counting = new Bomb(place);
      List<List<String>> afterSteps = afterStepsOfAFit(counting, way);
      int calls = counting.calls;
      assertThat(calls).as("it is called").isPositive();
      for (int at = 0; at < calls; at = 2 * at + 1) {
        Supplier<Throwable> kind = KINDS.get(seen.size() % KINDS.size());
        Bomb bomb = new Bomb(place);
        SingleModel model = NETWORK.create(3);
        try (Trainer<int[]> trainer = trainer(model, bomb, way)) {
          Watching watching = new Watching(bomb, model);
          Throwable what = kind.get();
          bomb.blowAfter(at, what);
          assertThat(fit(trainer, watching)).as(place + " " + at).isSameAs(what);
          assertThat(bomb.defuse()).isTrue();
          assertThat(bits(model))
              .as(place + " " + at)
              .isEqualTo(afterSteps.get((int) trainer.optimizer().stepCount()));
          seen.add(what);

          // A fit goes on from there, and nobody else waits for the threads that were at work.
          assertThat(fit(trainer, watching)).isNull();
          assertThat(watching.ended).isTrue();
          Thread.interrupted();
        }
        assertThat(othersGoOn()).isTrue();
      }
    }
    assertThat(seen).as("all kinds").hasSizeGreaterThanOrEqualTo(KINDS.size() - 2);
  }

  /** What the model should be after each number of steps. */
  private static List<List<String>> afterStepsOfAFit(
      Bomb bomb, UnaryOperator<TrainerBuilder<int[]>> way) {
    SingleModel model = NETWORK.create(3);
    Watching watching = new Watching(bomb, model);
    try (Trainer<int[]> trainer = trainer(model, bomb, way)) {
      bomb.calls = 0;
      assertThat(fit(trainer, watching)).isNull();
    }
    return watching.afterSteps;
  }

  /** All that a step must leave whole: not the gradients, which a step writes before it counts. */
  private static List<String> bits(SingleModel model) {
    return Samples.bits(model).stream().filter(line -> !line.contains(" gradient ")).toList();
  }

  /** Whether the threads that all models share do the work of another one. */
  private static boolean othersGoOn() {
    SingleModel other = NETWORK.create(9);
    other.threads(4);
    return other.predict(Samples.input(other, 1, 64)).dim(0) == 64;
  }

  /** What ends a fit is not lost to what listeners throw when they are told. */
  @Test
  void everyListenerIsToldAndTheFirstFailureIsTheOneThatCounts() {
    for (Supplier<Throwable> kind : KINDS) {
      Bomb loss = new Bomb(Place.LOSS);
      Bomb end = new Bomb(Place.ON_END);
      Bomb none = new Bomb(Place.ON_END);
      SingleModel model = NETWORK.create(3);
      try (Trainer<int[]> trainer = trainer(model, loss, WAYS.get(0))) {
        Throwable first = new IllegalStateException("the loss");
        Throwable second = kind.get();
        loss.blowAfter(1, first);
        end.blowAfter(0, second);
        Watching fails = new Watching(end, model);
        Watching last = new Watching(none, model);
        assertThat(catchThrowable(() -> trainer.fit(data(), 1, fails, last))).isSameAs(first);
        assertThat(first.getSuppressed()).containsExactly(second);
        assertThat(last.ended).isTrue();

        end.blowAfter(0, second);
        last.ended = false;
        assertThat(catchThrowable(() -> trainer.fit(data(), 1, fails, last))).isSameAs(second);
        assertThat(last.ended).isTrue();
      }
    }
  }
}
