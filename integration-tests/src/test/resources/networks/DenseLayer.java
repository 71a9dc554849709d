package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;

/**
 * One layer of a dense block: what it makes stands behind what it read.
 */
@Block
public interface DenseLayer {
  int GROWTH = Block.FIRST;

  @BatchNorm2d BatchNorm bn();
  @ReLU Layer relu();
  @Conv2d(out = GROWTH, kernel = 3, padding = 1, bias = false) Weighted conv();
  @From({Block.INPUT, "conv"}) @Concat Layer both();
}
