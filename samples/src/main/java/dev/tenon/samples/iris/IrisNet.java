package dev.tenon.samples.iris;

import dev.tenon.annotations.BatchNorm1d;
import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.ReLU;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;
import dev.tenon.samples.data.Flower;
import dev.tenon.samples.data.Species;

/** Four measurements of a flower to its species, through 16 hidden values. */
@Network(features = Flower.class, labels = Species.class)
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
