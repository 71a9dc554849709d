package dev.tenon.integration.typed;

import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.Weighted;

/** One score: the probability of true. */
@Network(features = TagsNet.Point.class, labels = boolean.class)
interface SideNet {
  @Linear(out = 1)
  Weighted head();
}
