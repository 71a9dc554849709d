package dev.tenon.processor.declaration;

/**
 * The name of a class of the user's.
 *
 * @param packageName the package, empty for the unnamed one
 * @param nameInPackage the name inside its package, nested types with dots ({@code Data.Iris})
 */
public record JavaType(String packageName, String nameInPackage) {
  /** {@code com.example.Data.Iris}. */
  public String qualifiedName() {
    return packageName.isEmpty() ? nameInPackage : packageName + "." + nameInPackage;
  }

  /** {@code Data}: the type itself or the outermost of those around it. */
  public String outermost() {
    return Surroundings.first(nameInPackage);
  }

  /** {@code Iris}. */
  public String simpleName() {
    return nameInPackage.substring(nameInPackage.lastIndexOf('.') + 1);
  }
}
