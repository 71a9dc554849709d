package dev.tenon.processor.render;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.declaration.InputDeclaration;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;

/**
 * What a model takes and gives: its description, and the methods that take and give tensors one by
 * one rather than in arrays.
 */
final class EndsRenderer {
  private static final ArrayTypeName TENSORS = ArrayTypeName.of(GeneratedNames.TENSOR);
  private static final ParameterizedTypeName SPECS =
      ParameterizedTypeName.get(ClassName.get(List.class), GeneratedNames.TENSOR_SPEC);
  private static final String OUTPUTS_TYPE = "Outputs";
  private static final String GRADIENTS_TYPE = "InputGradients";

  /** Comments of the generated methods. */
  private static final String FORWARD =
      """
      Training forward.

      @see dev.tenon.runtime.model.Model#forward
      """;

  private static final String EVALUATION =
      """
      Evaluation forward that backward can follow.

      @see dev.tenon.runtime.model.Model#forwardEvaluation
      """;

  private static final String PREDICT =
      """
      Evaluation forward.

      @see dev.tenon.runtime.model.Model#predict
      """;

  private static final String BACKWARD =
      """
      Writes the gradients of all parameters.

      @see dev.tenon.runtime.model.Model#backward
      """;

  private static final String TO_INPUTS =
      """
      Writes the gradients of all parameters, and gives the derivatives by the inputs.

      @see dev.tenon.runtime.model.Model#backwardToInputs
      """;

  private final Network network;
  private final ModelNames names;

  EndsRenderer(Network network, ModelNames names) {
    this.network = network;
    this.names = names;
  }

  // ---------------------------------------------------------------------------- description

  /** The descriptions, and for each input with a name the view that its method returns. */
  void addConstants(TypeSpec.Builder type) {
    CodeBlock inputs =
        network.inputs().stream()
            .map(
                input ->
                    input.isIndices()
                        ? names.indexSpec(input.name(), input.limit(), sizes(input.shape()))
                        : real(input.name(), input.shape()))
            .collect(CodeBlock.joining(",$W"));
    CodeBlock outputs =
        network.outputs().stream()
            .map(output -> real(output.name(), network.shapeOf(output)))
            .collect(CodeBlock.joining(",$W"));
    type.addField(constant(ModelFields.INPUTS, inputs));
    type.addField(constant(ModelFields.OUTPUTS, outputs));
  }

  private CodeBlock real(String name, Shape shape) {
    return names.realSpec(name, network.real(), sizes(shape));
  }

  /** {@code , 3, 32, 32}. */
  private static CodeBlock sizes(Shape shape) {
    return shape.sizes().stream()
        .map(size -> CodeBlock.of(", $L", size))
        .collect(CodeBlock.joining(""));
  }

  private FieldSpec constant(String name, CodeBlock specs) {
    return FieldSpec.builder(SPECS, name, Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
        .initializer(names.listOf(specs))
        .build();
  }

  /** What the method of an input returns. */
  FieldSpec view(InputDeclaration input) {
    return FieldSpec.builder(
            GeneratedNames.LAYER, names.view(input.name()), Modifier.PRIVATE, Modifier.FINAL)
        .initializer(
            "new $T($S, $S)", GeneratedNames.LAYER, input.name(), input.attributes().annotation())
        .build();
  }

  /** The method that gives one of the descriptions. */
  MethodSpec specs(String method, String constant) {
    return ModelRenderer.override(method, SPECS).addStatement("return $N", constant).build();
  }

  // -------------------------------------------------------------------------------- methods

  /**
   * Adds the methods that take and give single tensors:
   *
   * <pre>
   *     public Tensor forward(Tensor input) { return forward(input, null, false)[0]; }
   * </pre>
   *
   * and with several inputs or outputs
   *
   * <pre>
   *     public Outputs forward(Tensor image, Tensor age) {
   *       return new Outputs(forward(new Tensor[] {image, age}, false));
   *     }
   *     public record Outputs(Tensor classes, Tensor box) { ... }
   * </pre>
   *
   * <p>A method has no room for more than 254 tensors. A model with more takes and gives them in
   * arrays only.
   */
  void addMethods(TypeSpec.Builder type) {
    if (network.isSingle()) {
      addSingle(type);
      return;
    }
    if (network.declaration().isLarge()) {
      return;
    }
    List<String> inputs = network.inputs().stream().map(Network.Input::name).toList();
    List<String> outputs = network.outputs().stream().map(Network.Output::name).toList();
    boolean several = outputs.size() > 1;
    TypeName result = several ? nested(OUTPUTS_TYPE) : GeneratedNames.TENSOR;
    if (several) {
      type.addType(
          record(OUTPUTS_TYPE, outputs, positions(outputs.size()), "What the network gives"));
    }
    String forward = names.method("forward");
    type.addMethod(pass("forward", result, inputs, forward + "($L, false)", several, FORWARD));
    type.addMethod(
        pass("forwardEvaluation", result, inputs, forward + "($L, true)", several, EVALUATION));
    type.addMethod(pass("predict", result, inputs, "predict($L)", several, PREDICT));
    addBackward(type, outputs);
  }

  private void addSingle(TypeSpec.Builder type) {
    type.addMethod(
        single("forward", GeneratedNames.TENSOR, "input")
            .addStatement("return $N(input, null, false)[0]", names.method("forward"))
            .build());
    type.addMethod(
        single("forwardEvaluation", GeneratedNames.TENSOR, "input")
            .addStatement("return $N(input, null, true)[0]", names.method("forward"))
            .build());
    type.addMethod(
        single("backward", TypeName.VOID, "outputGradient")
            .addStatement("$N(outputGradient, null, false)", names.method("backward"))
            .build());
    type.addMethod(
        single("backwardToInput", GeneratedNames.TENSOR, "outputGradient")
            .addStatement("return $N(outputGradient, null, true)[0]", names.method("backward"))
            .build());
    type.addMethod(
        single("predict", GeneratedNames.TENSOR, "input")
            .addStatement("return $N(input, null)[0]", names.method("predict"))
            .build());
  }

  private static MethodSpec.Builder single(String method, TypeName result, String parameter) {
    return ModelRenderer.override(method, result).addParameter(GeneratedNames.TENSOR, parameter);
  }

  private MethodSpec pass(
      String method,
      TypeName result,
      List<String> parameters,
      String call,
      boolean several,
      String comment) {
    MethodSpec.Builder builder =
        MethodSpec.methodBuilder(method)
            .addModifiers(Modifier.PUBLIC)
            .returns(result)
            .addJavadoc(comment);
    parameters.forEach(name -> builder.addParameter(GeneratedNames.TENSOR, name));
    CodeBlock given = CodeBlock.of(call, array(parameters));
    return several
        ? builder.addStatement("return new $T($L)", result, given).build()
        : builder.addStatement("return $L[0]", given).build();
  }

  private static CodeBlock array(List<String> names) {
    return CodeBlock.of(
        "new $T {$L}",
        TENSORS,
        names.stream().map(name -> CodeBlock.of("$N", name)).collect(CodeBlock.joining(", ")));
  }

  private void addBackward(TypeSpec.Builder type, List<String> outputs) {
    List<String> given = outputs.stream().map(output -> output + "Gradient").toList();
    MethodSpec.Builder backward =
        MethodSpec.methodBuilder("backward").addModifiers(Modifier.PUBLIC).addJavadoc(BACKWARD);
    given.forEach(name -> backward.addParameter(GeneratedNames.TENSOR, name));
    type.addMethod(backward.addStatement("backward($L)", array(given)).build());

    List<String> names = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < network.inputs().size(); i++) {
      if (!network.inputs().get(i).isIndices()) {
        names.add(network.inputs().get(i).name());
        positions.add(i);
      }
    }
    if (names.isEmpty()) {
      return;
    }
    boolean several = names.size() > 1;
    if (several) {
      type.addType(record(GRADIENTS_TYPE, names, positions, "The derivatives by the inputs"));
    }
    MethodSpec.Builder toInputs =
        MethodSpec.methodBuilder(several ? "backwardToInputs" : "backwardToInput")
            .addModifiers(Modifier.PUBLIC)
            .returns(several ? nested(GRADIENTS_TYPE) : GeneratedNames.TENSOR)
            .addJavadoc(TO_INPUTS);
    given.forEach(name -> toInputs.addParameter(GeneratedNames.TENSOR, name));
    CodeBlock call = CodeBlock.of("backwardToInputs($L)", array(given));
    type.addMethod(
        several
            ? toInputs.addStatement("return new $T($L)", nested(GRADIENTS_TYPE), call).build()
            : toInputs.addStatement("return $L[$L]", call, positions.get(0)).build());
  }

  private ClassName nested(String simpleName) {
    return GeneratedNames.model(network.declaration()).nestedClass(simpleName);
  }

  private static List<Integer> positions(int count) {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      positions.add(i);
    }
    return positions;
  }

  /** A record of tensors, which is made of some places of an array. */
  private TypeSpec record(
      String simpleName, List<String> components, List<Integer> positions, String what) {
    MethodSpec.Builder canonical = MethodSpec.constructorBuilder();
    CodeBlock.Builder comment =
        CodeBlock.builder().add("$L: tensors that the model owns and overwrites.\n\n", what);
    components.forEach(
        component -> {
          canonical.addParameter(GeneratedNames.TENSOR, component);
          comment.add("@param $L {@code [batch, ...]}\n", component);
        });
    TypeSpec.Builder type =
        TypeSpec.recordBuilder(simpleName)
            .addJavadoc(comment.build())
            .recordConstructor(canonical.build())
            .addMethod(
                MethodSpec.constructorBuilder()
                    .addModifiers(Modifier.PRIVATE)
                    .addParameter(TENSORS, "all")
                    .addStatement(
                        "this($L)",
                        positions.stream()
                            .map(i -> CodeBlock.of("all[$L]", i))
                            .collect(CodeBlock.joining(", ")))
                    .build());
    return network.declaration().isPublic()
        ? type.addModifiers(Modifier.PUBLIC).build()
        : type.build();
  }
}
