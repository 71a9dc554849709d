package dev.tenon.processor.read;

import dev.tenon.processor.diagnostics.Suggestion;
import dev.tenon.processor.layer.StateView;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.type.TypeMirror;

/** Whether a method can be a layer, and which one it is. */
final class MethodChecks {
  private final GeneratedApi generated;
  private final Map<String, StateView> layers;

  /**
   * Prepares to check.
   *
   * @param layers simple names of the layer annotations, and what the methods under them return
   */
  MethodChecks(GeneratedApi generated, Map<String, StateView> layers) {
    this.generated = generated;
    this.layers = new TreeMap<>(layers);
  }

  /** Reports what keeps a method with a layer's annotation from being one. */
  void check(DeclaringType in, int member, String annotation) {
    ExecutableElement method = in.method(member);
    String name = method.getSimpleName().toString();
    if (!method.getModifiers().contains(Modifier.ABSTRACT)) {
      in.report(
          ReadProblems.NOT_ABSTRACT,
          member,
          annotation,
          "a layer's method is abstract, but " + Mirrors.signature(method) + " has a body.",
          "Remove the body, and `default` or `static` with it.");
    }
    if (!method.getParameters().isEmpty()) {
      boolean overload =
          in.methods().stream().filter(other -> other.getSimpleName().contentEquals(name)).count()
              > 1;
      if (overload) {
        in.report(
            ReadProblems.OVERLOADED,
            member,
            annotation,
            "a layer's name is its method's name, but " + name + " stands here twice.",
            "Write `" + free(in, name) + "()`.");
      } else {
        in.report(
            ReadProblems.PARAMETERS,
            member,
            annotation,
            "a layer's method has no parameters, but "
                + Mirrors.signature(method)
                + " has "
                + method.getParameters().size()
                + ".",
            "Write `" + name + "()`; sizes stand in the annotation.");
      }
    }
    if (!method.getTypeParameters().isEmpty()) {
      in.report(
          ReadProblems.METHOD_GENERIC,
          member,
          annotation,
          "a layer's method has no type parameters, but here is "
              + method.getTypeParameters().stream()
                  .map(parameter -> parameter.getSimpleName().toString())
                  .collect(Collectors.joining(", ", "<", ">"))
              + ".",
          "Remove them.");
    }
    if (!method.getThrownTypes().isEmpty()) {
      in.report(
          ReadProblems.THROWS,
          member,
          annotation,
          "a layer's method throws nothing, but here is throws "
              + method.getThrownTypes().stream()
                  .map(TypeMirror::toString)
                  .collect(Collectors.joining(", "))
              + ".",
          "Remove it.");
    }
    if (in.isBlock() ? generated.isOfObject(name) : generated.isReserved(name, in.network())) {
      in.report()
          .add(
              ReadProblems.NAME,
              in.nameOf(member),
              "@"
                  + annotation
                  + " on "
                  + name
                  + ": the generated model has a method "
                  + name
                  + "() of its own.",
              "Call the layer " + free(in, name) + ", for example.");
    }
  }

  /** Whether these annotations say one layer that there is; reports if not. */
  boolean isOneLayer(DeclaringType in, int member, List<AnnotationMirror> mirrors) {
    boolean known = true;
    for (AnnotationMirror mirror : mirrors) {
      String annotation = Mirrors.simpleName(mirror);
      if (!layers.containsKey(annotation)) {
        known = false;
        in.report(
            ReadProblems.UNKNOWN,
            member,
            annotation,
            "this processor has no such layer.",
            "Use tenon-annotations and tenon-processor of the same version.");
      }
    }
    if (!known || mirrors.size() == 1) {
      return known;
    }
    String first = Mirrors.simpleName(mirrors.get(0));
    String second = Mirrors.simpleName(mirrors.get(1));
    String all =
        mirrors.stream()
            .map(mirror -> "@" + Mirrors.simpleName(mirror))
            .collect(Collectors.joining(", "));
    in.report(
        ReadProblems.STACKED,
        member,
        second,
        "one method is one layer, but here are " + mirrors.size() + " (" + all + ").",
        "Leave @"
            + first
            + " and move @"
            + second
            + " to a method of its own, such as `"
            + layers.get(second).simpleName()
            + " "
            + free(in, stem(second))
            + "();`.");
    return false;
  }

  /** Reports an abstract method that says not which layer it is. */
  void reportMissing(DeclaringType in, int member) {
    ExecutableElement method = in.method(member);
    String subject = (in.isBlock() ? "@Block on " : "@Network on ") + in.type().getSimpleName();
    Optional<AnnotationMirror> foreign =
        method.getAnnotationMirrors().stream()
            .map(AnnotationMirror.class::cast)
            .filter(mirror -> layers.containsKey(Mirrors.simpleName(mirror)))
            .findFirst();
    if (foreign.isPresent()) {
      String simple = Mirrors.simpleName(foreign.get());
      in.report()
          .add(
              ReadProblems.MISSING,
              in.nameOf(member),
              subject
                  + ": "
                  + Mirrors.signature(method)
                  + " is no layer, as the @"
                  + simple
                  + " on it is "
                  + TypeNames.qualified(foreign.get().getAnnotationType())
                  + ".",
              "Write `@" + Mirrors.PACKAGE + "." + simple + "`, or import that one.");
      return;
    }
    String view = TypeNames.qualified(method.getReturnType());
    List<String> fitting =
        layers.entrySet().stream()
            .filter(layer -> layer.getValue().qualifiedName().equals(view))
            .map(layer -> "@" + layer.getKey())
            .toList();
    List<String> proposed =
        fitting.isEmpty() ? layers.keySet().stream().map(name -> "@" + name).toList() : fitting;
    in.report()
        .add(
            ReadProblems.MISSING,
            in.nameOf(member),
            subject
                + ": "
                + Mirrors.signature(method)
                + " is abstract and no layer, so the generated model cannot implement it.",
            "Say which layer it is (" + String.join(", ", proposed) + "), or give it a body.");
  }

  /**
   * Says which annotation may be meant by one that does not exist. That it does not, javac says.
   *
   * @param written its simple name
   */
  void reportMisspelt(DeclaringType in, int member, String written) {
    Set<String> known = new TreeSet<>(layers.keySet());
    known.addAll(Mirrors.OTHERS);
    Suggestion.nearest(written, known).stream()
        .findFirst()
        .ifPresent(
            near ->
                in.report()
                    .add(
                        ReadProblems.MISSPELT,
                        in.nameOf(member),
                        "@"
                            + written
                            + " on "
                            + in.method(member).getSimpleName()
                            + ": there is no such annotation here.",
                        near.equals(written)
                            ? "Import " + Mirrors.PACKAGE + "." + near + "."
                            : "Did you mean @" + near + ", of " + Mirrors.PACKAGE + "?"));
  }

  /** Reports an annotation about a layer where none is. */
  static void reportAlone(DeclaringType in, int member, AnnotationMirror mirror) {
    in.report(
        ReadProblems.ALONE,
        member,
        Mirrors.simpleName(mirror),
        "says something about a layer, but here is none.",
        "Put it on an abstract method with a layer's annotation, or remove it.");
  }

  /** The name, with the first number behind it that makes it free. */
  private static String free(DeclaringType in, String stem) {
    Set<String> taken =
        in.methods().stream()
            .map(method -> method.getSimpleName().toString())
            .collect(Collectors.toSet());
    int number = 1;
    while (taken.contains(stem + number)) {
      number++;
    }
    return stem + number;
  }

  /** What one would call a layer: {@code conv} for {@code Conv2d}, {@code bn} for BatchNorm2d. */
  private static String stem(String annotation) {
    String kind = annotation.replaceAll("[1-3]d$", "");
    if (kind.endsWith("Pool")) {
      return "pool";
    }
    return (kind.endsWith("Norm") ? kind.replaceAll("[^A-Z]", "") : kind).toLowerCase(Locale.ROOT);
  }
}
