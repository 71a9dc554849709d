package dev.tenon.benchmarks.networks;

import dev.tenon.annotations.BatchNorm2d;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.BatchNorm;

/** One batch norm over 64 maps of 56 x 56. */
@Network(input = {64, 56, 56})
public interface BatchNorm64x56x56 {
  @BatchNorm2d
  BatchNorm bn();
}
