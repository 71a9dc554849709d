package dev.tenon.runtime.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What people take for weights now and then, told by its first bytes. */
final class KnownFiles {
  private static final int LOOKED_AT = 64;

  private KnownFiles() {}

  /** A sentence that begins with a space, or nothing. */
  static String guess(Bytes bytes) throws IOException {
    byte[] first = new byte[(int) Math.min(LOOKED_AT, bytes.size())];
    bytes.read(0, first, 0, first.length);
    String text = new String(first, StandardCharsets.ISO_8859_1);
    if (text.startsWith("version https://git-lfs")) {
      return " It is a pointer of Git LFS, not the file itself: run git lfs pull.";
    }
    if (text.startsWith("\u0089HDF")) {
      return " It is HDF5, as Keras writes it.";
    }
    if (text.startsWith("GGUF")) {
      return " It is GGUF.";
    }
    if (text.startsWith("\u0093NUMPY")) {
      return " It is an array of NumPy.";
    }
    if (text.stripLeading().startsWith("<")) {
      return " It is a page of the web, as a download gives that needs a login.";
    }
    return "";
  }
}
