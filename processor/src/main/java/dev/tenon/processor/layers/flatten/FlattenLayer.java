package dev.tenon.processor.layers.flatten;

import static dev.tenon.processor.layers.common.Indices.at;
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
 * A flattening of one shape.
 *
 * @param input per-sample shape of what comes in
 * @param first first axis that is flattened, 0 for the one behind the batch
 * @param last last axis that is flattened, at least {@code first}
 */
public record FlattenLayer(Shape input, int first, int last) implements BoundLayer {
  @Override
  public Shape output() {
    // The input's number of values fits an int, and so does every product of some of its sizes.
    int product = 1;
    for (int axis = first; axis <= last; axis++) {
      product = Math.multiplyExact(product, input.size(axis));
    }
    List<Integer> sizes = new ArrayList<>(input.sizes().subList(0, first));
    sizes.add(product);
    sizes.addAll(input.sizes().subList(last + 1, input.rank()));
    return new Shape(sizes);
  }

  @Override
  public List<StateSpec> state() {
    return List.of();
  }

  @Override
  public boolean isElementwise() {
    return true;
  }

  @Override
  public void lower(Lowering to) {
    to.forward(flatten(to, "forward", to.input(), to.output()));
    to.predict(flatten(to, "predict", to.predictInput(), to.predictOutput()));

    List<Axis> axes = Lowering.axes(input);
    to.backward(
        to.nest("backward", "dx = dy in the same order, " + output() + " -> " + input)
            .over(axes)
            .store(
                Store.set(
                    to.inputGradient(), Expr.load(to.outputGradient(), flattened(axes)), at(axes)))
            .build());
  }

  private Nest flatten(Lowering to, String name, Tensor x, Tensor y) {
    List<Axis> axes = Lowering.axes(input);
    return to.nest(name, "y = x in the same order, " + input + " -> " + output())
        .over(axes)
        .store(Store.set(y, load(x, axes), flattened(axes)))
        .build();
  }

  /** Where the element at these axes of the input lies in the output. */
  private Affine[] flattened(List<Axis> axes) {
    List<Affine> index = new ArrayList<>();
    for (int i = 0; i <= first; i++) {
      index.add(Affine.of(axes.get(i)));
    }
    Affine merged = Affine.ZERO;
    for (int axis = first; axis <= last; axis++) {
      merged = merged.times(input.size(axis)).plus(axes.get(axis + 1));
    }
    index.add(merged);
    for (int i = last + 2; i < axes.size(); i++) {
      index.add(Affine.of(axes.get(i)));
    }
    return index.toArray(Affine[]::new);
  }
}
