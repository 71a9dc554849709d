package dev.tenon.benchmarks.machine;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** On the Vector API, as wide as the machine is. Loaded only where the module is there. */
final class VectorLoops implements Loops {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int ROUNDS = 5_000;
  private static final int CHAINS = 12;

  @Override
  public String name() {
    return "Vector API, " + SPECIES.length() + " lanes";
  }

  /** Twelve chains: two units with a latency of four or five cycles want eight or ten. */
  @Override
  public long multiplyAdd(float[] scratch) {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector quarter = FloatVector.broadcast(SPECIES, 0.25f);
    FloatVector c0 = FloatVector.fromArray(SPECIES, scratch, 0);
    // Equal chains would be one chain to a compiler that looks for equal values.
    FloatVector c1 = c0.add(0.01f);
    FloatVector c2 = c0.add(0.02f);
    FloatVector c3 = c0.add(0.03f);
    FloatVector c4 = c0.add(0.04f);
    FloatVector c5 = c0.add(0.05f);
    FloatVector c6 = c0.add(0.06f);
    FloatVector c7 = c0.add(0.07f);
    FloatVector c8 = c0.add(0.08f);
    FloatVector c9 = c0.add(0.09f);
    FloatVector c10 = c0.add(0.10f);
    FloatVector c11 = c0.add(0.11f);
    for (int round = 0; round < ROUNDS; round++) {
      c0 = c0.fma(half, quarter);
      c1 = c1.fma(half, quarter);
      c2 = c2.fma(half, quarter);
      c3 = c3.fma(half, quarter);
      c4 = c4.fma(half, quarter);
      c5 = c5.fma(half, quarter);
      c6 = c6.fma(half, quarter);
      c7 = c7.fma(half, quarter);
      c8 = c8.fma(half, quarter);
      c9 = c9.fma(half, quarter);
      c10 = c10.fma(half, quarter);
      c11 = c11.fma(half, quarter);
    }
    FloatVector sum = c0.add(c1).add(c2).add(c3).add(c4).add(c5);
    sum.add(c6).add(c7).add(c8).add(c9).add(c10).add(c11).intoArray(scratch, 0);
    return 2L * CHAINS * ROUNDS * SPECIES.length();
  }

  @Override
  public void triad(float[] a, float[] b, float[] c, int from, int to) {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    int end = from + SPECIES.loopBound(to - from);
    for (int i = from; i < end; i += SPECIES.length()) {
      FloatVector.fromArray(SPECIES, c, i)
          .fma(half, FloatVector.fromArray(SPECIES, b, i))
          .intoArray(a, i);
    }
    for (int i = end; i < to; i++) {
      a[i] = b[i] + 0.5f * c[i];
    }
  }
}
