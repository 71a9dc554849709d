package dev.tenon.processor.declaration;

/** A component of a record at an end of a network, and how many values it has. */
public sealed interface Component {
  /** The component's name, that of its accessor too. */
  String name();

  /** How many values it has. */
  long width();

  /** Types of numbers. */
  enum NumberType {
    BYTE,
    SHORT,
    INT,
    LONG,
    FLOAT,
    DOUBLE
  }

  /** A number. */
  record OneNumber(String name, NumberType type) implements Component {
    @Override
    public long width() {
      return 1;
    }
  }

  /** A boolean. */
  record Flag(String name) implements Component {
    @Override
    public long width() {
      return 1;
    }
  }

  /**
   * An enum.
   *
   * @param constants how many it has
   */
  record Choice(String name, JavaType type, int constants) implements Component {
    @Override
    public long width() {
      return constants;
    }
  }

  /**
   * A {@code float[]} or {@code double[]}.
   *
   * @param element FLOAT or DOUBLE
   * @param size its length
   */
  record Numbers(String name, NumberType element, int size) implements Component {
    @Override
    public long width() {
      return size;
    }
  }

  /** A record in the record. */
  record Nested(String name, RecordType type) implements Component {
    @Override
    public long width() {
      return type.width();
    }
  }

  /** Something that is wrong, which has been reported, or that {@code @Ignore} leaves out. */
  record LeftOut(String name) implements Component {
    @Override
    public long width() {
      return 0;
    }
  }
}
