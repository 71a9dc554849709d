package dev.tenon.processor.read;

import dev.tenon.processor.declaration.Attributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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
    long of(int size) {
      return (long) times * size / parts + more;
    }
  }

  /**
   * A value that stands for no number.
   *
   * @param number what it comes to if that is more than an {@code int} holds; empty if it is made
   *     of a size that there is not, or in a way that cannot be told
   */
  record Wrong(String attribute, OptionalLong number) {}

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
   * @param block whether the attributes stand in a block; in a network any number may be meant as
   *     it stands, unless it is one of {@code Block}'s
   * @param wrong takes the attributes whose value stands for no number
   */
  static Attributes resolve(
      Attributes attributes, List<Integer> sizes, boolean block, List<Wrong> wrong) {
    Map<String, Object> values = new LinkedHashMap<>();
    attributes
        .values()
        .forEach(
            (name, value) -> {
              List<Wrong> ofValue = new ArrayList<>();
              values.put(name, resolve(name, value, sizes, block, ofValue));
              ofValue.stream().limit(1).forEach(wrong::add);
            });
    return new Attributes(attributes.annotation(), attributes.ref(), values, attributes.written());
  }

  private static Object resolve(
      String name, Object value, List<Integer> sizes, boolean block, List<Wrong> wrong) {
    if (value instanceof List<?> list) {
      List<Object> resolved = new ArrayList<>();
      list.forEach(part -> resolved.add(resolve(name, part, sizes, block, wrong)));
      return List.copyOf(resolved);
    }
    if (!(value instanceof Integer number) || number > PLAIN) {
      return value;
    }
    Term term = term(number);
    if (term == null || term.number() >= sizes.size()) {
      if (block || term != null) {
        wrong.add(new Wrong(name, OptionalLong.empty()));
      }
      return value;
    }
    long result = term.of(sizes.get(term.number()));
    if (result != (int) result) {
      wrong.add(new Wrong(name, OptionalLong.of(result)));
      return value;
    }
    return (int) result;
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
