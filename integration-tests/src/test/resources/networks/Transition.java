package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;

/**
 * Between the dense blocks of a DenseNet without compression.
 */
@Block
public interface Transition {
  int OUT = Block.FIRST;

  @BatchNorm2d BatchNorm bn();
  @ReLU Layer relu();
  @Conv2d(out = OUT, kernel = 1, bias = false) Weighted conv();
  @AvgPool2d(kernel = 2) Layer pool();
}
