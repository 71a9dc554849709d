package dev.tenon.processor.layers.layernorm;

import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layers.norm.Normalisation;
import dev.tenon.processor.shape.Shape;
import java.util.List;

/**
 * A layer normalisation with its sizes; the formulas are derived where all normalisations share
 * them, in {@code layers.norm}.
 *
 * @param output per-sample shape of input and output
 * @param normalisation one mean for each sample and place in its leading axes, with its options
 */
public record LayerNormLayer(Shape output, Normalisation normalisation) implements BoundLayer {

  @Override
  public List<StateSpec> state() {
    return normalisation.state();
  }

  @Override
  public void lower(Lowering to) {
    normalisation.lower(to);
  }
}
