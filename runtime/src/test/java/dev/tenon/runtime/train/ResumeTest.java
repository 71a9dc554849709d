package dev.tenon.runtime.train;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.loss.Losses.joint;
import static dev.tenon.runtime.loss.Losses.meanSquaredError;
import static dev.tenon.runtime.optim.Optimizers.adam;
import static dev.tenon.runtime.optim.Optimizers.groups;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static dev.tenon.runtime.schedule.Schedules.cosine;
import static dev.tenon.runtime.schedule.Schedules.exponential;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.file.FailingFiles;
import dev.tenon.runtime.file.Weights;
import dev.tenon.runtime.file.WeightsException;
import dev.tenon.runtime.loss.JointTargets;
import dev.tenon.runtime.loss.LossMean;
import dev.tenon.runtime.optim.Optimizer;
import dev.tenon.runtime.optim.OptimizerSpec;
import dev.tenon.runtime.random.Randoms;
import dev.tenon.runtime.state.CheckpointSection;
import dev.tenon.runtime.state.Checkpointed;
import dev.tenon.runtime.state.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a checkpoint is taken for and what not, and when a fit writes one. */
@Timeout(60)
class ResumeTest {
  @TempDir private Path folder;

  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("run.safetensors");
  }

  /** Draws a number at every step, and listens to everything. */
  private static final class Drawing implements TrainingListener, Checkpointed {
    final List<String> heard = new ArrayList<>();
    long drawn;

    @Override
    public void onStart(FitContext fit) {
      heard.add("start" + (fit.isResumed() ? " again after " + fit.reports().size() : ""));
      drawn = 0;
    }

    @Override
    public void onBatch(int epoch, int batch, int batches, double loss) {
      drawn += Randoms.bits(3, drawn) >>> 60;
      heard.add(epoch + "." + batch);
    }

    @Override
    public void onEpoch(EpochReport report) {
      heard.add("epoch " + report.epoch());
    }

    @Override
    public void onEnd(FitEnd end) {
      heard.add("end " + end.reason());
    }

    @Override
    public void write(CheckpointSection section) {
      section.put("drawn", drawn);
    }

    @Override
    public void read(CheckpointSection section) {
      drawn = section.integer("drawn");
      heard.add("read " + drawn);
    }
  }

  private static Dataset<int[]> data(int size) {
    double[] values = new double[2 * size];
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      values[2 * i] = Randoms.normal(1, i);
      values[2 * i + 1] = Randoms.normal(2, i);
      labels[i] = values[2 * i] > 0 ? 2 : values[2 * i + 1] > 0 ? 1 : 0;
    }
    return Dataset.of(Tensor.of(values, size, 2), labels);
  }

  private static TrainerBuilder<int[]> builder() {
    return Trainer.of(new LinearModel(2, 3, false))
        .loss(crossEntropy())
        .optimizer(sgd(0.1).momentum(0.9))
        .batchSize(4);
  }

  private static String bits(State state) {
    StringBuilder text = new StringBuilder();
    state
        .tensors()
        .forEach(
            (name, tensor) -> {
              text.append(name);
              for (double value : tensor.toDoubleArray()) {
                text.append(' ').append(Double.doubleToRawLongBits(value));
              }
            });
    return text.toString();
  }

  private static TrainingListener after(int epoch, int batch, IoAction action) {
    return new TrainingListener() {
      @Override
      public void onBatch(int e, int b, int batches, double loss) {
        if (e == epoch && b == batch) {
          action.orThrow();
        }
      }
    };
  }

  private interface IoAction {
    void run() throws IOException;

    default void orThrow() {
      try {
        run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void listenersAreToldOfTheStartAndReadWhatTheyWrote() throws IOException {
    Trainer<int[]> trainer = builder().build();
    Drawing whole = new Drawing();
    trainer.fit(data(12), 3, whole, after(2, 2, () -> trainer.checkpoint(file)));

    Trainer<int[]> again = builder().build();
    again.resume(file);
    Drawing rest = new Drawing();
    History history = again.fit(data(12), 3, rest);

    assertThat(rest.drawn).isEqualTo(whole.drawn);
    assertThat(rest.heard.get(0)).isEqualTo("start again after 1");
    assertThat(rest.heard.get(1)).startsWith("read ");
    assertThat(rest.heard.subList(2, rest.heard.size()))
        .containsExactly("2.3", "epoch 2", "3.1", "3.2", "3.3", "epoch 3", "end COMPLETED");
    assertThat(history.epochs()).extracting(EpochReport::epoch).containsExactly(1, 2, 3);
    assertThat(bits(again.model().state())).isEqualTo(bits(trainer.model().state()));
  }

  @Test
  void allSettingsThatDifferAreInOneMessageAndNothingChanges() throws IOException {
    Trainer<int[]> trainer = builder().schedule(cosine(10)).build();
    trainer.fit(data(12), 2);
    trainer.checkpoint(file);
    Trainer<Tensor> other =
        Trainer.of(new LinearModel(2, 4, false))
            .loss(meanSquaredError())
            .optimizer(adam(0.2))
            .schedule(cosine(12))
            .batchSize(5)
            .shuffleSeed(1)
            .lastBatch(LastBatch.DROP)
            .clipNorm(1)
            .clipValue(2)
            .accumulate(2)
            .build();
    String before = bits(other.model().state());

    assertThatThrownBy(() -> other.resume(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing was changed")
        .hasMessageContaining("\n  batch size: the checkpoint has 4, this trainer 5")
        .hasMessageContaining("\n  shuffle seed: the checkpoint has 0, this trainer 1")
        .hasMessageContaining("\n  last batch: the checkpoint has MERGE_SINGLE, this trainer DROP")
        .hasMessageContaining("\n  clip norm: the checkpoint has none, this trainer 1.0")
        .hasMessageContaining("\n  clip value: the checkpoint has none, this trainer 2.0")
        .hasMessageContaining("\n  pieces: the checkpoint has none, this trainer 2")
        .hasMessageContaining("\n  loss: the checkpoint has CrossEntropy[reduction=MEAN, ")
        .hasMessageContaining(", this trainer MeanSquaredError[reduction=MEAN]")
        .hasMessageContaining("\n  optimizer: the checkpoint has Sgd[learningRate=0.1, momentum")
        .hasMessageContaining(", this trainer Adam[learningRate=0.2, beta1=0.9")
        .hasMessageContaining("\n  schedule: the checkpoint has by epoch, epoch 1: ")
        .hasMessageContaining("\n  head.weight: the checkpoint has F64 [3, 2], the model float64");
    assertThat(bits(other.model().state())).isEqualTo(before);
    assertThat(other.epochsDone()).isZero();
    other.close();
  }

  @Test
  void aScheduleThatGivesOtherRatesIsAnother() throws IOException {
    Trainer<int[]> trainer = builder().schedulePerStep(exponential(0.9)).build();
    trainer.fit(data(12), 2);
    trainer.checkpoint(file);
    builder().schedulePerStep(exponential(0.9)).build().resume(file);
    for (UnaryOperator<TrainerBuilder<int[]>> other :
        List.<UnaryOperator<TrainerBuilder<int[]>>>of(
            b -> b, b -> b.schedulePerStep(exponential(0.8)), b -> b.schedule(exponential(0.9)))) {
      assertThatThrownBy(() -> other.apply(builder()).build().resume(file))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("\n  schedule: the checkpoint has by step, step 5: ");
    }
  }

  @Test
  void aLossWithOtherOptionsIsAnother() throws IOException {
    Trainer<int[]> trainer = builder().build();
    trainer.fit(data(12), 2);
    trainer.checkpoint(file);
    Trainer<int[]> other =
        Trainer.of(new LinearModel(2, 3, false))
            .loss(crossEntropy().labelSmoothing(0.1).classWeights(1, 2, 3))
            .optimizer(sgd(0.1).momentum(0.9))
            .batchSize(4)
            .build();
    assertThatThrownBy(() -> other.resume(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "\n  loss: the checkpoint has CrossEntropy[reduction=MEAN, classWeights=none,"
                + " ignoreIndex=-100, labelSmoothing=0.0], this trainer"
                + " CrossEntropy[reduction=MEAN, classWeights=[1.0, 2.0, 3.0], ignoreIndex=-100,"
                + " labelSmoothing=0.1]\n");
  }

  @Test
  void aFitWithOtherDataOrOptionsHasNotBegun() throws IOException {
    Trainer<int[]> trainer = builder().build();
    trainer.fit(
        data(12),
        3,
        fit ->
            fit.validate(data(6))
                .keepBest()
                .listen(new Drawing(), after(2, 2, () -> trainer.checkpoint(file))));
    Trainer<int[]> again = builder().build();
    again.resume(file);
    String before = bits(again.model().state());

    assertThatThrownBy(() -> again.fit(data(16), 3, fit -> fit.validate(data(7))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("samples of the data: the checkpoint has 12, this fit 16")
        .hasMessageContaining("batches of an epoch: the checkpoint has 3, this fit 4")
        .hasMessageContaining("samples of the validation data: the checkpoint has 6, this fit 7")
        .hasMessageContaining("a best model that is kept: the checkpoint has yes, this fit no")
        .hasMessageContaining("Drawing 1");
    assertThat(bits(again.model().state())).isEqualTo(before);
    // Nothing is lost.
    again.fit(data(12), 3, fit -> fit.validate(data(6)).keepBest().listen(new Drawing()));
    assertThat(bits(again.model().state())).isEqualTo(bits(trainer.model().state()));
  }

  /** A checkpoint of a trainer that has resumed and not yet gone on is the same checkpoint. */
  @Test
  void whatWasResumedIsWrittenAgain() throws IOException {
    Trainer<int[]> trainer = builder().build();
    trainer.fit(
        data(12), 3, fit -> fit.keepBest().listen(after(2, 2, () -> trainer.checkpoint(file))));
    Trainer<int[]> again = builder().build();
    again.resume(file);
    Path copy = folder.resolve("copy.safetensors");
    again.checkpoint(copy);
    assertThat(copy).hasSameBinaryContentAs(file);
  }

  @Test
  void afterAFitThereIsNoneToGoOnWith() throws IOException {
    Trainer<int[]> trainer = builder().build();
    trainer.fit(data(12), 2);
    trainer.checkpoint(file);
    History rest = trainer.fit(data(20), 2);
    Trainer<int[]> again = builder().build();
    again.resume(file);
    History same = again.fit(data(20), 2);
    assertThat(same).isEqualTo(rest);
    assertThat(same.epochs()).extracting(EpochReport::epoch).containsExactly(3, 4);
    assertThat(bits(again.model().state())).isEqualTo(bits(trainer.model().state()));
  }

  // ------------------------------------------------------------------------------ what is no such

  @Test
  void aModelOrAnythingElseIsNoCheckpoint() throws IOException {
    Trainer<int[]> trainer = builder().build();
    Weights.of(trainer.model().state().tensors()).write(file);
    assertThatThrownBy(() -> trainer.resume(file))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(file + " is no checkpoint: its metadata have no entry");
    Files.writeString(file, "something else, which is long enough to be looked at");
    assertThatThrownBy(() -> trainer.resume(file)).isInstanceOf(WeightsException.class);
    assertThatThrownBy(() -> trainer.resume(folder)).isInstanceOf(NoSuchFileException.class);
    assertThat(trainer.resumeIfPresent(folder)).isFalse();
    assertThat(trainer.resumeIfPresent(folder.resolve("none"))).isFalse();
    Weights.of(trainer.model().state().tensors())
        .withMetadata(Map.of("tenon.checkpoint", "2"))
        .write(file);
    assertThatThrownBy(() -> trainer.resume(file))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("format \"2\"");
  }

  // ------------------------------------------------------------------------- optimisers of a user

  /** Moves parameters by the sign of their gradients. Says what it remembers, or does not. */
  private static class Signs implements Optimizer {
    private final State state;
    long steps;
    double rate = 0.01;

    Signs(State state) {
      this.state = state;
    }

    @Override
    public void step() {
      double[] p = state.arrays().doubleParameters();
      double[] g = state.arrays().doubleGradients();
      for (int i = 0; i < p.length; i++) {
        p[i] -= rate / (1 + steps) * Math.signum(g[i]);
      }
      steps++;
    }

    @Override
    public double learningRate() {
      return rate;
    }

    @Override
    public void learningRate(double learningRate) {
      rate = learningRate;
    }

    @Override
    public long stepCount() {
      return steps;
    }
  }

  private static final class SavedSigns extends Signs {
    SavedSigns(State state) {
      super(state);
    }

    @Override
    public void write(CheckpointSection section) {
      section.put("settings", "signs");
      section.put("steps", steps);
      section.put("rate", rate);
    }

    @Override
    public void read(CheckpointSection section) {
      steps = section.integer("steps");
      rate = section.number("rate");
    }
  }

  @Test
  void anOptimiserThatCannotBeSavedIsRefusedBeforeAnythingIsWritten() throws IOException {
    for (OptimizerSpec spec :
        List.<OptimizerSpec>of(
            Signs::new, groups(sgd(0.1)).with(p -> p.name().endsWith("bias"), Signs::new))) {
      Trainer<int[]> trainer = builder().optimizer(spec).build();
      assertThatThrownBy(() -> trainer.checkpoint(file))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("Signs: this optimiser does not say what it remembers");
      String before = bits(trainer.model().state());
      assertThatThrownBy(() -> trainer.fit(data(12), 1, fit -> fit.checkpoint(folder)))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThat(bits(trainer.model().state())).isEqualTo(before);
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anOptimiserOfAUserGoesOn() throws IOException {
    Trainer<int[]> trainer = builder().optimizer(SavedSigns::new).build();
    trainer.fit(data(12), 3, after(2, 1, () -> trainer.checkpoint(file)));
    Trainer<int[]> again = builder().optimizer(SavedSigns::new).build();
    again.resume(file);
    again.fit(data(12), 3);
    assertThat(bits(again.model().state())).isEqualTo(bits(trainer.model().state()));
    assertThatThrownBy(() -> builder().build().resume(file))
        .hasMessageContaining("optimizer: the checkpoint has signs, this trainer Sgd[");
  }

  /** If it throws when half is done, everything is put back. */
  @Test
  void anOptimiserThatThrowsWhileItReadsLeavesNoTrace() throws IOException {
    Trainer<int[]> trainer = builder().optimizer(SavedSigns::new).build();
    trainer.fit(data(12), 3);
    trainer.checkpoint(file);
    boolean[] throwing = {true};
    Trainer<int[]> again =
        builder()
            .optimizer(
                state ->
                    new Signs(state) {
                      @Override
                      public void write(CheckpointSection section) {
                        new SavedSigns(state).write(section);
                      }

                      @Override
                      public void read(CheckpointSection section) {
                        if (throwing[0]) {
                          throwing[0] = false;
                          throw new IllegalStateException("no");
                        }
                      }
                    })
            .build();
    String before = bits(again.model().state());
    assertThatThrownBy(() -> again.resume(file)).hasMessage("no");
    assertThat(bits(again.model().state())).isEqualTo(before);
    assertThat(again.epochsDone()).isZero();
  }

  // -------------------------------------------------------------------------- checkpoints of fits

  @Test
  void everySoManyStepsAndAtTheEnd() throws IOException {
    Trainer<int[]> trainer = builder().build();
    Path last = folder.resolve("last.safetensors");
    List<Long> steps = new ArrayList<>();
    trainer.fit(
        data(12),
        3,
        fit ->
            fit.checkpoint(folder, Every.steps(4))
                .listen(
                    new TrainingListener() {
                      @Override
                      public void onBatch(int epoch, int batch, int batches, double loss) {
                        steps.add(stepsOf(last));
                      }
                    }));
    // After step n, before a checkpoint that is due then.
    assertThat(steps).containsExactly(-1L, -1L, -1L, -1L, 4L, 4L, 4L, 4L, 8L);
    assertThat(stepsOf(last)).isEqualTo(9);
    assertThat(folder.resolve("best.safetensors")).exists();
  }

  private static long stepsOf(Path file) {
    try {
      return Files.exists(file)
          ? Weights.read(file).tensor("checkpoint/steps_done").toLongArray()[0]
          : -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everySoManyEpochs() throws IOException {
    Trainer<int[]> trainer = builder().build();
    Path last = folder.resolve("last.safetensors");
    List<Long> steps = new ArrayList<>();
    trainer.fit(
        data(12),
        5,
        fit ->
            fit.checkpoint(folder, Every.epochs(2))
                .listen(
                    new TrainingListener() {
                      @Override
                      public void onEpoch(EpochReport report) {
                        steps.add(stepsOf(last));
                      }
                    }));
    assertThat(steps).containsExactly(-1L, -1L, 6L, 6L, 12L);
    assertThat(stepsOf(last)).isEqualTo(15);
  }

  /** Stopped in the middle of an epoch, interrupted, or by early stopping: the last goes on. */
  @Test
  void theLastIsWrittenHoweverAFitIsStopped() throws IOException {
    Trainer<int[]> whole = builder().build();
    whole.fit(data(12), 3, fit -> fit.keepBest());
    for (boolean interrupts : new boolean[] {false, true}) {
      Trainer<int[]> trainer = builder().build();
      IoAction end = interrupts ? () -> Thread.currentThread().interrupt() : trainer::stop;
      trainer.fit(
          data(12),
          3,
          fit -> fit.keepBest().checkpoint(folder, Every.epochs(50)).listen(after(2, 2, end)));
      assertThat(Thread.interrupted()).isEqualTo(interrupts);
      assertThat(stepsOf(folder.resolve("last.safetensors"))).isEqualTo(5);
      Trainer<int[]> again = builder().build();
      again.resume(folder);
      again.fit(data(12), 3, fit -> fit.keepBest());
      assertThat(bits(again.model().state())).isEqualTo(bits(whole.model().state()));
    }
  }

  /** A best that is worse than the best of before the interruption does not replace it. */
  @Test
  void theBestIsRememberedAcrossARestart() throws IOException {
    Trainer<int[]> trainer = builder().optimizer(sgd(3)).build();
    History whole =
        trainer.fit(data(12), 40, fit -> fit.validate(data(9)).keepBest().checkpoint(folder));
    assertThat(whole.bestEpoch()).as("the rate is high").isLessThan(39);
    byte[] best = Files.readAllBytes(folder.resolve("best.safetensors"));
    Files.delete(folder.resolve("best.safetensors"));

    Trainer<int[]> again = builder().optimizer(sgd(3)).build();
    again.resume(folder);
    Files.write(folder.resolve("best.safetensors"), best);
    History more =
        again.fit(data(12), 41, fit -> fit.validate(data(9)).keepBest().checkpoint(folder));
    double last = more.last().validation().loss();
    double before = whole.best().validation().loss();
    if (last >= before) {
      assertThat(folder.resolve("best.safetensors")).hasBinaryContent(best);
      assertThat(more.bestEpoch()).isEqualTo(whole.bestEpoch());
    } else {
      assertThat(more.bestEpoch()).isEqualTo(41);
    }
    assertThat(more.epochs()).hasSize(41);
    assertThat(more.epochs().subList(0, 40)).isEqualTo(whole.epochs());
  }

  @Test
  void afterEarlyStoppingThereIsNothingLeftToDo() throws IOException {
    Trainer<int[]> trainer = builder().optimizer(sgd(3)).build();
    History whole = trainer.fit(data(12), 500, fit -> fit.stopEarly(2).checkpoint(folder));
    assertThat(whole.reason()).isEqualTo(EndReason.STOPPED_EARLY);
    Trainer<int[]> again = builder().optimizer(sgd(3)).build();
    again.resume(folder);
    History same = again.fit(data(12), 500, fit -> fit.stopEarly(2).checkpoint(folder));
    assertThat(same).isEqualTo(whole);
    assertThat(bits(again.model().state())).isEqualTo(bits(trainer.model().state()));
    // More patience goes on.
    again.resume(folder);
    assertThat(again.fit(data(12), 500, fit -> fit.stopEarly(3)).epochs().size())
        .isGreaterThan(whole.epochs().size());
  }

  /** Behind any byte of the file; every one would take long. */
  @Test
  void aCheckpointThatADiskHasNoRoomForLeavesTheOneBefore(@TempDir Path folder) throws IOException {
    FailingFiles files = new FailingFiles(folder);
    Path path = files.path("run.safetensors");
    Trainer<int[]> trainer = builder().build();
    trainer.fit(data(12), 1);
    trainer.checkpoint(path);
    byte[] before = Files.readAllBytes(path);
    trainer.fit(data(12), 1);
    String bits = bits(trainer.model().state());
    for (int room = 0; room < before.length; room += 97) {
      IOException full = files.full(room);
      assertThatThrownBy(() -> trainer.checkpoint(path)).isSameAs(full);
      assertThat(Files.readAllBytes(path)).isEqualTo(before);
      assertThat(folder).isDirectoryNotContaining("glob:**.tmp");
      assertThat(bits(trainer.model().state())).isEqualTo(bits);
    }
    files.full(Long.MAX_VALUE);
    trainer.checkpoint(path);
    Trainer<int[]> again = builder().build();
    again.resume(path);
    assertThat(bits(again.model().state())).isEqualTo(bits);
  }

  @Test
  void aFolderThatIsNoneIsRefusedBeforeTheFirstStep() {
    Trainer<int[]> trainer = builder().build();
    assertThatThrownBy(
            () -> trainer.fit(data(12), 1, fit -> fit.checkpoint(folder.resolve("none"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none, which is no folder");
    assertThat(trainer.optimizer().stepCount()).isZero();
    assertThatThrownBy(() -> Every.steps(0)).hasMessageContaining("at least 1, but is 0");
    assertThatThrownBy(() -> Every.epochs(-1)).hasMessageContaining("at least 1, but is -1");
  }

  /** The place of the file is taken by a folder: what is there stays, nothing lies beside it. */
  @Test
  void aCheckpointThatCannotBeWrittenEndsTheFitAndLeavesTheOldFile() throws IOException {
    Trainer<int[]> trainer = builder().build();
    trainer.fit(data(12), 1, fit -> fit.checkpoint(folder));
    Path last = folder.resolve("last.safetensors");
    byte[] old = Files.readAllBytes(last);
    Path best = folder.resolve("best.safetensors");
    Files.delete(best);
    Files.createDirectory(best);
    Recording recording = new Recording();
    assertThatThrownBy(
            () -> trainer.fit(data(12), 2, fit -> fit.checkpoint(folder).listen(recording)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("best.safetensors cannot be written");
    assertThat(recording.end.reason()).isEqualTo(EndReason.FAILED);
    assertThat(last).hasBinaryContent(old);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(last, best);
    }
  }

  private static final class Recording implements TrainingListener {
    FitEnd end;

    @Override
    public void onEnd(FitEnd fitEnd) {
      end = fitEnd;
    }
  }

  /** Lines that a killed process wrote after its checkpoint are not there twice. */
  @Test
  void aLogGoesOnFromTheCheckpoint() throws IOException {
    Path log = folder.resolve("log.csv");
    Trainer<int[]> trainer = builder().build();
    trainer.fit(
        data(12),
        4,
        fit -> fit.listen(CsvLog.to(log), after(2, 3, () -> trainer.checkpoint(file))));
    String whole = Files.readString(log);
    Trainer<int[]> again = builder().build();
    again.resume(file);
    again.fit(data(12), 4, CsvLog.to(log));
    assertThat(Files.readString(log)).isEqualTo(whole);
  }

  // ------------------------------------------------------------------------------------ sections

  @Test
  void sectionsSayWhatIsMissingOrOther() {
    CheckpointSection section = CheckpointSection.empty();
    section.put("a", 3);
    section.put("b", 0.5);
    section.put("c", "text");
    section.section("d").put("e", Tensor.of(new float[] {1, 2}, 2));
    assertThat(section.integer("a")).isEqualTo(3);
    assertThat(section.number("b")).isEqualTo(0.5);
    assertThat(section.text("c")).isEqualTo("text");
    assertThat(section.contains("d")).isTrue();
    assertThat(section.contains("f")).isFalse();
    assertThat(section.sections()).containsExactly("d");
    assertThatThrownBy(() -> section.put("a", 4)).hasMessageContaining("entry \"a\" already");
    assertThatThrownBy(() -> section.number("x")).hasMessageContaining("no entry \"x\"");
    assertThatThrownBy(() -> section.number("a")).hasMessageContaining("\"a\" must be float64 []");
    assertThatThrownBy(() -> section.integer("a", 4, 9)).hasMessageContaining("from 4 to 9");
    assertThatThrownBy(() -> section.section("d").integer("e")).hasMessageContaining("\"d/e\"");
    for (String name : List.of("", "/a", "a/")) {
      assertThatThrownBy(() -> section.put(name, 1)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** Sums of a mean go on to the bit, those of several outputs as well. */
  @Test
  void meansGoOn() {
    var loss = joint(crossEntropy()).and(meanSquaredError(), 0.3);
    Tensor[] predictions = {
      Tensor.of(new double[] {1, 2, 0.5, 0.25}, 2, 2), Tensor.of(new double[] {0.1, 7}, 2, 1)
    };
    JointTargets targets =
        JointTargets.of(new int[] {0, 1}).and(Tensor.of(new double[] {0.3, 0.7}, 2, 1));
    LossMean<JointTargets> mean = loss.mean();
    mean.add(predictions, targets);
    LossMean<JointTargets> other = loss.mean();
    other.restore(mean.save());
    for (LossMean<JointTargets> each : List.of(mean, other)) {
      each.add(predictions, targets);
    }
    assertThat(other.value()).isEqualTo(mean.value());
    assertThat(other.value(1)).isEqualTo(mean.value(1));
    assertThatThrownBy(() -> other.restore(1)).hasMessageContaining("needs 4 numbers, but 1");
  }
}
