package dev.tenon.integration.typed;

import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.Tanh;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/** A record in, and a tensor out. */
@Network(features = TagsNet.Point.class)
interface EncoderNet {
  @Linear(out = 5)
  Weighted code();

  @Tanh
  Layer tanh();
}
