package networks;

import dev.tenon.annotations.*;
import dev.tenon.runtime.layer.*;

/**
 * The basic block of residual networks, where the way around changes nothing.
 */
@Block
public interface ResidualBlock {
  int OUT = Block.FIRST;

  @Conv2d(out = OUT, kernel = 3, padding = 1, bias = false) Weighted conv1();
  @BatchNorm2d BatchNorm bn1();
  @ReLU Layer relu1();
  @Conv2d(out = OUT, kernel = 3, padding = 1, bias = false) Weighted conv2();
  @BatchNorm2d BatchNorm bn2();
  @From({"bn2", Block.INPUT}) @Add Layer sum();
  @ReLU Layer relu2();
}
