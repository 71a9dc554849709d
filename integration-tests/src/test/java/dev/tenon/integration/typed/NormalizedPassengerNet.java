package dev.tenon.integration.typed;

import dev.tenon.annotations.Concat;
import dev.tenon.annotations.Embedding;
import dev.tenon.annotations.From;
import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.ReLU;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/** Numbers of all inputs are normalised, indices are not. */
@Network(features = Passenger.class, labels = Fate.class, normalize = true)
interface NormalizedPassengerNet {
  @From("port")
  @Embedding(dim = 2)
  Weighted portCode();

  @From({"family", "portCode", Network.INPUT})
  @Concat
  Layer all();

  @Linear(out = 8)
  Weighted hidden();

  @ReLU
  Layer relu();

  @Linear(out = 2)
  Weighted head();
}
