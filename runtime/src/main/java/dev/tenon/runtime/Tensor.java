package dev.tenon.runtime;

import dev.tenon.runtime.internal.layout.PackedOrder;
import dev.tenon.runtime.internal.layout.Packing;
import dev.tenon.runtime.internal.layout.Shapes;
import java.util.Arrays;
import java.util.Objects;

/**
 * A row-major view on a slice of a flat {@code float[]}, {@code double[]}, {@code int[]} or {@code
 * long[]}. Image data is channels-first: {@code [batch, channels, height, width]}.
 *
 * <p>A tensor never copies unless a method says so: {@link #of(float[], int...)} wraps, {@link
 * #view(float[], int, int...)} and {@link #reshape} share the array. Element types are never
 * converted silently. Not synchronised.
 *
 * <p>The parameters and statistics of a model may be packed (see {@link Packing}). Their tensors
 * behave as any other, except that their elements are not a slice of the array, so {@link
 * #floatArray} and {@link #doubleArray} refuse.
 */
public final class Tensor {
  private final DType dtype;
  private final float[] floats;
  private final double[] doubles;
  private final int[] ints;
  private final long[] longs;
  private final int offset;
  private final int[] shape;
  private final int size;

  /** Where the elements lie, or null if they lie one after the other. */
  private final PackedOrder packed;

  private Tensor(DType dtype, float[] floats, double[] doubles, int offset, int[] shape, int size) {
    this(dtype, floats, doubles, null, null, offset, shape, size, null);
  }

  private Tensor(
      DType dtype,
      float[] floats,
      double[] doubles,
      int[] ints,
      long[] longs,
      int offset,
      int[] shape,
      int size,
      PackedOrder packed) {
    this.dtype = dtype;
    this.floats = floats;
    this.doubles = doubles;
    this.ints = ints;
    this.longs = longs;
    this.offset = offset;
    this.shape = shape;
    this.size = size;
    this.packed = packed;
  }

  /**
   * Wraps an array without copying it.
   *
   * @param values row-major elements; later changes to the array are seen by the tensor
   * @param shape extents; without any, one scalar
   * @return a float32 tensor
   * @throws IllegalArgumentException if the array's length is not the product of the extents
   */
  public static Tensor of(float[] values, int... shape) {
    Objects.requireNonNull(values, "values");
    Objects.requireNonNull(shape, "shape");
    int size = TensorChecks.size(values.length, shape);
    return new Tensor(DType.FLOAT32, values, null, 0, shape.clone(), size);
  }

  /**
   * Wraps an array without copying it.
   *
   * @param values row-major elements; later changes to the array are seen by the tensor
   * @param shape extents; without any, one scalar
   * @return a float64 tensor
   * @throws IllegalArgumentException if the array's length is not the product of the extents
   */
  public static Tensor of(double[] values, int... shape) {
    Objects.requireNonNull(values, "values");
    Objects.requireNonNull(shape, "shape");
    int size = TensorChecks.size(values.length, shape);
    return new Tensor(DType.FLOAT64, null, values, 0, shape.clone(), size);
  }

  /**
   * Wraps an array without copying it.
   *
   * @param values row-major elements; later changes to the array are seen by the tensor
   * @param shape extents; without any, one scalar
   * @return an int32 tensor
   * @throws IllegalArgumentException if the array's length is not the product of the extents
   */
  public static Tensor of(int[] values, int... shape) {
    Objects.requireNonNull(values, "values");
    Objects.requireNonNull(shape, "shape");
    int size = TensorChecks.size(values.length, shape);
    return new Tensor(DType.INT32, null, null, values, null, 0, shape.clone(), size, null);
  }

  /**
   * Wraps an array without copying it.
   *
   * @param values row-major elements; later changes to the array are seen by the tensor
   * @param shape extents; without any, one scalar
   * @return an int64 tensor
   * @throws IllegalArgumentException if the array's length is not the product of the extents
   */
  public static Tensor of(long[] values, int... shape) {
    Objects.requireNonNull(values, "values");
    Objects.requireNonNull(shape, "shape");
    int size = TensorChecks.size(values.length, shape);
    return new Tensor(DType.INT64, null, null, null, values, 0, shape.clone(), size, null);
  }

  /**
   * A new tensor of zeros.
   *
   * @param dtype element type
   * @param shape extents; without any, one scalar
   * @return a tensor on an array of its own
   * @throws IllegalArgumentException for a negative extent or more elements than an array can hold
   */
  public static Tensor zeros(DType dtype, int... shape) {
    Objects.requireNonNull(dtype, "dtype");
    Objects.requireNonNull(shape, "shape");
    int size = Shapes.size(shape);
    return switch (dtype) {
      case FLOAT32 -> new Tensor(dtype, new float[size], null, 0, shape.clone(), size);
      case FLOAT64 -> new Tensor(dtype, null, new double[size], 0, shape.clone(), size);
      case INT32 ->
          new Tensor(dtype, null, null, new int[size], null, 0, shape.clone(), size, null);
      case INT64 ->
          new Tensor(dtype, null, null, null, new long[size], 0, shape.clone(), size, null);
    };
  }

  /**
   * A view on a slice of an array.
   *
   * @param array shared, not copied
   * @param offset index of the first element
   * @param shape extents; without any, one scalar
   * @return a float32 tensor
   * @throws IllegalArgumentException if the slice does not lie within the array
   */
  public static Tensor view(float[] array, int offset, int... shape) {
    Objects.requireNonNull(array, "array");
    Objects.requireNonNull(shape, "shape");
    int size = TensorChecks.sliceSize(array.length, offset, shape);
    return new Tensor(DType.FLOAT32, array, null, offset, shape.clone(), size);
  }

  /**
   * A view on a slice of an array.
   *
   * @param array shared, not copied
   * @param offset index of the first element
   * @param shape extents; without any, one scalar
   * @return a float64 tensor
   * @throws IllegalArgumentException if the slice does not lie within the array
   */
  public static Tensor view(double[] array, int offset, int... shape) {
    Objects.requireNonNull(array, "array");
    Objects.requireNonNull(shape, "shape");
    int size = TensorChecks.sliceSize(array.length, offset, shape);
    return new Tensor(DType.FLOAT64, null, array, offset, shape.clone(), size);
  }

  /**
   * A view on a slice of an array.
   *
   * @param array shared, not copied
   * @param offset index of the first element
   * @param shape extents; without any, one scalar
   * @return an int64 tensor
   * @throws IllegalArgumentException if the slice does not lie within the array
   */
  public static Tensor view(long[] array, int offset, int... shape) {
    Objects.requireNonNull(array, "array");
    Objects.requireNonNull(shape, "shape");
    int size = TensorChecks.sliceSize(array.length, offset, shape);
    return new Tensor(DType.INT64, null, null, null, array, offset, shape.clone(), size, null);
  }

  /**
   * Some samples of this tensor, which share its array.
   *
   * @param from number of the first, along the first axis
   * @param count how many
   * @return a view {@code [count, ...]}
   * @throws IndexOutOfBoundsException if these are not samples of the tensor, or it has no axis
   * @throws IllegalStateException if the tensor is packed
   */
  public Tensor samples(int from, int count) {
    int all = dim(0);
    if (from < 0 || count < 0 || from > all - count) {
      throw new IndexOutOfBoundsException(
          "Samples ["
              + from
              + ", "
              + (from + count)
              + ") of a tensor of shape "
              + Shapes.text(shape)
              + ".");
    }
    if (packed != null) {
      throw packedArray(dtype == DType.FLOAT32 ? "toFloatArray" : "toDoubleArray");
    }
    int perSample = all == 0 ? 0 : size / all;
    int[] part = shape.clone();
    part[0] = count;
    return new Tensor(
        dtype,
        floats,
        doubles,
        ints,
        longs,
        offset + from * perSample,
        part,
        count * perSample,
        null);
  }

  /**
   * A view on packed elements; called by the state of a model.
   *
   * @param array shared, not copied
   * @param offset index of the first place
   * @param order where the elements lie from there on, and their shape
   * @return a packed float32 tensor
   * @throws IllegalArgumentException if the places do not lie within the array
   */
  public static Tensor packed(float[] array, int offset, PackedOrder order) {
    Objects.requireNonNull(array, "array");
    TensorChecks.requirePlaces(array.length, offset, order);
    return packed(DType.FLOAT32, array, null, offset, order);
  }

  /**
   * A view on packed elements; called by the state of a model.
   *
   * @param array shared, not copied
   * @param offset index of the first place
   * @param order where the elements lie from there on, and their shape
   * @return a packed float64 tensor
   * @throws IllegalArgumentException if the places do not lie within the array
   */
  public static Tensor packed(double[] array, int offset, PackedOrder order) {
    Objects.requireNonNull(array, "array");
    TensorChecks.requirePlaces(array.length, offset, order);
    return packed(DType.FLOAT64, null, array, offset, order);
  }

  private static Tensor packed(
      DType dtype, float[] floats, double[] doubles, int offset, PackedOrder order) {
    return new Tensor(
        dtype, floats, doubles, null, null, offset, order.shape(), order.elements(), order);
  }

  /**
   * The element type.
   *
   * @return the type of every element
   */
  public DType dtype() {
    return dtype;
  }

  /**
   * The number of axes.
   *
   * @return 0 for a scalar
   */
  public int rank() {
    return shape.length;
  }

  /**
   * The extent of one axis.
   *
   * @param axis from 0
   * @return the extent
   * @throws IndexOutOfBoundsException if there is no such axis
   */
  public int dim(int axis) {
    if (axis < 0 || axis >= shape.length) {
      throw new IndexOutOfBoundsException(
          "Axis " + axis + " of a tensor of shape " + Shapes.text(shape) + ".");
    }
    return shape[axis];
  }

  /**
   * The extents.
   *
   * @return a copy
   */
  public int[] shape() {
    return shape.clone();
  }

  /**
   * Whether another tensor has the same extents; element types may differ.
   *
   * @param other the other tensor
   * @return true if rank and all extents are equal
   */
  public boolean sameShape(Tensor other) {
    Objects.requireNonNull(other, "other");
    return Arrays.equals(shape, other.shape);
  }

  /**
   * The number of elements.
   *
   * @return the product of the extents
   */
  public int size() {
    return size;
  }

  /**
   * Whether the elements lie in an order of their own, with gaps, as some parameters' do.
   *
   * @return false for all tensors but those of packed parameters and statistics, and views of them
   */
  public boolean isPacked() {
    return packed != null;
  }

  /**
   * Where the tensor begins in the backing array.
   *
   * @return the index of the first element in {@link #floatArray}, {@link #doubleArray}, {@link
   *     #intArray} or {@link #longArray}; of the first place in the model's flat array for a packed
   *     tensor
   */
  public int offset() {
    return offset;
  }

  /**
   * The backing array; this tensor's elements are {@link #offset} to {@code offset + size - 1}.
   *
   * @return the array itself, not a copy
   * @throws IllegalStateException if this is no float32 tensor, or a packed one
   */
  public float[] floatArray() {
    if (floats == null) {
      throw wrongArray("float[]", ownArray() + "() or toFloatArray()");
    }
    if (packed != null) {
      throw packedArray("toFloatArray");
    }
    return floats;
  }

  /**
   * The backing array; this tensor's elements are {@link #offset} to {@code offset + size - 1}.
   *
   * @return the array itself, not a copy
   * @throws IllegalStateException if this is no float64 tensor, or a packed one
   */
  public double[] doubleArray() {
    if (doubles == null) {
      throw wrongArray("double[]", ownArray() + "() or toDoubleArray()");
    }
    if (packed != null) {
      throw packedArray("toDoubleArray");
    }
    return doubles;
  }

  /**
   * The backing array; this tensor's elements are {@link #offset} to {@code offset + size - 1}.
   *
   * @return the array itself, not a copy
   * @throws IllegalStateException if this is no int32 tensor
   */
  public int[] intArray() {
    if (ints == null) {
      throw wrongArray("int[]", ownArray() + "()");
    }
    return ints;
  }

  /**
   * The backing array; this tensor's elements are {@link #offset} to {@code offset + size - 1}.
   *
   * @return the array itself, not a copy
   * @throws IllegalStateException if this is no int64 tensor
   */
  public long[] longArray() {
    if (longs == null) {
      throw wrongArray("long[]", ownArray() + "()");
    }
    return longs;
  }

  private String ownArray() {
    return switch (dtype) {
      case FLOAT32 -> "floatArray";
      case FLOAT64 -> "doubleArray";
      case INT32 -> "intArray";
      case INT64 -> "longArray";
    };
  }

  /**
   * One element.
   *
   * @param index one index for every axis
   * @return the element; float32 and int32 elements are widened, which is exact; int64 elements
   *     beyond 2^53 become the nearest double, and {@link #getLong} gives them as they are
   * @throws IndexOutOfBoundsException if an index is out of range or there are too few or too many
   */
  public double get(int... index) {
    Objects.requireNonNull(index, "index");
    return element(position(index));
  }

  private double element(int at) {
    if (ints != null) {
      return ints[at];
    }
    if (longs != null) {
      return longs[at];
    }
    return floats != null ? floats[at] : doubles[at];
  }

  /**
   * Writes one element.
   *
   * @param value the value; rounded to the nearest float in a float32 tensor
   * @param index one index for every axis
   * @throws IndexOutOfBoundsException if an index is out of range or there are too few or too many
   * @throws IllegalArgumentException if the value is no int, but this an int32 tensor, or no long,
   *     but this an int64 tensor
   */
  public void set(double value, int... index) {
    Objects.requireNonNull(index, "index");
    put(position(index), value);
  }

  /**
   * One whole number.
   *
   * @param index one index for every axis
   * @return the element
   * @throws IndexOutOfBoundsException if an index is out of range or there are too few or too many
   * @throws IllegalStateException if this is no int64 or int32 tensor
   */
  public long getLong(int... index) {
    Objects.requireNonNull(index, "index");
    int at = position(index);
    if (longs != null) {
      return longs[at];
    }
    if (ints != null) {
      return ints[at];
    }
    throw noWholeNumbers("get");
  }

  /**
   * Writes one whole number.
   *
   * @param value the value
   * @param index one index for every axis
   * @throws IndexOutOfBoundsException if an index is out of range or there are too few or too many
   * @throws IllegalStateException if this is no int64 or int32 tensor
   * @throws IllegalArgumentException if the value is no int, but this an int32 tensor
   */
  public void setLong(long value, int... index) {
    Objects.requireNonNull(index, "index");
    int at = position(index);
    if (longs != null) {
      longs[at] = value;
    } else if (ints != null) {
      if (value != (int) value) {
        throw cannotHold(String.valueOf(value), "int");
      }
      ints[at] = (int) value;
    } else {
      throw noWholeNumbers("set");
    }
  }

  private IllegalStateException noWholeNumbers(String remedy) {
    return new IllegalStateException(
        "A tensor of " + describe() + " has no whole numbers: use " + remedy + ".");
  }

  private IllegalArgumentException cannotHold(String value, String type) {
    return new IllegalArgumentException(
        "A tensor of " + describe() + " cannot hold " + value + ", which is no " + type + ".");
  }

  private void put(int at, double value) {
    if (floats != null) {
      floats[at] = (float) value;
    } else if (doubles != null) {
      doubles[at] = value;
    } else if (ints != null) {
      ints[at] = wholeInt(value);
    } else {
      longs[at] = wholeLong(value);
    }
  }

  private int wholeInt(double value) {
    if (value != (int) value) {
      throw cannotHold(String.valueOf(value), "int");
    }
    return (int) value;
  }

  /** 2^63 is no long, but the cast makes it one that is equal to it as a double. */
  private long wholeLong(double value) {
    if (value != (long) value || value == 0x1p63) {
      throw cannotHold(String.valueOf(value), "long");
    }
    return (long) value;
  }

  /**
   * The elements in row-major order.
   *
   * @return a new array; elements of all other types are rounded to the nearest float
   */
  public float[] toFloatArray() {
    float[] copy = new float[size];
    if (packed != null) {
      unpack(copy);
    } else if (floats != null) {
      System.arraycopy(floats, offset, copy, 0, size);
    } else {
      for (int i = 0; i < size; i++) {
        copy[i] = (float) element(offset + i);
      }
    }
    return copy;
  }

  /**
   * The elements in row-major order.
   *
   * @return a new array; float32 and int32 elements are widened, which is exact, and int64 elements
   *     rounded to the nearest double
   */
  public double[] toDoubleArray() {
    double[] copy = new double[size];
    if (packed != null) {
      unpack(copy);
    } else if (doubles != null) {
      System.arraycopy(doubles, offset, copy, 0, size);
    } else {
      for (int i = 0; i < size; i++) {
        copy[i] = element(offset + i);
      }
    }
    return copy;
  }

  /**
   * The whole numbers in row-major order.
   *
   * @return a new array; int32 elements are widened
   * @throws IllegalStateException if this is no int64 or int32 tensor
   */
  public long[] toLongArray() {
    if (longs != null) {
      return Arrays.copyOfRange(longs, offset, offset + size);
    }
    if (ints == null) {
      throw noWholeNumbers(floats != null ? "toFloatArray" : "toDoubleArray");
    }
    long[] copy = new long[size];
    for (int i = 0; i < size; i++) {
      copy[i] = ints[offset + i];
    }
    return copy;
  }

  /**
   * Whether a change of one may be a change of the other: they are views of one array.
   *
   * @param other the other tensor
   * @return true also if they are views of different slices
   */
  public boolean sharesArrayWith(Tensor other) {
    Objects.requireNonNull(other, "other");
    return array() == other.array();
  }

  /**
   * Whether its elements lie in this array.
   *
   * @param array of any type
   * @return true if this is a view of it
   */
  public boolean liesIn(Object array) {
    Objects.requireNonNull(array, "array");
    return array() == array;
  }

  private Object array() {
    if (floats != null) {
      return floats;
    }
    return doubles != null ? doubles : ints != null ? ints : longs;
  }

  /**
   * A tensor of the same type, shape and elements on an array of its own.
   *
   * @return a new tensor in row-major order, also of a packed one
   */
  public Tensor copy() {
    Tensor copy = zeros(dtype, shape);
    copy.copyFrom(this);
    return copy;
  }

  /**
   * Copies all elements of another tensor into this one.
   *
   * @param source same shape and element type
   * @throws IllegalArgumentException if shape or element type differ; nothing is copied then
   */
  public void copyFrom(Tensor source) {
    Objects.requireNonNull(source, "source");
    if (source.dtype != dtype || !sameShape(source)) {
      throw new IllegalArgumentException(
          "Cannot copy "
              + source.describe()
              + " into "
              + describe()
              + ": shape and element type must be equal.");
    }
    if (packed != null) {
      packFrom(source);
    } else if (source.packed != null) {
      source.unpackInto(this);
    } else if (floats != null) {
      System.arraycopy(source.floats, source.offset, floats, offset, size);
    } else if (doubles != null) {
      System.arraycopy(source.doubles, source.offset, doubles, offset, size);
    } else if (ints != null) {
      System.arraycopy(source.ints, source.offset, ints, offset, size);
    } else {
      System.arraycopy(source.longs, source.offset, longs, offset, size);
    }
  }

  /** Row by row: the rows of the packing, whatever shape the tensor has been given since. */
  private void packFrom(Tensor source) {
    int row = packed.rowLength();
    for (int first = 0; first < size; first += row) {
      int start = offset + packed.rowPlace(first);
      for (int i = 0; i < row; i++) {
        int from = source.place(first + i);
        if (floats != null) {
          floats[start + packed.inRow(i)] = source.floats[from];
        } else {
          doubles[start + packed.inRow(i)] = source.doubles[from];
        }
      }
    }
  }

  private void unpackInto(Tensor target) {
    int row = packed.rowLength();
    for (int first = 0; first < size; first += row) {
      int start = offset + packed.rowPlace(first);
      int to = target.offset + first;
      for (int i = 0; i < row; i++) {
        if (floats != null) {
          target.floats[to + i] = floats[start + packed.inRow(i)];
        } else {
          target.doubles[to + i] = doubles[start + packed.inRow(i)];
        }
      }
    }
  }

  private void unpack(float[] copy) {
    int row = packed.rowLength();
    for (int first = 0; first < size; first += row) {
      int start = offset + packed.rowPlace(first);
      for (int i = 0; i < row; i++) {
        int from = start + packed.inRow(i);
        copy[first + i] = floats != null ? floats[from] : (float) doubles[from];
      }
    }
  }

  private void unpack(double[] copy) {
    int row = packed.rowLength();
    for (int first = 0; first < size; first += row) {
      int start = offset + packed.rowPlace(first);
      for (int i = 0; i < row; i++) {
        int from = start + packed.inRow(i);
        copy[first + i] = floats != null ? floats[from] : doubles[from];
      }
    }
  }

  /** Index into the backing array of an element by its row-major index. */
  private int place(int index) {
    return packed == null ? offset + index : offset + packed.place(index);
  }

  /**
   * Sets every element.
   *
   * @param value the value; rounded to the nearest float in a float32 tensor
   * @throws IllegalArgumentException if the value is no int, but this an int32 tensor, or no long,
   *     but this an int64 tensor
   */
  public void fill(double value) {
    if (packed != null) {
      for (int i = 0; i < size; i++) {
        put(place(i), value);
      }
    } else if (floats != null) {
      Arrays.fill(floats, offset, offset + size, (float) value);
    } else if (doubles != null) {
      Arrays.fill(doubles, offset, offset + size, value);
    } else if (ints != null) {
      Arrays.fill(ints, offset, offset + size, wholeInt(value));
    } else {
      Arrays.fill(longs, offset, offset + size, wholeLong(value));
    }
  }

  /**
   * The same elements under another shape.
   *
   * @param newShape extents with the same product
   * @return a view that shares this tensor's array
   * @throws IllegalArgumentException if the number of elements differs
   */
  public Tensor reshape(int... newShape) {
    Objects.requireNonNull(newShape, "newShape");
    if (Shapes.size(newShape) != size) {
      throw new IllegalArgumentException(
          "Cannot reshape "
              + describe()
              + " with "
              + size
              + " elements to "
              + Shapes.text(newShape)
              + " with "
              + Shapes.size(newShape)
              + ".");
    }
    return new Tensor(dtype, floats, doubles, ints, longs, offset, newShape.clone(), size, packed);
  }

  /**
   * Type and shape, such as {@code float32 [2, 3]}.
   *
   * @return text for messages
   */
  public String describe() {
    return dtype + " " + Shapes.text(shape);
  }

  /**
   * Type, shape and values in nested brackets: {@code float32 [2, 2] [[1.0, 2.0], [3.0, 4.0]]}. Of
   * more than 64 elements those at the ends of each axis are shown, with {@code ...} between them.
   * Independent of the locale.
   */
  @Override
  public String toString() {
    return TensorText.of(this);
  }

  /** One element by its row-major index; these toString methods know no locale. */
  String text(int index) {
    int at = place(index);
    if (ints != null) {
      return Integer.toString(ints[at]);
    }
    if (longs != null) {
      return Long.toString(longs[at]);
    }
    return floats != null ? Float.toString(floats[at]) : Double.toString(doubles[at]);
  }

  private int position(int[] index) {
    return place(TensorChecks.rowMajorIndex(shape, index));
  }

  private IllegalStateException packedArray(String remedy) {
    return new IllegalStateException(
        "A packed tensor of "
            + describe()
            + " has no row-major slice of an array: read a copy from "
            + remedy
            + "(), and write with set, fill or copyFrom.");
  }

  private IllegalStateException wrongArray(String wanted, String remedy) {
    return new IllegalStateException(
        "A tensor of " + describe() + " has no " + wanted + ": use " + remedy + ".");
  }
}
