package dev.tenon.processor.ir;

/**
 * One axis of a loop nest. Axes are told apart by name inside a nest.
 *
 * @param name short, as it will be written in the generated code: {@code n}, {@code c}, {@code y}
 * @param extent number of iterations, or {@link #BATCH}, the only number unknown until run time, or
 *     a number that follows from it: see {@link #blocks} and {@link #parts}
 */
public record Axis(String name, int extent) {
  /** Stands for the batch size wherever a size is expected. */
  public static final int BATCH = -1;

  /**
   * An axis over the blocks of so many samples, the last one perhaps smaller. Only the planner
   * makes such axes; a reduction over the batch inside a point of one runs over the samples of its
   * block. Its extent, -2 times the number, stands for the number of blocks.
   */
  public static Axis blocks(int samples) {
    return new Axis("b", Math.multiplyExact(samples, -2));
  }

  /**
   * An axis over the blocks when the batch is cut into at most so many of equal size. Its extent is
   * -2 times the number, less 1.
   */
  public static Axis parts(int parts) {
    return new Axis("b", Math.multiplyExact(parts, -2) - 1);
  }

  public static Axis batch() {
    return new Axis("n", BATCH);
  }

  public boolean isBatch() {
    return extent == BATCH;
  }

  /** Whether its points are blocks of samples. */
  public boolean isBlocks() {
    return extent < BATCH;
  }

  /** Whether their number is given, rather than their size. */
  public boolean isParts() {
    return isBlocks() && extent % 2 != 0;
  }

  /** The samples of a block; for parts, the number of blocks. */
  public int blockNumber() {
    return -extent / 2;
  }

  /** Whether its extent is a number of iterations. */
  public boolean isFixed() {
    return extent >= 0;
  }

  @Override
  public String toString() {
    return name + "<" + text(extent);
  }

  /** A size as people read it: {@code N}, {@code N/64} for blocks, {@code 16 parts}. */
  public static String text(int extent) {
    Axis axis = new Axis("", extent);
    if (axis.isFixed()) {
      return String.valueOf(extent);
    }
    if (axis.isBatch()) {
      return "N";
    }
    return axis.isParts() ? axis.blockNumber() + " parts" : "N/" + axis.blockNumber();
  }
}
