package dev.tenon.integration.typed;

import dev.tenon.annotations.Concat;
import dev.tenon.annotations.Embedding;
import dev.tenon.annotations.From;
import dev.tenon.annotations.Linear;
import dev.tenon.annotations.Network;
import dev.tenon.annotations.Precision;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;

/** Two embedded enums, one of them in a record, a record by itself, and the rest. */
@Network(features = Passenger.class, labels = Fate.class, precision = Precision.FLOAT64)
interface PassengerNet {
  @From("port")
  @Embedding(dim = 2)
  Weighted portCode();

  @From("cabin.deck")
  @Embedding(num = 4, dim = 3)
  Weighted deckCode();

  @From("family")
  @Linear(out = 2)
  Weighted familyCode();

  @From({Network.INPUT, "portCode", "deckCode", "familyCode"})
  @Concat
  Layer all();

  @Linear(out = 2)
  Weighted head();
}
