package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;

/**
 * A temporal convolutional network for MNIST pixel by pixel, but one that sees past and future: it
 * pads both sides, where the published one is causal and pads the past only; it reads the mean and
 * not the last step, and has no weight norm. Bai, Kolter, Koltun, "An Empirical Evaluation of
 * Generic Convolutional and Recurrent Networks for Sequence Modeling", 2018.
 */
@Network(input = {1, 784})
public interface TemporalNet {
  @Name("network.0") @Use(value = FirstTemporalBlock.class, sizes = 25) FirstTemporalBlock first();
  @Name("network.1") @Use(value = TemporalBlock.class, sizes = {25, 2}) TemporalBlock block1();
  @Name("network.2") @Use(value = TemporalBlock.class, sizes = {25, 4}) TemporalBlock block2();
  @Name("network.3") @Use(value = TemporalBlock.class, sizes = {25, 8}) TemporalBlock block3();
  @Name("network.4") @Use(value = TemporalBlock.class, sizes = {25, 16}) TemporalBlock block4();
  @Name("network.5") @Use(value = TemporalBlock.class, sizes = {25, 32}) TemporalBlock block5();
  @Name("network.6") @Use(value = TemporalBlock.class, sizes = {25, 64}) TemporalBlock block6();
  @Name("network.7") @Use(value = TemporalBlock.class, sizes = {25, 128}) TemporalBlock block7();
  @GlobalAvgPool Layer pool();
  @Linear(out = 10) Weighted linear();
}
