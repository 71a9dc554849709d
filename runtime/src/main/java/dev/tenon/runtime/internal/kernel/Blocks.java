package dev.tenon.runtime.internal.kernel;

/**
 * How a batch is cut into blocks of samples, for sums that threads share. It depends on the batch
 * alone, so a sum has the same bits for any number of threads.
 */
public final class Blocks {
  private Blocks() {}

  /**
   * The number of blocks of a size.
   *
   * @param batch samples
   * @param size samples in each block but the last
   * @return so many that they hold the batch
   */
  public static int number(int batch, int size) {
    return (batch + size - 1) / size;
  }

  /**
   * The size of the blocks when there are to be at most so many of them.
   *
   * @param batch samples
   * @param parts the most blocks there may be
   * @return at least 1
   */
  public static int sizeOfParts(int batch, int parts) {
    return Math.max(1, number(batch, parts));
  }

  /**
   * The number of blocks when there are to be at most so many of them.
   *
   * @param batch samples
   * @param parts the most blocks there may be
   * @return at most {@code parts}, fewer for a batch that so many blocks of equal size overrun
   */
  public static int numberOfParts(int batch, int parts) {
    return number(batch, sizeOfParts(batch, parts));
  }
}
