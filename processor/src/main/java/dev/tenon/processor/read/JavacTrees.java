package dev.tenon.processor.read;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/**
 * What javac tells of its sources beyond its elements. Alone in naming javac's own types, so that
 * the rest works where there are none.
 */
final class JavacTrees {
  private final Trees trees;

  /** The type that was asked for last, and where its methods stand. */
  private Element lastType;

  private Map<Element, TreePath> methods = Map.of();

  private JavacTrees(Trees trees) {
    this.trees = trees;
  }

  /** Empty if this is another compiler, or a build tool's wrapper around this one. */
  static Optional<JavacTrees> of(ProcessingEnvironment environment) {
    try {
      return Optional.of(new JavacTrees(Trees.instance(environment)));
    } catch (IllegalArgumentException | NoClassDefFoundError notJavac) {
      return Optional.empty();
    }
  }

  /** What the file of a type is read with, where the file tells. */
  Optional<Charset> encoding(TypeElement type) {
    TreePath path = trees.getPath(type);
    if (path == null) {
      return Optional.empty();
    }
    try (Reader reader = path.getCompilationUnit().getSourceFile().openReader(true)) {
      return reader instanceof InputStreamReader decoding
          ? Optional.of(Charset.forName(decoding.getEncoding()))
          : Optional.empty();
    } catch (IOException | RuntimeException untold) {
      return Optional.empty();
    }
  }

  /** Whether the compilation has the source of this type. */
  boolean hasSource(TypeElement type) {
    return trees.getPath(type) != null;
  }

  /**
   * The types of the annotations that stand on an element in its source and are written in a way
   * that is asked for; null for one that does not exist.
   */
  Stream<TypeMirror> annotations(Element element, Predicate<String> written) {
    return written(element, written).map(trees::getTypeMirror);
  }

  /** How those of them are written that do not exist. */
  Stream<String> missingAnnotations(Element element, Predicate<String> written) {
    return written(element, written)
        .filter(
            path -> {
              TypeMirror type = trees.getTypeMirror(path);
              return type == null || type.getKind() == TypeKind.ERROR;
            })
        .map(path -> path.getLeaf().toString());
  }

  private Stream<TreePath> written(Element element, Predicate<String> written) {
    TreePath path = path(element);
    if (path == null) {
      return Stream.empty();
    }
    ModifiersTree modifiers =
        path.getLeaf() instanceof ClassTree type
            ? type.getModifiers()
            : ((MethodTree) path.getLeaf()).getModifiers();
    return modifiers.getAnnotations().stream()
        .filter(annotation -> written.test(annotation.getAnnotationType().toString()))
        .map(annotation -> new TreePath(path, annotation.getAnnotationType()));
  }

  /** The compiler looks through a whole class for one method, so all are looked up at once. */
  private TreePath path(Element element) {
    if (!(element instanceof ExecutableElement)) {
      return trees.getPath(element);
    }
    Element type = element.getEnclosingElement();
    // The next round has other elements for the methods of the same type.
    if (!type.equals(lastType) || !methods.containsKey(element)) {
      lastType = type;
      methods = new HashMap<>();
      TreePath ofType = trees.getPath(type);
      if (ofType != null && ofType.getLeaf() instanceof ClassTree tree) {
        for (Tree member : tree.getMembers()) {
          TreePath ofMember = new TreePath(ofType, member);
          if (member instanceof MethodTree) {
            methods.put(trees.getElement(ofMember), ofMember);
          }
        }
      }
    }
    return methods.get(element);
  }
}
