package dev.tenon.integration;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.adam;
import static dev.tenon.runtime.optim.Optimizers.adamW;
import static dev.tenon.runtime.optim.Optimizers.groups;
import static dev.tenon.runtime.optim.Optimizers.norms;
import static dev.tenon.runtime.optim.Optimizers.rmsProp;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static dev.tenon.runtime.schedule.Schedules.cosine;
import static dev.tenon.runtime.schedule.Schedules.oneCycle;
import static dev.tenon.runtime.schedule.Schedules.plateau;
import static dev.tenon.runtime.schedule.Schedules.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.EpochReport;
import dev.tenon.runtime.train.FitContext;
import dev.tenon.runtime.train.FitOptions;
import dev.tenon.runtime.train.History;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.train.TrainerBuilder;
import dev.tenon.runtime.train.TrainingListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A run that goes on from a checkpoint has the bits of one that was never interrupted: not only of
 * its parameters, but of everything, because the checkpoints that both make at their end are the
 * same files. For every optimiser, every kind of schedule, pieces, numbers of threads, and whatever
 * a fit does, at places at the beginning, in the middle and at the end of epochs.
 */
@Timeout(240)
class ResumeTest {
  private static final int SAMPLES = 37;
  private static final int EPOCHS = 3;

  /** Steps after which a checkpoint is made; an epoch has 5 steps, the last of them 5 samples. */
  private static final List<Integer> PLACES = List.of(1, 5, 7, 10, 13, 15);

  private static final List<String> MEMBERS =
      List.of(
          "@Conv2d(out = 20, kernel = 3, padding = 1, bias = false) Weighted conv();",
          "@BatchNorm2d BatchNorm bn();",
          "@ReLU Layer relu();",
          "@MaxPool2d(kernel = 2) Layer pool();",
          "@Flatten Layer flat();",
          "@Dropout(p = 0.3) Layer drop();",
          "@Linear(out = 3) Weighted head();");

  private static final CompiledNetwork NETWORK =
      CompiledNetwork.of("Resumed", "input = {2, 4, 4}", MEMBERS);

  private static final CompiledNetwork DOUBLE =
      CompiledNetwork.of(
          "ResumedDouble", "input = {2, 4, 4}, precision = Precision.FLOAT64", MEMBERS);

  @TempDir private Path folder;

  /** One way to train. */
  private record Way(
      String name,
      CompiledNetwork network,
      BiFunction<SingleModel, TrainerBuilder<int[]>, TrainerBuilder<int[]>> trainer,
      Consumer<FitOptions<int[]>> fit) {
    Way(
        String name,
        BiFunction<SingleModel, TrainerBuilder<int[]>, TrainerBuilder<int[]>> trainer) {
      this(name, NETWORK, trainer, fit -> {});
    }

    Trainer<int[]> build(int threads) {
      SingleModel model = network.create(4);
      TrainerBuilder<int[]> builder =
          Trainer.of(model)
              .loss(crossEntropy())
              .optimizer(sgd(0.05).momentum(0.9))
              .batchSize(8)
              .shuffleSeed(11)
              .threads(threads);
      return trainer.apply(model, builder).build();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Way> ways() {
    return List.of(
        new Way("sgd", (m, b) -> b.optimizer(sgd(0.1))),
        new Way("momentum, dampened", (m, b) -> b.optimizer(sgd(0.1).momentum(0.8).dampening(0.2))),
        new Way("nesterov", (m, b) -> b.optimizer(sgd(0.1).momentum(0.8).nesterov())),
        new Way("adam", (m, b) -> b.optimizer(adam(0.01).weightDecay(0.01))),
        new Way("amsgrad", (m, b) -> b.optimizer(adam(0.01).amsgrad())),
        new Way("adamW", (m, b) -> b.optimizer(adamW(0.01))),
        new Way("rmsProp", (m, b) -> b.optimizer(rmsProp(0.01).momentum(0.5).centered())),
        new Way(
            "groups",
            (m, b) -> b.optimizer(groups(adam(0.01)).with(norms(m), sgd(0.1).momentum(0.9)))),
        new Way("schedule by epoch", (m, b) -> b.schedule(step(2, 0.5))),
        new Way("cosine", (m, b) -> b.schedule(cosine(EPOCHS))),
        new Way("schedule by step", (m, b) -> b.schedulePerStep(oneCycle(0.1, EPOCHS * 5))),
        new Way("plateau", (m, b) -> b.schedule(plateau().patience(0).threshold(0.5))),
        new Way("clipped", (m, b) -> b.clipNorm(0.1).clipValue(0.05)),
        new Way("in pieces", (m, b) -> b.accumulate(3)),
        new Way("in pieces apart", (m, b) -> b.accumulateUnsynchronised(2)),
        new Way("float64", DOUBLE, (m, b) -> b.optimizer(adam(0.01).amsgrad()), fit -> {}),
        new Way(
            "validation, early stopping, norms",
            NETWORK,
            (m, b) -> b.schedule(plateau().patience(0).threshold(0.5)),
            fit -> fit.validate(data(9, 5)).stopEarly(2).gradientNorms()),
        new Way("best model", NETWORK, (m, b) -> b.optimizer(sgd(2)), fit -> fit.keepBest()),
        new Way("frozen on the way", NETWORK, (m, b) -> b, fit -> fit.listen(new Freezing())));
  }

  /** Freezes after the first epoch, which a run that goes on later is not told of again. */
  private static final class Freezing implements TrainingListener {
    private SingleModel model;

    @Override
    public void onStart(FitContext fit) {
      model = (SingleModel) fit.model();
    }

    @Override
    public void onEpoch(EpochReport report) {
      if (report.epoch() == 1) {
        model.state().parameter("head.bias").freeze();
        model.layers().stream()
            .filter(BatchNorm.class::isInstance)
            .forEach(layer -> ((BatchNorm) layer).freeze());
      }
    }
  }

  private static Dataset<int[]> data(int size, long seed) {
    Tensor images = Samples.normal(dev.tenon.runtime.DType.FLOAT32, seed, size, 2, 4, 4);
    int[] labels = new int[size];
    Arrays.setAll(labels, i -> Math.floorMod((int) (3 * images.get(i, 0, 1, 1)), 3));
    return Dataset.of(images, labels);
  }

  private static Dataset<int[]> dataFor(Way way) {
    Dataset<int[]> data = data(SAMPLES, 1);
    if (way.network() == NETWORK) {
      return data;
    }
    Tensor images = Samples.normal(dev.tenon.runtime.DType.FLOAT64, 1, SAMPLES, 2, 4, 4);
    return Dataset.of(images, data.targets());
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aRunThatGoesOnEndsAsOneThatWasNeverInterrupted(Way way) throws IOException {
    Dataset<int[]> data = dataFor(way);
    Path end = folder.resolve("end");
    List<Integer> made = new ArrayList<>();
    History whole;
    try (Trainer<int[]> trainer = way.build(1)) {
      whole =
          trainer.fit(
              data,
              EPOCHS,
              fit -> {
                way.fit().accept(fit);
                fit.listen(
                    new TrainingListener() {
                      private int steps;

                      @Override
                      public void onBatch(int epoch, int batch, int batches, double loss) {
                        steps++;
                        if (PLACES.contains(steps)) {
                          save(trainer, folder.resolve("step" + steps));
                          made.add(steps);
                        }
                      }

                      @Override
                      public void onEpoch(EpochReport report) {
                        save(trainer, folder.resolve("epoch" + report.epoch()));
                        made.add(-report.epoch());
                      }
                    });
              });
      save(trainer, end);
    }
    assertThat(made).hasSizeGreaterThan(6);
    for (int place : made) {
      Path checkpoint = folder.resolve(place < 0 ? "epoch" + -place : "step" + place);
      try (Trainer<int[]> trainer = way.build(place % 2 == 0 ? 1 : 2)) {
        trainer.resume(checkpoint);
        History history = trainer.fit(data, EPOCHS, way.fit());
        Path again = folder.resolve("again");
        save(trainer, again);
        assertThat(again).as("%s from %s", way, checkpoint).hasSameBinaryContentAs(end);
        assertThat(history.toString()).isEqualTo(whole.toString());
      }
    }
  }

  private static void save(Trainer<int[]> trainer, Path path) {
    try {
      trainer.checkpoint(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
