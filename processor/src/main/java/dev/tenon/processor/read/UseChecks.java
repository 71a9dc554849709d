package dev.tenon.processor.read;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.diagnostics.Report;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/** Whether a {@code @Use} places a block, in a way that the block allows. */
final class UseChecks {
  /** Blocks within blocks: the views of each are a class within that of the one around it. */
  private static final int MOST_WITHIN = 100;

  private final Elements elements;
  private final GeneratedApi generated;

  UseChecks(Elements elements, GeneratedApi generated) {
    this.elements = elements;
    this.generated = generated;
  }

  /** Whether a type can be placed as a block; reports if not. */
  boolean isBlock(DeclaringType in, int member, TypeElement found) {
    String simple = found.getSimpleName().toString();
    String wrong = "";
    String remedy = "";
    List<String> inherited =
        ElementFilter.methodsIn(elements.getAllMembers(found)).stream()
            .filter(method -> method.getModifiers().contains(Modifier.ABSTRACT))
            .filter(method -> !method.getEnclosingElement().equals(found))
            .filter(method -> !generated.isImplementedByObject(method))
            .map(method -> method.getSimpleName() + "()")
            .toList();
    Optional<VariableElement> field =
        ElementFilter.fieldsIn(found.getEnclosedElements()).stream()
            .filter(one -> !Mirrors.layers(one).isEmpty())
            .findFirst();
    if (Mirrors.named(found, Mirrors.BLOCK).isEmpty()) {
      wrong = simple + " is no block.";
      remedy = "Put @Block on " + simple + ".";
    } else if (found.getKind() != ElementKind.INTERFACE) {
      wrong = "a block is an interface, but " + simple + " is a class.";
      remedy = "Write `interface " + simple + "`.";
    } else if (!found.getTypeParameters().isEmpty()) {
      wrong = "a block has no type parameters, but " + simple + " has.";
      remedy = "Remove them.";
    } else if (!inherited.isEmpty()) {
      wrong =
          "a block declares all its layers itself, but "
              + simple
              + " inherits "
              + String.join(", ", inherited)
              + ".";
      remedy = "Declare them in " + simple + ".";
    } else if (field.isPresent()) {
      wrong =
          "a layer is a method, but the block "
              + simple
              + " has the field "
              + field.get().getSimpleName()
              + ".";
      remedy =
          "Write `"
              + TypeNames.simple(field.get().asType())
              + " "
              + field.get().getSimpleName()
              + "();` there.";
    } else if (!isVisible(found, in.network())) {
      wrong = "the generated model cannot see " + simple + ", which is not public.";
      remedy = "Make it public, with all types around it, or move it into the network's package.";
    } else if (in.within().size() == MOST_WITHIN) {
      wrong =
          "blocks stand within blocks more than "
              + MOST_WITHIN
              + " deep: "
              + in.within().get(0).getSimpleName()
              + " uses "
              + in.within().get(1).getSimpleName()
              + ", and so on to "
              + simple
              + ".";
      remedy = "Put the layers into fewer blocks.";
    } else if (in.within().contains(found)) {
      wrong =
          "a block cannot use itself: "
              + Stream.concat(in.within().stream(), Stream.of(found))
                  .skip(in.within().indexOf(found))
                  .map(t -> t.getSimpleName().toString())
                  .collect(Collectors.joining(" -> "))
              + ".";
      in.report(ReadProblems.BLOCK_CYCLE, member, Mirrors.USE, wrong, "Use another block here.");
      return false;
    }
    if (!wrong.isEmpty()) {
      in.report(ReadProblems.USE_VALUE, member, Mirrors.USE, wrong, remedy);
    }
    return wrong.isEmpty();
  }

  private boolean isVisible(TypeElement block, TypeElement network) {
    boolean open = true;
    for (Element e = block; e.getKind() != ElementKind.PACKAGE; e = e.getEnclosingElement()) {
      if (e.getModifiers().contains(Modifier.PRIVATE)) {
        return false;
      }
      open &= e.getModifiers().contains(Modifier.PUBLIC);
    }
    return open || elements.getPackageOf(block).equals(elements.getPackageOf(network));
  }

  /** Whether the use gives what the block wants, and returns it; reports if not. */
  boolean isRight(DeclaringType in, int member, TypeElement block, Attributes values) {
    ExecutableElement method = in.method(member);
    Report report = in.report();
    long before = report.errorCount();
    String simple = block.getSimpleName().toString();
    List<String> names = BlockSizes.namesOf(block);
    List<Integer> given = values.integers("sizes");
    if (names.size() != given.size()) {
      report.add(
          ReadProblems.USE_SIZES,
          values.at("sizes"),
          "@Use on "
              + method.getSimpleName()
              + ": "
              + simple
              + (names.isEmpty()
                  ? " has no sizes, but here "
                  : " has "
                      + (names.size() == 1 ? "one size (" : names.size() + " sizes (")
                      + String.join(", ", names)
                      + "), but here ")
              + (given.size() == 1 ? "is 1." : "are " + given.size() + "."),
          names.isEmpty() ? "Remove sizes." : "Write a number for each, in this order.");
    }
    int repeat = values.integer("repeat");
    if (repeat < 1) {
      report.add(
          ReadProblems.USE_REPEAT,
          values.at("repeat"),
          "@Use on "
              + method.getSimpleName()
              + ": repeat must be at least 1, but is "
              + repeat
              + ".",
          "");
    }
    TypeMirror returned = method.getReturnType();
    if (returned.getKind() != TypeKind.ERROR) {
      boolean one = TypeNames.qualified(returned).equals(block.getQualifiedName().toString());
      boolean many =
          TypeNames.isList(returned)
              && ((DeclaredType) returned)
                  .getTypeArguments().stream()
                      .allMatch(
                          t -> TypeNames.qualified(t).equals(block.getQualifiedName().toString()));
      if (!many && (!one || repeat > 1)) {
        report.add(
            ReadProblems.USE_RETURN,
            in.nameOf(member),
            "@Use on "
                + method.getSimpleName()
                + ": returns "
                + TypeNames.simple(returned)
                + ", but "
                + (repeat > 1 ? repeat + " blocks are shown as " : "the block is shown as ")
                + (repeat > 1 ? "List<" + simple + ">." : simple + "."),
            "Write `"
                + (repeat > 1 ? "List<" + simple + ">" : simple)
                + " "
                + method.getSimpleName()
                + "();`.");
      }
    }
    return report.errorCount() == before;
  }
}
