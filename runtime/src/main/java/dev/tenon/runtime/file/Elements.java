package dev.tenon.runtime.file;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * The way of elements between the little-endian bytes of a file and tensors, piece by piece through
 * a small buffer.
 */
final class Elements {
  /** Small enough for the processor's cache, large enough that calls of the system do not count. */
  private static final int PIECE = 1 << 17;

  private Elements() {}

  /**
   * Reads a tensor whose elements lie one after the other in row-major order.
   *
   * @param what the file and the entry, for messages
   * @param shape with a product that an int can hold
   */
  static Tensor read(String what, ElementType type, int[] shape, Bytes bytes, long position)
      throws IOException {
    DType target =
        type.tensorType()
            .orElseThrow(
                () ->
                    new WeightsException(
                        what
                            + " has elements of type "
                            + type
                            + ", which are listed and copied, but not read; read are "
                            + ElementType.readable()
                            + "."));
    int size = 1;
    for (int extent : shape) {
      size *= extent;
    }
    byte[] piece = piece((long) size * type.bytes());
    int perPiece = Math.max(1, piece.length / type.bytes());
    Sink sink = sink(what, type, target, size);
    for (int from = 0; from < size; from += perPiece) {
      int count = Math.min(perPiece, size - from);
      bytes.read(position + (long) from * type.bytes(), piece, 0, count * type.bytes());
      sink.take(littleEndian(piece, count * type.bytes()), from, count);
    }
    return sink.tensor(shape);
  }

  /** Copies bytes as they are. */
  static void copy(Bytes bytes, long position, long count, OutputStream out) throws IOException {
    byte[] piece = piece(count);
    for (long from = 0; from < count; from += piece.length) {
      int length = (int) Math.min(piece.length, count - from);
      bytes.read(position + from, piece, 0, length);
      out.write(piece, 0, length);
    }
  }

  /** Writes the elements of a tensor in row-major order. */
  static void write(Tensor tensor, OutputStream out) throws IOException {
    int width = ElementType.of(tensor.dtype()).bytes();
    byte[] piece = piece((long) tensor.size() * width);
    int perPiece = Math.max(1, piece.length / width);
    Filler filler = filler(tensor);
    for (int from = 0; from < tensor.size(); from += perPiece) {
      int count = Math.min(perPiece, tensor.size() - from);
      filler.give(littleEndian(piece, count * width), from, count);
      out.write(piece, 0, count * width);
    }
  }

  /** What a tensor takes in memory, for each byte that it takes in the file. */
  static long inMemory(DType type, long elements) {
    return elements * (type == DType.FLOAT64 || type == DType.INT64 ? Long.BYTES : Integer.BYTES);
  }

  private static byte[] piece(long bytes) {
    return new byte[(int) Math.min(PIECE, bytes)];
  }

  private static ByteBuffer littleEndian(byte[] bytes, int count) {
    return ByteBuffer.wrap(bytes, 0, count).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Takes pieces of a tensor that is read. */
  private interface Sink {
    void take(ByteBuffer piece, int from, int count) throws WeightsException;

    Tensor tensor(int... shape);
  }

  /** Gives pieces of a tensor that is written. */
  private interface Filler {
    void give(ByteBuffer piece, int from, int count);
  }

  private static Sink sink(String what, ElementType type, DType target, int size)
      throws WeightsException {
    return switch (target) {
      case FLOAT32 -> new FloatSink(type, Memory.array(float[]::new, size, Float.BYTES, what));
      case FLOAT64 -> new DoubleSink(Memory.array(double[]::new, size, Double.BYTES, what));
      case INT32 -> new IntSink(what, type, Memory.array(int[]::new, size, Integer.BYTES, what));
      case INT64 -> new LongSink(type, Memory.array(long[]::new, size, Long.BYTES, what));
    };
  }

  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  private record FloatSink(ElementType type, float[] values) implements Sink {
    @Override
    public void take(ByteBuffer piece, int from, int count) {
      if (type == ElementType.F32) {
        piece.asFloatBuffer().get(values, from, count);
        return;
      }
      boolean brain = type == ElementType.BF16;
      for (int i = 0; i < count; i++) {
        short bits = piece.getShort(i * Short.BYTES);
        values[from + i] = brain ? ofBrain(bits) : ofHalf(bits);
      }
    }

    @Override
    public Tensor tensor(int... shape) {
      return Tensor.of(values, shape);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  private record DoubleSink(double[] values) implements Sink {
    @Override
    public void take(ByteBuffer piece, int from, int count) {
      piece.asDoubleBuffer().get(values, from, count);
    }

    @Override
    public Tensor tensor(int... shape) {
      return Tensor.of(values, shape);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  private record IntSink(String what, ElementType type, int[] values) implements Sink {
    @Override
    public void take(ByteBuffer piece, int from, int count) throws WeightsException {
      if (type == ElementType.I32) {
        piece.asIntBuffer().get(values, from, count);
        return;
      }
      for (int i = 0; i < count; i++) {
        values[from + i] =
            switch (type) {
              case I8 -> piece.get(i);
              case U8 -> Byte.toUnsignedInt(piece.get(i));
              case I16 -> piece.getShort(i * Short.BYTES);
              case U16 -> Short.toUnsignedInt(piece.getShort(i * Short.BYTES));
              default -> truth(piece.get(i), from + i);
            };
      }
    }

    private int truth(byte value, int index) throws WeightsException {
      if (value != 0 && value != 1) {
        throw new WeightsException(
            String.format(
                Locale.ROOT,
                "%s is of type BOOL, so its bytes are 0 or 1, but element %d is %d.",
                what,
                index,
                Byte.toUnsignedInt(value)));
      }
      return value;
    }

    @Override
    public Tensor tensor(int... shape) {
      return Tensor.of(values, shape);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  private record LongSink(ElementType type, long[] values) implements Sink {
    @Override
    public void take(ByteBuffer piece, int from, int count) {
      if (type == ElementType.I64) {
        piece.asLongBuffer().get(values, from, count);
        return;
      }
      for (int i = 0; i < count; i++) {
        values[from + i] = Integer.toUnsignedLong(piece.getInt(i * Integer.BYTES));
      }
    }

    @Override
    public Tensor tensor(int... shape) {
      return Tensor.of(values, shape);
    }
  }

  private static Filler filler(Tensor tensor) {
    int offset = tensor.isPacked() ? 0 : tensor.offset();
    return switch (tensor.dtype()) {
      case FLOAT32 -> {
        float[] values = tensor.isPacked() ? tensor.toFloatArray() : tensor.floatArray();
        yield (piece, from, count) -> piece.asFloatBuffer().put(values, offset + from, count);
      }
      case FLOAT64 -> {
        double[] values = tensor.isPacked() ? tensor.toDoubleArray() : tensor.doubleArray();
        yield (piece, from, count) -> piece.asDoubleBuffer().put(values, offset + from, count);
      }
      case INT32 -> {
        int[] values = tensor.intArray();
        yield (piece, from, count) -> piece.asIntBuffer().put(values, offset + from, count);
      }
      case INT64 -> {
        long[] values = tensor.longArray();
        yield (piece, from, count) -> piece.asLongBuffer().put(values, offset + from, count);
      }
    };
  }

  /** A brain float is the upper half of a float. */
  private static float ofBrain(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** IEEE half precision: 1 sign bit, 5 of the exponent, 10 of the fraction. All fit a float. */
  static float ofHalf(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) {
      // Zero or subnormal: a multiple of 2^-24, which a float holds exactly.
      float value = fraction * 0x1p-24f;
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(value));
    }
    // The exponents are biased by 15 and by 127; the highest is infinity or no number.
    int widened = exponent == 0x1f ? 0xff : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | (widened << 23) | (fraction << 13));
  }
}
