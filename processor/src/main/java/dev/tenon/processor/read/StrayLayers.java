package dev.tenon.processor.read;

import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Report;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Types;

/** Finds layers in types that are no networks, which would otherwise be passed over in silence. */
public final class StrayLayers {
  private final Types types;
  private final Unresolved unresolved;

  /** Prepares a search. */
  public StrayLayers(ProcessingEnvironment environment) {
    this.types = environment.getTypeUtils();
    this.unresolved = new Unresolved(environment);
  }

  /**
   * Finds the types that have layers but no {@code @Network}.
   *
   * @param annotated what has a layer annotation
   * @param networks the networks of this compilation; a supertype of one of them is its affair
   * @return in the order of their names
   */
  public List<TypeElement> find(Set<Element> annotated, Set<TypeElement> networks) {
    Set<TypeElement> inherited = new LinkedHashSet<>();
    networks.forEach(network -> addSupertypes(network.asType(), inherited));
    return annotated.stream()
        // Where else a layer stands, javac says that it cannot.
        .filter(
            e ->
                e instanceof TypeElement
                    || e.getKind() == ElementKind.METHOD
                    || e.getKind().isField())
        .map(e -> e instanceof TypeElement type ? type : (TypeElement) e.getEnclosingElement())
        .distinct()
        .filter(type -> Mirrors.network(type).isEmpty())
        .filter(type -> Mirrors.named(type, Mirrors.BLOCK).isEmpty())
        .filter(type -> !unresolved.hasAnnotation(type))
        .filter(type -> !inherited.contains(type))
        .sorted(Comparator.comparing(type -> type.getQualifiedName().toString()))
        .toList();
  }

  /** Reports one such type, at its first layer: what is missing is missing once. */
  public SourceLocator read(TypeElement type, Report report) {
    List<Element> members =
        type.getEnclosedElements().stream()
            .filter(e -> e.getKind() == ElementKind.METHOD || e.getKind().isField())
            .map(Element.class::cast)
            .toList();
    int member = SourceRef.TYPE;
    Element first = type;
    for (int i = 0; i < members.size() && Mirrors.ours(first).isEmpty(); i++) {
      member = i;
      first = members.get(i);
    }
    String annotation = Mirrors.simpleName(Mirrors.ours(first).get(0));
    report.add(
        ReadProblems.WITHOUT_NETWORK,
        new SourceRef(member, annotation, ""),
        "@"
            + annotation
            + " on "
            + first.getSimpleName()
            + ": a layer belongs to a network, but "
            + type.getSimpleName()
            + " is none.",
        "Put @Network(input = {...}) on "
            + type.getSimpleName()
            + ", with the shape of one sample.");
    return new SourceLocator(type, members, members.size());
  }

  private void addSupertypes(TypeMirror type, Set<TypeElement> into) {
    for (TypeMirror supertype : types.directSupertypes(type)) {
      if (types.asElement(supertype) instanceof TypeElement element && into.add(element)) {
        addSupertypes(supertype, into);
      }
    }
  }
}
