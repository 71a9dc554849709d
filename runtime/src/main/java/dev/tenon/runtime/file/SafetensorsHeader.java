package dev.tenon.runtime.file;

import dev.tenon.runtime.text.Quoted;
import java.util.AbstractList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The header of a safetensors file, checked from end to end. It stays as the bytes that it was,
 * with an index of where its entries begin, and an entry is read again when it is asked for: so the
 * whole takes less than twice the header, whatever is in it. Not thread-safe.
 */
final class SafetensorsHeader {
  /** What the format's reference implementation takes: 10^8 bytes, not 100 MiB. */
  static final int LONGEST = 100_000_000;

  static final int LONGEST_NAME = 1 << 16;

  private static final String METADATA = "__metadata__";
  private static final int LONGEST_TYPE = 64;

  private final String origin;
  private final byte[] bytes;
  private final JsonCursor cursor;
  private final long dataSize;
  private final StringBuilder name = new StringBuilder();
  private final StringBuilder word = new StringBuilder();

  /** Where the names of the entries begin, in the order of their data. */
  private final int[] places;

  private final NameIndex index;

  /** Where the object of the metadata begins, or -1. */
  private int metadata = -1;

  // The entry that was read last.
  private Optional<ElementType> type = Optional.empty();
  private int typePlace;
  private int shapeStart;
  private int shapeEnd;
  private int rank;
  private long begin;
  private long end;

  /**
   * Reads and checks a header.
   *
   * @param origin the file, for messages
   * @param bytes the header without its length
   * @param dataSize how many bytes of data come after it
   */
  SafetensorsHeader(String origin, byte[] bytes, long dataSize) throws WeightsException {
    this.origin = origin;
    this.bytes = bytes;
    this.dataSize = dataSize;
    JsonCursor.requireUtf8(origin, bytes);
    cursor = new JsonCursor(origin, bytes);
    int count = walk(null, null);
    places = Memory.array(int[]::new, count, Integer.BYTES, origin + ": the index of its header");
    long[] bounds =
        Memory.array(long[]::new, 2 * count, Long.BYTES, origin + ": the index of its header");
    walk(places, bounds);
    sort(bounds);
    requireTiling(bounds);
    index = new NameIndex(origin, new JsonCursor(origin, bytes), count);
    for (int place : places) {
      cursor.moveTo(place);
      cursor.string(name, LONGEST_NAME, "a tensor's name");
      if (!index.add(name, place)) {
        throw new WeightsException(
            origin + ": the tensor " + Quoted.of(name) + " is there twice, but names are unique.");
      }
    }
  }

  /** The names, in the order of their data; they are made when they are asked for. */
  List<String> names() {
    return new AbstractList<>() {
      @Override
      public String get(int number) {
        return name(places[number]);
      }

      @Override
      public int size() {
        return places.length;
      }
    };
  }

  private synchronized String name(int place) {
    try {
      cursor.moveTo(place);
      cursor.string(name, LONGEST_NAME, "a tensor's name");
      return name.toString();
    } catch (WeightsException e) {
      throw checkedBefore(e);
    }
  }

  /** Whether there is a tensor of that name. */
  synchronized boolean contains(String wanted) {
    return find(wanted) >= 0;
  }

  private int find(String wanted) {
    try {
      return index.find(wanted);
    } catch (WeightsException e) {
      throw checkedBefore(e);
    }
  }

  private static IllegalStateException checkedBefore(WeightsException e) {
    return new IllegalStateException("The header was checked when it was read.", e);
  }

  /** Where a tensor lies. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  record Entry(Optional<ElementType> type, String typeName, long[] shape, long begin, long end) {}

  /** The entry of a name that is there. */
  synchronized Entry entry(String wanted) {
    try {
      cursor.moveTo(find(wanted));
      cursor.string(name, LONGEST_NAME, "a tensor's name");
      entry();
      long[] shape = new long[rank];
      cursor.moveTo(shapeStart);
      cursor.expect('[', "before the shape");
      for (int axis = 0; axis < rank; axis++) {
        shape[axis] = cursor.wholeNumber("an extent");
        cursor.more(']', "after an extent");
      }
      return new Entry(type, typeName(), shape, begin, end);
    } catch (WeightsException e) {
      throw checkedBefore(e);
    }
  }

  /** The metadata, in the order of the file. */
  synchronized Map<String, String> metadata() {
    Map<String, String> map = new LinkedHashMap<>();
    if (metadata < 0) {
      return map;
    }
    try {
      cursor.moveTo(metadata);
      cursor.expect('{', "before the metadata");
      if (cursor.closes('}')) {
        return map;
      }
      StringBuilder value = new StringBuilder();
      do {
        cursor.string(word, bytes.length, "a key of the metadata");
        String key = word.toString();
        cursor.expect(':', "after a key of the metadata");
        cursor.string(value, bytes.length, "a value of the metadata");
        map.put(key, value.toString());
      } while (cursor.more('}', "after a value of the metadata"));
      return map;
    } catch (WeightsException e) {
      throw checkedBefore(e);
    }
  }

  /**
   * Goes through the whole header and checks it.
   *
   * @param places filled with where the names begin, unless null
   * @param bounds filled with begin and end of each, unless null
   * @return how many tensors there are
   */
  private int walk(int[] places, long[] bounds) throws WeightsException {
    int count = 0;
    cursor.moveTo(0);
    cursor.expect('{', "at the beginning of the header");
    if (!cursor.closes('}')) {
      metadata = -1;
      do {
        cursor.peek();
        int place = cursor.position();
        cursor.string(name, LONGEST_NAME, "a tensor's name");
        if (name.length() == METADATA.length() && METADATA.contentEquals(name)) {
          if (metadata >= 0) {
            throw new WeightsException(origin + ": " + METADATA + " is there twice.");
          }
          cursor.expect(':', "after a name");
          cursor.peek();
          metadata = cursor.position();
          checkMetadata(places == null);
          continue;
        }
        entry();
        if (places == null) {
          checkEntry();
        } else {
          places[count] = place;
          bounds[2 * count] = begin;
          bounds[2 * count + 1] = end;
        }
        count++;
      } while (cursor.more('}', "after a tensor"));
    }
    if (cursor.peek() >= 0) {
      throw cursor.found("nothing but white space after the header's closing '}'");
    }
    return count;
  }

  /** Reads the metadata; keys are compared when they have been counted. */
  private void checkMetadata(boolean compare) throws WeightsException {
    int start = cursor.position();
    int pairs = walkMetadata(null);
    if (compare && pairs > 1) {
      NameIndex keys = new NameIndex(origin, new JsonCursor(origin, bytes), pairs);
      int after = cursor.position();
      cursor.moveTo(start);
      walkMetadata(keys);
      cursor.moveTo(after);
    }
  }

  private int walkMetadata(NameIndex keys) throws WeightsException {
    cursor.expect('{', "before the metadata, which are texts by name");
    int pairs = 0;
    if (cursor.closes('}')) {
      return pairs;
    }
    do {
      cursor.peek();
      int place = cursor.position();
      cursor.string(word, LONGEST_NAME, "a key of the metadata");
      if (keys != null && !keys.add(word, place)) {
        throw new WeightsException(
            origin + ": the metadata have the key " + Quoted.of(word) + " twice.");
      }
      cursor.expect(':', "after a key of the metadata");
      cursor.string(null, bytes.length, "a value of the metadata");
      pairs++;
    } while (cursor.more('}', "after a value of the metadata"));
    return pairs;
  }

  /** Reads an entry after its name. */
  private void entry() throws WeightsException {
    cursor.expect(':', "after a name");
    cursor.expect('{', "before a tensor's dtype, shape and data_offsets");
    boolean hasType = false;
    boolean hasShape = false;
    boolean hasOffsets = false;
    if (!cursor.closes('}')) {
      do {
        cursor.string(word, LONGEST_TYPE, "dtype, shape or data_offsets");
        cursor.expect(':', "after a tensor's key");
        boolean twice;
        if (CharSequence.compare(word, "dtype") == 0) {
          twice = hasType;
          hasType = true;
          readType();
        } else if (CharSequence.compare(word, "shape") == 0) {
          twice = hasShape;
          hasShape = true;
          readShape();
        } else if (CharSequence.compare(word, "data_offsets") == 0) {
          twice = hasOffsets;
          hasOffsets = true;
          readOffsets();
        } else {
          throw problem(
              "has the key "
                  + Quoted.of(word)
                  + ", but a tensor has dtype, shape and data_offsets, and nothing else");
        }
        if (twice) {
          throw problem("has one of dtype, shape and data_offsets twice");
        }
      } while (cursor.more('}', "after a tensor's value"));
    }
    if (!hasType || !hasShape || !hasOffsets) {
      throw problem(
          "has no " + (!hasType ? "dtype" : !hasShape ? "shape" : "data_offsets") + " in it");
    }
  }

  private void readType() throws WeightsException {
    cursor.peek();
    typePlace = cursor.position();
    cursor.string(word, LONGEST_TYPE, "the name of an element type");
    type = Optional.empty();
    type = ElementType.named(word);
  }

  /** The element type as the file spells it. */
  private String typeName() throws WeightsException {
    int after = cursor.position();
    cursor.moveTo(typePlace);
    cursor.string(word, LONGEST_TYPE, "the name of an element type");
    cursor.moveTo(after);
    return word.toString();
  }

  private void readShape() throws WeightsException {
    cursor.peek();
    shapeStart = cursor.position();
    cursor.expect('[', "before the extents of a shape");
    rank = 0;
    if (!cursor.closes(']')) {
      do {
        cursor.wholeNumber("an extent of a shape");
        rank++;
      } while (cursor.more(']', "after an extent of a shape"));
    }
    shapeEnd = cursor.position();
  }

  private void readOffsets() throws WeightsException {
    cursor.expect('[', "before the two numbers of data_offsets");
    begin = cursor.wholeNumber("the begin of data_offsets");
    cursor.expect(',', "between the two numbers of data_offsets");
    end = cursor.wholeNumber("the end of data_offsets");
    cursor.expect(']', "after the two numbers of data_offsets");
  }

  /** The rules for one entry by itself. */
  private void checkEntry() throws WeightsException {
    if (end < begin) {
      throw problem("has data_offsets that end before they begin: [" + begin + ", " + end + ")");
    }
    if (end == JsonCursor.TOO_LARGE) {
      throw problem("has data_offsets beyond " + JsonCursor.TOO_LARGE + ", where no file ends");
    }
    int after = cursor.position();
    long elements = 1;
    cursor.moveTo(shapeStart);
    cursor.expect('[', "before the extents of a shape");
    for (int axis = 0; axis < rank; axis++) {
      long extent = cursor.wholeNumber("an extent of a shape");
      cursor.more(']', "after an extent of a shape");
      boolean tooLarge = extent == JsonCursor.TOO_LARGE || Math.multiplyHigh(elements, extent) != 0;
      elements *= extent;
      if (tooLarge || elements < 0) {
        throw problem(
            "has a shape of more elements than 63 bits count: "
                + cursor.text(shapeStart, shapeEnd));
      }
    }
    cursor.moveTo(after);
    if (type.isPresent()) {
      checkSize(elements, type.get());
    }
  }

  private void checkSize(long elements, ElementType known) throws WeightsException {
    int bits = known.bits();
    long high = Math.multiplyHigh(elements, bits);
    long all = elements * bits;
    if (high != 0 || all < 0) {
      throw problem(
          "has more bits than 63 bits count: " + elements + " elements of " + bits + " bits each");
    }
    if (all % Byte.SIZE != 0) {
      throw problem(
          "does not fill whole bytes: " + elements + " elements of " + bits + " bits each");
    }
    if (all / Byte.SIZE != end - begin) {
      throw problem(
          String.format(
              Locale.ROOT,
              "needs %,d bytes, %s of shape %s, but its data_offsets [%d, %d) have %,d",
              all / Byte.SIZE,
              known,
              cursor.text(shapeStart, shapeEnd),
              begin,
              end,
              end - begin));
    }
  }

  /** No holes, no overlaps, and nothing after the last: each byte of the data has one owner. */
  private void requireTiling(long[] bounds) throws WeightsException {
    long covered = 0;
    for (int i = 0; i < places.length; i++) {
      long from = bounds[2 * i];
      if (from != covered) {
        cursor.moveTo(places[i]);
        cursor.string(name, LONGEST_NAME, "a tensor's name");
        String before = i == 0 ? "the data begin" : Quoted.of(name(places[i - 1])) + " ends";
        cursor.moveTo(places[i]);
        cursor.string(name, LONGEST_NAME, "a tensor's name");
        throw problem(
            String.format(
                Locale.ROOT,
                "begins at byte %,d of the data, but %s at %,d: %s",
                from,
                before,
                covered,
                from < covered ? "the two overlap" : "there must be no hole"));
      }
      covered = bounds[2 * i + 1];
    }
    if (covered > dataSize) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "%s: the file ends %,d bytes early: its tensors take %,d bytes, but only %,d are"
                  + " there. Download or copy it again.",
              origin,
              covered - dataSize,
              covered,
              dataSize));
    }
    if (covered < dataSize) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "%s: the file has %,d bytes after its last tensor: its tensors take %,d bytes, but"
                  + " %,d are there.",
              origin,
              dataSize - covered,
              covered,
              dataSize));
    }
  }

  private WeightsException problem(String what) {
    return new WeightsException(origin + ": the tensor " + Quoted.of(name) + " " + what + ".");
  }

  /** Sorts places and bounds by begin, then end, then place, in place: heap sort. */
  private void sort(long[] bounds) {
    int count = places.length;
    boolean sorted = true;
    for (int i = 1; i < count && sorted; i++) {
      sorted = compare(bounds, i - 1, i) <= 0;
    }
    if (sorted) {
      return;
    }
    for (int root = count / 2 - 1; root >= 0; root--) {
      sink(bounds, root, count);
    }
    for (int last = count - 1; last > 0; last--) {
      swap(bounds, 0, last);
      sink(bounds, 0, last);
    }
  }

  private void sink(long[] bounds, int from, int count) {
    int root = from;
    while (2 * root + 1 < count) {
      int child = 2 * root + 1;
      if (child + 1 < count && compare(bounds, child, child + 1) < 0) {
        child++;
      }
      if (compare(bounds, root, child) >= 0) {
        return;
      }
      swap(bounds, root, child);
      root = child;
    }
  }

  private int compare(long[] bounds, int a, int b) {
    int byBegin = Long.compare(bounds[2 * a], bounds[2 * b]);
    if (byBegin != 0) {
      return byBegin;
    }
    int byEnd = Long.compare(bounds[2 * a + 1], bounds[2 * b + 1]);
    return byEnd != 0 ? byEnd : Integer.compare(places[a], places[b]);
  }

  private void swap(long[] bounds, int a, int b) {
    int place = places[a];
    places[a] = places[b];
    places[b] = place;
    for (int i = 0; i < 2; i++) {
      long bound = bounds[2 * a + i];
      bounds[2 * a + i] = bounds[2 * b + i];
      bounds[2 * b + i] = bound;
    }
  }
}
