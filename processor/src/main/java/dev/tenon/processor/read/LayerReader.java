package dev.tenon.processor.read;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.StateView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** Reads a network's methods: which of them are layers, and whether they can be. */
final class LayerReader {
  private final AttributeReader attributes;
  private final Unresolved unresolved;
  private final GeneratedApi generated;
  private final Map<String, StateView> layers;

  LayerReader(
      AttributeReader attributes,
      Unresolved unresolved,
      GeneratedApi generated,
      Map<String, StateView> layers) {
    this.attributes = attributes;
    this.unresolved = unresolved;
    this.generated = generated;
    this.layers = new TreeMap<>(layers);
  }

  /**
   * Reads the layers in source order. One that cannot be told keeps its place, {@link
   * LayerDeclaration#unreadable}.
   */
  List<LayerDeclaration> read(TypeElement type, List<ExecutableElement> members, Report report) {
    return new OneNetwork(type, members, report).read();
  }

  /** The methods of one network, and the names that are taken in it. */
  private final class OneNetwork {
    private final TypeElement type;
    private final List<ExecutableElement> members;
    private final Report report;
    private final Set<String> taken = new HashSet<>();

    OneNetwork(TypeElement type, List<ExecutableElement> members, Report report) {
      this.type = type;
      this.members = members;
      this.report = report;
      members.forEach(member -> taken.add(member.getSimpleName().toString()));
    }

    List<LayerDeclaration> read() {
      List<LayerDeclaration> result = new ArrayList<>();
      for (int i = 0; i < members.size(); i++) {
        read(i).ifPresent(result::add);
      }
      return result;
    }

    private Optional<LayerDeclaration> read(int member) {
      ExecutableElement method = members.get(member);
      String name = method.getSimpleName().toString();
      List<AnnotationMirror> mirrors = Mirrors.layers(method);
      if (mirrors.isEmpty()) {
        if (!method.getModifiers().contains(Modifier.ABSTRACT)
            || generated.isImplementedByObject(method)) {
          return Optional.empty();
        }
        if (!unresolved.hasAnnotation(method)) {
          reportMissing(member, method);
        }
        return Optional.of(LayerDeclaration.unreadable(member, name));
      }

      String annotation = Mirrors.simpleName(mirrors.get(0));
      checkMethod(member, method, annotation);
      return Optional.of(
          isOneLayer(member, mirrors) && !unresolved.hasAnnotation(method)
              ? attributes
                  .read(mirrors.get(0), member, type)
                  .map(values -> declaration(member, method, values))
                  .orElseGet(() -> LayerDeclaration.unreadable(member, name))
              : LayerDeclaration.unreadable(member, name));
    }

    private LayerDeclaration declaration(int member, ExecutableElement method, Attributes values) {
      return new LayerDeclaration(
          member, method.getSimpleName().toString(), values, name(method.getReturnType()));
    }

    private void reportMissing(int member, ExecutableElement method) {
      String view = name(method.getReturnType());
      List<String> fitting =
          layers.entrySet().stream()
              .filter(layer -> layer.getValue().qualifiedName().equals(view))
              .map(layer -> "@" + layer.getKey())
              .toList();
      List<String> proposed =
          fitting.isEmpty() ? layers.keySet().stream().map(name -> "@" + name).toList() : fitting;
      report.add(
          ReadProblems.MISSING,
          new SourceRef(member, "", ""),
          "@Network on "
              + type.getSimpleName()
              + ": "
              + method
              + " is abstract and no layer, so the generated model cannot implement it.",
          "Say which layer it is (" + String.join(", ", proposed) + "), or give it a body.");
    }

    private boolean isOneLayer(int member, List<AnnotationMirror> mirrors) {
      boolean known = true;
      for (AnnotationMirror mirror : mirrors) {
        String annotation = Mirrors.simpleName(mirror);
        if (!layers.containsKey(annotation)) {
          known = false;
          add(
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
      add(
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
              + free(stem(second))
              + "();`.");
      return false;
    }

    private void checkMethod(int member, ExecutableElement method, String annotation) {
      String name = method.getSimpleName().toString();
      if (!method.getModifiers().contains(Modifier.ABSTRACT)) {
        add(
            ReadProblems.NOT_ABSTRACT,
            member,
            annotation,
            "a layer's method is abstract, but " + method + " has a body.",
            "Remove the body, and `default` or `static` with it.");
      }
      if (!method.getParameters().isEmpty()) {
        boolean overload =
            members.stream().filter(other -> other.getSimpleName().contentEquals(name)).count() > 1;
        if (overload) {
          add(
              ReadProblems.OVERLOADED,
              member,
              annotation,
              "a layer's name is its method's name, but " + name + " stands here twice.",
              "Write `" + free(name) + "()`.");
        } else {
          add(
              ReadProblems.PARAMETERS,
              member,
              annotation,
              "a layer's method has no parameters, but "
                  + method
                  + " has "
                  + method.getParameters().size()
                  + ".",
              "Write `" + name + "()`; sizes stand in the annotation.");
        }
      }
      if (!method.getTypeParameters().isEmpty()) {
        add(
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
        add(
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
      if (generated.isReserved(name)) {
        report.add(
            ReadProblems.NAME,
            new SourceRef(member, "", ""),
            "@"
                + annotation
                + " on "
                + name
                + ": the generated model has a method "
                + name
                + "() of its own.",
            "Call the layer " + free(name) + ", for example.");
      }
    }

    /** Reports at the annotation. */
    private void add(Problem problem, int member, String annotation, String what, String remedy) {
      report.add(
          problem,
          new SourceRef(member, annotation, ""),
          "@" + annotation + " on " + members.get(member).getSimpleName() + ": " + what,
          remedy);
    }

    /** The name, with the first number behind it that makes it free. */
    private String free(String stem) {
      int number = 1;
      while (taken.contains(stem + number)) {
        number++;
      }
      return stem + number;
    }
  }

  /** What one would call a layer: {@code conv} for {@code Conv2d}, {@code bn} for BatchNorm2d. */
  private static String stem(String annotation) {
    String kind = annotation.replaceAll("[1-3]d$", "");
    if (kind.endsWith("Pool")) {
      return "pool";
    }
    return (kind.endsWith("Norm") ? kind.replaceAll("[^A-Z]", "") : kind).toLowerCase(Locale.ROOT);
  }

  /** The qualified name of a type; empty for one that does not exist, which javac reports. */
  private static String name(TypeMirror type) {
    if (type.getKind() == TypeKind.ERROR) {
      return "";
    }
    return type instanceof DeclaredType declared
        ? ((TypeElement) declared.asElement()).getQualifiedName().toString()
        : type.toString();
  }
}
