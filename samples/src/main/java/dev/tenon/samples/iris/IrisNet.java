package dev.tenon.samples.iris;

import dev.tenon.annotations.BatchNorm1d;
import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.ReLU;
import dev.tenon.runtime.BatchNorm;
import dev.tenon.runtime.Layer;
import dev.tenon.runtime.Weighted;

/** Four measurements of a flower to scores for three species, through 16 hidden values. */
@Network(input = 4)
public interface IrisNet {
  @Linear(out = 16, bias = false)
  Weighted hidden();

  @BatchNorm1d
  BatchNorm bn();

  @ReLU
  Layer relu();

  @Linear(out = 3)
  Weighted head();
}
