package dev.tenon.runtime.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Changes files as accidents and malice do: bits, numbers, words, pieces cut out or doubled. */
public final class Mutants {
  /** What hostile numbers and texts look like. */
  private static final String[] WORDS = {
    "18446744073709551615",
    "9223372036854775807",
    "4294967296",
    "-1",
    "0",
    "1e9",
    "00",
    "{",
    "}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "\\u0000",
    "\\ud800",
    "null",
    "\"__metadata__\"",
    "\"dtype\"",
    "\u00ff",
    "\"BOOL\"",
    "cos\nsystem\n",
    "ctorch\nSize\n",
    "(",
    "t",
    "R",
    "}",
    "u",
    "b",
    "Q",
    ".",
    "h\0",
    "q\0"
  };

  private Mutants() {}

  /**
   * A file with one to four changes.
   *
   * @param original stays as it is
   * @param random says which
   */
  public static byte[] of(byte[] original, Random random) {
    byte[] file = original.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      file = change(file, random);
    }
    return file;
  }

  private static byte[] change(byte[] file, Random random) {
    if (file.length < 2) {
      return new byte[random.nextInt(20)];
    }
    // The beginning says most, and so does the end of a zip.
    int span = random.nextBoolean() ? file.length : Math.min(file.length, 600);
    int at = random.nextInt(4) == 0 ? file.length - 1 - random.nextInt(span) : random.nextInt(span);
    switch (random.nextInt(9)) {
      case 0 -> file[at] = (byte) random.nextInt();
      case 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> {
        return Arrays.copyOf(file, random.nextInt(file.length));
      }
      case 3 -> {
        return Arrays.copyOf(file, file.length + random.nextInt(40));
      }
      case 4 -> {
        byte[] word = WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.ISO_8859_1);
        return splice(file, at, at, word);
      }
      case 5 -> {
        byte[] word = WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.ISO_8859_1);
        return splice(file, at, Math.min(file.length, at + word.length), word);
      }
      case 6 -> {
        int end = Math.min(file.length, at + 1 + random.nextInt(30));
        return splice(file, at, end, new byte[0]);
      }
      case 7 -> {
        int end = Math.min(file.length, at + 1 + random.nextInt(200));
        byte[] copy = Arrays.copyOfRange(file, at, end);
        int to = random.nextInt(file.length);
        return splice(file, to, to, copy);
      }
      default -> {
        if (at + 8 <= file.length) {
          long[] numbers = {
            -1, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MAX_VALUE, 1L << 32, 100_000_000
          };
          ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
          long number = numbers[random.nextInt(numbers.length)] + random.nextInt(3) - 1;
          if (random.nextBoolean()) {
            buffer.putLong(at, number);
          } else {
            buffer.putInt(at, (int) number);
          }
        }
      }
    }
    return file;
  }

  private static byte[] splice(byte[] file, int from, int to, byte[] with) {
    byte[] spliced = new byte[file.length - (to - from) + with.length];
    System.arraycopy(file, 0, spliced, 0, from);
    System.arraycopy(with, 0, spliced, from, with.length);
    System.arraycopy(file, to, spliced, from + with.length, file.length - to);
    return spliced;
  }
}
