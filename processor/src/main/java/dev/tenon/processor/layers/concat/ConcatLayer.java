package dev.tenon.processor.layers.concat;

import static dev.tenon.processor.layers.common.Indices.load;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Values behind each other along an axis.
 *
 * @param inputs per-sample shapes
 * @param axis the axis, 0 for the one behind the batch
 */
public record ConcatLayer(List<Shape> inputs, int axis) implements BoundLayer {
  public ConcatLayer {
    inputs = List.copyOf(inputs);
  }

  @Override
  public Shape output() {
    int size = 0;
    for (Shape input : inputs) {
      size = Math.addExact(size, input.size(axis));
    }
    List<Integer> sizes = new ArrayList<>(inputs.get(0).sizes());
    sizes.set(axis, size);
    return new Shape(sizes);
  }

  @Override
  public List<StateSpec> state() {
    return List.of();
  }

  @Override
  public void lower(Lowering to) {
    int from = 0;
    for (int i = 0; i < inputs.size(); i++) {
      to.forward(slice(to, "forward", i, from, to.inputs().get(i), to.output()));
      to.predict(slice(to, "predict", i, from, to.predictInputs().get(i), to.predictOutput()));
      List<Axis> axes = Lowering.axes(inputs.get(i));
      to.backward(
          to.nest(
                  "backward" + (i + 1),
                  "dx" + (i + 1) + " = dy" + slice(i, from) + ", " + inputs.get(i) + " a sample")
              .over(axes)
              .store(
                  Store.set(
                      to.inputGradients().get(i),
                      Expr.load(to.outputGradient(), at(axes, from)),
                      at(axes, 0)))
              .build());
      from += inputs.get(i).size(axis);
    }
  }

  private Nest slice(Lowering to, String phase, int input, int from, Tensor x, Tensor y) {
    List<Axis> axes = Lowering.axes(inputs.get(input));
    return to.nest(
            phase + (input + 1),
            "y"
                + slice(input, from)
                + " = x"
                + (input + 1)
                + ", "
                + inputs.get(input)
                + " a sample")
        .over(axes)
        .store(Store.set(y, load(x, axes), at(axes, from)))
        .build();
  }

  /** As NumPy writes it: {@code [:, 16:24]}. */
  private String slice(int input, int from) {
    return "[" + ":, ".repeat(axis + 1) + from + ":" + (from + inputs.get(input).size(axis)) + "]";
  }

  /** Where the element at these axes of an input lies in the output. */
  private Affine[] at(List<Axis> axes, int from) {
    List<Affine> index = new ArrayList<>();
    for (int d = 0; d < axes.size(); d++) {
      index.add(Affine.of(axes.get(d)).plus(d == axis + 1 ? from : 0));
    }
    return index.toArray(Affine[]::new);
  }
}
