package dev.tenon.processor.read;

import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.diagnostics.Suggestion;
import java.util.List;
import java.util.stream.Collectors;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.util.ElementFilter;

/**
 * Whether an annotation has the attributes that must be written, and no others. javac sees a
 * default for each, so that it goes on to call the processor; what an attribute that does not exist
 * may have meant is a note beside javac's own error.
 */
final class AttributeChecks {
  private static final String VALUE = "value";

  private final Unresolved unresolved;

  AttributeChecks(Unresolved unresolved) {
    this.unresolved = unresolved;
  }

  /**
   * Looks at one annotation.
   *
   * @param element what it stands on
   * @param place number of that element
   * @return false if a value is missing or has no attribute, of which the user is told
   */
  boolean isComplete(Element element, int place, AnnotationMirror mirror, Report report) {
    String annotation = Mirrors.simpleName(mirror);
    String subject = "@" + annotation + " on " + element.getSimpleName() + ": ";
    SourceRef at = new SourceRef(place, annotation, "");
    List<String> missing = missing(mirror);
    List<JavacTrees.Argument> unknown = unresolved.unknownArguments(element, mirror);
    for (JavacTrees.Argument argument : unknown) {
      report.add(
          ReadProblems.ATTRIBUTE_UNKNOWN,
          at,
          subject
              + (argument.name().equals(VALUE)
                  ? "a value stands here without the name of its attribute."
                  : "there is no attribute " + argument.name() + "."),
          remedy(mirror, argument, missing));
    }
    if (!missing.isEmpty() && unknown.isEmpty()) {
      boolean alone = missing.equals(List.of(VALUE));
      report.add(
          ReadProblems.ATTRIBUTE_MISSING,
          at,
          subject
              + (alone ? "its value" : String.join(" and ", missing))
              + (missing.size() == 1 ? " is missing, which has" : " are missing, which have")
              + " no default.",
          template(annotation, missing));
    }
    return missing.isEmpty() && unknown.isEmpty();
  }

  private static String remedy(
      AnnotationMirror mirror, JavacTrees.Argument argument, List<String> missing) {
    String annotation = Mirrors.simpleName(mirror);
    List<String> all = attributes(mirror).stream().map(AttributeChecks::name).toList();
    boolean named = !argument.name().equals(VALUE);
    List<String> likely = named ? Suggestion.nearest(argument.name(), all) : List.of();
    if (all.isEmpty()) {
      return "Write `@" + annotation + "`: it has no attributes.";
    }
    if (likely.isEmpty() && missing.size() > 1) {
      return template(annotation, missing);
    }
    // With one name to choose from, or one that must be written, there is no doubt.
    List<String> meant = !likely.isEmpty() ? likely : missing.isEmpty() ? all : missing;
    return !likely.isEmpty() || meant.size() == 1
        ? "Write `" + meant.get(0) + " = " + argument.value() + "`."
        : "Its attributes are " + String.join(", ", meant) + ".";
  }

  /** How an annotation with these attributes is written. */
  private static String template(String annotation, List<String> attributes) {
    return "Write `@"
        + annotation
        + (attributes.equals(List.of(VALUE))
            ? "(...)"
            : attributes.stream()
                .map(name -> name + " = ...")
                .collect(Collectors.joining(", ", "(", ")")))
        + "`.";
  }

  private static List<String> missing(AnnotationMirror mirror) {
    return attributes(mirror).stream()
        .filter(method -> Mirrors.named(method, Mirrors.REQUIRED).isPresent())
        .filter(method -> !mirror.getElementValues().containsKey(method))
        .map(AttributeChecks::name)
        .toList();
  }

  private static List<ExecutableElement> attributes(AnnotationMirror mirror) {
    return ElementFilter.methodsIn(mirror.getAnnotationType().asElement().getEnclosedElements());
  }

  private static String name(ExecutableElement method) {
    return method.getSimpleName().toString();
  }
}
