package dev.tenon.benchmarks.workload;

import java.util.ArrayList;
import java.util.List;

/**
 * A chain of layers.
 *
 * @param name of the annotated interface
 * @param input shape of one sample
 * @param layers in the order of the data
 */
public record NetworkSpec(String name, List<Integer> input, List<LayerSpec> layers) {
  /** Shape of one sample in front of each layer, and behind the last one. */
  public List<List<Integer>> shapes() {
    List<List<Integer>> shapes = new ArrayList<>();
    List<Integer> shape = input;
    shapes.add(shape);
    for (LayerSpec layer : layers) {
      if (layer instanceof LayerSpec.Linear linear) {
        shape = List.of(linear.out());
      } else if (layer instanceof LayerSpec.Conv2d conv) {
        int shrink = conv.kernel() - 1 - 2 * conv.padding();
        shape = List.of(conv.out(), shape.get(1) - shrink, shape.get(2) - shrink);
      } else if (layer instanceof LayerSpec.MaxPool2d pool) {
        shape = List.of(shape.get(0), shape.get(1) / pool.kernel(), shape.get(2) / pool.kernel());
      } else if (layer instanceof LayerSpec.Flatten) {
        shape = List.of(size(shape));
      }
      shapes.add(shape);
    }
    return shapes;
  }

  /** Shape of one sample of the result. */
  public List<Integer> output() {
    List<List<Integer>> shapes = shapes();
    return shapes.get(shapes.size() - 1);
  }

  /** Shapes of the parameters, in the order of the layers. */
  public List<List<Integer>> parameterShapes() {
    List<List<Integer>> shapes = new ArrayList<>();
    for (LayerSpec layer : layers) {
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
    List<List<Integer>> shapes = shapes();
    double sum = 0;
    for (int i = 0; i < layers.size(); i++) {
      double products = 0;
      if (layers.get(i) instanceof LayerSpec.Linear linear) {
        products = (double) linear.in() * linear.out();
      } else if (layers.get(i) instanceof LayerSpec.Conv2d conv) {
        List<Integer> out = shapes.get(i + 1);
        products = (double) size(out) * conv.in() * conv.kernel() * conv.kernel();
      }
      // Nobody asks a training step for the gradient by the network's input.
      boolean inputGradient = kind == Kind.FORWARD_BACKWARD || i > 0;
      int passes = kind == Kind.INFERENCE ? 1 : inputGradient ? 3 : 2;
      sum += 2.0 * batch * products * passes;
    }
    return sum;
  }

  /** The number of values of a shape. */
  public static int size(List<Integer> shape) {
    return shape.stream().reduce(1, Math::multiplyExact);
  }
}
