package dev.tenon.benchmarks.networks;

import dev.tenon.annotations.BatchNorm2d;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.BatchNorm;

/** One batch norm over 64 maps of 8 x 8. */
@Network(input = {64, 8, 8})
public interface BatchNorm64x8x8 {
  @BatchNorm2d
  BatchNorm bn();
}
