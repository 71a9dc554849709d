package dev.tenon.runtime.file;

import dev.tenon.runtime.Tensor;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** Where weights come from: a file of one format or another, or tensors in memory. */
interface Source {
  /** How messages call it. */
  String origin();

  /** What it is, for the table: the format of a file. */
  String format();

  /** The names, in the order of the source; unmodifiable. */
  List<String> names();

  /** Whether there is a tensor of that name. */
  boolean contains(String name);

  /** What is known of a tensor that there is. */
  WeightInfo info(String name);

  /** Texts by name; a map of the caller's own. */
  Map<String, String> metadata();

  /** What the file has besides and nobody can ask for; most have nothing. */
  default List<String> skipped() {
    return List.of();
  }

  /** Opens the source; the caller closes. */
  Reader open() throws IOException;

  /** An open source. */
  interface Reader extends Closeable {
    /** Reads a tensor that there is. */
    Tensor read(String name) throws IOException;

    /** Writes the elements of a tensor that there is, as they are, in row-major order. */
    void copy(String name, OutputStream out) throws IOException;
  }
}
