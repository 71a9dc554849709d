package dev.tenon.integration.kill;

import dev.tenon.annotations.BatchNorm1d;
import dev.tenon.annotations.Dropout;
import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.ReLU;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/** Has parameters, running statistics, a counter and random numbers. */
@Network(input = 6)
interface KilledNet {
  @Linear(out = 16)
  Weighted hidden();

  @BatchNorm1d
  BatchNorm bn();

  @ReLU
  Layer relu();

  @Dropout(p = 0.2)
  Layer drop();

  @Linear(out = 3)
  Weighted head();
}
