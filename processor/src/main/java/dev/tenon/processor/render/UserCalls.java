package dev.tenon.processor.render;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.code.CodeType;
import dev.tenon.processor.code.Meaning.RuntimeArgument;
import dev.tenon.processor.code.Method;
import dev.tenon.processor.code.Renaming;
import dev.tenon.processor.code.Statement;
import dev.tenon.processor.code.Value.Call;
import dev.tenon.processor.declaration.JavaType;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.Surroundings;
import dev.tenon.processor.declaration.UsedTypes;
import dev.tenon.processor.ir.HostClass;
import dev.tenon.processor.render.plain.BroadcastConstants;
import dev.tenon.processor.render.plain.VectorValues;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.lang.model.element.Modifier;

/**
 * The calls of functions of the user's. Java prefers a variable to a type of the same name, and an
 * imported type to one of the package. So a kernel calls a class that is called like something else
 * in there through a class that names nothing but such classes, and has one variable.
 */
final class UserCalls {
  private final NetworkDeclaration declaration;
  private final Set<JavaType> functions;
  private final List<Call> through = new ArrayList<>();

  UserCalls(NetworkDeclaration declaration) {
    this.declaration = declaration;
    this.functions = declaration.functions();
  }

  /**
   * The method, with calls that Java understands as they are meant.
   *
   * @param around names of fields and of types that the method lies among
   */
  Method direct(Method method, Set<String> around) {
    if (functions.isEmpty()) {
      return method;
    }
    Set<String> variables = variables(method);
    variables.addAll(around);
    return new Method(
        method.name(),
        method.comment(),
        method.parameters(),
        Renaming.ofCalls(method.body(), call -> direct(call, variables)));
  }

  private Call direct(Call call, Set<String> variables) {
    JavaType type = new JavaType(call.in().packageName(), call.in().nameInPackage());
    if (!functions.contains(type) || !isTaken(type, variables)) {
      return call;
    }
    int number = 0;
    while (number < through.size() && !isSame(through.get(number), call)) {
      number++;
    }
    if (number == through.size()) {
      through.add(call);
    }
    ClassName name = GeneratedNames.calls(declaration);
    return new Call(
        call.type(),
        new HostClass(name.packageName(), name.simpleName()),
        "call" + (number + 1),
        call.arguments());
  }

  private static boolean isSame(Call one, Call other) {
    return one.in().equals(other.in())
        && one.method().equals(other.method())
        && one.type().equals(other.type());
  }

  private boolean isTaken(JavaType type, Set<String> variables) {
    String name = type.outermost();
    return variables.contains(name)
        || name.equals(RuntimeArgument.LANES.variable().name())
        || name.equals(VectorValues.SPECIES)
        || name.startsWith(BroadcastConstants.PREFIX)
        || UsedTypes.names().contains(name)
        || functions.stream()
            .anyMatch(
                other ->
                    other.outermost().equals(name)
                        && !other.packageName().equals(type.packageName()));
  }

  /** Names of parameters, locals and counters. */
  private static Set<String> variables(Method method) {
    Set<String> names = new HashSet<>();
    method.parameters().forEach(parameter -> names.add(parameter.name()));
    addDeclared(method.body(), names);
    return names;
  }

  private static void addDeclared(List<Statement> statements, Set<String> names) {
    for (Statement statement : statements) {
      if (statement instanceof Statement.Declare declare) {
        names.add(declare.variable().name());
      } else if (statement instanceof Statement.Loop loop) {
        names.add(loop.variable().name());
        addDeclared(loop.body(), names);
      } else if (statement instanceof Statement.WhenInside when) {
        addDeclared(when.body(), names);
      }
    }
  }

  /**
   * Renders the class, if any call needs it:
   *
   * <pre>
   *     final class NetCalls {
   *       static double call1(double x) {
   *         return from.square(x);
   *       }
   *     }
   * </pre>
   */
  Optional<JavaFile> file() {
    if (through.isEmpty()) {
      return Optional.empty();
    }
    ClassName name = GeneratedNames.calls(declaration);
    TypeSpec.Builder type =
        TypeSpec.classBuilder(name)
            .addModifiers(Modifier.FINAL)
            .addAnnotation(KernelsRenderer.generated(declaration))
            .addJavadoc(
                "The functions that {@link $T} calls.\n", GeneratedNames.model(declaration));
    KernelsRenderer.suppress(type, declaration);
    type.addMethod(MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
    through.stream()
        // What can be written in no other way than by its simple name is imported.
        .sorted(Comparator.comparing(call -> !isHidden(call)))
        .forEach(call -> type.addMethod(method(call)));
    return Optional.of(KernelsRenderer.file(declaration, name, type));
  }

  private boolean isHidden(Call call) {
    return declaration.around().isHidden(call.in().packageName());
  }

  /** Whether the name of a class begins like this, by itself or in full. */
  private boolean isBeginning(String name) {
    return functions.stream()
        .anyMatch(
            type ->
                type.outermost().equals(name)
                    || Surroundings.first(type.packageName()).equals(name));
  }

  private MethodSpec method(Call call) {
    String variable = "x";
    while (isBeginning(variable)) {
      variable += "_";
    }
    TypeName number = call.type().equals(CodeType.DOUBLE) ? TypeName.DOUBLE : TypeName.FLOAT;
    return MethodSpec.methodBuilder("call" + (through.indexOf(call) + 1))
        .addModifiers(Modifier.STATIC)
        .returns(number)
        .addParameter(number, variable)
        .addStatement(
            "return $T.$N($N)",
            GeneratedNames.users(
                declaration, new JavaType(call.in().packageName(), call.in().nameInPackage())),
            call.method(),
            variable)
        .build();
  }
}
