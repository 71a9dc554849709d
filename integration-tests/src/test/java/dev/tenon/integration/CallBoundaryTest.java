package dev.tenon.integration;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.train.Trainer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What a generated model does at the edge of its calls. Bad calls fail with both numbers, change
 * nothing, and do not disturb the step under way; good ones depend on nothing but state and input.
 *
 * <p>"Changes nothing" is shown with a twin: a model of the same seed that lives through the same
 * calls but for the bad one, and must stay the same in every bit.
 */
class CallBoundaryTest {
  private static CompiledNetwork networks;

  @BeforeAll
  static void compile() {
    Map<String, String> sources = new LinkedHashMap<>();
    add(
        sources,
        "Features",
        "input = 4",
        "@Linear(out = 9) Weighted fc1();",
        "@BatchNorm1d BatchNorm bn();",
        "@ReLU Layer relu();",
        "@Dropout(p = 0.25) Layer drop();",
        "@Linear(out = 3) Weighted fc2();");
    add(
        sources,
        "Untracked",
        "input = 4",
        "@Linear(out = 5) Weighted fc1();",
        "@BatchNorm1d(trackRunningStats = false) BatchNorm norm();",
        "@Linear(out = 3) Weighted fc2();");
    add(
        sources,
        "Images",
        "input = {3, 7, 6}",
        "@Conv2d(out = 5, kernel = 3, padding = 1, bias = false) Weighted conv1();",
        "@BatchNorm2d BatchNorm bn();",
        "@ReLU Layer relu1();",
        "@MaxPool2d(kernel = 3, stride = 2, padding = 1) Layer pool();",
        "@Conv2d(out = 4, kernel = 3, stride = 2, padding = 1) Weighted conv2();",
        "@ReLU Layer relu2();",
        "@Flatten Layer flat();",
        "@Linear(out = 3) Weighted head();");
    add(
        sources,
        "NoNorm",
        "input = {3, 7, 6}",
        "@Conv2d(out = 5, kernel = 3, padding = 1) Weighted conv1();",
        "@ReLU Layer relu1();",
        "@AvgPool2d(kernel = 3, stride = 2, padding = 1) Layer pool();",
        "@Conv2d(out = 8, kernel = 3, stride = 2, padding = 1) Weighted conv2();",
        "@Flatten Layer flat();",
        "@Linear(out = 9) Weighted head();");
    networks = CompiledNetwork.ofSources(sources, new TenonProcessor());
  }

  private static void add(
      Map<String, String> sources, String name, String network, String... layers) {
    sources.put("test." + name, CompiledNetwork.source(name, network, List.of(layers)));
  }

  private static SingleModel create(String network) {
    return networks.create("test." + network, 7);
  }

  private static List<SingleModel> everyModel() {
    return List.of(create("Features"), create("Untracked"), create("Images"), create("NoNorm"));
  }

  // ---------------------------------------------------------------------------------- bad calls

  /** Fails, and the model goes on as its twin does; {@code before} runs on both. */
  private static void assertRefused(
      String network,
      Consumer<SingleModel> before,
      Consumer<SingleModel> bad,
      Class<? extends Exception> type,
      String... message) {
    SingleModel model = create(network);
    SingleModel twin = create(network);
    before.accept(model);
    before.accept(twin);
    List<String> bits = Samples.bits(model);

    ThrowingCallable call = () -> bad.accept(model);
    assertThatThrownBy(call).isInstanceOf(type).hasMessageContainingAll(message);

    assertThat(Samples.bits(model)).isEqualTo(bits).isEqualTo(Samples.bits(twin));
    assertSameStep(model, twin);
  }

  private static void assertSameStep(SingleModel model, SingleModel twin) {
    assertThat(step(model, 5)).isEqualTo(step(twin, 5));
  }

  /** A training step without an optimiser, and an evaluation: every bit that can be seen. */
  private static List<String> step(SingleModel model, int batch) {
    List<String> bits = new ArrayList<>();
    bits.add(Samples.bits(model.forward(Samples.input(model, 11, batch))));
    bits.add(Samples.bits(model.backwardToInput(Samples.outputGradient(model, 12, batch))));
    bits.add(Samples.bits(model.predict(Samples.input(model, 13, batch))));
    bits.addAll(Samples.bits(model));
    return bits;
  }

  private static void trainOnce(SingleModel model) {
    step(model, 6);
  }

  private static Consumer<SingleModel> forwardOf(Tensor input) {
    return model -> model.forward(input);
  }

  private static Consumer<SingleModel> predictOf(Tensor input) {
    return model -> model.predict(input);
  }

  private static Tensor zeros(int... shape) {
    return Tensor.zeros(DType.FLOAT32, shape);
  }

  @Test
  void wrongShape() {
    for (int[] shape : List.of(new int[] {6, 5}, new int[] {6, 4, 1}, new int[] {24}, new int[0])) {
      for (Consumer<SingleModel> call : List.of(forwardOf(zeros(shape)), predictOf(zeros(shape)))) {
        assertRefused(
            "Features",
            CallBoundaryTest::trainOnce,
            call,
            IllegalArgumentException.class,
            "Features: expected an input of shape [batch, 4], got " + Arrays.toString(shape));
      }
    }
    assertRefused(
        "Images",
        CallBoundaryTest::trainOnce,
        forwardOf(zeros(2, 3, 6, 7)),
        IllegalArgumentException.class,
        "Images: expected an input of shape [batch, 3, 7, 6], got [2, 3, 6, 7]");
  }

  @Test
  void nullIsNamed() {
    Map<String, Consumer<SingleModel>> calls = new LinkedHashMap<>();
    calls.put("input", model -> model.forward((Tensor) null));
    calls.put("input ", model -> model.forwardEvaluation((Tensor) null));
    calls.put("input  ", model -> model.predict((Tensor) null));
    // A model of one input asks for that one, in whichever way it was to be given.
    calls.put("input   ", model -> model.forward((Tensor[]) null));
    calls.put("input    ", model -> model.predict((Tensor[]) null));
    calls.put("path", model -> saveToNowhere(model));
    calls.forEach(
        (name, call) ->
            assertRefused(
                "Features",
                CallBoundaryTest::trainOnce,
                call,
                NullPointerException.class,
                name.trim()));
    assertRefused(
        "Features",
        model -> model.forward(Samples.input(model, 3, 5)),
        model -> model.backward((Tensor) null),
        NullPointerException.class,
        "outputGradient");
  }

  private static void saveToNowhere(SingleModel model) {
    try {
      model.save(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void oneSampleWithoutItsBatchAxis() {
    assertRefused(
        "Images",
        CallBoundaryTest::trainOnce,
        predictOf(zeros(3, 7, 6)),
        IllegalArgumentException.class,
        "got [3, 7, 6]",
        "reshape it to [1, 3, 7, 6]");
  }

  @Test
  void wrongElementType() {
    Tensor doubles = Tensor.zeros(DType.FLOAT64, 6, 4);
    for (Consumer<SingleModel> call : List.of(forwardOf(doubles), predictOf(doubles))) {
      assertRefused(
          "Features",
          CallBoundaryTest::trainOnce,
          call,
          IllegalArgumentException.class,
          "Features: expected an input of type float32, got float64",
          "toFloatArray");
    }
  }

  @Test
  void oneSampleInFrontOfBatchStatistics() {
    assertRefused(
        "Features",
        CallBoundaryTest::trainOnce,
        forwardOf(zeros(1, 4)),
        IllegalArgumentException.class,
        "Features, bn: @BatchNorm1d",
        "more than 1 value per channel",
        "[1, 4]",
        "A batch of 1 is the cause");
    for (Consumer<SingleModel> call : List.of(forwardOf(zeros(1, 4)), predictOf(zeros(1, 4)))) {
      assertRefused(
          "Untracked",
          CallBoundaryTest::trainOnce,
          call,
          IllegalArgumentException.class,
          "Untracked, norm: @BatchNorm1d(trackRunningStats = false)",
          "more than 1 value per channel",
          "[1, 4]");
    }
  }

  /** Where nothing needs two values per channel, one sample is a batch like any other. */
  @Test
  void oneSampleWhereItIsEnough() {
    assertThat(create("Features").predict(zeros(1, 4)).shape()).containsExactly(1, 3);
    assertThat(create("Images").forward(zeros(1, 3, 7, 6)).shape()).containsExactly(1, 3);
    assertThat(create("Features").minimumTrainingBatch()).isEqualTo(2);
    assertThat(create("Untracked").minimumTrainingBatch()).isEqualTo(2);
    assertThat(create("Images").minimumTrainingBatch()).isEqualTo(1);
    assertThat(create("NoNorm").minimumTrainingBatch()).isEqualTo(1);
  }

  @Test
  void labelsOutOfRange() {
    for (int label : new int[] {-1, 3, Integer.MAX_VALUE}) {
      assertRefused(
          "Features",
          CallBoundaryTest::trainOnce,
          model -> trainer(model).step(Samples.input(model, 1, 4), new int[] {0, label, 2, 1}),
          IllegalArgumentException.class,
          "target " + label + " at position 1",
          "[0, 3)");
    }
    assertRefused(
        "Features",
        CallBoundaryTest::trainOnce,
        model -> trainer(model).step(Samples.input(model, 1, 4), new int[] {0, 1, 2}),
        IllegalArgumentException.class,
        "needs 4 targets, but 3 were given");
  }

  private static Trainer<int[]> trainer(SingleModel model) {
    return Trainer.of(model).loss(crossEntropy()).optimizer(sgd(0.1)).build();
  }

  @Test
  void backwardWithoutForward() {
    assertRefused(
        "Images",
        model -> {},
        model -> model.backward(zeros(2, 3)),
        IllegalStateException.class,
        "Images: backward was called, but no forward came before it");
    // An evaluation keeps nothing for it.
    assertRefused(
        "Images",
        model -> model.predict(Samples.input(model, 1, 2)),
        model -> model.backwardToInput(zeros(2, 3)),
        IllegalStateException.class,
        "no forward came before it");
  }

  @Test
  void backwardTwice() {
    assertRefused(
        "Images",
        CallBoundaryTest::trainOnce,
        model -> model.backward(zeros(6, 3)),
        IllegalStateException.class,
        "backward was already called for the last forward");
  }

  /** After each of these the step can still be finished. */
  @Test
  void badCallsBetweenForwardAndBackward() {
    List<Consumer<SingleModel>> calls =
        List.of(
            model -> model.backward(zeros(5, 3)),
            model -> model.backward(zeros(6, 4)),
            model -> model.backwardToInput(zeros(6, 3, 1)),
            model -> model.backward(Tensor.zeros(DType.FLOAT64, 6, 3)),
            model -> model.forward(zeros(6, 3)),
            model -> model.forward(zeros(1, 4)),
            model -> model.predict(zeros(4)));
    for (int i = 0; i < calls.size(); i++) {
      Consumer<SingleModel> bad = calls.get(i);
      SingleModel model = create("Features");
      SingleModel twin = create("Features");
      model.forward(Samples.input(model, 1, 6));
      twin.forward(Samples.input(twin, 1, 6));
      assertThatThrownBy(() -> bad.accept(model)).isInstanceOf(IllegalArgumentException.class);
      Tensor dy = Samples.outputGradient(model, 2, 6);
      assertThat(Samples.bits(model.backwardToInput(dy)))
          .as("after bad call %d", i)
          .isEqualTo(Samples.bits(twin.backwardToInput(dy)));
      assertThat(Samples.bits(model)).isEqualTo(Samples.bits(twin));
      assertSameStep(model, twin);
    }
  }

  @Test
  void aWrongGradientNamesBothShapes() {
    SingleModel model = create("Images");
    model.forward(Samples.input(model, 1, 6));
    assertThatThrownBy(() -> model.backward(zeros(4, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(
            "Images: expected an output gradient of shape [6, 3]", "got [4, 3]");
    assertThatThrownBy(() -> model.backward(Tensor.zeros(DType.FLOAT64, 6, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected an output gradient of type float32, got float64");
  }

  // --------------------------------------------------------------------------------- good calls

  @Test
  void anEmptyBatch() {
    for (SingleModel model : everyModel()) {
      // Fresh, and with buffers of an earlier step.
      for (int round = 0; round < 2; round++) {
        List<String> stats = statistics(model);
        long[] counters = model.state().counters().clone();
        Tensor empty = Samples.input(model, 1, 0);

        assertThat(model.predict(empty).shape())
            .isEqualTo(Samples.withBatch(0, model.outputShape()));
        assertThat(model.state().counters()).isEqualTo(counters);

        assertThat(model.forward(empty).shape())
            .isEqualTo(Samples.withBatch(0, model.outputShape()));
        assertThat(statistics(model)).isEqualTo(stats);
        assertThat(model.state().counters())
            .isEqualTo(Arrays.stream(counters).map(c -> c + 1).toArray());

        Tensor dx = model.backwardToInput(Samples.outputGradient(model, 2, 0));
        assertThat(dx.shape()).isEqualTo(Samples.withBatch(0, model.inputShape()));
        assertThat(model.state().floatGradients()).containsOnly(0);
        step(model, 4);
      }
    }
  }

  private static List<String> statistics(SingleModel model) {
    return model.runningStats().stream().map(stat -> Samples.bits(stat.value())).toList();
  }

  @Test
  void predictDoesNotDisturbTheStepUnderWay() {
    for (String network : List.of("Features", "Untracked", "Images", "NoNorm")) {
      SingleModel model = create(network);
      SingleModel twin = create(network);
      for (int batch : new int[] {4, 9}) {
        Tensor x = Samples.input(model, batch, batch);
        Tensor y = model.forward(x);
        String bits = Samples.bits(twin.forward(x));
        // Smaller, equal and larger than the step.
        for (int other : new int[] {2, batch, 20}) {
          model.predict(Samples.input(model, 50, other));
        }
        assertThat(Samples.bits(y)).isEqualTo(bits);
        Tensor dy = Samples.outputGradient(model, 60, batch);
        assertThat(Samples.bits(model.backwardToInput(dy)))
            .isEqualTo(Samples.bits(twin.backwardToInput(dy)));
        assertThat(Samples.bits(model)).isEqualTo(Samples.bits(twin));
      }
    }
  }

  /** What a step gives depends on state and input, not on the batches before it. */
  @Test
  void batchesGrowAndShrink() {
    for (String network : List.of("Untracked", "Images", "NoNorm")) {
      SingleModel model = create(network);
      for (int batch : new int[] {3, 8, 2, 8, 5, 17, 4, 17, 2}) {
        SingleModel fresh = create(network);
        fresh.state().copyFrom(model.state());
        assertThat(step(model, batch)).as("%s, %d", network, batch).isEqualTo(step(fresh, batch));
      }
    }
  }

  /** A NaN in one batch leaves nothing behind in the buffers, nor in their padding. */
  @Test
  void aBadBatchLeavesNoTrace() {
    for (String network : List.of("Untracked", "Images", "NoNorm")) {
      for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
        SingleModel model = create(network);
        Tensor x = Samples.input(model, 1, 6);
        x.fill(bad);
        model.forward(x);
        model.backwardToInput(Samples.outputGradient(model, 2, 6));
        model.predict(x);
        SingleModel fresh = create(network);
        model.state().copyFrom(fresh.state());
        assertThat(step(model, 5)).isEqualTo(step(fresh, 5));
        assertThat(step(model, 6)).isEqualTo(step(fresh, 6));
      }
    }
  }

  @Test
  void aNanInOneSampleStaysThere() {
    for (String network : List.of("NoNorm", "Images", "Features")) {
      SingleModel model = create(network);
      step(model, 6);
      Tensor x = Samples.input(model, 1, 5);
      float[] clean = model.predict(x).toFloatArray();
      int size = x.size() / 5;
      x.floatArray()[2 * size + 1] = Float.NaN;
      float[] y = model.predict(x).toFloatArray();
      int outputs = y.length / 5;
      for (int i = 0; i < y.length; i++) {
        if (i / outputs == 2) {
          assertThat(y[i]).isNaN();
        } else {
          assertThat(y[i]).isEqualTo(clean[i]);
        }
      }
    }
  }

  @Test
  void evaluationLeavesEverythingAlone() {
    for (String network : List.of("Features", "Untracked", "Images", "NoNorm")) {
      SingleModel model = create(network);
      step(model, 6);
      List<String> before = Samples.bits(model);
      for (int batch : new int[] {2, 6, 30}) {
        Tensor x = Samples.input(model, batch, batch);
        String first = Samples.bits(model.predict(x));
        assertThat(Samples.bits(model.predict(x))).isEqualTo(first);
      }
      assertThat(Samples.bits(model)).isEqualTo(before);
    }
  }

  @Test
  void modelsOfOneNetworkAreIndependent() {
    for (String network : List.of("Features", "Untracked", "Images", "NoNorm")) {
      SingleModel alone = create(network);
      Tensor x = Samples.input(alone, 1, 5);
      Tensor dy = Samples.outputGradient(alone, 2, 5);
      String y = Samples.bits(alone.forward(x));
      String dx = Samples.bits(alone.backwardToInput(dy));

      SingleModel model = create(network);
      SingleModel other = networks.create("test." + network, 8);
      Tensor output = model.forward(x);
      other.forward(Samples.input(other, 3, 9));
      assertThat(Samples.bits(output)).isEqualTo(y);
      other.backward(Samples.outputGradient(other, 4, 9));
      assertThat(Samples.bits(model.backwardToInput(dy))).isEqualTo(dx);
      assertThat(Samples.bits(model)).isEqualTo(Samples.bits(alone));
    }
  }

  @Test
  void theSeedDecidesEverything() {
    for (String network : List.of("Features", "Untracked", "Images", "NoNorm")) {
      assertThat(step(create(network), 6)).isEqualTo(step(create(network), 6));
      SingleModel other = networks.create("test." + network, 8);
      assertThat(step(other, 6)).isNotEqualTo(step(create(network), 6));
    }
  }

  /** A layer frozen between forward and backward is frozen from the next forward on. */
  @Test
  void freezingDoesNotDisturbTheStepUnderWay() {
    SingleModel model = create("Images");
    SingleModel twin = create("Images");
    Tensor x = Samples.input(model, 1, 5);
    Tensor dy = Samples.outputGradient(model, 2, 5);
    model.forward(x);
    twin.forward(x);
    norm(model).freeze();
    assertThat(Samples.bits(model.backwardToInput(dy)))
        .isEqualTo(Samples.bits(twin.backwardToInput(dy)));
    assertThat(Samples.bits(model)).isEqualTo(Samples.bits(twin));
    List<String> stats = statistics(model);
    assertThat(Fixtures.values(model.forward(x))).isEqualTo(Fixtures.values(model.predict(x)));
    assertThat(statistics(model)).isEqualTo(stats);
    norm(model).unfreeze();
    assertSameStep(model, twin);
  }

  private static BatchNorm norm(SingleModel model) {
    for (Layer layer : model.layers()) {
      if (layer instanceof BatchNorm norm) {
        return norm;
      }
    }
    throw new IllegalArgumentException(model.name() + " has no batch norm");
  }
}
