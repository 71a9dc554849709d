package dev.tenon.processor.layers.activation;

import static dev.tenon.processor.layers.common.Indices.load;
import static dev.tenon.processor.layers.common.Indices.set;

import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layers.activation.Activation.Kept;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * An activation of one shape.
 *
 * @param output per-sample shape of input and output
 * @param activation what it computes
 */
record ActivationLayer(Shape output, Activation activation) implements BoundLayer {
  @Override
  public List<StateSpec> state() {
    return List.of();
  }

  @Override
  public boolean isElementwise() {
    return true;
  }

  @Override
  public Optional<BoundLayer> onMaxima(Shape shape) {
    return activation.isClamp()
        ? Optional.of(new ActivationLayer(shape, activation))
        : Optional.empty();
  }

  @Override
  public void lower(Lowering to) {
    to.forward(values(to, "forward", to.input(), to.output()));
    to.predict(values(to, "predict", to.predictInput(), to.predictOutput()));

    List<Axis> axes = Lowering.axes(output);
    Tensor kept = activation.kept() == Kept.INPUT ? to.input() : to.output();
    to.backward(
        to.nest("backward", activation.backward() + ", " + output + " a sample")
            .over(axes)
            .store(
                set(
                    to.inputGradient(),
                    activation.gradient().apply(load(kept, axes), load(to.outputGradient(), axes)),
                    axes))
            .build());
  }

  private Nest values(Lowering to, String name, Tensor x, Tensor y) {
    List<Axis> axes = Lowering.axes(output);
    return to.nest(name, activation.forward() + ", " + output + " a sample")
        .over(axes)
        .store(set(y, activation.value().apply(load(x, axes)), axes))
        .build();
  }
}
