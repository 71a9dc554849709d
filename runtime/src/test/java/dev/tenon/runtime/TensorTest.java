package dev.tenon.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.state.State;
import org.junit.jupiter.api.Test;

class TensorTest {
  @Test
  void wrapsWithoutCopying() {
    float[] values = {1, 2, 3, 4, 5, 6};
    Tensor tensor = Tensor.of(values, 2, 3);

    values[4] = 50;
    tensor.set(7, 0, 2);

    assertThat(tensor.get(1, 1)).isEqualTo(50);
    assertThat(values[2]).isEqualTo(7);
    assertThat(tensor.floatArray()).isSameAs(values);
    assertThat(tensor.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(tensor.rank()).isEqualTo(2);
    assertThat(tensor.dim(1)).isEqualTo(3);
    assertThat(tensor.size()).isEqualTo(6);
    assertThat(tensor.shape()).containsExactly(2, 3);
  }

  @Test
  void isRowMajor() {
    Tensor tensor = Tensor.zeros(DType.FLOAT64, 2, 3, 4);
    tensor.set(9, 1, 2, 3);
    tensor.set(8, 0, 1, 0);

    assertThat(tensor.doubleArray()[23]).isEqualTo(9);
    assertThat(tensor.doubleArray()[4]).isEqualTo(8);
  }

  @Test
  void shapeIsACopy() {
    int[] shape = {2};
    Tensor tensor = Tensor.of(new double[2], shape);
    shape[0] = 9;
    tensor.shape()[0] = 9;

    assertThat(tensor.dim(0)).isEqualTo(2);
  }

  @Test
  void viewSharesASlice() {
    double[] values = {0, 1, 2, 3, 4, 5};
    Tensor view = Tensor.view(values, 2, 3);

    view.fill(-1);

    assertThat(values).containsExactly(0, 1, -1, -1, -1, 5);
    assertThat(view.offset()).isEqualTo(2);
    assertThat(view.toDoubleArray()).containsExactly(-1, -1, -1);
    assertThat(view.toFloatArray()).containsExactly(-1f, -1f, -1f);
  }

  @Test
  void copiesAreOwn() {
    Tensor tensor = Tensor.view(new float[] {0, 1.5f, 2.5f}, 1, 2);

    float[] floats = tensor.toFloatArray();
    double[] doubles = tensor.toDoubleArray();
    tensor.fill(0);

    assertThat(floats).containsExactly(1.5f, 2.5f);
    assertThat(doubles).containsExactly(1.5, 2.5);
  }

  @Test
  void scalarAndEmpty() {
    Tensor scalar = Tensor.of(new float[] {3});
    assertThat(scalar.rank()).isZero();
    assertThat(scalar.size()).isEqualTo(1);
    assertThat(scalar.get()).isEqualTo(3);
    assertThat(scalar).hasToString("float32 [] 3.0");

    Tensor empty = Tensor.zeros(DType.FLOAT64, 0, 3);
    assertThat(empty.size()).isZero();
    assertThat(empty).hasToString("float64 [0, 3] []");
    assertThat(Tensor.zeros(DType.FLOAT32, 2, 0)).hasToString("float32 [2, 0] [[], []]");
  }

  @Test
  void copyFromNeedsEqualShapeAndType() {
    Tensor target = Tensor.zeros(DType.FLOAT32, 2, 2);
    target.copyFrom(Tensor.view(new float[] {9, 1, 2, 3, 4}, 1, 2, 2));
    assertThat(target.toFloatArray()).containsExactly(1f, 2f, 3f, 4f);

    assertThatThrownBy(() -> target.copyFrom(Tensor.zeros(DType.FLOAT32, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "Cannot copy float32 [4] into float32 [2, 2]: shape and element type must be equal.");
    assertThatThrownBy(() -> target.copyFrom(Tensor.zeros(DType.FLOAT64, 2, 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("float64 [2, 2]");
    assertThat(target.toFloatArray()).containsExactly(1f, 2f, 3f, 4f);
  }

  @Test
  void longsAreExact() {
    long odd = (1L << 53) + 1;
    long[] values = {odd, Long.MIN_VALUE, Long.MAX_VALUE, -4};
    Tensor tensor = Tensor.of(values, 2, 2);

    assertThat(tensor.dtype()).isEqualTo(DType.INT64);
    assertThat(tensor.longArray()).isSameAs(values);
    assertThat(tensor)
        .hasToString(
            "int64 [2, 2] [[9007199254740993, -9223372036854775808], [9223372036854775807, -4]]");
    assertThat(tensor.getLong(0, 0)).isEqualTo(odd);
    assertThat(tensor.get(0, 0)).isEqualTo(0x1p53);
    assertThat(tensor.toLongArray()).containsExactly(values).isNotSameAs(values);
    assertThat(tensor.toDoubleArray()).containsExactly(0x1p53, -0x1p63, 0x1p63, -4);
    assertThat(tensor.toFloatArray()).containsExactly(0x1p53f, -0x1p63f, 0x1p63f, -4);
    assertThat(tensor.samples(1, 1).toLongArray()).containsExactly(Long.MAX_VALUE, -4);
    assertThat(tensor.reshape(4).getLong(2)).isEqualTo(Long.MAX_VALUE);
    Tensor view = Tensor.view(values, 1, 2);
    view.setLong(odd + 1, 0);
    view.set(-1e15, 1);
    assertThat(values).containsExactly(odd, odd + 1, -1_000_000_000_000_000L, -4);
    Tensor zeros = Tensor.zeros(DType.INT64, 2, 2);
    zeros.copyFrom(tensor);
    assertThat(zeros.longArray()).containsExactly(values);
    zeros.fill(-3);
    assertThat(zeros.longArray()).containsOnly(-3);

    assertThatThrownBy(() -> tensor.set(0.5, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("A tensor of int64 [2, 2] cannot hold 0.5, which is no long.");
    for (double wrong : new double[] {0x1p63, -0x1p64, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> tensor.fill(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Tensor.zeros(DType.INT32, 1).setLong(1L << 31, 0))
        .hasMessage("A tensor of int32 [1] cannot hold 2147483648, which is no int.");
    assertThatThrownBy(() -> tensor.copyFrom(Tensor.zeros(DType.INT32, 2, 2)))
        .hasMessage(
            "Cannot copy int32 [2, 2] into int64 [2, 2]: shape and element type must be equal.");
    assertThatThrownBy(tensor::intArray)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("A tensor of int64 [2, 2] has no int[]: use longArray().");
    assertThatThrownBy(() -> Tensor.zeros(DType.FLOAT32, 1).getLong(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("A tensor of float32 [1] has no whole numbers: use get.");
    assertThatThrownBy(() -> Tensor.zeros(DType.FLOAT64, 1).toLongArray())
        .hasMessage("A tensor of float64 [1] has no whole numbers: use toDoubleArray.");
    assertThat(Tensor.of(new int[] {3, -4}, 2).toLongArray()).containsExactly(3, -4);
    assertThat(Tensor.of(new int[] {3, -4}, 2).getLong(1)).isEqualTo(-4);
    assertThatThrownBy(() -> State.builder(DType.INT64))
        .hasMessage("State: parameters are real numbers, float32 or float64, but not int64.");
    assertThatThrownBy(() -> TensorSpec.of("x", DType.INT64, 2))
        .hasMessageStartingWith("TensorSpec: x must be float32 or float64, but is int64;");
  }

  @Test
  void copiesHaveArraysOfTheirOwn() {
    for (DType dtype : DType.values()) {
      Tensor tensor = Tensor.zeros(dtype, 4).samples(1, 3);
      tensor.set(3, 1);
      Tensor copy = tensor.copy();
      tensor.fill(1);
      assertThat(copy)
          .hasToString(
              dtype.toString().startsWith("int")
                  ? dtype + " [3] [0, 3, 0]"
                  : dtype + " [3] [0.0, 3.0, 0.0]");
      assertThat(copy.offset()).isZero();
    }
  }

  @Test
  void reshapeSharesElements() {
    Tensor tensor = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    Tensor reshaped = tensor.reshape(3, 2);
    reshaped.set(0, 2, 0);

    assertThat(tensor.get(1, 1)).isZero();
    assertThatThrownBy(() -> tensor.reshape(4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot reshape float32 [2, 3] with 6 elements to [4] with 4.");
  }

  @Test
  void indexErrorsNameShapeAndIndex() {
    Tensor tensor = Tensor.zeros(DType.FLOAT32, 2, 3);

    assertThatThrownBy(() -> tensor.get(1, 3))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage(
            "Index [1, 3] is outside the tensor's shape [2, 3]: on axis 1, 3 is not in [0, 3).");
    assertThatThrownBy(() -> tensor.set(1, -1, 0))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("on axis 0, -1 is not in [0, 2)");
    assertThatThrownBy(() -> tensor.get(1))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Index [1] has 1 numbers, but the tensor's shape [2, 3] has 2.");
    assertThatThrownBy(() -> tensor.dim(2))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Axis 2 of a tensor of shape [2, 3].");
  }

  @Test
  void factoriesCheckSizes() {
    assertThatThrownBy(() -> Tensor.of(new float[5], 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("An array of 5 values does not fit shape [2, 3], which has 6 elements.");
    assertThatThrownBy(() -> Tensor.view(new double[5], 3, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "A view of shape [3] (3 elements) at offset 3 does not lie within an array of 5"
                + " values.");
    assertThatThrownBy(() -> Tensor.view(new float[5], -1, 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Tensor.zeros(DType.FLOAT32, 2, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Shape [2, -1]: no extent may be negative, but one is -1.");
    assertThatThrownBy(() -> Tensor.zeros(DType.FLOAT32, 65536, 65536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[65536, 65536] has more than 2147483647 elements");
    assertThat(Tensor.zeros(DType.FLOAT32, 65536, 65536, 65536, 65536, 0).size()).isZero();
  }

  @Test
  void backingArrayOfTheOtherTypeIsRefused() {
    assertThatThrownBy(() -> Tensor.zeros(DType.FLOAT32, 2).doubleArray())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "A tensor of float32 [2] has no double[]: use floatArray() or toDoubleArray().");
    assertThatThrownBy(() -> Tensor.zeros(DType.FLOAT64, 2).floatArray())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("A tensor of float64 [2] has no float[]: use doubleArray() or toFloatArray().");
  }

  @Test
  void textShortensLargeTensors() {
    assertThat(Tensor.of(new double[] {1, 2.5, -3, 4}, 2, 2))
        .hasToString("float64 [2, 2] [[1.0, 2.5], [-3.0, 4.0]]");
    assertThat(Tensor.zeros(DType.INT32, 65)).hasToString("int32 [65] [0, 0, 0, ..., 0, 0, 0]");
    Tensor wide = Tensor.zeros(DType.INT64, 2, 100);
    wide.setLong(7, 0, 2);
    wide.setLong(8, 1, 97);
    wide.setLong(9, 1, 3);
    assertThat(wide)
        .hasToString("int64 [2, 100] [[0, 0, 7, ..., 0, 0, 0], [0, 0, 0, ..., 8, 0, 0]]");
    Tensor image = Tensor.zeros(DType.INT32, 3, 2, 20);
    image.set(5, 2, 1, 19);
    assertThat(image)
        .hasToString(
            "int32 [3, 2, 20] [[[0, ..., 0], [0, ..., 0]], ..., [[0, ..., 0], [0, ..., 5]]]");
  }

  @Test
  void accessAllocatesNothing() {
    Tensor tensor = Tensor.zeros(DType.FLOAT32, 2, 3);
    Allocation.assertNone(
        () -> {
          int sum = tensor.offset() + tensor.dim(1) + tensor.size() + tensor.rank();
          tensor.floatArray()[0] = sum;
        });
  }

  @Test
  void indicesAreWholeNumbers() {
    int[] array = {3, 1, 2, 0, 5, 4};
    Tensor indices = Tensor.of(array, 3, 2);
    assertThat(indices.dtype()).isEqualTo(DType.INT32);
    assertThat(indices.intArray()).isSameAs(array);
    assertThat(indices.get(1, 0)).isEqualTo(2);
    assertThat(indices).hasToString("int32 [3, 2] [[3, 1], [2, 0], [5, 4]]");
    assertThat(indices.samples(1, 2)).hasToString("int32 [2, 2] [[2, 0], [5, 4]]");
    indices.set(7, 0, 1);
    assertThat(array[1]).isEqualTo(7);
    assertThat(indices.toDoubleArray()).containsExactly(3, 7, 2, 0, 5, 4);
    assertThatThrownBy(() -> indices.set(0.5, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("A tensor of int32 [3, 2] cannot hold 0.5, which is no int.");
    assertThatThrownBy(indices::floatArray)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("use intArray() or toFloatArray()");
    Tensor copy = Tensor.zeros(DType.INT32, 3, 2);
    copy.copyFrom(indices);
    copy.fill(9);
    assertThat(copy.intArray()).containsOnly(9);
  }
}
