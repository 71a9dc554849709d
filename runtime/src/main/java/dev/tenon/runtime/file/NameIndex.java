package dev.tenon.runtime.file;

import java.util.SplittableRandom;

/**
 * Finds names in a header by where they begin in it: four bytes for each, while a map of strings
 * takes more than the header itself. What is hashed is mixed with a random number, so no file can
 * make all its names fall together.
 */
final class NameIndex {
  private static final int EMPTY = -1;

  private final JsonCursor cursor;
  private final StringBuilder other = new StringBuilder();
  private final int multiplier = new SplittableRandom().nextInt() | 1;

  /** Positions of names, each at the first free slot from its hash on. */
  private final int[] slots;

  /** An index for so many names, all of which the cursor can read. */
  NameIndex(String origin, JsonCursor cursor, int names) throws WeightsException {
    this.cursor = cursor;
    int size = Math.toIntExact(Math.min(Integer.MAX_VALUE - 8, names + names / 3L + 1));
    slots = Memory.array(int[]::new, size, Integer.BYTES, origin + ": the index of its header");
    java.util.Arrays.fill(slots, EMPTY);
  }

  /** Adds a name; false if it is there already. */
  boolean add(CharSequence name, int position) throws WeightsException {
    int slot = slot(name);
    if (slots[slot] != EMPTY) {
      return false;
    }
    slots[slot] = position;
    return true;
  }

  /** Where a name begins, or -1. */
  int find(CharSequence name) throws WeightsException {
    return slots[slot(name)];
  }

  /** The slot of a name: its own, or the free one where it would go. */
  private int slot(CharSequence name) throws WeightsException {
    int slot = Integer.remainderUnsigned(hash(name), slots.length);
    while (slots[slot] != EMPTY && !isAt(slots[slot], name)) {
      slot = slot + 1 == slots.length ? 0 : slot + 1;
    }
    return slot;
  }

  private boolean isAt(int position, CharSequence name) throws WeightsException {
    cursor.moveTo(position);
    cursor.string(other, SafetensorsHeader.LONGEST_NAME, "a name");
    return CharSequence.compare(other, name) == 0;
  }

  private int hash(CharSequence name) {
    int hash = multiplier;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash + name.charAt(i)) * multiplier;
      hash ^= hash >>> 15;
    }
    return hash;
  }
}
