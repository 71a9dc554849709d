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

  /** Name of the method that tries vector operations. */
  static final String PROBE = "lanes";

  /** How often it is tried, an even number; a hundredth of a second in the interpreter. */
  private static final int PROBES = 2_000;

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
   * @param probe whether to add the method that tries operations
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
      type.addMethod(probe());
    }
  }

  /**
   * Tries operations, one of each class that the vector API has for its operators: those of adding,
   * subtracting, changing a sign and multiplying with an addition. On JDK 17 all operations go
   * through the same methods, and while these have seen one class only, C2 compiles them for it;
   * each time that another class proves it wrong is counted, and once the methods that a kernel
   * inlines have counted 100 together, C2 stops guessing classes in that kernel, so its vectors
   * become objects. C1 first counts classes at the 200th call.
   */
  private static MethodSpec probe() {
    return MethodSpec.methodBuilder(PROBE)
        .addModifiers(Modifier.STATIC)
        .returns(TypeName.INT)
        .addJavadoc(
            "Tries operations on vectors, in turn and often: while the JIT compiler has seen only some"
                + "\nof them, it makes guesses that cost the kernels time when they prove wrong.\n\n@return"
                + " lanes of a vector, or 0 if an operation went wrong\n")
        .addStatement(
            "final $T ones = $T.broadcast($N, 1f)",
            VectorValues.FLOAT_VECTOR,
            VectorValues.FLOAT_VECTOR,
            VectorValues.SPECIES)
        .addStatement("$T x = ones", VectorValues.FLOAT_VECTOR)
        .beginControlFlow("for (int i = 0; i < $L; i++)", PROBES)
        .addComment("1, -2, 1, -2 and so on.")
        .addStatement("x = x.add(ones).fma(ones, ones).sub(ones).neg()")
        .endControlFlow()
        .addStatement(
            "return x.lane($N - 1) == 1f ? $N : 0",
            RuntimeArgument.LANES.variable().name(),
            RuntimeArgument.LANES.variable().name())
        .build();
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
