package dev.tenon.benchmarks.networks;

import dev.tenon.annotations.Conv2d;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.Weighted;

/** One convolution of 16 maps of 32 x 32 to as many. */
@Network(input = {16, 32, 32})
public interface Conv16x32x32 {
  @Conv2d(out = 16, kernel = 3, padding = 1, bias = false)
  Weighted conv();
}
