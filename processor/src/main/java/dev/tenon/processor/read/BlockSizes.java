package dev.tenon.processor.read;

import dev.tenon.processor.declaration.Attributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.util.ElementFilter;

/**
 * The sizes of a block. An annotation takes constants only, and what javac hands over of {@code out
 * = 4 * OUT} is a number. So the constants of {@code Block} are numbers that nobody would write,
 * spaced so that of their multiples, quotients and neighbours each tells which one it was made of:
 * multiples of different primes, times a unit that leaves room for what is added.
 */
final class BlockSizes {
  /** {@code Block.FIRST} is {@code -UNIT * PRIMES[0]}, and so on. */
  private static final int[] PRIMES = {4099, 4111, 4133, 4157, 4211, 4219, 4297, 4423};

  private static final int UNIT = 4096;
  private static final int MOST_TIMES = 64;
  private static final int MOST_PARTS = 8;

  /** Numbers from here up are meant as they stand. */
  private static final int PLAIN = -2_000_000;

  private BlockSizes() {}

  /** What an attribute is made of: {@code times * size / parts + more}. */
  private record Term(int number, int times, int parts, int more) {
    int of(int size) {
      return Math.addExact(Math.multiplyExact(times, size) / parts, more);
    }
  }

  /** The names of a block's sizes, in order: its constants that are one of {@code Block}'s. */
  static List<String> namesOf(TypeElement block) {
    String[] names = new String[PRIMES.length];
    int count = 0;
    for (VariableElement field : ElementFilter.fieldsIn(block.getEnclosedElements())) {
      for (int i = 0; i < PRIMES.length; i++) {
        if (Integer.valueOf(-UNIT * PRIMES[i]).equals(field.getConstantValue())) {
          names[i] = names[i] == null ? field.getSimpleName().toString() : names[i];
          count = Math.max(count, i + 1);
        }
      }
    }
    List<String> result = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      result.add(names[i] == null ? "size " + (i + 1) : names[i]);
    }
    return result;
  }

  /**
   * The attributes with numbers in the place of sizes.
   *
   * @param sizes what the use gives
   * @param wrong takes the names of attributes whose value is made of a size that there is not, or
   *     in a way that cannot be told
   */
  static Attributes resolve(Attributes attributes, List<Integer> sizes, List<String> wrong) {
    Map<String, Object> values = new LinkedHashMap<>();
    attributes
        .values()
        .forEach(
            (name, value) -> {
              Object resolved = resolve(value, sizes);
              if (resolved == null) {
                wrong.add(name);
              }
              values.put(name, resolved == null ? value : resolved);
            });
    return new Attributes(attributes.annotation(), attributes.ref(), values, attributes.written());
  }

  private static Object resolve(Object value, List<Integer> sizes) {
    if (value instanceof List<?> list) {
      List<Object> resolved = new ArrayList<>();
      for (Object part : list) {
        Object one = resolve(part, sizes);
        if (one == null) {
          return null;
        }
        resolved.add(one);
      }
      return List.copyOf(resolved);
    }
    if (!(value instanceof Integer number) || number > PLAIN) {
      return value;
    }
    Term term = term(number);
    return term == null || term.number() >= sizes.size()
        ? null
        : Integer.valueOf(term.of(sizes.get(term.number())));
  }

  private static Term term(int value) {
    long wanted = -(long) value;
    for (int i = 0; i < PRIMES.length; i++) {
      long size = (long) UNIT * PRIMES[i];
      long times = (wanted + UNIT / 2) / size;
      long more = times * size - wanted;
      if (times >= 1 && times <= MOST_TIMES && Math.abs(more) < UNIT / 2) {
        return new Term(i, (int) times, 1, (int) more);
      }
      for (int parts = 2; parts <= MOST_PARTS; parts++) {
        if (size / parts == wanted) {
          return new Term(i, 1, parts, 0);
        }
      }
    }
    return null;
  }
}
