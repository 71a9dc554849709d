package dev.tenon.processor.read;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;

/**
 * Methods in the order in which their type declares them.
 *
 * <p>javac gives them like that, also for a type that comes compiled. The Eclipse compiler does for
 * sources alone, and sorts the methods of a compiled type by name: a block of a library would have
 * its layers in the order of the alphabet, and so would one whose file an editor has compiled
 * before. The class file has them in order, and that compiler has the class file; but only its own
 * classes, which are loaded beside it and cannot be named here, lead there.
 */
final class DeclaredOrder {
  private static final String ECLIPSE = "org.eclipse.jdt.internal.compiler.";

  private DeclaredOrder() {}

  /**
   * The methods of a type in order.
   *
   * @throws IllegalStateException if the order cannot be told
   */
  static List<ExecutableElement> methods(TypeElement type) {
    List<ExecutableElement> methods = ElementFilter.methodsIn(type.getEnclosedElements());
    if (!type.getClass().getName().startsWith(ECLIPSE)) {
      return methods;
    }
    try {
      Optional<Object> classFile = classFile(type);
      if (classFile.isEmpty()) {
        return methods;
      }
      List<String> names = methodNames(classFile.get());
      List<ExecutableElement> inOrder = new ArrayList<>(methods);
      inOrder.sort(
          Comparator.comparingInt(method -> names.indexOf(method.getSimpleName().toString())));
      return inOrder;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "This version of the Eclipse compiler does not tell in which order the compiled type "
              + type.getQualifiedName()
              + " declares its methods.",
          e);
    }
  }

  /** What the compiler has read of a class file; empty for a type that it compiles itself. */
  private static Optional<Object> classFile(TypeElement type) throws ReflectiveOperationException {
    Object binding = type.getClass().getField("_binding").get(type);
    if (!binding.getClass().getSimpleName().equals("BinaryTypeBinding")) {
      return Optional.empty();
    }
    Object inPackage = binding.getClass().getMethod("getPackage").invoke(binding);
    Object environment = inPackage.getClass().getField("environment").get(inPackage);
    Object files = environment.getClass().getField("nameEnvironment").get(environment);
    Object name = binding.getClass().getField("compoundName").get(binding);
    Object answer =
        eclipses("env.INameEnvironment", type)
            .getMethod("findType", char[][].class)
            .invoke(files, name);
    if (answer == null) {
      throw new NoSuchFieldException("No class file of " + type.getQualifiedName());
    }
    return Optional.of(answer.getClass().getMethod("getBinaryType").invoke(answer));
  }

  private static List<String> methodNames(Object classFile) throws ReflectiveOperationException {
    Object[] methods =
        (Object[]) eclipses("env.IBinaryType", classFile).getMethod("getMethods").invoke(classFile);
    List<String> names = new ArrayList<>();
    if (methods != null) {
      for (Object method : methods) {
        Object name = eclipses("env.IBinaryMethod", method).getMethod("getSelector").invoke(method);
        names.add(new String((char[]) name));
      }
    }
    return names;
  }

  /** A type of the compiler's, as an object of the compiler's sees it. */
  private static Class<?> eclipses(String name, Object seenBy) throws ClassNotFoundException {
    return Class.forName(ECLIPSE + name, false, seenBy.getClass().getClassLoader());
  }
}
