package dev.tenon.benchmarks.machine;

/** In plain Java, in shapes that C2 vectorises. */
final class PlainLoops implements Loops {
  private static final int ROUNDS = 200;
  private static final int CHAIN = 8;

  @Override
  public String name() {
    return "plain Java";
  }

  @Override
  public long multiplyAdd(float[] scratch) {
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < scratch.length; i++) {
        float x = scratch[i];
        x = Math.fma(x, 0.5f, 0.25f);
        x = Math.fma(x, 0.5f, 0.25f);
        x = Math.fma(x, 0.5f, 0.25f);
        x = Math.fma(x, 0.5f, 0.25f);
        x = Math.fma(x, 0.5f, 0.25f);
        x = Math.fma(x, 0.5f, 0.25f);
        x = Math.fma(x, 0.5f, 0.25f);
        x = Math.fma(x, 0.5f, 0.25f);
        scratch[i] = x;
      }
    }
    return 2L * CHAIN * ROUNDS * scratch.length;
  }

  @Override
  public void triad(float[] a, float[] b, float[] c, int from, int to) {
    for (int i = from; i < to; i++) {
      a[i] = b[i] + 0.5f * c[i];
    }
  }
}
