package dev.tenon.processor.declaration;

import java.util.List;

/**
 * A class that an attribute names, as far as generated code may use it.
 *
 * @param type its name
 * @param methods its static methods
 */
public record TypeRef(JavaType type, List<StaticMethod> methods) {
  /**
   * A static method.
   *
   * @param name its name
   * @param returnType as Java writes it
   * @param parameterTypes as Java writes them
   * @param accessible whether the network's package may call it
   * @param checked the checked exceptions that it throws, as Java writes them
   */
  public record StaticMethod(
      String name,
      String returnType,
      List<String> parameterTypes,
      boolean accessible,
      List<String> checked) {
    public StaticMethod {
      parameterTypes = List.copyOf(parameterTypes);
      checked = List.copyOf(checked);
    }
  }

  public TypeRef {
    methods = List.copyOf(methods);
  }

  /** Qualified name: {@code com.example.Outer.Inner}. */
  public String name() {
    return type.qualifiedName();
  }

  /** {@code Inner}. */
  public String simpleName() {
    return type.simpleName();
  }

  /** As the user writes it. */
  @Override
  public String toString() {
    return simpleName() + ".class";
  }
}
