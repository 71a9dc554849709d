package dev.tenon.annotations;

/** The type of the numbers that a network computes with and keeps in its state. */
public enum Precision {
  /**
   * 32 bits, {@code float}: about 7 decimal digits. The default, and what training normally needs.
   */
  FLOAT32,

  /**
   * 64 bits, {@code double}: about 16 decimal digits, twice the memory and about half the speed.
   */
  FLOAT64
}
