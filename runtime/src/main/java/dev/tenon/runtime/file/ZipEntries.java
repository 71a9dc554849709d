package dev.tenon.runtime.file;

import dev.tenon.runtime.text.Quoted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where the entries of a zip lie, as PyTorch writes them: stored, so that what an entry has is at a
 * position of the file. Of a zip that is compressed, encrypted or split nothing is read, and no
 * size is believed before it was compared with the file. {@code java.util.zip} does not say where
 * an entry lies.
 */
final class ZipEntries {
  private static final int END = 0x06054b50;
  private static final int END_SIZE = 22;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final int LARGE_END_LOCATOR = 0x07064b50;
  private static final int LARGE_END_LOCATOR_SIZE = 20;
  private static final int LARGE_END = 0x06064b50;
  private static final int LARGE_END_SIZE = 56;
  private static final int DIRECTORY = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_SIZE = 30;
  private static final int LARGE_FIELD = 1;
  private static final long IN_LARGE_FIELD = 0xffffffffL;
  private static final int ENCRYPTED = 1;

  /** An entry of a map, a text of its name, two numbers. */
  private static final int ENTRY_COST = 160;

  private final String origin;
  private final Bytes bytes;
  private final Budget budget;
  private final Map<String, Entry> entries = new HashMap<>();

  /** Where the directory begins, and so the data end. */
  private long directoryStart;

  private record Entry(long header, long size, int method, int flags) {}

  /** A range of the file. */
  record Range(long start, long size) {}

  ZipEntries(String origin, Bytes bytes, Budget budget) throws IOException {
    this.origin = origin;
    this.bytes = bytes;
    this.budget = budget;
    readDirectory();
  }

  /** The names of all entries. */
  Iterable<String> names() {
    return entries.keySet();
  }

  /** Where the content of an entry lies, if there is one of that name. */
  Optional<Range> find(String name) throws IOException {
    Entry entry = entries.get(name);
    if (entry == null) {
      return Optional.empty();
    }
    if (entry.method() != 0 || (entry.flags() & ENCRYPTED) != 0) {
      throw problem(
          "its entry "
              + Quoted.of(name)
              + " is compressed or encrypted, but PyTorch stores entries as they are");
    }
    ByteBuffer local = at(entry.header(), LOCAL_SIZE);
    if (local.getInt(0) != LOCAL) {
      throw problem("its entry " + Quoted.of(name) + " is not at byte " + entry.header());
    }
    long start = entry.header() + LOCAL_SIZE + unsignedShort(local, 26) + unsignedShort(local, 28);
    if (start > directoryStart || entry.size() > directoryStart - start) {
      throw problem(
          String.format(
              Locale.ROOT,
              "its entry %s has %,d bytes from byte %,d on, but the directory begins at %,d",
              Quoted.of(name),
              entry.size(),
              start,
              directoryStart));
    }
    return Optional.of(new Range(start, entry.size()));
  }

  private void readDirectory() throws IOException {
    long end = findEnd();
    ByteBuffer record = at(end, END_SIZE);
    long count = unsignedShort(record, 10);
    long size = unsignedInt(record, 12);
    directoryStart = unsignedInt(record, 16);
    long directoryEnd = end;
    Optional<ByteBuffer> large = largeEnd(end);
    if (large.isPresent()) {
      count = large.get().getLong(32);
      size = large.get().getLong(40);
      directoryStart = large.get().getLong(48);
    }
    if (size < 0
        || directoryStart < 0
        || directoryStart > directoryEnd
        || size > directoryEnd - directoryStart) {
      throw problem(
          String.format(
              Locale.ROOT,
              "its directory is said to have %s bytes from byte %s on, but the file has %,d",
              Long.toUnsignedString(size),
              Long.toUnsignedString(directoryStart),
              bytes.size()));
    }
    ByteCursor cursor = new ByteCursor(origin, bytes, directoryStart, directoryStart + size);
    long found = 0;
    while (cursor.position() < directoryStart + size) {
      readEntry(cursor);
      found++;
    }
    if (found != count) {
      throw problem("its directory has " + found + " entries, but its end says " + count);
    }
  }

  private void readEntry(ByteCursor cursor) throws IOException {
    if (cursor.signedInt() != DIRECTORY) {
      throw problem("its directory has no entry at byte " + (cursor.position() - 4));
    }
    cursor.skip(4);
    int flags = cursor.unsignedShort();
    int method = cursor.unsignedShort();
    cursor.skip(8);
    long compressed = cursor.unsignedInt();
    long size = cursor.unsignedInt();
    int nameLength = cursor.unsignedShort();
    int extraLength = cursor.unsignedShort();
    int commentLength = cursor.unsignedShort();
    cursor.skip(8);
    long header = cursor.unsignedInt();
    budget.take(ENTRY_COST + nameLength);
    String name = cursor.utf8(nameLength, LONGEST_COMMENT);
    long extraEnd = cursor.position() + extraLength;
    while (extraEnd - cursor.position() >= 4) {
      int kind = cursor.unsignedShort();
      int length = cursor.unsignedShort();
      long fieldEnd = cursor.position() + length;
      if (fieldEnd > extraEnd) {
        throw problem("its entry " + Quoted.of(name) + " has a field that is longer than all");
      }
      if (kind == LARGE_FIELD) {
        if (size == IN_LARGE_FIELD) {
          size = large(cursor, fieldEnd, name);
        }
        if (compressed == IN_LARGE_FIELD) {
          compressed = large(cursor, fieldEnd, name);
        }
        if (header == IN_LARGE_FIELD) {
          header = large(cursor, fieldEnd, name);
        }
      }
      cursor.skip(fieldEnd - cursor.position());
    }
    cursor.skip(extraEnd - cursor.position());
    cursor.skip(commentLength);
    if (method == 0 && compressed != size) {
      throw problem(
          "its entry "
              + Quoted.of(name)
              + " is stored, but has "
              + compressed
              + " bytes in the file and "
              + size
              + " outside");
    }
    if (size < 0 || header < 0 || header > directoryStart - LOCAL_SIZE) {
      throw problem(
          "its entry "
              + Quoted.of(name)
              + " is said to be at byte "
              + Long.toUnsignedString(header)
              + " with "
              + Long.toUnsignedString(size)
              + " bytes, but the directory begins at "
              + directoryStart);
    }
    if (entries.put(name, new Entry(header, size, method, flags)) != null) {
      throw problem("its entry " + Quoted.of(name) + " is there twice");
    }
  }

  private long large(ByteCursor cursor, long fieldEnd, String name) throws IOException {
    if (fieldEnd - cursor.position() < Long.BYTES) {
      throw problem("its entry " + Quoted.of(name) + " lacks a size of 64 bits");
    }
    return cursor.signedLong();
  }

  /** The last record of a zip, which only a comment may follow. */
  private long findEnd() throws IOException {
    long size = bytes.size();
    int looked = (int) Math.min(size, END_SIZE + LONGEST_COMMENT);
    ByteBuffer tail = at(size - looked, looked);
    for (int i = looked - END_SIZE; i >= 0; i--) {
      if (tail.getInt(i) == END && unsignedShort(tail, i + 20) == looked - END_SIZE - i) {
        return size - looked + i;
      }
    }
    throw new WeightsException(
        String.format(
            Locale.ROOT,
            "%s: the file begins as a zip, but a zip's end is missing: it has been cut short, to %,d"
                + " bytes. Download or copy it again.",
            origin,
            size));
  }

  /** The record of a zip with sizes of 64 bits. */
  private Optional<ByteBuffer> largeEnd(long end) throws IOException {
    if (end < LARGE_END_LOCATOR_SIZE) {
      return Optional.empty();
    }
    ByteBuffer locator = at(end - LARGE_END_LOCATOR_SIZE, LARGE_END_LOCATOR_SIZE);
    if (locator.getInt(0) != LARGE_END_LOCATOR) {
      return Optional.empty();
    }
    long position = locator.getLong(8);
    if (position < 0 || position > end - LARGE_END_SIZE) {
      throw problem("its record of 64 bits is said to be at byte " + position);
    }
    ByteBuffer record = at(position, LARGE_END_SIZE);
    if (record.getInt(0) != LARGE_END) {
      throw problem("its record of 64 bits is not at byte " + position);
    }
    return Optional.of(record);
  }

  private ByteBuffer at(long position, int count) throws IOException {
    byte[] content = new byte[count];
    bytes.read(position, content, 0, count);
    return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int unsignedShort(ByteBuffer buffer, int at) {
    return Short.toUnsignedInt(buffer.getShort(at));
  }

  private static long unsignedInt(ByteBuffer buffer, int at) {
    return Integer.toUnsignedLong(buffer.getInt(at));
  }

  private WeightsException problem(String what) {
    return new WeightsException(origin + ": as a zip the file is damaged: " + what + ".");
  }
}
