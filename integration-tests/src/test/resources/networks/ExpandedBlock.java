package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;

/**
 * A block of MobileNetV2 that changes channels or sizes, and so has no way around.
 */
@Block
public interface ExpandedBlock {
  int HIDDEN = Block.FIRST;
  int OUT = Block.SECOND;
  int STRIDE = Block.THIRD;

  @Name("conv.0.0") @Conv2d(out = HIDDEN, kernel = 1, bias = false) Weighted expand();
  @Name("conv.0.1") @BatchNorm2d BatchNorm expandNorm();
  @Name("conv.0.2") @ReLU6 Layer expandRelu();
  @Name("conv.1.0")
  @Conv2d(out = HIDDEN, kernel = 3, stride = STRIDE, padding = 1, groups = HIDDEN, bias = false)
  Weighted depth();
  @Name("conv.1.1") @BatchNorm2d BatchNorm depthNorm();
  @Name("conv.1.2") @ReLU6 Layer depthRelu();
  @Name("conv.2") @Conv2d(out = OUT, kernel = 1, bias = false) Weighted project();
  @Name("conv.3") @BatchNorm2d BatchNorm projectNorm();
}
