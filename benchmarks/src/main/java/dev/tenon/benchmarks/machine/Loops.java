package dev.tenon.benchmarks.machine;

/** Loops that do nothing else than what is to be measured, in one of the ways that Java has. */
interface Loops {
  /** How they are written. */
  String name();

  /**
   * Multiplies and adds in registers.
   *
   * @param scratch an array that stays in the first level of the cache
   * @return floating-point operations done
   */
  long multiplyAdd(float[] scratch);

  /** Computes a = b + 0.5 c from one index to another. */
  void triad(float[] a, float[] b, float[] c, int from, int to);
}
