package dev.tenon.processor.read;

import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import java.util.List;
import java.util.function.IntUnaryOperator;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;

/**
 * A type whose methods are layers, a network or a block at one of its uses: where its methods
 * stand, and how to report what is wrong with them.
 *
 * @param methods those that the type declares, in source order
 * @param places the number of a method among all of the network's
 * @param prefix of the names of layers
 * @param sizes what the use gives; empty for a network
 * @param within the blocks around the methods, the type last; empty for a network
 * @param network the network that is read
 */
record DeclaringType(
    TypeElement type,
    List<ExecutableElement> methods,
    IntUnaryOperator places,
    String prefix,
    List<Integer> sizes,
    List<TypeElement> within,
    TypeElement network,
    Report report) {
  boolean isBlock() {
    return !within.isEmpty();
  }

  ExecutableElement method(int member) {
    return methods.get(member);
  }

  /** The number of a method among all of the network's. */
  int place(int member) {
    return places.applyAsInt(member);
  }

  /** The place of a method's name. */
  SourceRef nameOf(int member) {
    return new SourceRef(place(member), "", "");
  }

  /** Reports at an annotation. */
  void report(Problem problem, int member, String annotation, String what, String remedy) {
    report.add(
        problem,
        new SourceRef(place(member), annotation, ""),
        "@" + annotation + " on " + method(member).getSimpleName() + ": " + what,
        remedy);
  }
}
