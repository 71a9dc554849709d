package dev.tenon.processor.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.annotation.processing.Completion;
import javax.annotation.processing.Filer;
import javax.annotation.processing.Messager;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import javax.tools.FileObject;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;

/**
 * Stands around a processor as Gradle does around one that says that it isolates: hands it an
 * environment that is not the compiler's own, and notes what each file is written for.
 */
public final class IsolatingProcessor implements Processor {
  private final Processor inner;
  private final Map<String, List<String>> origins = new TreeMap<>();

  /** Stands around a processor. */
  public IsolatingProcessor(Processor inner) {
    this.inner = inner;
  }

  /** Generated types by qualified name, and the qualified names of their originating elements. */
  public Map<String, List<String>> origins() {
    return origins;
  }

  @Override
  public void init(ProcessingEnvironment environment) {
    inner.init(new Environment(environment));
  }

  @Override
  @SuppressWarnings("DoNotClaimAnnotations") // What the inner one claims is claimed.
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    return inner.process(annotations, round);
  }

  @Override
  public Set<String> getSupportedOptions() {
    return inner.getSupportedOptions();
  }

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return inner.getSupportedAnnotationTypes();
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return inner.getSupportedSourceVersion();
  }

  @Override
  public Iterable<? extends Completion> getCompletions(
      Element element, AnnotationMirror annotation, ExecutableElement member, String userText) {
    return inner.getCompletions(element, annotation, member, userText);
  }

  private final class Environment implements ProcessingEnvironment {
    private final ProcessingEnvironment compilers;

    Environment(ProcessingEnvironment compilers) {
      this.compilers = compilers;
    }

    @Override
    public Filer getFiler() {
      return new NotingFiler(compilers.getFiler());
    }

    @Override
    public Map<String, String> getOptions() {
      return compilers.getOptions();
    }

    @Override
    public Messager getMessager() {
      return compilers.getMessager();
    }

    @Override
    public Elements getElementUtils() {
      return compilers.getElementUtils();
    }

    @Override
    public Types getTypeUtils() {
      return compilers.getTypeUtils();
    }

    @Override
    public SourceVersion getSourceVersion() {
      return compilers.getSourceVersion();
    }

    @Override
    public Locale getLocale() {
      return compilers.getLocale();
    }
  }

  private final class NotingFiler implements Filer {
    private final Filer compilers;

    NotingFiler(Filer compilers) {
      this.compilers = compilers;
    }

    @Override
    public JavaFileObject createSourceFile(CharSequence name, Element... originatingElements)
        throws IOException {
      List<String> names = new ArrayList<>();
      for (Element element : originatingElements) {
        names.add(((TypeElement) element).getQualifiedName().toString());
      }
      origins.put(name.toString(), names);
      return compilers.createSourceFile(name, originatingElements);
    }

    /** Gradle accepts these, but no class file is written by ours. */
    @Override
    public JavaFileObject createClassFile(CharSequence name, Element... originatingElements) {
      throw new AssertionError("A class file: " + name);
    }

    /** Gradle accepts none but in the folders of classes and of sources. */
    @Override
    public FileObject createResource(
        JavaFileManager.Location location,
        CharSequence moduleAndPackage,
        CharSequence relativeName,
        Element... originatingElements) {
      throw new AssertionError("A resource: " + relativeName);
    }

    /** What is read like this is not tracked. */
    @Override
    public FileObject getResource(
        JavaFileManager.Location location,
        CharSequence moduleAndPackage,
        CharSequence relativeName) {
      throw new AssertionError("Reads " + relativeName);
    }
  }
}
