package dev.tenon.runtime.loss;

import static dev.tenon.runtime.Fixtures.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Fixtures;
import dev.tenon.runtime.Tensor;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Losses, gradients and losses by element against PyTorch. */
class LossFixturesTest {
  @TestFactory
  Stream<DynamicTest> matchesPyTorch() {
    return Stream.of("losses", "more-losses")
        .flatMap(file -> Fixtures.cases(file).stream())
        .map(test -> DynamicTest.dynamicTest(test.get("name").asText(), () -> run(test)));
  }

  private static void run(JsonNode test) {
    DType dtype = Fixtures.dtype(test);
    int[] shape = Fixtures.ints(test.get("shape"));
    Tensor prediction = placed(dtype, Fixtures.doubles(test.get("prediction")), shape);
    switch (test.get("kind").asText()) {
      case "crossEntropy", "negativeLogLikelihood" -> {
        int[] target = Fixtures.ints(test.get("target"));
        check(test, cast(loss(test)), prediction, target, withoutClasses(shape));
      }
      case "crossEntropyProbabilities" -> {
        Tensor target = placed(dtype, Fixtures.doubles(test.get("target")), shape);
        check(test, cast(loss(test)), prediction, target, withoutClasses(shape));
      }
      default -> {
        Tensor target = placed(dtype, Fixtures.doubles(test.get("target")), shape);
        check(test, cast(loss(test)), prediction, target, shape);
      }
    }
  }

  @SuppressWarnings("unchecked") // The kind of a case says which targets it has.
  private static <T> Loss<T> cast(Loss<?> loss) {
    return (Loss<T>) loss;
  }

  /** The loss of a case. */
  static Loss<?> loss(JsonNode test) {
    double smoothing = test.get("smoothing").asDouble();
    Reduction reduction =
        Reduction.valueOf(test.get("reduction").asText().toUpperCase(Locale.ROOT));
    double[] weights = test.get("weights").isNull() ? null : Fixtures.doubles(test.get("weights"));
    switch (test.get("kind").asText()) {
      case "crossEntropy" -> {
        CrossEntropy loss =
            Losses.crossEntropy()
                .labelSmoothing(smoothing)
                .ignoreIndex(test.get("ignoreIndex").asInt())
                .reduction(reduction);
        return weights == null ? loss : loss.classWeights(weights);
      }
      case "crossEntropyProbabilities" -> {
        CrossEntropyProbabilities loss =
            Losses.crossEntropyProbabilities().labelSmoothing(smoothing).reduction(reduction);
        return weights == null ? loss : loss.classWeights(weights);
      }
      case "negativeLogLikelihood" -> {
        NegativeLogLikelihood loss =
            Losses.negativeLogLikelihood()
                .ignoreIndex(test.get("ignoreIndex").asInt())
                .reduction(reduction);
        return weights == null ? loss : loss.classWeights(weights);
      }
      default -> {
        return ofElements(test, reduction);
      }
    }
  }

  private static Loss<Tensor> ofElements(JsonNode test, Reduction reduction) {
    return switch (test.get("kind").asText()) {
      case "meanSquaredError" -> Losses.meanSquaredError().reduction(reduction);
      case "l1" -> Losses.l1().reduction(reduction);
      case "huber" -> Losses.huber(test.get("delta").asDouble()).reduction(reduction);
      case "smoothL1" -> Losses.smoothL1(test.get("beta").asDouble()).reduction(reduction);
      case "binaryCrossEntropyWithLogits" ->
          Losses.binaryCrossEntropyWithLogits()
              .positiveWeight(test.get("positiveWeight").asDouble())
              .reduction(reduction);
      default -> throw new AssertionError(test.get("kind"));
    };
  }

  private static <T> void check(
      JsonNode test, Loss<T> loss, Tensor prediction, T target, int[] eachShape) {
    boolean single = prediction.dtype() == DType.FLOAT32;
    // PyTorch computes float32 cases in float32, which costs it these digits.
    double tolerance = single ? 1e-5 : 1e-12;
    double expected = test.get("loss").asDouble();
    int size = prediction.size();
    // Not zero: what the loss does not write is seen.
    Tensor gradient = placed(prediction.dtype(), filled(size, 99), prediction.shape());
    Tensor each = placed(prediction.dtype(), filled(test.get("elementwise").size(), 99), eachShape);

    double value = loss.forward(prediction, target);
    double again = loss.forwardBackward(prediction, target, gradient);
    loss.elementwise(prediction, target, each);

    assertClose("loss", value, expected, tolerance, tolerance);
    // Boxed, so that NaN equals NaN.
    assertThat(again).isEqualTo(Double.valueOf(value));
    assertClose(
        "gradient",
        gradient.toDoubleArray(),
        Fixtures.doubles(test.get("gradient")),
        tolerance,
        single ? 1e-6 : 1e-13);
    assertClose(
        "elementwise",
        each.toDoubleArray(),
        Fixtures.doubles(test.get("elementwise")),
        tolerance,
        tolerance);
    assertThat(loss.reduction().name()).isEqualToIgnoringCase(test.get("reduction").asText());
  }

  /** A view in the middle of an array, because offsets are easily forgotten. */
  private static Tensor placed(DType dtype, double[] values, int... shape) {
    Tensor whole = Tensor.zeros(dtype, values.length + 5);
    whole.fill(1e30);
    Tensor view =
        dtype == DType.FLOAT32
            ? Tensor.view(whole.floatArray(), 3, shape)
            : Tensor.view(whole.doubleArray(), 3, shape);
    view.copyFrom(Fixtures.tensor(dtype, values, shape));
    return view;
  }

  private static double[] filled(int size, double value) {
    double[] values = new double[size];
    Arrays.fill(values, value);
    return values;
  }

  private static int[] withoutClasses(int[] shape) {
    return IntStream.range(0, shape.length).filter(axis -> axis != 1).map(a -> shape[a]).toArray();
  }
}
