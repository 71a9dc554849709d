package dev.tenon.runtime.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Reads a range of bytes from its beginning to its end, through a small window. */
final class ByteCursor {
  private static final int WINDOW = 1 << 14;

  private final String origin;
  private final Bytes bytes;
  private final long end;

  /** Where the window begins, and what of it is filled. */
  private long windowStart;

  private int filled;
  private int at;
  private final byte[] window;
  private final ByteBuffer littleEndian;
  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);

  /**
   * A cursor.
   *
   * @param origin the file, for messages
   */
  ByteCursor(String origin, Bytes bytes, long start, long end) {
    this.origin = origin;
    this.bytes = bytes;
    this.end = end;
    windowStart = start;
    window = new byte[(int) Math.max(Long.BYTES, Math.min(WINDOW, end - start))];
    littleEndian = ByteBuffer.wrap(window).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The position of the next byte. */
  long position() {
    return windowStart + at;
  }

  /** Sees to it that so many bytes are in the window. */
  private void need(int count) throws IOException {
    if (at + count <= filled) {
      return;
    }
    requireLeft(count);
    windowStart += at;
    at = 0;
    filled = (int) Math.min(window.length, end - windowStart);
    bytes.read(windowStart, window, 0, filled);
  }

  /** Sees to it that so many bytes are left, before anything is allocated for them. */
  void requireLeft(long count) throws WeightsException {
    if (count < 0 || count > end - position()) {
      throw problem(
          "what begins here takes "
              + Long.toUnsignedString(count)
              + " bytes, but "
              + (end - position())
              + " are left");
    }
  }

  int unsignedByte() throws IOException {
    need(1);
    return Byte.toUnsignedInt(window[at++]);
  }

  int unsignedShort() throws IOException {
    need(Short.BYTES);
    at += Short.BYTES;
    return Short.toUnsignedInt(littleEndian.getShort(at - Short.BYTES));
  }

  int signedInt() throws IOException {
    need(Integer.BYTES);
    at += Integer.BYTES;
    return littleEndian.getInt(at - Integer.BYTES);
  }

  long unsignedInt() throws IOException {
    return Integer.toUnsignedLong(signedInt());
  }

  long signedLong() throws IOException {
    need(Long.BYTES);
    at += Long.BYTES;
    return littleEndian.getLong(at - Long.BYTES);
  }

  /** A double, its highest byte first, as pickles have it. */
  double bigEndianDouble() throws IOException {
    return Double.longBitsToDouble(Long.reverseBytes(signedLong()));
  }

  /** Skips bytes that nobody wants. */
  void skip(long count) throws WeightsException {
    requireLeft(count);
    if (count <= filled - at) {
      at += (int) count;
    } else {
      windowStart += at + count;
      at = 0;
      filled = 0;
    }
  }

  /** Text of so many bytes. */
  String utf8(long count, long most) throws IOException {
    requireLeft(count);
    if (count > most) {
      throw problem("a text of " + count + " bytes, but at most " + most + " are taken");
    }
    byte[] text = new byte[(int) count];
    boolean ascii = true;
    int copied = 0;
    while (copied < text.length) {
      need(1);
      int length = Math.min(filled - at, text.length - copied);
      System.arraycopy(window, at, text, copied, length);
      at += length;
      copied += length;
    }
    for (byte b : text) {
      ascii &= b >= 0;
    }
    if (ascii) {
      // Nearly all are, and a decoder takes more than they do.
      return new String(text, StandardCharsets.US_ASCII);
    }
    try {
      return utf8.decode(ByteBuffer.wrap(text)).toString();
    } catch (CharacterCodingException e) {
      throw new WeightsException(
          problem("a text that ends here is no valid UTF-8").getMessage(), e);
    }
  }

  /** A line of ASCII, without its end. */
  String line(int most) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int next = unsignedByte();
      if (next == '\n') {
        return line.toString();
      }
      if (line.length() == most || next < ' ' || next > '~') {
        throw problem("a name that is too long or has characters that no name has");
      }
      line.append((char) next);
    }
  }

  /** Something is wrong here. */
  WeightsException problem(String what) {
    return new WeightsException(
        origin + ": not a valid file of PyTorch at byte " + position() + ": " + what + ".");
  }
}
