package dev.tenon.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.Allocation;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.init.Initializer;
import dev.tenon.runtime.internal.layout.Packing;
import dev.tenon.runtime.optim.Optimizer;
import dev.tenon.runtime.optim.OptimizerSpec;
import dev.tenon.runtime.optim.Optimizers;
import dev.tenon.runtime.random.Randoms;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A packed state and one that is not cannot be told apart, bit for bit, except by the arrays. */
class PackedStateTest {
  private static final Packing VECTOR =
      Packing.of(new int[] {2, 16}, new int[] {0, 0}, new int[] {16, 1});

  private static State plain(DType dtype) {
    return State.builder(dtype)
        .parameter("conv.weight", Initializer.normal(0.3), 20, 6, 3, 3)
        .parameter("conv.bias", Initializer.uniform(0.2), 20)
        .parameter("scale", Initializer.constant(2), 3)
        .runningStat("bn.running_mean", 0, 20)
        .runningStat("bn.running_var", 1, 20)
        .counter("bn.count")
        .parameter("head.weight", Initializer.fanIn(800), 10, 800)
        .build(11);
  }

  private static State packed(DType dtype) {
    return State.builder(dtype)
        .parameter("conv.weight", Initializer.normal(0.3), PackingTest.CONV, 20, 6, 3, 3)
        .parameter("conv.bias", Initializer.uniform(0.2), VECTOR, 20)
        .parameter("scale", Initializer.constant(2), 3)
        .runningStat("bn.running_mean", 0, VECTOR, 20)
        .runningStat("bn.running_var", 1, VECTOR, 20)
        .counter("bn.count")
        .parameter("head.weight", Initializer.fanIn(800), PackingTest.LINEAR, 10, 800)
        .build(11);
  }

  private static Tensor random(DType dtype, long key, int... shape) {
    Tensor tensor = Tensor.zeros(dtype, shape);
    for (int i = 0; i < tensor.size(); i++) {
      if (dtype == DType.FLOAT32) {
        tensor.floatArray()[i] = (float) Randoms.normal(key, i);
      } else {
        tensor.doubleArray()[i] = Randoms.normal(key, i);
      }
    }
    return tensor;
  }

  /** Everything that a state shows, by name, and that its padding is 0. */
  private static void assertSame(State actual, State expected) {
    assertThat(actual.tensors().keySet()).isEqualTo(expected.tensors().keySet());
    for (Parameter parameter : expected.parameters()) {
      assertSame(actual.parameter(parameter.name()).value(), parameter.value());
      assertSame(actual.parameter(parameter.name()).gradient(), parameter.gradient());
    }
    expected.tensors().forEach((name, tensor) -> assertSame(actual.tensors().get(name), tensor));
    assertThat(actual.counters()).isEqualTo(expected.counters());
    assertThat(actual).hasToString(expected.toString());
    assertPaddingIsZero(actual);
  }

  private static void assertSame(Tensor actual, Tensor expected) {
    assertThat(actual.describe()).isEqualTo(expected.describe());
    assertThat(actual).hasToString(expected.toString());
    if (expected.dtype() == DType.FLOAT32) {
      assertThat(bits(actual.toFloatArray())).isEqualTo(bits(expected.toFloatArray()));
    }
    assertThat(bits(actual.toDoubleArray())).isEqualTo(bits(expected.toDoubleArray()));
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  private static long[] bits(double[] values) {
    long[] bits = new long[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Double.doubleToRawLongBits(values[i]);
    }
    return bits;
  }

  private static void assertPaddingIsZero(State state) {
    boolean single = state.dtype() == DType.FLOAT32;
    Tensor all =
        single
            ? Tensor.of(state.arrays().floatParameters(), state.arrays().floatParameters().length)
            : Tensor.of(
                state.arrays().doubleParameters(), state.arrays().doubleParameters().length);
    Tensor gradients =
        single
            ? Tensor.of(state.arrays().floatGradients(), all.size())
            : Tensor.of(state.arrays().doubleGradients(), all.size());
    for (int at : padding(state)) {
      assertThat(Double.doubleToRawLongBits(all.get(at))).as("place " + at).isZero();
      assertThat(Double.doubleToRawLongBits(gradients.get(at))).as("place " + at).isZero();
    }
    for (int from : new int[] {0, 32}) {
      for (int i = 20; i < 32; i++) {
        assertThat(
                single
                    ? state.arrays().floatRunningStats()[from + i]
                    : state.arrays().doubleRunningStats()[from + i])
            .isZero();
      }
    }
  }

  /** Found without the packing's help: where no element of any parameter lies. */
  private static List<Integer> padding(State state) {
    boolean[] used =
        new boolean
            [state.dtype() == DType.FLOAT32
                ? state.arrays().floatParameters().length
                : state.arrays().doubleParameters().length];
    int at = 0;
    for (int block = 0; block < 2; block++) {
      for (int tap = 0; tap < 3 * 3 * 6; tap++) {
        for (int lane = 0; lane < 16; lane++) {
          used[at++] = 16 * block + lane < 20;
        }
      }
    }
    for (int lane = 0; lane < 32; lane++) {
      used[at++] = lane < 20;
    }
    for (int i = 0; i < 3; i++) {
      used[at++] = true;
    }
    for (int i = 0; i < 800 * 16; i++) {
      used[at++] = i % 16 < 10;
    }
    assertThat(at).isEqualTo(used.length);
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < used.length; i++) {
      if (!used[i]) {
        places.add(i);
      }
    }
    return places;
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void beginAlike(DType dtype) {
    State packed = packed(dtype);
    State plain = plain(dtype);
    assertSame(packed, plain);
    assertThat(packed.parameterCount()).isEqualTo(plain.parameterCount());
    assertThat(packed.parameter("conv.weight").value().isPacked()).isTrue();
    assertThat(packed.parameter("conv.weight").gradient().isPacked()).isTrue();
    assertThat(packed.parameter("scale").value().isPacked()).isFalse();
    assertThat(packed.runningStat("bn.running_mean").value().isPacked()).isTrue();
    assertThat(packed.parameter("scale").value().offset()).isEqualTo(PackingTest.CONV.size() + 32);
    assertThat(packed.parameter("head.weight").value().offset())
        .isEqualTo(PackingTest.CONV.size() + 35);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void tensorsBehaveAlike(DType dtype) {
    State packed = packed(dtype);
    State plain = plain(dtype);
    for (String name : plain.tensors().keySet()) {
      Tensor p = packed.tensors().get(name);
      Tensor t = plain.tensors().get(name);
      if (t.dtype() == DType.INT64) {
        continue; // Counters are not packed.
      }
      assertThat(p.rank()).isEqualTo(t.rank());
      assertThat(p.shape()).isEqualTo(t.shape());
      assertThat(p.size()).isEqualTo(t.size());
      assertThat(p.sameShape(t)).isTrue();

      // Single elements, through views of other shapes too.
      int[] last = t.shape();
      for (int axis = 0; axis < last.length; axis++) {
        last[axis]--;
      }
      p.set(1.1, last);
      t.set(1.1, last);
      assertThat(p.get(last)).isEqualTo(t.get(last));
      Tensor flat = p.reshape(p.size());
      Tensor plainFlat = t.reshape(t.size());
      for (int i = 0; i < t.size(); i += 1 + i / 7) {
        assertThat(flat.get(i)).isEqualTo(plainFlat.get(i));
        flat.set(i * 0.3, i);
        plainFlat.set(i * 0.3, i);
      }
      assertSame(p, t);
      assertSame(flat, plainFlat);

      // Copies in all directions, and through reshaped views.
      Tensor values = random(dtype, 5, t.shape());
      p.copyFrom(values);
      t.copyFrom(values);
      assertSame(p, t);
      Tensor back = Tensor.zeros(dtype, t.shape());
      back.copyFrom(p);
      assertSame(back, values);
      Tensor others = random(dtype, 6, t.size());
      flat.copyFrom(others);
      plainFlat.copyFrom(others);
      assertSame(p, t);
      Tensor backFlat = Tensor.zeros(dtype, t.size());
      backFlat.copyFrom(flat);
      assertSame(backFlat, others);
      Tensor pairs = p.reshape(1, p.size());
      assertSame(pairs, t.reshape(1, t.size()));
      assertThat(p.isPacked()).isEqualTo(pairs.isPacked());
      assertPaddingIsZero(packed);

      p.fill(-2.5);
      t.fill(-2.5);
      assertSame(p, t);
      assertPaddingIsZero(packed);

      assertThatThrownBy(() -> p.copyFrom(Tensor.zeros(dtype, 7)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> p.get(t.shape())).isInstanceOf(IndexOutOfBoundsException.class);
    }
  }

  @Test
  void packedTensorsCopyAmongThemselves() {
    State packed = packed(DType.FLOAT32);
    Packing other =
        Packing.of(new int[] {6, 3, 3, 20}, new int[] {1, 2, 3, 0}, new int[] {1, 1, 1, 1});
    State differently =
        State.builder(DType.FLOAT32)
            .parameter("w", Initializer.constant(0), other, 20, 6, 3, 3)
            .build(0);
    Tensor weight = packed.parameter("conv.weight").value();
    differently.parameter("w").value().copyFrom(weight);
    assertSame(differently.parameter("w").value(), weight);
    packed.parameter("conv.weight").gradient().copyFrom(weight);
    assertSame(packed.parameter("conv.weight").gradient(), weight);
    assertPaddingIsZero(packed);
  }

  @Test
  void arraysOfPackedTensorsAreRefused() {
    for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
      Tensor tensor = packed(dtype).parameter("conv.bias").value();
      boolean single = dtype == DType.FLOAT32;
      assertThatThrownBy(single ? tensor::floatArray : tensor::doubleArray)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "A packed tensor of %s [20] has no row-major slice of an array: read a copy from"
                  + " to%sArray(), and write with set, fill or copyFrom.",
              dtype, single ? "Float" : "Double");
      assertThatThrownBy(single ? tensor::doubleArray : tensor::floatArray)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has no " + (single ? "double[]" : "float[]"));
      assertThatThrownBy(
              single ? tensor.reshape(4, 5)::floatArray : tensor.reshape(4, 5)::doubleArray)
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void statesCopyEachOther(DType dtype) {
    State source = packed(dtype);
    source.parameter("conv.weight").set(8, 19, 5, 2, 2);
    source.runningStat("bn.running_var").set(0.25, 19);
    source.counter("bn.count").set(3);
    State plain = plain(dtype);
    State target = packed(dtype);
    plain.copyFrom(source);
    target.copyFrom(plain);
    assertSame(plain, source, target);
  }

  private static void assertSame(State plain, State... packed) {
    for (State state : packed) {
      assertSame(state, plain);
    }
  }

  @Test
  void sharedStatesHaveGradientsOfTheSameLayout() {
    State whole = packed(DType.FLOAT32);
    State piece = whole.sharing();
    assertThat(piece.arrays().floatGradients())
        .hasSameSizeAs(whole.arrays().floatGradients())
        .isNotSameAs(whole.arrays().floatGradients());
    assertThat(piece.arrays().floatParameters()).isSameAs(whole.arrays().floatParameters());
    assertThat(piece.parameterCount()).isEqualTo(whole.parameterCount());
    assertThat(piece.arrays().trainableRanges()).isEqualTo(whole.arrays().trainableRanges());
    piece.arrays().floatGradients()[0] = 5;
    assertThat(piece.floatGradients()[0]).isEqualTo(5);
    assertThat(whole.floatGradients()[0]).isZero();
  }

  @Test
  void rangesSpanThePadding() {
    State state = packed(DType.FLOAT32);
    int conv = PackingTest.CONV.size();
    int all = state.arrays().floatParameters().length;
    assertThat(state.arrays().trainableRanges()).containsExactly(0, all);
    state.parameter("conv.bias").freeze();
    assertThat(state.arrays().trainableRanges()).containsExactly(0, conv, conv + 32, all);
    state.parameter("scale").freeze();
    assertThat(state.arrays().trainableRanges()).containsExactly(0, conv, conv + 35, all);
  }

  /** What is saved from one virtual machine is read by another, whatever their kernels. */
  @Test
  void flatValuesHaveOneOrderAndNoPadding() {
    State packed = packed(DType.FLOAT32);
    State plain = plain(DType.FLOAT32);
    State exact = packed(DType.FLOAT64);
    int count = 20 * 6 * 9 + 20 + 3 + 8000;

    assertThat(packed.arrays().floatParameters().length).isGreaterThan(count);
    assertThat(packed.floatParameters()).hasSize(count).isEqualTo(plain.floatParameters());
    // The order is that of the entries, each row-major.
    float[] all = packed.floatParameters();
    Tensor weight = packed.parameter("conv.weight").value();
    assertThat(all[1 * 54 + 2 * 9 + 1 * 3 + 2]).isEqualTo((float) weight.get(1, 2, 1, 2));
    assertThat(all[1080 + 19]).isEqualTo((float) packed.parameter("conv.bias").value().get(19));
    assertThat(all[1080 + 20 + 3 + 801])
        .isEqualTo((float) packed.parameter("head.weight").value().get(1, 1));
    assertThat(packed.floatRunningStats()).hasSize(40).isEqualTo(plain.floatRunningStats());
    assertThat(exact.doubleRunningStats()).isEqualTo(plain(DType.FLOAT64).doubleRunningStats());

    float[] values = new float[count];
    double[] doubles = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = i * 0.5f;
      doubles[i] = i * 0.1;
    }
    packed.setFloatParameters(values);
    packed.setFloatGradients(values);
    plain.setFloatParameters(values);
    plain.setFloatGradients(values);
    assertThat(packed.floatParameters()).isEqualTo(values);
    assertThat(packed.floatGradients()).isEqualTo(values);
    assertSame(packed, plain);
    exact.setDoubleParameters(doubles);
    exact.setDoubleGradients(doubles);
    assertThat(exact.doubleParameters()).isEqualTo(doubles);
    assertThat(exact.doubleGradients()).isEqualTo(doubles);
    assertPaddingIsZero(exact);
  }

  @Test
  void aStateOfSomeParametersShowsTheseOnly() {
    State some = packed(DType.FLOAT32).only(parameter -> parameter.name().startsWith("conv."));

    assertThat(some.parameterCount()).isEqualTo(1080 + 20);
    assertThat(some.floatParameters()).hasSize(1080 + 20);
    assertThat(some.floatGradients()).hasSize(1080 + 20);
    assertThat(some.only(parameter -> parameter.name().endsWith("bias")).floatParameters())
        .containsExactly(some.parameter("conv.bias").value().toFloatArray());
  }

  private static Stream<OptimizerSpec> optimizers() {
    return Stream.of(
        Optimizers.sgd(0.1),
        Optimizers.sgd(0.1).weightDecay(0.3),
        Optimizers.sgd(0.1).weightDecay(0.3).maximize(),
        Optimizers.sgd(0.1).momentum(0.9),
        Optimizers.sgd(0.1).momentum(0.9).dampening(0.4).weightDecay(0.01),
        Optimizers.sgd(0.1).momentum(0.9).weightDecay(0.01).maximize(),
        Optimizers.sgd(0.1).momentum(0.9).nesterov().weightDecay(0.2),
        Optimizers.sgd(0.1).momentum(0.9).nesterov().maximize(),
        Optimizers.adam(0.1),
        Optimizers.adam(0.1).weightDecay(0.1),
        Optimizers.adam(0.1).weightDecay(0.1).amsgrad(),
        Optimizers.adam(0.1).amsgrad().maximize(),
        // 0 divided by 0 in the padding.
        Optimizers.adam(0.1).eps(0),
        Optimizers.adam(0.1).eps(1e-60),
        Optimizers.adam(0.1).eps(0).weightDecay(0.1).amsgrad(),
        Optimizers.adamW(0.1).eps(0).maximize(),
        Optimizers.adamW(0.1),
        Optimizers.adamW(0.1).weightDecay(0.5),
        // Shrinks by a negative factor, so that a zero would change its sign.
        Optimizers.adamW(0.1).weightDecay(20),
        Optimizers.adamW(0.1).amsgrad().maximize());
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void optimisersStepAlike(DType dtype) {
    optimizers()
        .forEach(
            spec -> {
              State packed = packed(dtype);
              State plain = plain(dtype);
              Optimizer packedSteps = spec.create(packed);
              Optimizer plainSteps = spec.create(plain);
              for (int step = 0; step < 10; step++) {
                if (step == 3) {
                  packed.parameter("conv.bias").freeze();
                  plain.parameter("conv.bias").freeze();
                }
                if (step == 6) {
                  packed.parameter("conv.bias").unfreeze();
                  plain.parameter("conv.bias").unfreeze();
                }
                for (Parameter parameter : plain.parameters()) {
                  Tensor gradient = random(dtype, 100 + step, parameter.shape());
                  parameter.gradient().copyFrom(gradient);
                  packed.parameter(parameter.name()).gradient().copyFrom(gradient);
                }
                packedSteps.step();
                plainSteps.step();
                assertSame(packed, plain);
              }
            });
  }

  @Test
  void stepsAndAccessAllocateNothing() {
    State state = packed(DType.FLOAT32);
    Optimizer optimizer = Optimizers.adam(0.1).eps(0).create(state);
    state.parameters().forEach(p -> p.gradient().fill(1));
    Allocation.assertNone(optimizer::step);
    Tensor value = state.parameter("conv.weight").value();
    Tensor gradient = state.parameter("conv.weight").gradient();
    Tensor rowMajor = Tensor.zeros(DType.FLOAT32, value.shape());
    Allocation.assertNone(
        () -> {
          rowMajor.copyFrom(value);
          gradient.copyFrom(rowMajor);
          gradient.fill(2);
        });
  }
}
