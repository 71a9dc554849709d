package dev.tenon.integration.typed;

import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.Weighted;

/** Numbers that a float cannot tell apart, in a float32 network. */
@Network(features = EventNet.Event.class, labels = boolean.class, normalize = true)
interface EventNet {
  /** What happened. */
  record Event(long at, double size, float value, int number, boolean flag) {}

  @Linear(out = 1)
  Weighted head();
}
