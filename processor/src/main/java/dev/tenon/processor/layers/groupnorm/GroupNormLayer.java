package dev.tenon.processor.layers.groupnorm;

import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layers.norm.Normalisation;
import dev.tenon.processor.shape.Shape;
import java.util.List;

/**
 * A group normalisation with its sizes; the formulas are derived where all normalisations share
 * them, in {@code layers.norm}.
 *
 * @param output per-sample shape of input and output, channels first
 * @param groups a divisor of the channels
 * @param normalisation one mean for each group of each sample, with its options
 */
public record GroupNormLayer(Shape output, int groups, Normalisation normalisation)
    implements BoundLayer {

  @Override
  public List<StateSpec> state() {
    return normalisation.state();
  }

  @Override
  public boolean cancelsBias() {
    // A constant on one of several channels stays, in part, in each of them.
    return groups == output.channels();
  }

  @Override
  public void lower(Lowering to) {
    normalisation.lower(to);
  }
}
