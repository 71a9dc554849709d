package dev.tenon.benchmarks.networks;

import dev.tenon.annotations.Conv2d;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.Weighted;

/** One convolution of 64 maps of 8 x 8 to as many. */
@Network(input = {64, 8, 8})
public interface Conv64x8x8 {
  @Conv2d(out = 64, kernel = 3, padding = 1, bias = false)
  Weighted conv();
}
