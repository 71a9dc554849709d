package dev.tenon.processor.write;

import dev.tenon.processor.declaration.FeatureComponents;
import dev.tenon.processor.declaration.InputDeclaration;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.OutputDeclaration;
import dev.tenon.processor.read.GeneratedApi;
import dev.tenon.processor.read.NetworkReader;
import dev.tenon.processor.read.ReadNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/**
 * Stands in for the model of a network that is wrong, so that the user's other code finds the class
 * and its methods, and the errors shown are the network's alone.
 *
 * <p>The stub is abstract: it inherits all signatures and has to implement none, whatever is wrong
 * with them.
 */
public final class ModelStub {
  private static final String TENSOR = "dev.tenon.runtime.Tensor";

  private static final Pattern RUNTIME_TYPE =
      Pattern.compile("\\b(?:dev\\.tenon\\.runtime|java)(?:\\.[a-z]+)*\\.([A-Z]\\w*)");

  private final Elements elements;
  private final GeneratedApi api;

  /** Prepares a writer of stubs. */
  public ModelStub(Elements elements, Types types) {
    this.elements = elements;
    this.api = new GeneratedApi(elements, types);
  }

  /** The stub for a network. */
  public GeneratedSource of(ReadNetwork read) {
    NetworkDeclaration network = FeatureComponents.resolve(read.declaration());
    String name = network.generatedPrefix() + "Model";
    String modifiers = network.isPublic() ? "public abstract" : "abstract";
    String text =
        """
        /** Stands in for the model of {@code %1$s}, which did not compile. */
        %2$s class %3$s%4$s {
          private %3$s() {}

          public static %3$s create(long seed) {
            throw new java.lang.IllegalStateException("%1$s did not compile; see the errors of the build.");
          }

          public static %3$s load(java.nio.file.Path path) throws java.io.IOException {
            throw new java.lang.IllegalStateException("%1$s did not compile; see the errors of the build.");
          }
        %5$s}
        """
            .formatted(
                network.typeName(),
                modifiers,
                name,
                supertypes(network, read),
                isSingle(network) || network.isLarge() ? "" : passes(network));
    String home = network.packageName();
    String header = home.isEmpty() ? "" : "package " + home + ";\n\n";
    return new GeneratedSource(
        home.isEmpty() ? name : home + "." + name,
        header + (NetworkReader.hidesPackages(network) ? withImports(text) : text));
  }

  /** Where a qualified name would begin with a type of the user's, imports still mean packages. */
  private static String withImports(String text) {
    Set<String> imports = new TreeSet<>();
    String shortened =
        RUNTIME_TYPE
            .matcher(text)
            .replaceAll(
                found -> {
                  imports.add("import " + found.group() + ";\n");
                  return found.group(1);
                });
    return String.join("", imports) + "\n" + shortened;
  }

  private static boolean isSingle(NetworkDeclaration network) {
    boolean oneInput =
        network.inputs().isEmpty()
            || (network.inputs().size() == 1 && !network.inputs().get(0).isIndices());
    return oneInput && network.outputs().size() <= 1;
  }

  /** The methods of a model with several inputs or outputs that take and give single tensors. */
  private static String passes(NetworkDeclaration network) {
    List<String> inputs =
        network.inputs().isEmpty()
            ? List.of("input")
            : network.inputs().stream().map(InputDeclaration::name).toList();
    List<String> real =
        network.inputs().isEmpty()
            ? inputs
            : network.inputs().stream()
                .filter(input -> !input.isIndices())
                .map(InputDeclaration::name)
                .toList();
    List<String> outputs = network.outputs().stream().map(OutputDeclaration::name).toList();
    boolean severalOutputs = outputs.size() > 1;
    String result = severalOutputs ? "Outputs" : TENSOR;
    String gradients =
        severalOutputs
            ? tensors(outputs.stream().map(output -> output + "Gradient").toList())
            : TENSOR + " outputGradient";
    StringBuilder text = new StringBuilder();
    for (String method : List.of("forward", "forwardEvaluation", "predict")) {
      text.append("\n  public abstract %s %s(%s);\n".formatted(result, method, tensors(inputs)));
    }
    text.append("\n  public abstract void backward(%s);\n".formatted(gradients));
    if (real.size() == 1) {
      text.append("\n  public abstract %s backwardToInput(%s);\n".formatted(TENSOR, gradients));
    } else if (!real.isEmpty()) {
      text.append(
          "\n  public abstract InputGradients backwardToInputs(%s);\n".formatted(gradients));
      text.append("\n  public record InputGradients(%s) {}\n".formatted(tensors(real)));
    }
    if (severalOutputs) {
      text.append("\n  public record Outputs(%s) {}\n".formatted(tensors(outputs)));
    }
    return text.toString();
  }

  private static String tensors(List<String> names) {
    return names.stream().map(name -> TENSOR + " " + name).collect(Collectors.joining(", "));
  }

  /** The clauses behind the class's name; what cannot be extended is left out. */
  private String supertypes(NetworkDeclaration network, ReadNetwork read) {
    TypeElement type = read.locator().type();
    boolean isExtensible = read.isNameable() && isExtensible(type);
    List<String> interfaces = new ArrayList<>();
    String extended = "";
    if (isExtensible) {
      if (type.getKind() == ElementKind.INTERFACE) {
        interfaces.add(network.typeName());
      } else {
        extended = " extends " + network.typeName();
      }
    }
    Optional<TypeElement> model = api.model();
    if (model.isPresent() && (!isExtensible || goesWithModel(type, model.get()))) {
      interfaces.addAll(
          network
              .ends()
              .modelInterfaces(isSingle(network) ? GeneratedApi.SINGLE_MODEL : GeneratedApi.MODEL));
    }
    return extended + (interfaces.isEmpty() ? "" : " implements " + String.join(", ", interfaces));
  }

  private static boolean isExtensible(TypeElement type) {
    boolean kind =
        type.getKind() == ElementKind.INTERFACE
            || (type.getKind() == ElementKind.CLASS
                && !type.getModifiers().contains(Modifier.FINAL)
                && !NetworkReader.isInner(type)
                && NetworkReader.hasUsableConstructor(type));
    return kind
        // A raw supertype would be a warning of javac's.
        && type.getTypeParameters().isEmpty()
        && !type.getModifiers().contains(Modifier.SEALED)
        && NetworkReader.privateType(type).isEmpty();
  }

  private boolean goesWithModel(TypeElement type, TypeElement model) {
    for (ExecutableElement method : ElementFilter.methodsIn(elements.getAllMembers(type))) {
      Element source = method.getEnclosingElement();
      if (!source.equals(model) && api.clashes(method, type)) {
        return false;
      }
    }
    return true;
  }
}
