package dev.tenon.integration.typed;

import dev.tenon.annotations.BatchNorm1d;
import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.Precision;
import dev.tenon.annotations.ReLU;
import dev.tenon.annotations.Size;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/** Numbers of very different sizes, and one that is always the same. */
@Network(
    features = NormalizedNet.House.class,
    labels = NormalizedNet.Price.class,
    normalize = true,
    precision = Precision.FLOAT64)
interface NormalizedNet {
  /** What the price depends on. */
  record House(double area, int year, boolean garden, double always) {}

  /** What is predicted. */
  record Price(double value, Extra extra) {}

  /** More of it. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  record Extra(@Size(2) float[] bounds, int rooms) {}

  @Linear(out = 8, bias = false)
  Weighted hidden();

  @BatchNorm1d
  BatchNorm bn();

  @ReLU
  Layer relu();

  @Linear(out = 4)
  Weighted head();
}
