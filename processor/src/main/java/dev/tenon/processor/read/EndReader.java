package dev.tenon.processor.read;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.Component;
import dev.tenon.processor.declaration.Component.NumberType;
import dev.tenon.processor.declaration.JavaType;
import dev.tenon.processor.declaration.Labels;
import dev.tenon.processor.declaration.RecordType;
import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;

/**
 * Reads the Java types at a network's ends: which values their components are. A mistake in a
 * record is reported at its component, if the compilation has its source, else where the network
 * names it.
 */
final class EndReader {
  /** More components than anybody writes, of records within records. */
  private static final int MOST_COMPONENTS = 10_000;

  /** Records within records. Each is a method that calls the next, and a name in messages. */
  private static final int MOST_WITHIN = 100;

  private static final Set<String> BOXED =
      Set.of("Byte", "Short", "Integer", "Long", "Float", "Double", "Boolean");

  private final Elements elements;
  private final Unresolved unresolved;

  EndReader(Elements elements, Unresolved unresolved) {
    this.elements = elements;
    this.unresolved = unresolved;
  }

  /** Reads the record that is a network's input. */
  Optional<RecordType> features(
      TypeElement network, Attributes attributes, List<Element> places, Report report) {
    Reading reading = new Reading(network, attributes, "features", places, report);
    TypeElement type = reading.type();
    if (type == null || type.getKind() != ElementKind.RECORD) {
      reading.add(
          ReadProblems.FEATURES_TYPE,
          "features are a record, but " + reading.name() + " is " + reading.kind() + ".",
          "Write a record with a component for each value.");
      return Optional.empty();
    }
    return reading.isUsable(type, ReadProblems.FEATURES_TYPE)
        ? Optional.of(reading.record(type))
        : Optional.empty();
  }

  /** Reads what a network's outputs mean. */
  Optional<Labels> labels(
      TypeElement network, Attributes attributes, List<Element> places, Report report) {
    Reading reading = new Reading(network, attributes, "labels", places, report);
    if (attributes.type("labels").name().equals("boolean")) {
      return Optional.of(
          new Labels(
              Labels.Kind.BOOLEAN,
              new JavaType("java.lang", "Boolean"),
              1,
              Optional.empty(),
              true));
    }
    TypeElement type = reading.type();
    if (type == null || !Set.of(ElementKind.RECORD, ElementKind.ENUM).contains(type.getKind())) {
      boolean boxed = reading.name().equals("Boolean");
      reading.add(
          ReadProblems.LABELS_TYPE,
          "labels are an enum, a record or boolean, but "
              + reading.name()
              + " is "
              + reading.kind()
              + ".",
          boxed
              ? "Write `boolean.class`."
              : "Write an enum for one of several classes, or a record of the numbers to predict.");
      return Optional.empty();
    }
    if (!reading.isUsable(type, ReadProblems.LABELS_TYPE)) {
      return Optional.empty();
    }
    return Optional.of(
        type.getKind() == ElementKind.ENUM ? reading.constants(type) : reading.labels(type));
  }

  private static int constants(TypeElement type) {
    return (int)
        type.getEnclosedElements().stream()
            .filter(e -> e.getKind() == ElementKind.ENUM_CONSTANT)
            .count();
  }

  private JavaType javaType(TypeElement type) {
    return new JavaType(
        elements.getPackageOf(type).getQualifiedName().toString(),
        NetworkReader.nameInPackage(type));
  }

  /** One attribute of one network. */
  private final class Reading {
    private final TypeElement network;
    private final Attributes attributes;
    private final String attribute;
    private final List<Element> places;
    private final Report report;
    private final boolean isLabel;
    private final List<TypeElement> within = new ArrayList<>();
    private int components;

    /** Whether there is something of which javac says that it does not exist. */
    private boolean isUnresolved;

    Reading(
        TypeElement network,
        Attributes attributes,
        String attribute,
        List<Element> places,
        Report report) {
      this.network = network;
      this.attributes = attributes;
      this.attribute = attribute;
      this.places = places;
      this.report = report;
      this.isLabel = attribute.equals("labels");
    }

    /** The class that is named; null for a primitive type or an array. */
    TypeElement type() {
      return elements.getTypeElement(attributes.type(attribute).name());
    }

    /** As the user writes it. */
    String name() {
      return attributes.type(attribute).simpleName();
    }

    String kind() {
      TypeElement type = type();
      if (type == null) {
        return attributes.type(attribute).name().endsWith("[]") ? "an array" : "a primitive type";
      }
      return switch (type.getKind()) {
        case ENUM -> "an enum";
        case RECORD -> "a record";
        case INTERFACE -> "an interface";
        case ANNOTATION_TYPE -> "an annotation";
        default -> "a class";
      };
    }

    boolean isUsable(TypeElement type, Problem problem) {
      Optional<String> wrong = unusable(type);
      wrong.ifPresent(what -> add(problem, what, remedy(type)));
      return wrong.isEmpty();
    }

    /** Why generated code could not name this type. */
    private Optional<String> unusable(TypeElement type) {
      if (!type.getTypeParameters().isEmpty()) {
        return Optional.of(
            type.getSimpleName()
                + " has type parameters, so what its values are depends on where it is used.");
      }
      boolean here = elements.getPackageOf(type).equals(elements.getPackageOf(network));
      for (Element e = type; e.getKind() != ElementKind.PACKAGE; e = e.getEnclosingElement()) {
        if (e.getModifiers().contains(Modifier.PRIVATE)
            || (!here && !e.getModifiers().contains(Modifier.PUBLIC))) {
          return Optional.of(
              "the generated model cannot see "
                  + type.getSimpleName()
                  + ", because "
                  + (e.equals(type) ? "it" : e.getSimpleName())
                  + (e.getModifiers().contains(Modifier.PRIVATE)
                      ? " is private."
                      : " is not public and in another package."));
        }
      }
      return Optional.empty();
    }

    private static String remedy(TypeElement type) {
      return type.getTypeParameters().isEmpty()
          ? "Make it visible to the network's package."
          : "Write a "
              + (type.getKind() == ElementKind.ENUM ? "type" : "record")
              + " without type parameters.";
    }

    Labels constants(TypeElement type) {
      int count = EndReader.constants(type);
      if (count == 0) {
        add(
            ReadProblems.TYPE_EMPTY,
            type.getSimpleName() + " has no constants, so there is nothing to predict.",
            "Give it a constant for each class.");
      }
      return new Labels(Labels.Kind.CONSTANT, javaType(type), count, Optional.empty(), count > 0);
    }

    Labels labels(TypeElement type) {
      RecordType record = record(type);
      boolean mixed = record.isRight() && record.hasNumbers() && record.hasFlags();
      if (mixed) {
        addAt(
            ReadProblems.LABELS_MIXED,
            type,
            type,
            type.getSimpleName()
                + ": labels are numbers or booleans, but here are both; their losses differ.",
            "Write a record of numbers to predict values, or of booleans for what is true or not.");
      }
      return new Labels(
          record.hasFlags() ? Labels.Kind.FLAGS : Labels.Kind.NUMBERS,
          record.type(),
          record.width(),
          Optional.of(record),
          record.isRight() && !mixed);
    }

    RecordType record(TypeElement type) {
      long before = report.errorCount();
      List<Component> read = new ArrayList<>();
      within.add(type);
      for (RecordComponentElement component : type.getRecordComponents()) {
        // What all networks get wrong together is said once.
        if (components++ == MOST_COMPONENTS) {
          add(
              ReadProblems.COMPONENT_TYPE,
              name()
                  + " has more than "
                  + MOST_COMPONENTS
                  + " components, those of its records among them.",
              "Put values into arrays with @Size.");
        }
        read.add(
            components > MOST_COMPONENTS
                ? new Component.LeftOut(component.getSimpleName().toString())
                : component(type, component));
      }
      within.remove(within.size() - 1);
      boolean right = report.errorCount() == before && !isUnresolved;
      if (right && read.stream().allMatch(Component.LeftOut.class::isInstance)) {
        addAt(
            ReadProblems.TYPE_EMPTY,
            type,
            type,
            type.getSimpleName()
                + ": the record has no "
                + (read.isEmpty() ? "components" : "components that are not left out")
                + ", so there is no value in it.",
            "Give it a component for each value.");
        right = false;
      }
      return new RecordType(javaType(type), read, right);
    }

    private Component component(TypeElement type, RecordComponentElement component) {
      String name = component.getSimpleName().toString();
      Component leftOut = new Component.LeftOut(name);
      if (Mirrors.named(component, Mirrors.IGNORE).isPresent()) {
        if (isLabel) {
          addAt(
              ReadProblems.LABELS_IGNORE,
              type,
              field(type, name),
              subject(type, name)
                  + "a prediction is a "
                  + type.getSimpleName()
                  + ", so no component can be left out.",
              "Remove @Ignore, or write a record without it for the labels.");
        }
        return leftOut;
      }
      Optional<AnnotationMirror> mirror = Mirrors.named(component, Mirrors.SIZE);
      Optional<Integer> size = mirror.flatMap(EndReader::sizeOf);
      if (mirror.isPresent() && size.isEmpty() && isUnresolved(field(type, name), mirror.get())) {
        isUnresolved = true;
        return leftOut;
      }
      TypeMirror written = component.asType();
      Optional<Component> read =
          written instanceof ArrayType array
              ? array(type, name, array, size)
              : one(type, name, written);
      if (read.isPresent() && size.isPresent() && !(written instanceof ArrayType)) {
        addAt(
            ReadProblems.COMPONENT_SIZE,
            type,
            field(type, name),
            subject(type, name) + "@Size is for arrays, but the component is " + written + ".",
            "Remove @Size.");
        return leftOut;
      }
      return read.orElse(leftOut);
    }

    /** Whether javac says what is wrong with an annotation that has no value of its own. */
    private boolean isUnresolved(Element component, AnnotationMirror mirror) {
      return !mirror.getElementValues().isEmpty()
          || !unresolved.unknownArguments(component, mirror).isEmpty();
    }

    private Optional<Component> array(
        TypeElement type, String name, ArrayType array, Optional<Integer> size) {
      TypeKind element = array.getComponentType().getKind();
      if (element != TypeKind.FLOAT && element != TypeKind.DOUBLE) {
        addAt(
            ReadProblems.COMPONENT_TYPE,
            type,
            field(type, name),
            subject(type, name)
                + "an array is float[] or double[], but the component is "
                + TypeNames.simple(array)
                + ".",
            element == TypeKind.ARRAY
                ? "Write one float[] with all elements, row by row."
                : "Write float[], with @Size.");
        return Optional.empty();
      }
      if (size.isEmpty() || size.get() < 1) {
        addAt(
            ReadProblems.COMPONENT_SIZE,
            type,
            field(type, name),
            subject(type, name)
                + (size.isEmpty()
                    ? "how many elements the "
                        + array
                        + " has is not known when the network is"
                        + " compiled."
                    : "@Size must be at least 1, but is " + size.get() + "."),
            "Write `@Size(n) " + array + " " + name + "`, with the number of elements.");
        return Optional.empty();
      }
      return Optional.of(new Component.Numbers(name, numberType(element), size.get()));
    }

    private Optional<Component> one(TypeElement type, String name, TypeMirror written) {
      return switch (written.getKind()) {
        case BOOLEAN -> Optional.of(new Component.Flag(name));
        case BYTE, SHORT, INT, LONG, FLOAT, DOUBLE ->
            Optional.of(new Component.OneNumber(name, numberType(written.getKind())));
        case DECLARED -> declared(type, name, (DeclaredType) written);
        // javac says what is wrong with a type that does not exist.
        case ERROR -> {
          isUnresolved = true;
          yield Optional.empty();
        }
        default -> unsupported(type, name, written);
      };
    }

    private Optional<Component> declared(TypeElement type, String name, DeclaredType written) {
      TypeElement of = (TypeElement) written.asElement();
      boolean isEnum = of.getKind() == ElementKind.ENUM;
      if (!isEnum && of.getKind() != ElementKind.RECORD) {
        return unsupported(type, name, written);
      }
      Optional<String> unusable = unusable(of);
      if (unusable.isPresent()) {
        addAt(
            ReadProblems.COMPONENT_TYPE,
            type,
            field(type, name),
            subject(type, name) + unusable.get(),
            remedy(of));
        return Optional.empty();
      }
      if (isEnum) {
        return choice(type, name, of);
      }
      if (within.contains(of)) {
        addAt(
            ReadProblems.COMPONENT_TYPE,
            type,
            field(type, name),
            subject(type, name) + "the record holds itself, so its values have no end.",
            "Leave it out with @Ignore, or write down as many as there are.");
        return Optional.empty();
      }
      if (within.size() == MOST_WITHIN) {
        add(
            ReadProblems.COMPONENT_TYPE,
            "records stand within records more than "
                + MOST_WITHIN
                + " deep: "
                + within.get(0).getSimpleName()
                + " holds "
                + within.get(1).getSimpleName()
                + ", and so on to "
                + of.getSimpleName()
                + ".",
            "Put the values into fewer records.");
        return Optional.empty();
      }
      return Optional.of(new Component.Nested(name, record(of)));
    }

    private Optional<Component> choice(TypeElement type, String name, TypeElement of) {
      int count = EndReader.constants(of);
      if (isLabel || count == 0) {
        addAt(
            isLabel ? ReadProblems.COMPONENT_TYPE : ReadProblems.TYPE_EMPTY,
            type,
            field(type, name),
            subject(type, name)
                + (isLabel
                    ? "labels are a record of numbers or of booleans, but the component is the enum "
                        + of.getSimpleName()
                        + "."
                    : "the enum "
                        + of.getSimpleName()
                        + " has no constants, so there is no value."),
            isLabel
                ? "Write `labels = " + of.getSimpleName() + ".class` to predict it alone."
                : "Give it constants, or leave the component out with @Ignore.");
        return Optional.empty();
      }
      return Optional.of(new Component.Choice(name, javaType(of), count));
    }

    private Optional<Component> unsupported(TypeElement type, String name, TypeMirror written) {
      String simple = TypeNames.simple(written);
      boolean boxed = BOXED.contains(simple) && written.toString().startsWith("java.lang.");
      addAt(
          ReadProblems.COMPONENT_TYPE,
          type,
          field(type, name),
          subject(type, name)
              + "a component is a number, a boolean, an enum, a record, float[] or double[], but"
              + " this is "
              + simple
              + ".",
          boxed
              ? "Write `" + primitive(simple) + "`; whether a value is missing is a boolean more."
              : isLabel
                  ? "Write a number or a boolean."
                  : "Make it one of these, or leave it out with @Ignore.");
      return Optional.empty();
    }

    private static String primitive(String boxed) {
      return boxed.equals("Integer") ? "int" : boxed.toLowerCase(Locale.ROOT);
    }

    private static NumberType numberType(TypeKind kind) {
      return NumberType.valueOf(kind.name());
    }

    private String subject(TypeElement type, String component) {
      return component + " of " + type.getSimpleName() + ": ";
    }

    /** The element of a component that has a place in the source. */
    private static Element field(TypeElement type, String name) {
      return ElementFilter.fieldsIn(type.getEnclosedElements()).stream()
          .filter(field -> field.getSimpleName().contentEquals(name))
          .findFirst()
          .map(Element.class::cast)
          .orElse(type);
    }

    /** Reports at the attribute. */
    void add(Problem problem, String what, String remedy) {
      report.add(
          problem,
          attributes.at(attribute),
          "@Network on " + network.getSimpleName() + ": " + what,
          remedy);
    }

    /** Reports in the source of a record, or if there is none, at the attribute. */
    private void addAt(
        Problem problem, TypeElement type, Element place, String what, String remedy) {
      if (!unresolved.hasSource(type)) {
        add(problem, what, remedy);
        return;
      }
      int member = places.indexOf(place);
      if (member < 0) {
        member = places.size();
        places.add(place);
      }
      report.add(problem, new SourceRef(member, "", ""), what, remedy);
    }
  }

  private static Optional<Integer> sizeOf(AnnotationMirror mirror) {
    return mirror.getElementValues().values().stream()
        .map(value -> value.getValue())
        .filter(Integer.class::isInstance)
        .map(Integer.class::cast)
        .findFirst();
  }
}
