package dev.tenon.processor.read;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.InputDeclaration;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.Member;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.OutputDeclaration;
import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.StateView;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/**
 * The step <i>read</i>: from javac's elements to a {@link NetworkDeclaration}. Reports what is
 * wrong with the type and its methods and reads on as far as it can; what javac reports by itself
 * is passed over in silence.
 */
public final class NetworkReader {
  /** What generated code uses of {@code java.lang}, which a type of its package would hide. */
  private static final List<Class<?>> JAVA_LANG =
      List.of(Double.class, Float.class, Math.class, Override.class, String.class, System.class);

  private final Elements elements;
  private final GeneratedApi generated;
  private final Unresolved unresolved;
  private final AttributeReader attributes;
  private final LayerReader layerReader;

  /**
   * Prepares a reader.
   *
   * @param layers simple names of the layer annotations, and what the methods under them return
   */
  public NetworkReader(ProcessingEnvironment environment, Map<String, StateView> layers) {
    this.elements = environment.getElementUtils();
    this.generated = new GeneratedApi(elements, environment.getTypeUtils());
    this.unresolved = new Unresolved(environment);
    this.attributes = new AttributeReader(elements);
    this.layerReader = new LayerReader(elements, attributes, unresolved, generated, layers);
  }

  /** Whether the type names others that do not exist, or not yet. */
  public boolean isUnresolved(TypeElement type) {
    return unresolved.isIn(type);
  }

  /** The place of the type and nothing else, for a message when reading failed. */
  public SourceLocator locator(TypeElement type) {
    return new SourceLocator(type, List.of(), 0);
  }

  /**
   * Reads one network.
   *
   * @param type has {@code @Network}
   * @param report takes what is wrong
   */
  public ReadNetwork read(TypeElement type, Report report) {
    List<ExecutableElement> members = ElementFilter.methodsIn(type.getEnclosedElements());
    Optional<Attributes> network =
        Mirrors.network(type).flatMap(mirror -> attributes.read(mirror, SourceRef.TYPE, type));

    List<LayerDeclaration> layers = new ArrayList<>();
    List<InputDeclaration> inputs = new ArrayList<>();
    List<OutputDeclaration> outputs = new ArrayList<>();
    List<Member> shown = new ArrayList<>();
    List<ExecutableElement> places = members;
    if (checkKind(type, report)) {
      checkType(type, report);
      layers.addAll(layersOnType(type, report));
      LayerReader.Read read = layerReader.read(type, members, report);
      layers.addAll(read.layers());
      inputs.addAll(read.inputs());
      outputs.addAll(read.outputs());
      shown.addAll(read.members());
      places = read.methods();
      checkInherited(type, report);
      checkMethods(type, members, !inputs.isEmpty() || !outputs.isEmpty(), report);
      if (layers.isEmpty() && !unresolved.hasAnnotation(type)) {
        add(
            report,
            ReadProblems.EMPTY,
            type,
            "has no layers.",
            "Declare each as an abstract method with its annotation, such as"
                + " `@Linear(out = 10) Weighted head();`.");
      }
    }
    return new ReadNetwork(
        new NetworkDeclaration(
            elements.getPackageOf(type).getQualifiedName().toString(),
            nameInPackage(type),
            type.getKind() == ElementKind.INTERFACE,
            isPublic(type),
            network.orElseGet(
                () -> new Attributes("Network", annotationRef(), Map.of(), List.of())),
            layers,
            inputs,
            outputs,
            ownTypes(type),
            shown),
        new SourceLocator(type, places, members.size()));
  }

  /** What generated code must write in full, or it would mean the user's. */
  private Set<String> ownTypes(TypeElement type) {
    Set<String> names = new HashSet<>();
    ElementFilter.typesIn(elements.getAllMembers(type))
        .forEach(member -> names.add(member.getSimpleName().toString()));
    PackageElement home = elements.getPackageOf(type);
    for (Class<?> used : JAVA_LANG) {
      String name = used.getSimpleName();
      String own = home.isUnnamed() ? name : home.getQualifiedName() + "." + name;
      if (elements.getTypeElement(own) != null) {
        names.add(name);
      }
    }
    return names;
  }

  /** Reports a type that can be no network, about which nothing else is worth saying. */
  private static boolean checkKind(TypeElement type, Report report) {
    String kind =
        switch (type.getKind()) {
          case INTERFACE -> "";
          case ENUM -> "an enum";
          case RECORD -> "a record";
          case ANNOTATION_TYPE -> "an annotation";
          default -> type.getModifiers().contains(Modifier.ABSTRACT) ? "" : "a concrete class";
        };
    if (kind.isEmpty()) {
      return true;
    }
    add(
        report,
        ReadProblems.KIND,
        type,
        "a network is an interface or an abstract class, but "
            + type.getSimpleName()
            + " is "
            + kind
            + ".",
        "Write `interface " + type.getSimpleName() + "`.");
    return false;
  }

  private static void checkType(TypeElement type, Report report) {
    if (!type.getTypeParameters().isEmpty()) {
      String parameters =
          type.getTypeParameters().stream()
              .map(parameter -> parameter.getSimpleName().toString())
              .collect(Collectors.joining(", ", "<", ">"));
      add(
          report,
          ReadProblems.GENERIC,
          type,
          "a network has no type parameters, but "
              + type.getSimpleName()
              + " has "
              + parameters
              + ".",
          "Remove them; shapes are numbers in the annotations.");
    }
    privateType(type)
        .ifPresent(
            hidden ->
                add(
                    report,
                    ReadProblems.PRIVATE,
                    type,
                    "the generated model cannot see "
                        + type.getSimpleName()
                        + ", because "
                        + (hidden.equals(type) ? "it" : hidden.getSimpleName())
                        + " is private.",
                    "Remove `private`."));
    if (type.getModifiers().contains(Modifier.SEALED)) {
      add(
          report,
          ReadProblems.SEALED,
          type,
          type.getSimpleName() + " is sealed, so the generated model cannot implement it.",
          "Remove `sealed`.");
    }
    if (type.getKind() == ElementKind.CLASS) {
      if (isInner(type)) {
        add(
            report,
            ReadProblems.INNER,
            type,
            "an inner class belongs to an object of "
                + type.getEnclosingElement().getSimpleName()
                + ", which the generated model does not have.",
            "Write `static abstract class " + type.getSimpleName() + "`, or make it an interface.");
      } else {
        checkConstructor(type, report);
      }
    }
  }

  private static void checkConstructor(TypeElement type, Report report) {
    if (!hasUsableConstructor(type)) {
      add(
          report,
          ReadProblems.CONSTRUCTOR,
          type,
          "the generated model calls a constructor without parameters, and "
              + type.getSimpleName()
              + " has none that is accessible and throws nothing.",
          "Add `" + type.getSimpleName() + "() {}`, or make it an interface.");
    }
  }

  /** Whether a class of the same package can extend this one. */
  public static boolean hasUsableConstructor(TypeElement type) {
    return ElementFilter.constructorsIn(type.getEnclosedElements()).stream()
        .anyMatch(
            constructor ->
                constructor.getParameters().isEmpty()
                    && constructor.getThrownTypes().isEmpty()
                    && !constructor.getModifiers().contains(Modifier.PRIVATE));
  }

  /** Whether this is a class that needs an object around it. */
  public static boolean isInner(TypeElement type) {
    return type.getEnclosingElement().getKind() != ElementKind.PACKAGE
        && !type.getModifiers().contains(Modifier.STATIC);
  }

  /** The type itself, or the one around it, that is private. */
  public static Optional<Element> privateType(TypeElement type) {
    for (Element e = type; e.getKind() != ElementKind.PACKAGE; e = e.getEnclosingElement()) {
      if (e.getModifiers().contains(Modifier.PRIVATE)) {
        return Optional.of(e);
      }
    }
    return Optional.empty();
  }

  /** A layer on the type has no place in the chain, so the shapes behind it cannot be known. */
  private static List<LayerDeclaration> layersOnType(TypeElement type, Report report) {
    List<LayerDeclaration> layers = new ArrayList<>();
    for (AnnotationMirror mirror : Mirrors.layers(type)) {
      String name = Mirrors.simpleName(mirror);
      report.add(
          ReadProblems.ON_TYPE,
          new SourceRef(SourceRef.TYPE, name, ""),
          "@"
              + name
              + " on "
              + type.getSimpleName()
              + ": a layer on the type has no place among the layers.",
          "Move it to a method of its own.");
      layers.add(LayerDeclaration.unreadable(SourceRef.TYPE, type.getSimpleName().toString()));
    }
    return layers;
  }

  private void checkInherited(TypeElement type, Report report) {
    Map<TypeElement, List<ExecutableElement>> bySource = new LinkedHashMap<>();
    for (ExecutableElement method : ElementFilter.methodsIn(elements.getAllMembers(type))) {
      TypeElement source = (TypeElement) method.getEnclosingElement();
      if (method.getModifiers().contains(Modifier.ABSTRACT)
          && !source.equals(type)
          // The generated model implements these anyway, so that a network may extend Model.
          && !generated.isImplemented(source)
          && !generated.isImplementedByObject(method)) {
        bySource.computeIfAbsent(source, s -> new ArrayList<>()).add(method);
      }
    }
    bySource.forEach(
        (source, methods) -> {
          boolean layers = methods.stream().anyMatch(method -> !Mirrors.layers(method).isEmpty());
          String names =
              methods.stream()
                  .map(method -> method.getSimpleName() + "()")
                  .collect(Collectors.joining(", "));
          add(
              report,
              ReadProblems.INHERITED,
              type,
              layers
                  ? "layers are not inherited, but "
                      + source.getSimpleName()
                      + " declares "
                      + names
                      + "."
                  : "the generated model cannot implement what "
                      + type.getSimpleName()
                      + " inherits from "
                      + source.getSimpleName()
                      + ": "
                      + names
                      + ".",
              layers
                  ? "Declare them in " + type.getSimpleName() + " itself."
                  : "Implement it in "
                      + type.getSimpleName()
                      + (type.getKind() == ElementKind.INTERFACE ? " as a `default` method" : "")
                      + ", or do not extend "
                      + source.getSimpleName()
                      + ".");
        });
  }

  /** Methods with a body, own or inherited, in the way of the generated model's. */
  private void checkMethods(
      TypeElement type, List<ExecutableElement> members, boolean severalEnds, Report report) {
    for (ExecutableElement method : ElementFilter.methodsIn(elements.getAllMembers(type))) {
      Element source = method.getEnclosingElement();
      if (method.getModifiers().contains(Modifier.ABSTRACT)
          || !Mirrors.layers(method).isEmpty()
          || generated.isImplemented((TypeElement) source)
          || !(generated.clashes(method) || (severalEnds && generated.isPass(method)))) {
        continue;
      }
      int member = members.indexOf(method);
      report.add(
          ReadProblems.METHOD,
          member < 0 ? SourceRef.OF_TYPE : new SourceRef(member, "", ""),
          "@Network on "
              + type.getSimpleName()
              + ": the generated model has a method "
              + Mirrors.signature(method)
              + " of its own, and "
              + (member < 0 ? source.getSimpleName() + " brings" : "here is")
              + " another.",
          "Give it another name.");
    }
  }

  private static SourceRef annotationRef() {
    return new SourceRef(SourceRef.TYPE, Mirrors.NETWORK, "");
  }

  private static void add(
      Report report, Problem problem, TypeElement type, String what, String remedy) {
    report.add(
        problem, SourceRef.OF_TYPE, "@Network on " + type.getSimpleName() + ": " + what, remedy);
  }

  private static boolean isPublic(TypeElement type) {
    for (Element e = type; e.getKind() != ElementKind.PACKAGE; e = e.getEnclosingElement()) {
      if (!e.getModifiers().contains(Modifier.PUBLIC)) {
        return false;
      }
    }
    return true;
  }

  private static String nameInPackage(TypeElement type) {
    String name = type.getSimpleName().toString();
    return type.getEnclosingElement() instanceof TypeElement outer
        ? nameInPackage(outer) + "." + name
        : name;
  }
}
