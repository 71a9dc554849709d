package dev.tenon.processor.layers.elementwise;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.TypeRef;
import dev.tenon.processor.declaration.TypeRef.StaticMethod;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.ir.HostClass;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layer.StateView;
import dev.tenon.processor.layers.common.Checks;
import dev.tenon.processor.layers.elementwise.ElementwiseConfig.Function;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code @Elementwise(type, function, derivative)}. */
public final class ElementwiseType implements LayerType {
  /** The class has no such function. */
  static final Problem FUNCTION = Problem.error("ElementwiseFunction");

  /** The class has no such derivative. */
  static final Problem DERIVATIVE = Problem.error("ElementwiseDerivative");

  @Override
  public String annotation() {
    return "Elementwise";
  }

  @Override
  public StateView view() {
    return StateView.LAYER;
  }

  @Override
  public List<Problem> problems() {
    return List.of(FUNCTION, DERIVATIVE);
  }

  @Override
  public Optional<ElementwiseConfig> configure(LayerDeclaration declaration, Report report) {
    Attributes attributes = declaration.attributes();
    Checks checks = new Checks(declaration, report);
    Optional<Function> function = find(checks, FUNCTION, "function", attributes);
    Optional<Function> derivative = find(checks, DERIVATIVE, "derivative", attributes);
    return function.flatMap(f -> derivative.map(d -> new ElementwiseConfig(f, d)));
  }

  private static Optional<Function> find(
      Checks checks, Problem problem, String attribute, Attributes attributes) {
    TypeRef type = attributes.type("type");
    String name = attributes.text(attribute);
    boolean ofFloat = has(type, name, "float");
    boolean ofDouble = has(type, name, "double");
    if (!ofDouble) {
      List<StaticMethod> namesakes =
          type.methods().stream().filter(method -> method.name().equals(name)).toList();
      checks.report(
          problem,
          attribute,
          attribute
              + " = "
              + name
              + ", but "
              + type.name()
              + " has no static method double "
              + name
              + "(double) that this package may call"
              + (namesakes.isEmpty() ? "." : "; it has " + described(namesakes) + "."),
          "Declare it: `static double " + name + "(double x)`, not private.");
      return Optional.empty();
    }
    List<String> checked =
        type.methods().stream()
            .filter(method -> isOf(method, name, "double") || isOf(method, name, "float"))
            .flatMap(method -> method.checked().stream())
            .distinct()
            .toList();
    if (!checked.isEmpty()) {
      checks.report(
          problem,
          attribute,
          attribute
              + " = "
              + name
              + ", but "
              + type.name()
              + "."
              + name
              + " throws "
              + String.join(" and ", checked)
              + ", a checked exception that generated code cannot pass on.",
          "Catch it in " + name + ", or throw an unchecked exception.");
      return Optional.empty();
    }
    HostClass in = new HostClass(type.type().packageName(), type.type().nameInPackage());
    return Optional.of(new Function(in, name, ofFloat));
  }

  private static boolean has(TypeRef type, String name, String number) {
    return type.methods().stream().anyMatch(method -> isOf(method, name, number));
  }

  private static boolean isOf(StaticMethod method, String name, String number) {
    return method.name().equals(name)
        && method.returnType().equals(number)
        && method.parameterTypes().equals(List.of(number))
        && method.accessible();
  }

  private static String described(List<StaticMethod> methods) {
    return methods.stream()
        .map(
            method ->
                (method.accessible() ? "" : "an inaccessible ")
                    + method.returnType()
                    + " "
                    + method.name()
                    + "("
                    + String.join(", ", method.parameterTypes())
                    + ")")
        .sorted()
        .collect(Collectors.joining(" and "));
  }
}
