package dev.tenon.processor.layers.instancenorm;

import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layers.norm.Normalisation;
import dev.tenon.processor.layers.norm.Normalisation.Running;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * An instance normalisation with its sizes; the formulas are derived where all normalisations share
 * them, in {@code layers.norm}.
 *
 * @param output per-sample shape of input and output, channels first
 * @param normalisation one mean for each channel of each sample, with its options
 * @param frozen whether it starts frozen; only with running statistics
 */
public record InstanceNormLayer(Shape output, Normalisation normalisation, boolean frozen)
    implements BoundLayer {

  @Override
  public List<StateSpec> state() {
    return normalisation.state();
  }

  @Override
  public boolean canFreezeStatistics() {
    return normalisation.running().isPresent();
  }

  @Override
  public boolean startsFrozen() {
    return frozen;
  }

  @Override
  public boolean cancelsBias() {
    // Frozen, it takes away the running mean, which does not follow the bias.
    return !frozen;
  }

  @Override
  public Optional<AverageFactor> averageFactor() {
    return normalisation.running().map(Running::factor);
  }

  @Override
  public void lower(Lowering to) {
    normalisation.lower(to);
  }
}
