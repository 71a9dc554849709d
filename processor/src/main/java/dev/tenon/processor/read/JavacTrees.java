package dev.tenon.processor.read;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
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
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/**
 * What javac tells of its sources beyond its elements. For {@link Javac} alone to make: the rest
 * works where there are no types of javac's own.
 */
final class JavacTrees {
  private final Trees trees;

  /** The type that was asked for last, and where its methods stand. */
  private Element lastType;

  private Map<Element, TreePath> methods = Map.of();

  private JavacTrees(Trees trees) {
    this.trees = trees;
  }

  /** Throws what {@link Javac} catches where this is another compiler. */
  static JavacTrees of(ProcessingEnvironment environment) {
    return new JavacTrees(Trees.instance(environment));
  }

  /**
   * Whether a type is the class that javac puts around the methods of a file without one. No code
   * can name it, and nothing but its tree tells: it is final, and nobody has written that.
   */
  boolean isImplicit(TypeElement type) {
    TreePath path = trees.getPath(type);
    return path != null
        && path.getLeaf() instanceof ClassTree tree
        && tree.getModifiers().getFlags().contains(Modifier.FINAL)
        && trees
                .getSourcePositions()
                .getStartPosition(path.getCompilationUnit(), tree.getModifiers())
            == javax.tools.Diagnostic.NOPOS;
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

  /**
   * What stands between the parentheses of an annotation.
   *
   * @param name {@code value} where none is written
   * @param value as it is written
   */
  record Argument(String name, String value) {}

  /** The arguments of the annotations on an element that are written in a way that is asked for. */
  Stream<Argument> arguments(Element element, Predicate<String> written) {
    TreePath path = path(element);
    return path == null
        ? Stream.empty()
        : written(path, written)
            .flatMap(annotation -> annotation.getArguments().stream())
            .map(
                argument ->
                    argument instanceof AssignmentTree named
                        ? new Argument(
                            named.getVariable().toString(), named.getExpression().toString())
                        : new Argument("value", argument.toString()));
  }

  private Stream<TreePath> written(Element element, Predicate<String> written) {
    TreePath path = path(element);
    return path == null
        ? Stream.empty()
        : written(path, written)
            .map(annotation -> new TreePath(path, annotation.getAnnotationType()));
  }

  private static Stream<? extends AnnotationTree> written(
      TreePath path, Predicate<String> written) {
    Tree tree = path.getLeaf();
    ModifiersTree modifiers =
        tree instanceof ClassTree type
            ? type.getModifiers()
            : tree instanceof VariableTree variable
                ? variable.getModifiers()
                : ((MethodTree) tree).getModifiers();
    return modifiers.getAnnotations().stream()
        .filter(annotation -> written.test(annotation.getAnnotationType().toString()));
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
