package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;

/**
 * The basic block of residual networks, where images halve and the way around is a convolution.
 */
@Block
public interface DownsampleBlock {
  int OUT = Block.FIRST;

  @Conv2d(out = OUT, kernel = 3, stride = 2, padding = 1, bias = false) Weighted conv1();
  @BatchNorm2d BatchNorm bn1();
  @ReLU Layer relu1();
  @Conv2d(out = OUT, kernel = 3, padding = 1, bias = false) Weighted conv2();
  @BatchNorm2d BatchNorm bn2();
  @Name("downsample.0") @From(Block.INPUT)
  @Conv2d(out = OUT, kernel = 1, stride = 2, bias = false) Weighted shortcut();
  @Name("downsample.1") @BatchNorm2d BatchNorm shortcutNorm();
  @From({"bn2", "shortcutNorm"}) @Add Layer sum();
  @ReLU Layer relu2();
}
