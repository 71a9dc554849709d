package dev.tenon.integration.typed;

import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.Weighted;

/** The same without normalisation. */
@Network(features = EventNet.Event.class, labels = boolean.class)
interface PlainEventNet {
  @Linear(out = 1)
  Weighted head();
}
