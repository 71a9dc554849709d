package dev.tenon.benchmarks.networks;

import dev.tenon.annotations.BatchNorm1d;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.BatchNorm;

/** One batch norm over 256 features. */
@Network(input = 256)
public interface BatchNorm256 {
  @BatchNorm1d
  BatchNorm bn();
}
