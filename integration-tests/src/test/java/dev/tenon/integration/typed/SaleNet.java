package dev.tenon.integration.typed;

import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.ReLU;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/** Labels that are large numbers. */
@Network(features = SaleNet.Flat.class, labels = SaleNet.Sale.class, normalize = true)
interface SaleNet {
  /** What is sold. */
  record Flat(double size, int floor) {}

  /** For how much, and after how many days. */
  record Sale(double euro, int days) {}

  @Linear(out = 16)
  Weighted hidden();

  @ReLU
  Layer relu();

  @Linear(out = 2)
  Weighted head();
}
