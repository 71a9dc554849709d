package dev.tenon.processor.testing;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;

/**
 * What came of a compilation.
 *
 * @param succeeded no errors
 * @param diagnostics all that javac and the processor said
 * @param console what javac printed elsewhere
 * @param generated generated sources by qualified name
 * @param classes class files by binary name
 */
public record Compiled(
    boolean succeeded,
    List<Diagnostic<? extends JavaFileObject>> diagnostics,
    String console,
    Map<String, String> generated,
    Map<String, byte[]> classes) {

  /** The messages, with kind and line, one below the other. */
  public String messages() {
    return diagnostics.stream()
        .map(d -> d.getKind() + " line " + d.getLineNumber() + ": " + message(d))
        .collect(Collectors.joining("\n"));
  }

  /** The one diagnostic's text, as the processor gave it. */
  public String onlyMessage() {
    if (diagnostics.size() != 1) {
      throw new AssertionError("Expected one diagnostic, but got:\n" + messages());
    }
    return message(diagnostics.get(0));
  }

  /** A generated source. */
  public String generated(String qualifiedName) {
    String text = generated.get(qualifiedName);
    if (text == null) {
      throw new NoSuchElementException(
          qualifiedName + " was not generated, but " + generated.keySet() + ".\n" + messages());
    }
    return text;
  }

  /** Loads the compiled classes over those of the tests. */
  public ClassLoader load() {
    if (!succeeded) {
      throw new AssertionError("Did not compile:\n" + messages());
    }
    return new ClassLoader(Compiled.class.getClassLoader()) {
      @Override
      protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = classes.get(name);
        if (bytes == null) {
          throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
      }
    };
  }

  static String message(Diagnostic<?> diagnostic) {
    return diagnostic.getMessage(Locale.ROOT);
  }
}
