package dev.tenon.samples.data;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.train.Dataset;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Reads images and labels in the idx format of MNIST, which Fashion-MNIST, EMNIST and others share:
 * two zero bytes, 8 for unsigned bytes, the number of dimensions, each size as a big-endian int,
 * the values.
 */
public final class IdxFiles {
  private static final int UNSIGNED_BYTES = 0x08;
  private static final float WHITE = 255;

  private IdxFiles() {}

  /**
   * Reads a pair of files, packed with gzip or not.
   *
   * @param folder holds {@code PREFIX-images-idx3-ubyte} and {@code PREFIX-labels-idx1-ubyte}, or
   *     the same with {@code .gz} behind
   * @param prefix {@code train} or {@code t10k}
   * @return images {@code [count, 1, height, width]} with values from 0 to 1, and their labels
   * @throws IOException if a file is missing or is no such file; the message says which and why
   */
  public static Dataset<int[]> read(Path folder, String prefix) throws IOException {
    Path images = find(folder, prefix + "-images-idx3-ubyte");
    Path labels = find(folder, prefix + "-labels-idx1-ubyte");
    Values pixels = values(images, 3);
    Values classes = values(labels, 1);
    int count = pixels.sizes().get(0);
    if (count != classes.sizes().get(0)) {
      throw new IOException(
          images
              + " has "
              + count
              + " images, but "
              + labels
              + " has "
              + classes.sizes().get(0)
              + " labels.");
    }
    float[] values = new float[pixels.bytes().limit()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Byte.toUnsignedInt(pixels.bytes().get(i)) / WHITE;
    }
    int[] targets = new int[count];
    Arrays.setAll(targets, i -> Byte.toUnsignedInt(classes.bytes().get(i)));
    return Dataset.of(
        Tensor.of(values, count, 1, pixels.sizes().get(1), pixels.sizes().get(2)), targets);
  }

  /** What a file holds. */
  private record Values(List<Integer> sizes, ByteBuffer bytes) {}

  private static Path find(Path folder, String name) throws IOException {
    for (String file : new String[] {name + ".gz", name}) {
      if (Files.isRegularFile(folder.resolve(file))) {
        return folder.resolve(file);
      }
    }
    throw new IOException(folder + " has no file " + name + ", nor " + name + ".gz.");
  }

  private static Values values(Path file, int rank) throws IOException {
    try (InputStream raw = Files.newInputStream(file);
        DataInputStream in =
            new DataInputStream(file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw)) {
      int magic = in.readInt();
      if (magic != (UNSIGNED_BYTES << Byte.SIZE | rank)) {
        throw new IOException(
            String.format(
                "%s begins with %08x, but an idx file of unsigned bytes in %d dimensions with"
                    + " %08x.",
                file, magic, rank, UNSIGNED_BYTES << Byte.SIZE | rank));
      }
      List<Integer> sizes = new ArrayList<>();
      int product = 1;
      for (int d = 0; d < rank; d++) {
        int size = in.readInt();
        if (size < 1) {
          throw new IOException(file + " says that a size is " + size + ".");
        }
        sizes.add(size);
        product = Math.multiplyExact(product, size);
      }
      byte[] bytes = in.readNBytes(product);
      if (bytes.length < product) {
        throw new IOException(
            file + " ends after " + bytes.length + " of its " + product + " values.");
      }
      return new Values(sizes, ByteBuffer.wrap(bytes));
    } catch (EOFException e) {
      throw new IOException(file + " ends within its header.", e);
    } catch (ArithmeticException e) {
      throw new IOException(file + " says that it has more values than an array can hold.", e);
    }
  }
}
