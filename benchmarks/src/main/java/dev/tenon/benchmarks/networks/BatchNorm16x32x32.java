package dev.tenon.benchmarks.networks;

import dev.tenon.annotations.BatchNorm2d;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.BatchNorm;

/** One batch norm over 16 maps of 32 x 32. */
@Network(input = {16, 32, 32})
public interface BatchNorm16x32x32 {
  @BatchNorm2d
  BatchNorm bn();
}
