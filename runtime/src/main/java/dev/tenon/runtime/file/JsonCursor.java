package dev.tenon.runtime.file;

import dev.tenon.runtime.text.Quoted;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Goes through the JSON of a header token by token. It builds no tree, calls nothing that calls
 * itself, and allocates nothing: a header of 100 MB as objects would be more than 1 GB.
 */
final class JsonCursor {
  /** A number that is too large for a long is this one; no file has as many bytes. */
  static final long TOO_LARGE = Long.MAX_VALUE;

  private static final int CHUNK = 1 << 12;

  private final String origin;
  private final byte[] bytes;
  private int at;

  /**
   * A cursor at the beginning.
   *
   * @param origin the file, for messages
   * @param bytes whole header, valid as UTF-8
   */
  JsonCursor(String origin, byte[] bytes) {
    this.origin = origin;
    this.bytes = bytes;
  }

  /** Says where bytes are no UTF-8, if they are not. */
  static void requireUtf8(String origin, byte[] bytes) throws WeightsException {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(CHUNK);
    CoderResult result;
    do {
      out.clear();
      result = decoder.decode(in, out, true);
    } while (result.isOverflow());
    if (result.isError()) {
      try {
        result.throwException();
      } catch (CharacterCodingException e) {
        throw new WeightsException(
            origin + ": the header is no valid UTF-8: byte " + in.position() + " of it is wrong.",
            e);
      }
    }
  }

  /** Where the cursor is: the number of the next byte. */
  int position() {
    return at;
  }

  /** Goes somewhere else. */
  void moveTo(int position) {
    at = position;
  }

  /** Skips white space and looks at the next byte; -1 at the end. */
  int peek() {
    while (at < bytes.length && isSpace(bytes[at])) {
      at++;
    }
    return at < bytes.length ? Byte.toUnsignedInt(bytes[at]) : -1;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }

  /** Skips white space and one character that has to be there. */
  void expect(char wanted, String where) throws WeightsException {
    if (peek() != wanted) {
      throw found("'" + wanted + "' " + where);
    }
    at++;
  }

  /** After an element: true at a comma, false at the closing bracket; both are skipped. */
  boolean more(char closing, String where) throws WeightsException {
    int next = peek();
    if (next != ',' && next != closing) {
      throw found("',' or '" + closing + "' " + where);
    }
    at++;
    return next == ',';
  }

  /** True if the next character closes; it is skipped then. */
  boolean closes(char closing) {
    if (peek() == closing) {
      at++;
      return true;
    }
    return false;
  }

  /**
   * Reads a string.
   *
   * @param into emptied first, then what the string says; null if nobody wants to know
   * @param most characters that are taken
   * @param what what the string is, for messages
   */
  void string(StringBuilder into, int most, String what) throws WeightsException {
    if (into != null) {
      into.setLength(0);
    }
    if (peek() != '"') {
      throw found(what + " in quotes");
    }
    int start = at++;
    char high = 0;
    int length = 0;
    while (true) {
      if (at == bytes.length) {
        throw invalid(start, what + " that begins here has no closing quote");
      }
      int b = bytes[at];
      if (high == 0 && b == '"') {
        at++;
        return;
      }
      if (b >= 0 && b < ' ') {
        throw invalid(at, "a control character in " + what + ", which must be escaped");
      }
      int codePoint = b == '\\' ? escape(what) : character();
      if (high != 0 || isSurrogate(codePoint)) {
        codePoint = pair(high, codePoint, what);
        high = codePoint < 0 ? (char) -codePoint : 0;
      }
      if (high == 0) {
        length += Character.charCount(codePoint);
        if (length > most) {
          throw invalid(start, what + " is longer than " + most + " characters");
        }
        if (into != null) {
          into.appendCodePoint(codePoint);
        }
      }
    }
  }

  private static boolean isSurrogate(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  /** The character of two halves, or the first half, negative, if there is no other yet. */
  private int pair(char high, int next, String what) throws WeightsException {
    if (high == 0 && next <= Character.MAX_HIGH_SURROGATE) {
      if (at + 1 >= bytes.length || bytes[at] != '\\' || bytes[at + 1] != 'u') {
        throw invalid(at, "half of a surrogate pair in " + what);
      }
      return -next;
    }
    if (high == 0 || next < Character.MIN_LOW_SURROGATE || next > Character.MAX_LOW_SURROGATE) {
      throw invalid(at, "half of a surrogate pair in " + what);
    }
    return Character.toCodePoint(high, (char) next);
  }

  /** A character that stands for itself; the header is valid UTF-8. */
  private int character() {
    int first = bytes[at++];
    if (first >= 0) {
      return first;
    }
    int more = (first & 0xe0) == 0xc0 ? 1 : (first & 0xf0) == 0xe0 ? 2 : 3;
    int codePoint = first & (0x3f >> more);
    for (int i = 0; i < more; i++) {
      codePoint = (codePoint << 6) | (bytes[at++] & 0x3f);
    }
    return codePoint;
  }

  private int escape(String what) throws WeightsException {
    int start = at++;
    int kind = at < bytes.length ? bytes[at++] : -1;
    return switch (kind) {
      case '"', '\\', '/' -> kind;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hexadecimal(start, what);
      default -> throw invalid(start, "an escape in " + what + " that JSON does not have");
    };
  }

  private int hexadecimal(int start, String what) throws WeightsException {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < bytes.length ? Character.digit(bytes[at], 16) : -1;
      if (digit < 0) {
        throw invalid(start, "\\u in " + what + " needs four hexadecimal digits");
      }
      value = (value << 4) | digit;
      at++;
    }
    return value;
  }

  /** Reads a whole number from 0; {@link #TOO_LARGE} if no long can hold it. */
  long wholeNumber(String what) throws WeightsException {
    int next = peek();
    int start = at;
    if (next < '0' || next > '9') {
      throw found("a whole number from 0, " + what);
    }
    long value = 0;
    while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
      int digit = bytes[at++] - '0';
      value = value > (Long.MAX_VALUE - digit) / 10 ? TOO_LARGE : value * 10 + digit;
    }
    boolean leadingZero = next == '0' && at > start + 1;
    boolean fraction =
        at < bytes.length && (bytes[at] == '.' || bytes[at] == 'e' || bytes[at] == 'E');
    if (leadingZero || fraction) {
      throw invalid(start, what + " must be a whole number without leading zeros");
    }
    return value;
  }

  /** What stands between two positions, for messages. */
  String text(int from, int to) {
    int shown = Math.min(to - from, CHUNK);
    return Quoted.plain(new String(bytes, from, shown, StandardCharsets.UTF_8));
  }

  /** There is something else than what has to be there. */
  WeightsException found(String wanted) {
    if (peek() < 0) {
      return invalid(at, "expected " + wanted + ", but the header ends");
    }
    int end = at + 1;
    while (end < bytes.length && (bytes[end] & 0xc0) == 0x80) {
      end++;
    }
    return invalid(
        at,
        "expected "
            + wanted
            + ", but found "
            + Quoted.of(new String(bytes, at, end - at, StandardCharsets.UTF_8)));
  }

  private WeightsException invalid(int position, String problem) {
    return new WeightsException(
        origin + ": the header is not valid at byte " + position + ": " + problem + ".");
  }
}
