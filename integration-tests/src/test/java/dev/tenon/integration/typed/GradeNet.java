package dev.tenon.integration.typed;

import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.runtime.layer.Weighted;

/** An enum by two numbers. */
@Network(features = GradeNet.Point.class, labels = Risk.class)
interface GradeNet {
  /** Where. */
  record Point(float x, float y) {}

  @Linear(out = 3)
  Weighted head();
}
