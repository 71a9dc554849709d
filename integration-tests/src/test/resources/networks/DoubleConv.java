package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;

/**
 * Two convolutions, as a U-Net has them at every height.
 */
@Block
public interface DoubleConv {
  int OUT = Block.FIRST;

  @Conv2d(out = OUT, kernel = 3, padding = 1, bias = false) Weighted conv1();
  @BatchNorm2d BatchNorm bn1();
  @ReLU Layer relu1();
  @Conv2d(out = OUT, kernel = 3, padding = 1, bias = false) Weighted conv2();
  @BatchNorm2d BatchNorm bn2();
  @ReLU Layer relu2();
}
