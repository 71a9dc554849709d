package dev.tenon.integration.typed;

/** Components that layers read by their names, and some that none does. */
record Passenger(float age, Port port, boolean child, Cabin cabin, Family family) {
  enum Port {
    SOUTHAMPTON,
    CHERBOURG,
    QUEENSTOWN
  }

  /** A record, one component of which a layer reads. */
  record Cabin(Deck deck, float fare) {}

  enum Deck {
    A,
    B,
    C,
    D
  }

  /** A record that a layer reads as a whole. */
  record Family(int siblings, int parents) {}
}
