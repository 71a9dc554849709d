package dev.tenon.benchmarks.workload;

import java.util.ArrayList;
import java.util.List;

/**
 * A chain of layers, residuals among them.
 *
 * @param name of the annotated interface
 * @param input shape of one sample
 * @param layers in the order of the data
 */
public record NetworkSpec(String name, List<Integer> input, List<LayerSpec> layers) {
  /** Shape of one sample of the result. */
  public List<Integer> output() {
    return shape(layers, input);
  }

  /** Shape of one sample behind layers, from the one in front of them. */
  static List<Integer> shape(List<LayerSpec> layers, List<Integer> input) {
    List<Integer> shape = input;
    for (LayerSpec layer : layers) {
      shape = shape(layer, shape);
    }
    return shape;
  }

  /** Shape of one sample behind a layer, from the one in front of it. */
  static List<Integer> shape(LayerSpec layer, List<Integer> input) {
    if (layer instanceof LayerSpec.Linear linear) {
      return List.of(linear.out());
    } else if (layer instanceof LayerSpec.Conv2d conv) {
      int shrink = conv.kernel() - 2 * conv.padding();
      return List.of(
          conv.out(),
          (input.get(1) - shrink) / conv.stride() + 1,
          (input.get(2) - shrink) / conv.stride() + 1);
    } else if (layer instanceof LayerSpec.MaxPool2d pool) {
      return List.of(input.get(0), input.get(1) / pool.kernel(), input.get(2) / pool.kernel());
    } else if (layer instanceof LayerSpec.GlobalAvgPool) {
      return List.of(input.get(0));
    } else if (layer instanceof LayerSpec.Flatten) {
      return List.of(size(input));
    } else if (layer instanceof LayerSpec.Residual residual) {
      return shape(residual.body(), input);
    }
    return input;
  }

  /** Shapes of the parameters, as {@link LayerSpec} orders them. */
  public List<List<Integer>> parameterShapes() {
    List<List<Integer>> shapes = new ArrayList<>();
    for (LayerSpec layer : LayerSpec.simple(layers).toList()) {
      if (layer instanceof LayerSpec.Linear linear) {
        shapes.add(List.of(linear.out(), linear.in()));
        shapes.add(List.of(linear.out()));
      } else if (layer instanceof LayerSpec.Conv2d conv) {
        shapes.add(List.of(conv.out(), conv.in(), conv.kernel(), conv.kernel()));
        if (conv.bias()) {
          shapes.add(List.of(conv.out()));
        }
      } else if (layer instanceof LayerSpec.BatchNorm norm) {
        shapes.add(List.of(norm.channels()));
        shapes.add(List.of(norm.channels()));
      }
    }
    return shapes;
  }

  /**
   * Floating-point operations of the linear layers and convolutions, two for each multiplication
   * and addition; what norms, activations and pools do is bound by memory and not counted.
   *
   * @param kind which passes there are
   * @param batch samples
   * @return operations of one unit of work
   */
  public double flops(Kind kind, int batch) {
    // Nobody asks a training step for the gradient by the network's input.
    return 2.0 * batch * products(layers, input, kind, kind == Kind.FORWARD_BACKWARD);
  }

  private static double products(
      List<LayerSpec> layers, List<Integer> input, Kind kind, boolean inputGradient) {
    double sum = 0;
    List<Integer> shape = input;
    boolean wanted = inputGradient;
    for (LayerSpec layer : layers) {
      List<Integer> out = shape(layer, shape);
      int passes = kind == Kind.INFERENCE ? 1 : wanted ? 3 : 2;
      if (layer instanceof LayerSpec.Linear linear) {
        sum += (double) passes * linear.in() * linear.out();
      } else if (layer instanceof LayerSpec.Conv2d conv) {
        sum += (double) passes * size(out) * conv.in() * conv.kernel() * conv.kernel();
      } else if (layer instanceof LayerSpec.Residual residual) {
        sum += products(residual.body(), shape, kind, wanted);
        sum += products(residual.shortcut(), shape, kind, wanted);
      }
      shape = out;
      wanted = true;
    }
    return sum;
  }

  /** Values of one sample that go through a ReLU. */
  public int reluValues() {
    return reluValues(layers, input);
  }

  private static int reluValues(List<LayerSpec> layers, List<Integer> input) {
    int sum = 0;
    List<Integer> shape = input;
    for (LayerSpec layer : layers) {
      if (layer instanceof LayerSpec.Relu) {
        sum += size(shape);
      } else if (layer instanceof LayerSpec.Residual residual) {
        sum += reluValues(residual.body(), shape) + reluValues(residual.shortcut(), shape);
      }
      shape = shape(layer, shape);
    }
    return sum;
  }

  /** The number of values of a shape. */
  public static int size(List<Integer> shape) {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}
