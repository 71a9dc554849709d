package dev.tenon.processor.declaration;

import java.util.List;

/**
 * A class that an attribute names, as far as generated code may use it.
 *
 * @param name qualified name: {@code com.example.Outer.Inner}
 * @param methods its static methods
 */
public record TypeRef(String name, List<StaticMethod> methods) {
  /**
   * A static method.
   *
   * @param name its name
   * @param returnType as Java writes it
   * @param parameterTypes as Java writes them
   * @param accessible whether the network's package may call it
   */
  public record StaticMethod(
      String name, String returnType, List<String> parameterTypes, boolean accessible) {
    public StaticMethod {
      parameterTypes = List.copyOf(parameterTypes);
    }
  }

  public TypeRef {
    methods = List.copyOf(methods);
  }

  /** {@code Inner}. */
  public String simpleName() {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** As the user writes it. */
  @Override
  public String toString() {
    return simpleName() + ".class";
  }
}
