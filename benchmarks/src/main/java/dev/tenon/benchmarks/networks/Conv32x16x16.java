package dev.tenon.benchmarks.networks;

import dev.tenon.annotations.Conv2d;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.Weighted;

/** One convolution of 32 maps of 16 x 16 to as many. */
@Network(input = {32, 16, 16})
public interface Conv32x16x16 {
  @Conv2d(out = 32, kernel = 3, padding = 1, bias = false)
  Weighted conv();
}
