package dev.tenon.processor.read;

import com.sun.source.tree.ClassTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TaskEvent;
import com.sun.source.util.TaskListener;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Report;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.Element;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;

/**
 * Finds networks that are declared within a method. javac shows no processor what stands there, so
 * that they would be passed over in silence; this looks when javac has attributed a class.
 */
final class LocalNetworks extends TreePathScanner<Void, Void> implements TaskListener {
  private final Trees trees;

  private LocalNetworks(Trees trees) {
    this.trees = trees;
  }

  /** Has them reported; throws what {@link Javac} catches where this is another compiler. */
  static void watch(ProcessingEnvironment environment) {
    JavacTask.instance(environment).addTaskListener(new LocalNetworks(Trees.instance(environment)));
  }

  @Override
  public void finished(TaskEvent event) {
    if (event.getKind() == TaskEvent.Kind.ANALYZE
        && event.getTypeElement() != null
        && event.getCompilationUnit().getImports().stream()
            .anyMatch(one -> one.getQualifiedIdentifier().toString().startsWith(Mirrors.PACKAGE))) {
      TreePath path = trees.getPath(event.getTypeElement());
      if (path != null) {
        scan(path, null);
      }
    }
  }

  @Override
  public Void visitClass(ClassTree tree, Void nothing) {
    if (trees.getElement(getCurrentPath()) instanceof TypeElement type
        && isLocal(type)
        && Mirrors.network(type).isPresent()) {
      Report report = new Report();
      report.add(
          ReadProblems.LOCAL,
          SourceRef.OF_TYPE,
          "@Network on "
              + type.getSimpleName()
              + ": it is declared within a method, where javac shows it to no annotation processor.",
          "Move it out of the method, into its class or a file of its own.");
      report
          .diagnostics()
          .forEach(
              diagnostic ->
                  trees.printMessage(
                      javax.tools.Diagnostic.Kind.ERROR,
                      diagnostic.text(),
                      tree,
                      getCurrentPath().getCompilationUnit()));
    }
    return super.visitClass(tree, null);
  }

  private static boolean isLocal(TypeElement type) {
    for (Element e = type; e != null; e = e.getEnclosingElement()) {
      if (e instanceof TypeElement around
          && (around.getNestingKind() == NestingKind.LOCAL
              || around.getNestingKind() == NestingKind.ANONYMOUS)) {
        return true;
      }
    }
    return false;
  }
}
