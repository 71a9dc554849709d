package dev.tenon.benchmarks.peers;

import com.google.protobuf.CodedOutputStream;
import dev.tenon.benchmarks.workload.LayerSpec;
import dev.tenon.benchmarks.workload.NetworkSpec;
import dev.tenon.benchmarks.workload.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Writes a network as an ONNX model in evaluation mode, its batch size fixed as its sizes are here:
 * a handful of the messages of {@code onnx.proto}, whose field numbers are named below.
 */
final class OnnxModel {
  /** The name of the input. */
  static final String INPUT = "x";

  private static final long IR_VERSION = 8;
  private static final long OPSET = 17;

  // ModelProto
  private static final int MODEL_IR_VERSION = 1;
  private static final int MODEL_GRAPH = 7;
  private static final int MODEL_OPSET_IMPORT = 8;
  private static final int OPSET_VERSION = 2;
  // GraphProto
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_NAME = 2;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;
  // NodeProto
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int NODE_OP_TYPE = 4;
  private static final int NODE_ATTRIBUTE = 5;
  // AttributeProto
  private static final int ATTRIBUTE_NAME = 1;
  private static final int ATTRIBUTE_F = 2;
  private static final int ATTRIBUTE_I = 3;
  private static final int ATTRIBUTE_INTS = 8;
  private static final int ATTRIBUTE_TYPE = 20;
  private static final int TYPE_FLOAT = 1;
  private static final int TYPE_INT = 2;
  private static final int TYPE_INTS = 7;
  // TensorProto
  private static final int TENSOR_DIMS = 1;
  private static final int TENSOR_DATA_TYPE = 2;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_RAW_DATA = 9;
  private static final int DATA_TYPE_FLOAT = 1;
  // ValueInfoProto, TypeProto, TypeProto.Tensor, TensorShapeProto and its Dimension
  private static final int VALUE_NAME = 1;
  private static final int VALUE_TYPE = 2;
  private static final int TYPE_TENSOR = 1;
  private static final int TENSOR_TYPE_ELEMENT = 1;
  private static final int TENSOR_TYPE_SHAPE = 2;
  private static final int SHAPE_DIMENSION = 1;
  private static final int DIMENSION_VALUE = 1;

  private final Problem problem;
  private int values;
  private int parameter;
  private int stat;

  private OnnxModel(Problem problem) {
    this.problem = problem;
  }

  /** The bytes of the model. */
  static byte[] of(Problem problem) {
    return new OnnxModel(problem).model();
  }

  private byte[] model() {
    return message(
        model -> {
          model.writeInt64(MODEL_IR_VERSION, IR_VERSION);
          model.writeByteArray(
              MODEL_OPSET_IMPORT, message(opset -> opset.writeInt64(OPSET_VERSION, OPSET)));
          model.writeByteArray(MODEL_GRAPH, message(this::graph));
        });
  }

  private void graph(CodedOutputStream graph) throws IOException {
    NetworkSpec network = problem.workload().network();
    graph.writeString(GRAPH_NAME, network.name());
    graph.writeByteArray(GRAPH_INPUT, value(INPUT, network.input()));
    String output = chain(graph, network.layers(), INPUT);
    graph.writeByteArray(GRAPH_OUTPUT, value(output, network.output()));
  }

  /** Writes one layer after the other, and returns the name of the result. */
  private String chain(CodedOutputStream graph, List<LayerSpec> layers, String input)
      throws IOException {
    String current = input;
    for (LayerSpec layer : layers) {
      String result = newValue();
      layer(graph, layer, current, result);
      current = result;
    }
    return current;
  }

  private String newValue() {
    return "y" + values++;
  }

  private void layer(CodedOutputStream graph, LayerSpec layer, String input, String output)
      throws IOException {
    if (layer instanceof LayerSpec.Linear linear) {
      String weight = parameter(graph, linear.out(), linear.in());
      String bias = parameter(graph, linear.out());
      node(graph, "Gemm", output, List.of(input, weight, bias), integer("transB", 1));
    } else if (layer instanceof LayerSpec.Conv2d conv) {
      int k = conv.kernel();
      int p = conv.padding();
      String weight = parameter(graph, conv.out(), conv.in(), k, k);
      List<String> inputs =
          conv.bias()
              ? List.of(input, weight, parameter(graph, conv.out()))
              : List.of(input, weight);
      node(
          graph,
          "Conv",
          output,
          inputs,
          integers("kernel_shape", k, k),
          integers("strides", conv.stride(), conv.stride()),
          integers("pads", p, p, p, p));
    } else if (layer instanceof LayerSpec.BatchNorm norm) {
      String weight = parameter(graph, norm.channels());
      String bias = parameter(graph, norm.channels());
      String mean = stat(graph, norm.channels());
      String variance = stat(graph, norm.channels());
      node(
          graph,
          "BatchNormalization",
          output,
          List.of(input, weight, bias, mean, variance),
          real("epsilon", (float) LayerSpec.BatchNorm.EPS));
    } else if (layer instanceof LayerSpec.Relu) {
      node(graph, "Relu", output, List.of(input));
    } else if (layer instanceof LayerSpec.MaxPool2d pool) {
      int k = pool.kernel();
      node(
          graph,
          "MaxPool",
          output,
          List.of(input),
          integers("kernel_shape", k, k),
          integers("strides", k, k));
    } else if (layer instanceof LayerSpec.GlobalAvgPool) {
      String means = newValue();
      node(graph, "GlobalAveragePool", means, List.of(input));
      node(graph, "Flatten", output, List.of(means), integer("axis", 1));
    } else if (layer instanceof LayerSpec.Residual residual) {
      String body = chain(graph, residual.body(), input);
      String shortcut = chain(graph, residual.shortcut(), input);
      node(graph, "Add", output, List.of(body, shortcut));
    } else {
      node(graph, "Flatten", output, List.of(input), integer("axis", 1));
    }
  }

  private String parameter(CodedOutputStream graph, int... shape) throws IOException {
    String name = "p" + parameter;
    graph.writeByteArray(
        GRAPH_INITIALIZER, tensor(name, problem.parameters().get(parameter++), shape));
    return name;
  }

  private String stat(CodedOutputStream graph, int... shape) throws IOException {
    String name = "s" + stat;
    graph.writeByteArray(
        GRAPH_INITIALIZER, tensor(name, problem.runningStats().get(stat++), shape));
    return name;
  }

  private static void node(
      CodedOutputStream graph,
      String type,
      String output,
      List<String> inputs,
      byte[]... attributes)
      throws IOException {
    graph.writeByteArray(
        GRAPH_NODE,
        message(
            node -> {
              for (String input : inputs) {
                node.writeString(NODE_INPUT, input);
              }
              node.writeString(NODE_OUTPUT, output);
              node.writeString(NODE_OP_TYPE, type);
              for (byte[] attribute : attributes) {
                node.writeByteArray(NODE_ATTRIBUTE, attribute);
              }
            }));
  }

  private static byte[] integer(String name, long value) {
    return message(
        attribute -> {
          attribute.writeString(ATTRIBUTE_NAME, name);
          attribute.writeInt64(ATTRIBUTE_I, value);
          attribute.writeEnum(ATTRIBUTE_TYPE, TYPE_INT);
        });
  }

  private static byte[] real(String name, float value) {
    return message(
        attribute -> {
          attribute.writeString(ATTRIBUTE_NAME, name);
          attribute.writeFloat(ATTRIBUTE_F, value);
          attribute.writeEnum(ATTRIBUTE_TYPE, TYPE_FLOAT);
        });
  }

  private static byte[] integers(String name, long... values) {
    return message(
        attribute -> {
          attribute.writeString(ATTRIBUTE_NAME, name);
          for (long value : values) {
            attribute.writeInt64(ATTRIBUTE_INTS, value);
          }
          attribute.writeEnum(ATTRIBUTE_TYPE, TYPE_INTS);
        });
  }

  private static byte[] tensor(String name, float[] values, int... shape) {
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return message(
        tensor -> {
          for (int size : shape) {
            tensor.writeInt64(TENSOR_DIMS, size);
          }
          tensor.writeInt32(TENSOR_DATA_TYPE, DATA_TYPE_FLOAT);
          tensor.writeString(TENSOR_NAME, name);
          tensor.writeByteArray(TENSOR_RAW_DATA, raw.array());
        });
  }

  private byte[] value(String name, List<Integer> sample) {
    byte[] shape =
        message(
            dimensions -> {
              dimensions.writeByteArray(SHAPE_DIMENSION, dimension(problem.workload().batch()));
              for (int size : sample) {
                dimensions.writeByteArray(SHAPE_DIMENSION, dimension(size));
              }
            });
    byte[] tensorType =
        message(
            type -> {
              type.writeInt32(TENSOR_TYPE_ELEMENT, DATA_TYPE_FLOAT);
              type.writeByteArray(TENSOR_TYPE_SHAPE, shape);
            });
    return message(
        value -> {
          value.writeString(VALUE_NAME, name);
          value.writeByteArray(
              VALUE_TYPE, message(type -> type.writeByteArray(TYPE_TENSOR, tensorType)));
        });
  }

  private static byte[] dimension(int size) {
    return message(dimension -> dimension.writeInt64(DIMENSION_VALUE, size));
  }

  /** Writes the fields of one message. */
  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private static byte[] message(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      fields.write(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
