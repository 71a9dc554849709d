package dev.tenon.processor.ir;

/**
 * One axis of a loop nest. Axes are told apart by name inside a nest.
 *
 * @param name short, as it will be written in the generated code: {@code n}, {@code c}, {@code y}
 * @param extent number of iterations, or {@link #BATCH}, the only number unknown until run time
 */
public record Axis(String name, int extent) {
  /** Stands for the batch size wherever a size is expected. */
  public static final int BATCH = -1;

  public Axis {
    if (extent < 0 && extent != BATCH) {
      throw new IllegalArgumentException("axis " + name + " has extent " + extent);
    }
  }

  public static Axis batch() {
    return new Axis("n", BATCH);
  }

  public boolean isBatch() {
    return extent == BATCH;
  }

  @Override
  public String toString() {
    return name + "<" + (isBatch() ? "N" : extent);
  }
}
