package dev.tenon.integration.typed;

/** What becomes of a passenger. */
enum Fate {
  LOST,
  SAVED
}
