package dev.tenon.samples.first;

import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.Tanh;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/** Two switches to a light, through 8 hidden values. */
@Network(features = Switches.class, labels = Light.class)
interface LightNet {
  @Linear(out = 8)
  Weighted hidden();

  @Tanh
  Layer tanh();

  @Linear(out = 2)
  Weighted head();
}
