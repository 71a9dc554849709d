package dev.tenon.runtime.file;

import java.io.Closeable;
import java.io.IOException;

/** Bytes that are read by their position: of an open file, of an array, or of a part of either. */
interface Bytes extends Closeable {
  /** How many there are. */
  long size();

  /**
   * Copies some of them.
   *
   * @throws WeightsException if they end before, because the file has been cut since it was opened
   */
  void read(long position, byte[] into, int offset, int count) throws IOException;

  @Override
  void close() throws IOException;
}
