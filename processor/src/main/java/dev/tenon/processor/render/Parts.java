package dev.tenon.processor.render;

import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Long sequences of statements in several methods: HotSpot does not compile a method of more than
 * 8,000 bytes, and javac no method of more than 65,535.
 */
final class Parts {
  /** Calls in one method; each takes some 30 bytes of bytecode, one with many arguments 100. */
  static final int MOST_CALLS = 60;

  private Parts() {}

  /** The list in pieces of at most {@link #MOST_CALLS}. */
  static <T> List<List<T>> of(List<T> all) {
    List<List<T>> parts = new ArrayList<>();
    for (int from = 0; from < all.size(); from += MOST_CALLS) {
      parts.add(all.subList(from, Math.min(from + MOST_CALLS, all.size())));
    }
    return parts;
  }

  /** The name of a part: {@code forwardLayers}, {@code forwardLayers2}. */
  static String name(String base, int number) {
    return base + (number == 0 ? "" : number + 1);
  }

  /**
   * Adds statements for all items: to the method itself when they are few, else to methods of their
   * own that it calls.
   *
   * @param method takes the statements, or the calls
   * @param base what the methods are called
   * @param arguments what they are given
   * @param part a method with the parameters for these arguments, to be named and filled
   * @param statements adds the statements for one item
   */
  static <T> void add(
      TypeSpec.Builder type,
      MethodSpec.Builder method,
      String base,
      CodeBlock arguments,
      Supplier<MethodSpec.Builder> part,
      List<T> items,
      BiConsumer<MethodSpec.Builder, T> statements) {
    if (items.size() <= MOST_CALLS) {
      items.forEach(item -> statements.accept(method, item));
      return;
    }
    List<List<T>> parts = of(items);
    for (int i = 0; i < parts.size(); i++) {
      method.addStatement("$N($L)", base + (i + 1), arguments);
      MethodSpec.Builder own = part.get().setName(base + (i + 1));
      parts.get(i).forEach(item -> statements.accept(own, item));
      type.addMethod(own.build());
    }
  }
}
