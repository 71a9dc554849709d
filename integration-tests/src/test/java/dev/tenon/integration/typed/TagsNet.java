package dev.tenon.integration.typed;

import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.Weighted;

/** What is true of a point. */
@Network(features = TagsNet.Point.class, labels = TagsNet.Tags.class)
interface TagsNet {
  /** A place in the plane. */
  record Point(float x, float y) {}

  /** Each for itself. */
  record Tags(boolean right, boolean upper, Both both) {}

  /** A record within the record. */
  record Both(boolean high) {}

  @Linear(out = 3)
  Weighted head();
}
