package dev.tenon.processor.read;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.Ends;
import dev.tenon.processor.declaration.InputDeclaration;
import dev.tenon.processor.declaration.Labels;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.Member;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.OutputDeclaration;
import dev.tenon.processor.declaration.RecordType;
import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.declaration.Surroundings;
import dev.tenon.processor.declaration.UsedTypes;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.layer.StateView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/**
 * The step <i>read</i>: from javac's elements to a {@link NetworkDeclaration}. Reports what is
 * wrong with the type and its methods and reads on as far as it can; what javac reports by itself
 * is passed over in silence.
 */
public final class NetworkReader {
  private static final int MOST_BYTES_OF_A_FILE_NAME = 255;

  private final Elements elements;
  private final GeneratedApi generated;
  private final Unresolved unresolved;
  private final AttributeReader attributes;
  private final AttributeChecks checks;
  private final LayerReader layerReader;
  private final EndReader endReader;
  private final SurroundingsReader surroundings;

  /**
   * Prepares a reader.
   *
   * @param layers simple names of the layer annotations, and what the methods under them return
   */
  public NetworkReader(ProcessingEnvironment environment, Map<String, StateView> layers) {
    Javac.watchLocalNetworks(environment);
    this.elements = environment.getElementUtils();
    this.generated = new GeneratedApi(elements, environment.getTypeUtils());
    this.unresolved = new Unresolved(environment);
    this.attributes = new AttributeReader(elements);
    this.checks = new AttributeChecks(unresolved);
    this.layerReader = new LayerReader(elements, attributes, checks, unresolved, generated, layers);
    this.endReader = new EndReader(elements, unresolved);
    this.surroundings = new SurroundingsReader(elements, generated);
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
    List<ExecutableElement> members = DeclaredOrder.methods(type);
    Optional<Attributes> network =
        Mirrors.network(type)
            .filter(mirror -> checks.isComplete(type, SourceRef.TYPE, mirror, report))
            .flatMap(mirror -> attributes.read(mirror, SourceRef.TYPE, type));

    List<LayerDeclaration> layers = new ArrayList<>();
    List<InputDeclaration> inputs = new ArrayList<>();
    List<OutputDeclaration> outputs = new ArrayList<>();
    List<Member> shown = new ArrayList<>();
    List<Element> places = new ArrayList<>(members);
    boolean isNameable = !unresolved.isInImplicitClass(type);
    if (checkKind(type, report)) {
      checkType(type, report);
      if (!isNameable) {
        reportImplicit(type, report);
      }
      layers.addAll(layersOnType(type, report));
      LayerReader.Read read = layerReader.read(type, members, report);
      layers.addAll(read.layers());
      inputs.addAll(read.inputs());
      outputs.addAll(read.outputs());
      shown.addAll(read.members());
      places = new ArrayList<>(read.methods());
      layers.addAll(0, layersOnFields(type, places, report));
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
    Ends ends =
        network.isPresent()
            ? ends(type, network.get(), inputs, outputs, places, report)
            : Ends.NONE;
    NetworkDeclaration declaration =
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
            Surroundings.NONE,
            shown,
            ends,
            hasText(type));
    declaration = declaration.in(surroundings.read(type, declaration));
    checkHidden(type, declaration, report);
    return new ReadNetwork(
        declaration, new SourceLocator(type, places, members.size()), isNameable);
  }

  private Ends ends(
      TypeElement type,
      Attributes network,
      List<InputDeclaration> inputs,
      List<OutputDeclaration> outputs,
      List<Element> places,
      Report report) {
    boolean hasFeatures = network.namesType("features");
    Optional<RecordType> features =
        hasFeatures ? endReader.features(type, network, places, report) : Optional.empty();
    Optional<Labels> labels =
        network.namesType("labels")
            ? endReader.labels(type, network, places, report)
            : Optional.empty();
    String other = network.isWritten("input") ? "input" : "inputFrom";
    if (hasFeatures && (network.isWritten("input") || network.namesType("inputFrom"))) {
      report.add(
          ReadProblems.INPUTS,
          network.at(other),
          "@Network on "
              + type.getSimpleName()
              + ": features and "
              + other
              + " both say what the input is.",
          "Remove " + other + "; the input of a record has one value for each of its columns.");
    }
    boolean saysInput = hasFeatures || network.namesType("inputFrom");
    if (saysInput && !inputs.isEmpty()) {
      String attribute = hasFeatures ? "features" : "inputFrom";
      report.add(
          ReadProblems.INPUTS,
          network.at(attribute),
          "@Network on "
              + type.getSimpleName()
              + ": "
              + attribute
              + " says what the only input is, but "
              + inputs.get(0).name()
              + " declares one with a name of its own.",
          "Remove " + attribute + ", or the declared inputs.");
    }
    if (labels.isPresent() && outputs.size() > 1) {
      report.add(
          ReadProblems.LABELS_OUTPUTS,
          network.at("labels"),
          "@Network on "
              + type.getSimpleName()
              + ": labels say what the only output means, but there are "
              + outputs.size()
              + ": "
              + outputs.stream().map(OutputDeclaration::name).collect(Collectors.joining(", "))
              + ".",
          "Remove labels, or all outputs but one.");
    }
    boolean normalizes = network.flag("normalize");
    if (normalizes && (!hasFeatures || features.filter(r -> !r.hasNumbers()).isPresent())) {
      report.add(
          ReadProblems.NORMALIZE,
          network.at("normalize"),
          "@Network on "
              + type.getSimpleName()
              + (hasFeatures
                  ? ": no component of "
                      + features.get().type().simpleName()
                      + " is a number, and"
                      + " nothing else is normalised."
                  : ": numbers of a record are normalised, but there are no features."),
          hasFeatures
              ? "Remove normalize."
              : "Name the record by features, or put a batch norm before the first layer.");
    }
    return new Ends(features, List.of(), labels, normalizes, source(type, network, report));
  }

  /** The network whose output is the input, unless it has mistakes, which are told of there. */
  private Optional<NetworkDeclaration> source(TypeElement type, Attributes network, Report report) {
    if (!network.namesType("inputFrom")) {
      return Optional.empty();
    }
    TypeElement other = elements.getTypeElement(network.type("inputFrom").name());
    if (other == null || Mirrors.network(other).isEmpty()) {
      report.add(
          ReadProblems.INPUT_FROM,
          network.at("inputFrom"),
          "@Network on "
              + type.getSimpleName()
              + ": inputFrom names a network, but "
              + network.type("inputFrom").simpleName()
              + " is none.",
          other == null
              ? "Name the interface that has @Network."
              : suggestNetwork(other)
                  .map(near -> "Write `" + near.getSimpleName() + ".class`.")
                  .orElse(
                      "Put @Network on "
                          + other.getSimpleName()
                          + ", or write input = {...}, the shape of one sample."));
      return Optional.empty();
    }
    Optional<List<TypeElement>> cycle = cycle(type);
    if (cycle.isPresent()) {
      reportCycle(type, network, cycle.get(), report);
      return Optional.empty();
    }
    // Its mistakes are reported where it is compiled itself.
    Report ofOther = new Report();
    NetworkDeclaration read = read(other, ofOther).declaration();
    if (read.outputs().size() > 1) {
      report.add(
          ReadProblems.INPUT_FROM,
          network.at("inputFrom"),
          "@Network on "
              + type.getSimpleName()
              + ": the input is one output, but "
              + other.getSimpleName()
              + " has "
              + read.outputs().size()
              + ": "
              + read.outputs().stream()
                  .map(OutputDeclaration::name)
                  .collect(Collectors.joining(", "))
              + ".",
          "Declare an @Input for each, with its shape.");
      return Optional.empty();
    }
    return ofOther.hasErrors() ? Optional.empty() : Optional.of(read);
  }

  /** Somebody may have named the generated model in the place of its network. */
  private static Optional<TypeElement> suggestNetwork(TypeElement other) {
    return other.getInterfaces().stream()
        .map(mirror -> ((DeclaredType) mirror).asElement())
        .filter(element -> Mirrors.network(element).isPresent())
        .map(TypeElement.class::cast)
        .findFirst();
  }

  /** The networks that are each other's input, if one comes to such when it follows the inputs. */
  private Optional<List<TypeElement>> cycle(TypeElement type) {
    List<TypeElement> way = new ArrayList<>();
    TypeElement next = type;
    while (next != null) {
      if (way.contains(next)) {
        return Optional.of(way.subList(way.indexOf(next), way.size()));
      }
      way.add(next);
      next =
          Mirrors.classIn(next, "inputFrom")
              .filter(DeclaredType.class::isInstance)
              .map(mirror -> (TypeElement) ((DeclaredType) mirror).asElement())
              .orElse(null);
    }
    return Optional.empty();
  }

  /** All networks of a cycle find it; the first by name reports it, so that it is one error. */
  private void reportCycle(
      TypeElement type, Attributes network, List<TypeElement> cycle, Report report) {
    Comparator<TypeElement> byName = Comparator.comparing(t -> t.getQualifiedName().toString());
    TypeElement first =
        cycle.stream()
            .filter(unresolved::hasSource)
            .min(byName)
            .orElseGet(() -> cycle.stream().min(byName).orElseThrow());
    if (!first.equals(type)) {
      return;
    }
    report.add(
        ReadProblems.INPUT_FROM_CYCLE,
        network.at("inputFrom"),
        "@Network on "
            + first.getSimpleName()
            + ": "
            + (cycle.size() == 1
                ? "its input is its own output."
                : "its input is made of its own output: "
                    + Stream.concat(cycle.stream(), Stream.of(first))
                        .map(t -> t.getSimpleName().toString())
                        .collect(Collectors.joining(" <- "))
                    + "."),
        "Give one of them an input, the shape of one sample.");
  }

  /** Whether the type's text is not the one that every object has. */
  private boolean hasText(TypeElement type) {
    return ElementFilter.methodsIn(elements.getAllMembers(type)).stream()
        .filter(method -> method.getSimpleName().contentEquals("toString"))
        .filter(method -> method.getParameters().isEmpty())
        .map(method -> (TypeElement) method.getEnclosingElement())
        .anyMatch(
            owner ->
                owner.getKind() == ElementKind.CLASS
                    && !owner.getQualifiedName().contentEquals("java.lang.Object"));
  }

  /**
   * Checks what the type has besides its layers once more.
   *
   * @param severalEnds whether it declares inputs or outputs
   * @param report takes what is wrong
   */
  public void checkMembers(TypeElement type, boolean severalEnds, Report report) {
    if (checkKind(type, report)) {
      checkType(type, report);
      checkInherited(type, report);
      // At the type: that of a method which another processor wrote is no place.
      checkMethods(type, List.of(), severalEnds, report);
    }
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
    checkLength(type, report);
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

  /** Whether a name in full, beside this network, may begin with a type of the user's. */
  public static boolean hidesPackages(NetworkDeclaration declaration) {
    return UsedTypes.ROOTS.stream().anyMatch(declaration.around()::isHidden);
  }

  /** A type that generated code can name neither by its simple name nor in full. */
  private static void checkHidden(TypeElement type, NetworkDeclaration declaration, Report report) {
    HiddenTypes.of(declaration).stream()
        .findFirst()
        .ifPresent(
            hidden ->
                add(
                    report,
                    ReadProblems.HIDES,
                    type,
                    "generated code cannot name "
                        + hidden.type()
                        + ", as "
                        + String.join(" and ", hidden.by())
                        + (hidden.by().size() == 1 ? " hides" : " hide")
                        + " it here.",
                    "Rename " + (hidden.by().size() == 1 ? "it." : "one of them.")));
  }

  /** A file with methods of its own is a class that only the file knows. */
  private static void reportImplicit(TypeElement type, Report report) {
    Element around = type.getEnclosingElement();
    add(
        report,
        ReadProblems.IMPLICIT,
        type,
        "the generated model cannot name it, as the file has methods that stand in no class.",
        "Write `class "
            + around.getSimpleName()
            + " { ... }` around all of it, or give "
            + type.getSimpleName()
            + " a file of its own.");
  }

  /** Class files are called after the network, and no file system takes longer names. */
  private static void checkLength(TypeElement type, Report report) {
    int bytes = nameInPackage(type).getBytes(StandardCharsets.UTF_8).length;
    int most = MOST_BYTES_OF_A_FILE_NAME - "Model$InputGradients.class".length();
    if (bytes > most) {
      String name = type.getSimpleName().toString();
      add(
          report,
          ReadProblems.NAME_LENGTH,
          type,
          "the files of generated classes begin with its name, which has "
              + bytes
              + " bytes"
              + (nameInPackage(type).equals(name) ? "" : " with those of the types around it")
              + "; file systems leave room for "
              + most
              + ".",
          "Shorten it.");
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

  /** Nor has one on a field, as which PyTorch's users know layers. */
  private static List<LayerDeclaration> layersOnFields(
      TypeElement type, List<Element> places, Report report) {
    List<LayerDeclaration> layers = new ArrayList<>();
    for (VariableElement field : ElementFilter.fieldsIn(type.getEnclosedElements())) {
      Mirrors.layers(field).stream()
          .findFirst()
          .ifPresent(
              mirror -> {
                String annotation = Mirrors.simpleName(mirror);
                report.add(
                    ReadProblems.ON_FIELD,
                    new SourceRef(places.size(), annotation, ""),
                    "@"
                        + annotation
                        + " on "
                        + field.getSimpleName()
                        + ": a layer is a method, which the generated model implements, but this is"
                        + " a field.",
                    "Write `"
                        + (type.getKind().isInterface() ? "" : "abstract ")
                        + TypeNames.simple(field.asType())
                        + " "
                        + field.getSimpleName()
                        + "();`.");
                places.add(field);
                layers.add(
                    LayerDeclaration.unreadable(SourceRef.TYPE, field.getSimpleName().toString()));
              });
    }
    return layers;
  }

  private void checkInherited(TypeElement type, Report report) {
    Map<TypeElement, List<ExecutableElement>> bySource = new LinkedHashMap<>();
    for (ExecutableElement method : ElementFilter.methodsIn(elements.getAllMembers(type))) {
      TypeElement source = (TypeElement) method.getEnclosingElement();
      if (method.getModifiers().contains(Modifier.ABSTRACT)
          && !source.equals(type)
          // The generated model implements these anyway, so that a network may extend SingleModel.
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
          || !(generated.clashes(method, type) || (severalEnds && generated.isPass(method)))) {
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

  static boolean isPublic(TypeElement type) {
    for (Element e = type; e.getKind() != ElementKind.PACKAGE; e = e.getEnclosingElement()) {
      if (!e.getModifiers().contains(Modifier.PUBLIC)) {
        return false;
      }
    }
    return true;
  }

  static String nameInPackage(TypeElement type) {
    String name = type.getSimpleName().toString();
    return type.getEnclosingElement() instanceof TypeElement outer
        ? nameInPackage(outer) + "." + name
        : name;
  }
}
