package dev.tenon.processor.render;

import com.palantir.javapoet.ArrayTypeName;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.tenon.processor.code.Meaning.RuntimeArgument;
import dev.tenon.processor.render.plain.VectorValues;
import java.util.List;
import javax.lang.model.element.Modifier;

/** What a class of vector kernels has besides the kernels. */
final class VectorConstants {
  private static final String VECTOR_PACKAGE = "jdk.incubator.vector";
  private static final ClassName OPERATORS = ClassName.get(VECTOR_PACKAGE, "VectorOperators");
  private static final ClassName SHAPE = ClassName.get(VECTOR_PACKAGE, "VectorShape");
  private static final ParameterizedTypeName SPECIES =
      ParameterizedTypeName.get(
          ClassName.get(VECTOR_PACKAGE, "VectorSpecies"), TypeName.FLOAT.box());

  /** Name of the method that tries a vector operation. */
  static final String PROBE = "lanes";

  /** Name of the method that looks whether numbers are finite. */
  static final String FINITE = "areFinite";

  private VectorConstants() {}

  /**
   * Adds the constants:
   *
   * <pre>
   *     private static final VectorSpecies&lt;Float&gt; SPECIES = ...;
   *     private static final int LANES = SPECIES.length();
   * </pre>
   *
   * @param probe whether to add the method that tries an operation
   */
  static void add(TypeSpec.Builder type, boolean probe) {
    type.addField(
        FieldSpec.builder(
                SPECIES, VectorValues.SPECIES, Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
            .initializer(
                "$T.forBitSize($T.min($T.SPECIES_PREFERRED.vectorBitSize(), 32 * $T.maxLanes()))"
                    + ".withLanes(float.class)",
                SHAPE,
                Math.class,
                VectorValues.FLOAT_VECTOR,
                GeneratedNames.KERNEL_SELECTION)
            .build());
    type.addField(
        FieldSpec.builder(
                TypeName.INT,
                RuntimeArgument.LANES.variable().name(),
                Modifier.PRIVATE,
                Modifier.STATIC,
                Modifier.FINAL)
            .initializer("$N.length()", VectorValues.SPECIES)
            .build());
    if (probe) {
      type.addMethod(finite());
      type.addMethod(
          MethodSpec.methodBuilder(PROBE)
              .addModifiers(Modifier.STATIC)
              .returns(TypeName.INT)
              .addJavadoc(
                  "Tries an operation on vectors.\n\n@return lanes of a vector, or 0 if the operation"
                      + " went wrong\n")
              .addStatement(
                  "$T ones = $T.broadcast($N, 1f)",
                  VectorValues.FLOAT_VECTOR,
                  VectorValues.FLOAT_VECTOR,
                  VectorValues.SPECIES)
              .addStatement(
                  "return ones.fma(ones, ones).lane($N - 1) == 2f ? $N : 0",
                  RuntimeArgument.LANES.variable().name(),
                  RuntimeArgument.LANES.variable().name())
              .build());
    }
  }

  /** The runtime's {@code Finite}, on four vectors at a time. */
  private static MethodSpec finite() {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(FINITE)
            .addModifiers(Modifier.STATIC)
            .returns(TypeName.BOOLEAN)
            .addParameter(ArrayTypeName.of(TypeName.FLOAT), "values")
            .addParameter(TypeName.INT, "from")
            .addParameter(TypeName.INT, "to")
            .addJavadoc(
                "Whether numbers are finite: 0 times one that is gives 0, times another NaN, which"
                    + " stays in a product.\n");
    List<String> products = List.of("a", "b", "c", "d");
    for (String product : products) {
      method.addStatement(
          "$T $N = $T.zero($N)",
          VectorValues.FLOAT_VECTOR,
          product,
          VectorValues.FLOAT_VECTOR,
          VectorValues.SPECIES);
    }
    method
        .addStatement("int i = from")
        .beginControlFlow(
            "for (; i <= to - 4 * $N; i += 4 * $N)",
            RuntimeArgument.LANES.variable().name(),
            RuntimeArgument.LANES.variable().name());
    for (int v = 0; v < products.size(); v++) {
      method.addStatement(
          "$N = $N.mul($T.fromArray($N, values, i + $L * $N))",
          products.get(v),
          products.get(v),
          VectorValues.FLOAT_VECTOR,
          VectorValues.SPECIES,
          v,
          RuntimeArgument.LANES.variable().name());
    }
    return method
        .endControlFlow()
        .addStatement("float rest = 0")
        .beginControlFlow("for (; i < to; i++)")
        .addStatement("rest *= values[i]")
        .endControlFlow()
        .addStatement(
            "return rest == 0 && a.add(b).add(c.add(d)).compare($T.EQ, 0f).allTrue()", OPERATORS)
        .build();
  }
}
