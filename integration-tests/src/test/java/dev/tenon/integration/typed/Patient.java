package dev.tenon.integration.typed;

import dev.tenon.annotations.Ignore;
import dev.tenon.annotations.Size;

/** Every kind of component. */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
record Patient(
    @Ignore String name,
    float height,
    double weight,
    int age,
    long steps,
    short visits,
    byte children,
    boolean smoker,
    Blood blood,
    @Size(3) float[] pressure,
    @Size(2) double[] pulse,
    Home home) {

  enum Blood {
    A,
    B,
    AB,
    ZERO
  }

  /** A record within the record. */
  record Home(boolean city, Place place) {}

  /** A record within that. */
  record Place(float north, Region region) {}

  enum Region {
    COAST,
    INLAND
  }
}
