package dev.tenon.processor.ir;

/**
 * One axis of a loop nest. Axes are told apart by name inside a nest.
 *
 * @param name short, as it will be written in the generated code: {@code n}, {@code c}, {@code y}
 * @param extent number of iterations, or {@link #BATCH}, which is unknown until run time, as is what
 *     follows from it: {@link #BLOCKS} and {@link #PARTS}
 * @param samples samples in a block, or number of parts; else 0
 */
public record Axis(String name, int extent, int samples) {
  /** Stands for the batch size wherever a size is expected. */
  public static final int BATCH = -1;

  /**
   * The number of blocks of so many samples, the last one perhaps smaller. Only the planner makes
   * such axes; a reduction over the batch inside a point of one runs over the samples of its block.
   */
  public static final int BLOCKS = -2;

  /** The number of blocks when the batch is cut into at most so many of equal size. */
  public static final int PARTS = -3;

  public Axis {
    if (extent < PARTS) {
      throw new IllegalArgumentException("axis " + name + " has extent " + extent);
    }
  }

  public Axis(String name, int extent) {
    this(name, extent, 0);
  }

  /** An axis over blocks of so many samples. */
  public static Axis blocks(int samples) {
    return new Axis("b", BLOCKS, samples);
  }

  /** An axis over at most so many parts of the batch. */
  public static Axis parts(int parts) {
    return new Axis("b", PARTS, parts);
  }

  public static Axis batch() {
    return new Axis("n", BATCH);
  }

  public boolean isBatch() {
    return extent == BATCH;
  }

  /** Whether its points are blocks of samples. */
  public boolean isBlocks() {
    return extent == BLOCKS || extent == PARTS;
  }

  /** Whether its extent is a number of iterations. */
  public boolean isFixed() {
    return extent >= 0;
  }

  @Override
  public String toString() {
    return name
        + "<"
        + switch (extent) {
          case BATCH -> "N";
          case BLOCKS -> "N/" + samples;
          case PARTS -> "parts " + samples;
          default -> String.valueOf(extent);
        };
  }
}
