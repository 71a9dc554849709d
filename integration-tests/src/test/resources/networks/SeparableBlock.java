package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;

/**
 * The first block of MobileNetV2, without expansion: depth first, then across channels.
 */
@Block
public interface SeparableBlock {
  int HIDDEN = Block.FIRST;
  int OUT = Block.SECOND;

  @Name("conv.0.0")
  @Conv2d(out = HIDDEN, kernel = 3, padding = 1, groups = HIDDEN, bias = false) Weighted depth();
  @Name("conv.0.1") @BatchNorm2d BatchNorm depthNorm();
  @Name("conv.0.2") @ReLU6 Layer depthRelu();
  @Name("conv.1") @Conv2d(out = OUT, kernel = 1, bias = false) Weighted project();
  @Name("conv.2") @BatchNorm2d BatchNorm projectNorm();
}
