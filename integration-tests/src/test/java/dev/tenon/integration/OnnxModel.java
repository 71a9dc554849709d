package dev.tenon.integration;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * As much of an ONNX model as its conformance suite needs, read without generated classes: the
 * numbers of the fields are those of {@code onnx.proto3}, version 1.12.
 *
 * @param nodes in order
 * @param constants the initializers by name
 * @param inputs names of the graph's inputs, initializers left out
 * @param outputs names of the graph's outputs
 */
record OnnxModel(
    List<Node> nodes,
    Map<String, OnnxTensor> constants,
    List<String> inputs,
    List<String> outputs) {

  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  /** A tensor. */
  static final class OnnxTensor {
    private final String name;
    private final int[] shape;
    private final float[] values;
    private final int[] integers;

    OnnxTensor(String name, int[] shape, float[] values) {
      this(name, shape, values, null);
    }

    private OnnxTensor(String name, int[] shape, float[] values, int[] integers) {
      this.name = name;
      this.shape = shape;
      this.values = values;
      this.integers = integers;
    }

    /** Row-major; null unless the elements are int64. */
    int[] integers() {
      return integers;
    }

    String name() {
      return name;
    }

    /** Extents, none for a scalar. */
    int[] shape() {
      return shape;
    }

    /** Row-major; null unless the elements are float32. */
    float[] values() {
      return values;
    }

    boolean isFloat() {
      return values != null;
    }
  }

  /** One operation. */
  record Node(
      String operator,
      List<String> inputs,
      List<String> outputs,
      Map<String, UnknownFieldSet> attributes) {

    boolean has(String name) {
      return attributes.containsKey(name);
    }

    int integer(String name, int byDefault) {
      int[] values = integers(name, byDefault);
      return values[0];
    }

    /** Of AttributeProto, {@code i} (3) or {@code ints} (8). */
    int[] integers(String name, int... byDefault) {
      UnknownFieldSet attribute = attributes.get(name);
      if (attribute == null) {
        return byDefault;
      }
      int field = attribute.hasField(8) ? 8 : 3;
      return numbers(attribute.getField(field)).stream().mapToInt(Math::toIntExact).toArray();
    }

    /** Of AttributeProto, {@code f} (2). */
    float real(String name, float byDefault) {
      UnknownFieldSet attribute = attributes.get(name);
      return attribute == null
          ? byDefault
          : Float.intBitsToFloat(attribute.getField(2).getFixed32List().get(0));
    }

    /** Of AttributeProto, {@code s} (4). */
    String text(String name, String byDefault) {
      UnknownFieldSet attribute = attributes.get(name);
      return attribute == null ? byDefault : string(attribute, 4);
    }

    /** Of AttributeProto, {@code t} (5). */
    OnnxTensor tensor(String name) {
      return OnnxModel.tensor(message(attributes.get(name), 5));
    }
  }

  /** Reads a ModelProto. */
  static OnnxModel read(Path file) {
    UnknownFieldSet graph = message(parse(file), 7);
    List<Node> nodes = new ArrayList<>();
    messages(graph, 1).forEach(node -> nodes.add(node(node)));
    Map<String, OnnxTensor> constants = new LinkedHashMap<>();
    for (UnknownFieldSet initializer : messages(graph, 5)) {
      OnnxTensor tensor = tensor(initializer);
      constants.put(tensor.name(), tensor);
    }
    // Up to version 3 of the format, initializers are inputs too.
    List<String> inputs =
        messages(graph, 11).stream()
            .map(input -> string(input, 1))
            .filter(name -> !constants.containsKey(name))
            .toList();
    List<String> outputs = messages(graph, 12).stream().map(value -> string(value, 1)).toList();
    return new OnnxModel(nodes, constants, inputs, outputs);
  }

  /** Reads a TensorProto. */
  static OnnxTensor readTensor(Path file) {
    return tensor(parse(file));
  }

  private static Node node(UnknownFieldSet node) {
    Map<String, UnknownFieldSet> attributes = new LinkedHashMap<>();
    for (UnknownFieldSet attribute : messages(node, 5)) {
      attributes.put(string(attribute, 1), attribute);
    }
    return new Node(string(node, 4), strings(node, 1), strings(node, 2), attributes);
  }

  private static OnnxTensor tensor(UnknownFieldSet tensor) {
    int[] shape = numbers(tensor.getField(1)).stream().mapToInt(Math::toIntExact).toArray();
    long type = tensor.getField(2).getVarintList().get(0);
    return new OnnxTensor(
        string(tensor, 8),
        shape,
        type == FLOAT ? floats(tensor) : null,
        type == INT64 ? integers(tensor) : null);
  }

  /** The {@code raw_data} (9), little-endian: the suite stores all its tensors with elements so. */
  private static float[] floats(UnknownFieldSet tensor) {
    if (bytes(tensor, 9).isEmpty()) {
      return new float[0];
    }
    FloatBuffer raw =
        bytes(tensor, 9)
            .get(0)
            .asReadOnlyByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer();
    float[] values = new float[raw.remaining()];
    raw.get(values);
    return values;
  }

  private static int[] integers(UnknownFieldSet tensor) {
    LongBuffer raw =
        bytes(tensor, 9)
            .get(0)
            .asReadOnlyByteBuffer()
            .order(ByteOrder.LITTLE_ENDIAN)
            .asLongBuffer();
    int[] values = new int[raw.remaining()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.toIntExact(raw.get(i));
    }
    return values;
  }

  // ------------------------------------------------------------------------------ the wire format

  private static UnknownFieldSet parse(Path file) {
    try {
      return UnknownFieldSet.parseFrom(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private static UnknownFieldSet message(UnknownFieldSet in, int field) {
    return messages(in, field).get(0);
  }

  private static List<UnknownFieldSet> messages(UnknownFieldSet in, int field) {
    return bytes(in, field).stream()
        .map(
            bytes -> {
              try {
                return UnknownFieldSet.parseFrom(bytes);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .toList();
  }

  private static String string(UnknownFieldSet in, int field) {
    List<String> all = strings(in, field);
    return all.isEmpty() ? "" : all.get(0);
  }

  private static List<String> strings(UnknownFieldSet in, int field) {
    return bytes(in, field).stream().map(ByteString::toStringUtf8).toList();
  }

  private static List<ByteString> bytes(UnknownFieldSet in, int field) {
    return in.getField(field).getLengthDelimitedList();
  }

  /** Numbers stand one by one or packed. */
  private static List<Long> numbers(Field field) {
    List<Long> numbers = new ArrayList<>(field.getVarintList());
    for (ByteString packed : field.getLengthDelimitedList()) {
      try {
        CodedInputStream in = packed.newCodedInput();
        while (!in.isAtEnd()) {
          numbers.add(in.readInt64());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return numbers;
  }

  /** The product of extents. */
  static int size(int... shape) {
    return IntStream.of(shape).reduce(1, (a, b) -> a * b);
  }
}
