package dev.tenon.benchmarks.networks;

import dev.tenon.annotations.BatchNorm1d;
import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.ReLU;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/** The smallest network worth the name: what a step costs when the numbers cost nothing. */
@Network(input = 4)
public interface Tiny {
  @Linear(out = 16)
  Weighted hidden();

  @BatchNorm1d
  BatchNorm bn();

  @ReLU
  Layer relu();

  @Linear(out = 3)
  Weighted head();
}
