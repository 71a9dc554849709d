package dev.tenon.integration.typed;

import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.Sigmoid;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/** Labels within the range of an activation, which are not normalised. */
@Network(features = SaleNet.Flat.class, labels = ShareNet.Share.class, normalize = true)
interface ShareNet {
  /** A part of something. */
  record Share(float part) {}

  @Linear(out = 1)
  Weighted head();

  @Sigmoid
  Layer part();
}
