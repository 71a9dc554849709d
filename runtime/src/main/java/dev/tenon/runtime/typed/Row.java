package dev.tenon.runtime.typed;

import dev.tenon.runtime.DType;
import java.util.Arrays;
import java.util.Objects;

/**
 * The values of one object, one after the other. Generated code writes or reads them in the order
 * of the columns. Values are doubles, which hold every {@code float} and {@code int} exactly,
 * whatever the network computes in.
 *
 * <p>Internal: for generated code, and may change with any version.
 */
public final class Row {
  private static final int ALONE = -1;

  private final String network;
  private final Columns columns;
  private final double[] values;

  /** What each value has beyond its double: of large longs only. */
  private final double[] remainders;

  private int index = ALONE;
  private int at;

  Row(String network, Columns columns) {
    this.network = network;
    this.columns = columns;
    values = new double[columns.size()];
    remainders = new double[columns.size()];
  }

  double[] values() {
    return values;
  }

  double[] remainders() {
    return remainders;
  }

  /** The difference of a value and a sum of two doubles. */
  double minus(int column, double high, double low) {
    return (values[column] - high) + (remainders[column] - low);
  }

  /** Goes to the first column, to write the object at this index of a list. */
  void startAt(int newIndex) {
    index = newIndex;
    at = 0;
  }

  /** Goes to the first column, to write or read an object that is in no list. */
  void start() {
    startAt(ALONE);
  }

  // ------------------------------------------------------------------------------- to write

  /**
   * Writes a number.
   *
   * @param value finite
   * @throws IllegalArgumentException if it is NaN or infinite
   */
  public void number(double value) {
    if (!Double.isFinite(value)) {
      throw wrong(
          columns.names().get(at),
          "is "
              + value
              + ", but must be a finite number; a NaN here makes everything NaN. Leave the sample"
              + " out, or say in a boolean component that the value is missing.");
    }
    remainders[at] = 0;
    values[at++] = value;
  }

  /**
   * Writes a whole number, of which nothing is lost.
   *
   * @param value any
   */
  public void number(long value) {
    double nearest = (double) value;
    // 2^63 is no long; the largest one is 1 less.
    double rest =
        nearest == 0x1p63
            ? (double) (value - Long.MAX_VALUE) - 1
            : (double) (value - (long) nearest);
    remainders[at] = rest;
    values[at++] = nearest;
  }

  /**
   * Writes a boolean, as 1 or 0.
   *
   * @param value what to write
   */
  public void flag(boolean value) {
    values[at++] = value ? 1 : 0;
  }

  /**
   * Writes an enum constant: 1 in its column, 0 in those of the others.
   *
   * @param value not null
   * @param constants how many the enum has
   * @throws IllegalArgumentException if it is null
   */
  @SuppressWarnings("EnumOrdinal") // Columns stand in the order of the constants.
  public void choice(Enum<?> value, int constants) {
    if (value == null) {
      throw wrong(columns.component(at), "is null.");
    }
    Arrays.fill(values, at, at + constants, 0);
    values[at + value.ordinal()] = 1;
    at += constants;
  }

  /**
   * Writes the number of an enum constant.
   *
   * @param value not null
   * @throws IllegalArgumentException if it is null
   */
  @SuppressWarnings("EnumOrdinal") // Rows of an embedding stand in the order of the constants.
  public void index(Enum<?> value) {
    if (value == null) {
      throw wrong(columns.component(at), "is null.");
    }
    values[at++] = value.ordinal();
  }

  /**
   * Writes the elements of an array.
   *
   * @param elements finite, as many as {@code size}
   * @param size what {@code @Size} says
   * @throws IllegalArgumentException if it is null, has another length or an element that is NaN or
   *     infinite
   */
  public void numbers(float[] elements, int size) {
    requireLength(elements == null ? ALONE : elements.length, size);
    for (float element : elements) {
      number(element);
    }
  }

  /**
   * Writes the elements of an array.
   *
   * @param elements finite, as many as {@code size}
   * @param size what {@code @Size} says
   * @throws IllegalArgumentException if it is null, has another length or an element that is NaN or
   *     infinite
   */
  public void numbers(double[] elements, int size) {
    requireLength(elements == null ? ALONE : elements.length, size);
    for (double element : elements) {
      number(element);
    }
  }

  private void requireLength(int length, int size) {
    if (length == ALONE) {
      throw wrong(columns.component(at), "is null.");
    }
    if (length != size) {
      throw wrong(
          columns.component(at),
          "has " + length + " elements, but @Size says " + size + "; pad or cut the array.");
    }
  }

  /**
   * Checks a nested record, whose values are written next.
   *
   * @param value not null
   * @param component its path
   * @param <V> its type
   * @return the value
   * @throws IllegalArgumentException if it is null
   */
  public <V> V record(V value, String component) {
    Objects.requireNonNull(component, "component");
    if (value == null) {
      throw wrong(component, "is null.");
    }
    return value;
  }

  IllegalArgumentException wrong(String component, String what) {
    return new IllegalArgumentException(subject() + component + " " + what);
  }

  /** A value that the network's type cannot hold, as it is or once normalised. */
  IllegalArgumentException tooLarge(int column, double stored, Moments moments, DType dtype) {
    boolean normalized = moments.std(column) != 1 || moments.mean(column) != 0;
    String type = dtype == DType.FLOAT32 ? "float32" : "float64";
    return wrong(
        columns.names().get(column),
        "is "
            + values[column]
            + (normalized
                ? ", which is "
                    + stored
                    + " once it is normalised (mean "
                    + moments.mean(column)
                    + ", standard deviation "
                    + moments.std(column)
                    + "), more than a "
                    + type
                    + " network can hold. Look at the sample and at the statistics"
                : ", which is more than a " + type + " network can hold. Look at the sample")
            + (dtype == DType.FLOAT32
                ? ", give the record a smaller unit or its logarithm, or set precision ="
                    + " Precision.FLOAT64."
                : ", or give the record a smaller unit or its logarithm."));
  }

  /** Names and values, the first few of them. */
  String described() {
    int shown = Math.min(values.length, 8);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < shown; i++) {
      text.append(i == 0 ? "" : ", ")
          .append(columns.names().get(i))
          .append(" = ")
          .append(values[i]);
    }
    return text.append(shown < values.length ? ", ..." : "").toString();
  }

  /** A column that has no standard deviation. */
  IllegalArgumentException tooWide(int column, double least, double most) {
    return new IllegalArgumentException(
        network
            + ", "
            + columns.type()
            + ": "
            + columns.names().get(column)
            + " goes from "
            + least
            + " to "
            + most
            + ", a spread that a double cannot hold, so it cannot be normalised. Give the record a"
            + " smaller unit or its logarithm.");
  }

  /** The values of an object at a place; the object itself must be there. */
  <V> void write(V value, RowWriter<V> writer, int place) {
    startAt(place);
    if (value == null) {
      throw new IllegalArgumentException(
          network
              + ": the "
              + columns.type()
              + (index == ALONE ? "" : " at index " + index)
              + " is null.");
    }
    writer.write(value, this);
  }

  private String subject() {
    return network + ", " + columns.type() + (index == ALONE ? "" : " at index " + index) + ": ";
  }

  // -------------------------------------------------------------------------------- to read

  /**
   * Reads a boolean.
   *
   * @return whether the value is above 0.5
   */
  public boolean readBoolean() {
    return values[at++] > 0.5;
  }

  /**
   * Reads a number.
   *
   * @return the value
   */
  public double readDouble() {
    return values[at++];
  }

  /**
   * Reads a number.
   *
   * @return the value, rounded to the nearest finite float
   */
  public float readFloat() {
    return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, values[at++]));
  }

  /**
   * Reads a number.
   *
   * @return the nearest long
   */
  public long readLong() {
    return (long) Math.rint(values[at++]);
  }

  /**
   * Reads a number.
   *
   * @return the nearest int
   */
  public int readInt() {
    return (int) Math.rint(values[at++]);
  }

  /**
   * Reads a number.
   *
   * @return the nearest short
   */
  public short readShort() {
    return (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, readInt()));
  }

  /**
   * Reads a number.
   *
   * @return the nearest byte
   */
  public byte readByte() {
    return (byte) Math.max(Byte.MIN_VALUE, Math.min(Byte.MAX_VALUE, readInt()));
  }

  /**
   * Reads an array.
   *
   * @param size its length
   * @return a new array
   */
  public float[] readFloats(int size) {
    float[] elements = new float[size];
    for (int i = 0; i < size; i++) {
      elements[i] = readFloat();
    }
    return elements;
  }

  /**
   * Reads an array.
   *
   * @param size its length
   * @return a new array
   */
  public double[] readDoubles(int size) {
    at += size;
    return Arrays.copyOfRange(values, at - size, at);
  }
}
