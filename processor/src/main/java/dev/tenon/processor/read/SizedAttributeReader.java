package dev.tenon.processor.read;

import dev.tenon.processor.declaration.Attributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.AnnotationMirror;

/** Reads annotations of layers, with numbers in the place of a block's sizes. */
final class SizedAttributeReader {
  private final AttributeReader attributes;
  private final AttributeChecks checks;

  SizedAttributeReader(AttributeReader attributes, AttributeChecks checks) {
    this.attributes = attributes;
    this.checks = checks;
  }

  /**
   * Reads all values, written and default.
   *
   * @return empty when a value cannot be read, which javac reports, or is missing or made of a size
   *     that there is not, which is reported here
   */
  Optional<Attributes> read(DeclaringType in, int member, AnnotationMirror mirror) {
    if (!checks.isComplete(in.method(member), in.place(member), mirror, in.report())) {
      return Optional.empty();
    }
    return attributes
        .read(mirror, in.place(member), in.network())
        .flatMap(
            values -> {
              List<BlockSizes.Wrong> wrong = new ArrayList<>();
              boolean block = Mirrors.named(in.type(), Mirrors.BLOCK).isPresent();
              Attributes resolved = BlockSizes.resolve(values, in.sizes(), block, wrong);
              wrong.forEach(one -> report(in, member, values, one));
              return wrong.isEmpty() ? Optional.of(resolved) : Optional.empty();
            });
  }

  private static void report(
      DeclaringType in, int member, Attributes values, BlockSizes.Wrong wrong) {
    String attribute = wrong.attribute();
    if (wrong.number().isPresent()) {
      in.report()
          .add(
              ReadProblems.SIZE,
              values.at(attribute),
              "@"
                  + values.annotation()
                  + " on "
                  + in.method(member).getSimpleName()
                  + ": "
                  + attribute
                  + " comes to "
                  + wrong.number().getAsLong()
                  + " with the sizes that a use gives, but can be at most "
                  + Integer.MAX_VALUE
                  + ".",
              "");
      return;
    }
    List<String> names = BlockSizes.namesOf(in.type());
    boolean block = Mirrors.named(in.type(), Mirrors.BLOCK).isPresent();
    in.report()
        .add(
            ReadProblems.SIZE,
            values.at(attribute),
            "@"
                + values.annotation()
                + " on "
                + in.method(member).getSimpleName()
                + ": "
                + attribute
                + (block
                    ? " is made of a size that "
                        + in.type().getSimpleName()
                        + " does not have, or in a way that cannot be told."
                    : " is made of a block's size, but "
                        + in.type().getSimpleName()
                        + " is a network."),
            block
                ? "Use one of its sizes ("
                    + (names.isEmpty() ? "there is none" : String.join(", ", names))
                    + "), times or divided by a small number, or with a small number added."
                : "Write the number.");
  }
}
