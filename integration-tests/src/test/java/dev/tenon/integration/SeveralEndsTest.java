package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.TensorSpec;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.parallel.PiecewiseModel;
import dev.tenon.runtime.random.Randoms;
import dev.tenon.runtime.state.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Networks with several inputs and outputs. */
class SeveralEndsTest {
  private static final List<String> MEMBERS =
      List.of(
          "@Input({2, 4, 4}) Layer image();",
          "@Conv2d(out = 3, kernel = 3, padding = 1) Weighted conv();",
          "@Tanh Layer tanh();",
          "@Output @Conv2d(out = 2, kernel = 1) Weighted mask();",
          "@From(\"tanh\") @GlobalAvgPool Layer pool();",
          "@Input(5) Layer numbers();",
          "@Output @Linear(out = 3) Weighted code();",
          "@From({\"pool\", \"code\"}) @Concat Layer both();",
          "@Output @Linear(out = 4) Weighted classes();");

  private static final int BATCH = 3;

  private static Model model(String precision) {
    return CompiledNetwork.of("Net", "precision = Precision." + precision, MEMBERS).createBase(7);
  }

  @Test
  void itSaysWhatItTakesAndGives() {
    Model model = model("FLOAT32");
    assertThat(model).isNotInstanceOf(SingleModel.class);
    assertThat(model.inputs())
        .containsExactly(
            TensorSpec.of("image", DType.FLOAT32, 2, 4, 4),
            TensorSpec.of("numbers", DType.FLOAT32, 5));
    assertThat(model.outputs())
        .containsExactly(
            TensorSpec.of("mask", DType.FLOAT32, 2, 4, 4),
            TensorSpec.of("code", DType.FLOAT32, 3),
            TensorSpec.of("classes", DType.FLOAT32, 4));
  }

  /** All gradients against central differences of a loss that weighs all outputs. */
  @Test
  void gradientsAreThoseOfFiniteDifferences() {
    Model model = model("FLOAT64");
    Tensor[] inputs = random(model.inputs(), 1, BATCH);
    Tensor[] weights = random(model.outputs(), 2, BATCH);
    model.forward(inputs);
    Tensor[] dx = copies(model.backwardToInputs(weights));
    for (int i = 0; i < inputs.length; i++) {
      assertGradient(model, inputs, weights, inputs[i].doubleArray(), 0, dx[i].doubleArray());
    }
    for (Parameter parameter : model.parameters()) {
      Tensor value = parameter.value();
      double[] gradient = parameter.gradient().toDoubleArray();
      assertGradient(model, inputs, weights, value.doubleArray(), value.offset(), gradient);
    }
  }

  private static void assertGradient(
      Model model,
      Tensor[] inputs,
      Tensor[] weights,
      double[] values,
      int offset,
      double[] gradient) {
    double step = 1e-6;
    for (int i = 0; i < gradient.length; i++) {
      double before = values[offset + i];
      values[offset + i] = before + step;
      double above = loss(model.predict(inputs), weights);
      values[offset + i] = before - step;
      double below = loss(model.predict(inputs), weights);
      values[offset + i] = before;
      double numeric = (above - below) / (2 * step);
      assertThat(Math.abs(gradient[i] - numeric)).isLessThan(1e-5 + 1e-3 * Math.abs(numeric));
    }
  }

  private static double loss(Tensor[] outputs, Tensor[] weights) {
    double sum = 0;
    for (int i = 0; i < outputs.length; i++) {
      double[] y = outputs[i].toDoubleArray();
      double[] w = weights[i].toDoubleArray();
      for (int j = 0; j < y.length; j++) {
        sum += y[j] * w[j];
      }
    }
    return sum;
  }

  /** On vectors, where the tests run with them, as in plain Java of double precision. */
  @Test
  void floatsComputeTheSame() {
    Model exact = model("FLOAT64");
    Model model = model("FLOAT32");
    for (int p = 0; p < exact.parameters().size(); p++) {
      Tensor from = exact.parameters().get(p).value();
      model.parameters().get(p).value().copyFrom(Tensor.of(from.toFloatArray(), from.shape()));
    }
    for (int batch : new int[] {1, BATCH, 20}) {
      Tensor[] x = random(exact.inputs(), 3, batch);
      Tensor[] dy = random(exact.outputs(), 4, batch);
      Tensor[] floatsX = floats(x);
      Tensor[] y = exact.forward(x);
      assertClose(model.forward(floatsX), y);
      assertClose(model.predict(floatsX), y);
      assertClose(model.backwardToInputs(floats(dy)), exact.backwardToInputs(dy));
      for (int p = 0; p < exact.parameters().size(); p++) {
        assertClose(
            new Tensor[] {model.parameters().get(p).gradient()},
            new Tensor[] {exact.parameters().get(p).gradient()});
      }
    }
  }

  @Test
  void piecesComputeTheSame() {
    Model model = model("FLOAT64");
    Tensor[] x = random(model.inputs(), 3, 7);
    Tensor[] dy = random(model.outputs(), 4, 7);
    try (PiecewiseModel pieces = PiecewiseModel.of(model, 3, 2)) {
      Tensor[] y = copies(pieces.forward(x));
      Tensor[] dx = copies(pieces.backwardToInputs(dy));
      assertClose(y, model.forward(x));
      assertClose(dx, model.backwardToInputs(dy));
      assertThatThrownBy(() -> pieces.forward(x[0]))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage(
              "Net has not one input of numbers, but image float64 [batch, 2, 4, 4]; numbers"
                  + " float64 [batch, 5]: use the methods that take arrays of tensors.");
    }
  }

  @Test
  void wrongCallsAreRefused() {
    Model model = model("FLOAT32");
    Tensor image = Tensor.zeros(DType.FLOAT32, 2, 2, 4, 4);
    Tensor numbers = Tensor.zeros(DType.FLOAT32, 2, 5);
    assertThatThrownBy(() -> model.forward(new Tensor[] {image}))
        .hasMessage(
            "Net: expected 2 inputs (image float32 [batch, 2, 4, 4]; numbers float32 [batch, 5]),"
                + " got 1.");
    assertThatThrownBy(() -> model.forward(new Tensor[] {numbers, image}))
        .hasMessage("Net: expected the input image of shape [batch, 2, 4, 4], got [2, 5].");
    Tensor three = Tensor.zeros(DType.FLOAT32, 3, 5);
    assertThatThrownBy(() -> model.predict(new Tensor[] {image, three}))
        .hasMessage("Net: the inputs are of one batch, but image has 2 samples and numbers has 3.");
    model.forward(new Tensor[] {image, numbers});
    Tensor[] gradients = random(model.outputs(), 2, 2);
    gradients[1] = Tensor.zeros(DType.FLOAT32, 2, 4);
    assertThatThrownBy(() -> model.backward(gradients))
        .hasMessage(
            "Net: expected a gradient of code of shape [2, 3], as the last forward returned, got"
                + " [2, 4].");
    gradients[1] = Tensor.zeros(DType.FLOAT32, 2, 3);
    model.backward(gradients);
  }

  @Test
  void itWarmsUp() {
    model("FLOAT32").warmUp(2);
  }

  /** As users write it: tensors by name in, records out. */
  @Test
  void tensorsHaveNames() {
    CompiledNetwork network =
        CompiledNetwork.ofSources(
            java.util.Map.of(
                "test.Net",
                CompiledNetwork.source("Net", "", MEMBERS),
                "test.Use",
                """
                package test;
                import dev.tenon.runtime.*;
                public final class Use {
                  private Use() {}

                  public static Tensor run(NetModel model, Tensor image, Tensor numbers) {
                    NetModel.Outputs out = model.forward(image, numbers);
                    NetModel.InputGradients dx =
                        model.backwardToInputs(out.mask(), out.code(), out.classes());
                    model.forward(image, numbers);
                    model.backward(out.mask(), out.code(), out.classes());
                    assert dx.image().sameShape(image) && dx.numbers().sameShape(numbers);
                    assert model.numbers().type().equals("Input");
                    return model.predict(image, numbers).classes();
                  }
                }
                """),
            new dev.tenon.processor.TenonProcessor());
    assertThat(network.sources().get("test.NetModel")).contains("implements Net, Model");
    assertThat(network.classes()).containsKey("test.Use");
  }

  static Tensor[] random(List<TensorSpec> specs, int stream, int batch) {
    List<Tensor> tensors = new ArrayList<>();
    for (TensorSpec spec : specs) {
      long key = Randoms.key(spec.name().hashCode(), 0, stream);
      int[] shape = new int[spec.shape().length + 1];
      shape[0] = batch;
      System.arraycopy(spec.shape(), 0, shape, 1, spec.shape().length);
      Tensor tensor = Tensor.zeros(spec.dtype(), shape);
      double[] values = new double[tensor.size()];
      Arrays.setAll(values, i -> 2 * Randoms.uniformDouble(key, i) - 1);
      Tensor full = Tensor.of(values, shape);
      tensors.add(
          switch (spec.dtype()) {
            case FLOAT64 -> full;
            case FLOAT32 -> Tensor.of(full.toFloatArray(), shape);
            case INT32 ->
                Tensor.of(
                    Arrays.stream(values)
                        .mapToInt(v -> (int) ((v + 1) / 2 * spec.limit()))
                        .toArray(),
                    shape);
            case INT64 -> throw new IllegalArgumentException(spec + " is no input");
          });
    }
    return tensors.toArray(Tensor[]::new);
  }

  private static Tensor[] floats(Tensor[] tensors) {
    return Arrays.stream(tensors)
        .map(t -> Tensor.of(t.toFloatArray(), t.shape()))
        .toArray(Tensor[]::new);
  }

  private static Tensor[] copies(Tensor[] tensors) {
    return Arrays.stream(tensors)
        .map(t -> Tensor.of(t.toDoubleArray(), t.shape()))
        .toArray(Tensor[]::new);
  }

  private static void assertClose(Tensor[] actual, Tensor[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      double[] a = actual[i].toDoubleArray();
      double[] e = expected[i].toDoubleArray();
      assertThat(a).hasSameSizeAs(e);
      for (int j = 0; j < a.length; j++) {
        assertThat(Math.abs(a[j] - e[j])).isLessThanOrEqualTo(2e-5 + 2e-5 * Math.abs(e[j]));
      }
    }
  }
}
