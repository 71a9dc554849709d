package dev.tenon.processor.render.plain;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import dev.tenon.processor.code.Method;
import dev.tenon.processor.code.Value;
import dev.tenon.processor.ir.Expr.UnaryOp;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.lang.model.element.Modifier;

/**
 * Functions of vectors, as methods of the class that uses them: {@code dev.tenon.runtime} can be
 * compiled without {@code jdk.incubator.vector}, so they cannot live there. They are the
 * polynomials of the runtime's {@code Functions}, which says where they come from; products and
 * sums are rounded once here. The vector API's own functions are a library of the machine's on
 * some, and one by one on others.
 */
public final class VectorFunctions {
  private static final ClassName VECTOR = VectorValues.FLOAT_VECTOR;
  private static final ClassName INTS = ClassName.get("jdk.incubator.vector", "IntVector");
  private static final ClassName OPERATORS = VectorValues.OPERATORS;

  private VectorFunctions() {}

  /**
   * The methods that these methods call.
   *
   * @param constants takes the constants that they read
   */
  public static List<MethodSpec> usedBy(List<Method> methods, BroadcastConstants constants) {
    Set<UnaryOp> used = EnumSet.noneOf(UnaryOp.class);
    methods.forEach(method -> method.values().forEach(value -> collect(value, used)));
    if (used.contains(UnaryOp.TANH) || used.contains(UnaryOp.ERF)) {
      used.add(UnaryOp.EXP);
    }
    return used.stream().map(op -> method(op, constants)).toList();
  }

  /** The call of a function. */
  static CodeBlock call(UnaryOp op, CodeBlock operand) {
    return CodeBlock.of("$L($L)", name(op), operand);
  }

  private static void collect(Value value, Set<UnaryOp> used) {
    if (value instanceof Value.Unary unary && unary.op().isFunction() && unary.type().isVector()) {
      used.add(unary.op());
    }
    value.operands().forEach(operand -> collect(operand, used));
  }

  private static String name(UnaryOp op) {
    return op.name().toLowerCase(Locale.ROOT);
  }

  private static MethodSpec method(UnaryOp op, BroadcastConstants constants) {
    MethodSpec.Builder method =
        MethodSpec.methodBuilder(name(op))
            .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
            .returns(VECTOR)
            .addParameter(VECTOR, "x");
    switch (op) {
      case EXP -> exp(method, constants);
      case TANH -> tanh(method, constants);
      case ERF -> erf(method, constants);
      default -> throw new IllegalStateException(op + " has no vectors");
    }
    return method.build();
  }

  /**
   * Renders the exponential:
   *
   * <pre>
   *     private static FloatVector exp(FloatVector x) {
   *       // e^x = 2^k e^r, x = k ln 2 + r
   *       FloatVector bounded = ...;
   *       ...
   *     }
   * </pre>
   */
  private static void exp(MethodSpec.Builder method, BroadcastConstants constants) {
    String most = constants.name(89f);
    String least = constants.name(-104f);
    String round = constants.name(0x1.8p23f);
    method
        .addComment("e^x = 2^k e^r with x = k ln 2 + r; 2^k is made of two halves.")
        .addStatement(
            "$T bounded = x.blend($N, x.compare($T.GT, $N))", VECTOR, most, OPERATORS, most)
        .addStatement("bounded = bounded.blend($N, x.compare($T.LT, $N))", least, OPERATORS, least)
        .addStatement("$T shifted = bounded.fma($N, $N)", VECTOR, constants.name(1.442695f), round)
        .addStatement("$T whole = shifted.sub($N)", VECTOR, round)
        .addStatement(
            "$T r = whole.fma($N, bounded).sub(whole.mul($N))",
            VECTOR,
            constants.name(-0x1.63p-1f),
            constants.name(-2.1219444e-4f));
    polynomial(
        method, constants, "p", "r", 0.0013926376f, 0.0083633335f, 0.041666552f, 0.16666576f, 0.5f);
    method
        .addStatement("$T power = p.fma(r.mul(r), r).add($N)", VECTOR, constants.name(1f))
        .addStatement("$T k = shifted.reinterpretAsInts().sub(0x4b400000)", INTS)
        .addStatement("$T half = k.lanewise($T.ASHR, 1)", INTS, OPERATORS)
        .addStatement(
            "return power.mul(half.add(127).lanewise($T.LSHL, 23).reinterpretAsFloats())"
                + ".mul(k.sub(half).add(127).lanewise($T.LSHL, 23).reinterpretAsFloats())",
            OPERATORS,
            OPERATORS);
  }

  /**
   * Renders the tangent:
   *
   * <pre>
   *     private static FloatVector tanh(FloatVector x) {
   *       // 1 - 2 / (e^2|x| + 1), and a polynomial near 0.
   *       ...
   *     }
   * </pre>
   */
  private static void tanh(MethodSpec.Builder method, BroadcastConstants constants) {
    method
        .addComment("1 - 2 / (e^2|x| + 1), and a polynomial near 0.")
        .addStatement("$T size = x.abs()", VECTOR)
        .addStatement(
            "$T far = $N.sub($N.div(exp(size.add(size)).add($N)))",
            VECTOR,
            constants.name(1f),
            constants.name(2f),
            constants.name(1f))
        .addStatement(
            "far = far.blend(far.neg(), x.compare($T.LT, $T.zero($N)))",
            OPERATORS,
            VECTOR,
            VectorValues.SPECIES)
        .addStatement("$T z = x.mul(x)", VECTOR);
    polynomial(
        method,
        constants,
        "p",
        "z",
        -0.006096714f,
        0.02099718f,
        -0.053850908f,
        0.1333277f,
        -0.33333328f);
    method.addStatement(
        "return far.blend(p.mul(z).fma(x, x), size.compare($T.LT, $N))",
        OPERATORS,
        constants.name(0.625f));
  }

  /**
   * Renders the error function:
   *
   * <pre>
   *     private static FloatVector erf(FloatVector x) {
   *       // 1 - e^q(|x|), and a polynomial near 0.
   *       ...
   *     }
   * </pre>
   */
  private static void erf(MethodSpec.Builder method, BroadcastConstants constants) {
    method
        .addComment("1 - e^q(|x|), and a polynomial near 0.")
        .addStatement("$T size = x.abs()", VECTOR)
        .addStatement(
            "$T a = size.blend($N, size.compare($T.GT, $N))",
            VECTOR,
            constants.name(4f),
            OPERATORS,
            constants.name(4f));
    polynomial(
        method,
        constants,
        "q",
        "a",
        1.6430637e-06f,
        -4.616386e-05f,
        0.00059758575f,
        -0.004762626f,
        0.026427638f,
        -0.110087164f,
        -0.6318239f,
        -1.130231f,
        0.00031853965f);
    method
        .addStatement("$T far = $N.sub(exp(q))", VECTOR, constants.name(1f))
        .addStatement(
            "far = far.blend(far.neg(), x.compare($T.LT, $T.zero($N)))",
            OPERATORS,
            VECTOR,
            VectorValues.SPECIES)
        .addStatement("$T z = x.mul(x)", VECTOR);
    polynomial(
        method,
        constants,
        "p",
        "z",
        8.20417e-05f,
        -0.00081029156f,
        0.0051974873f,
        -0.02685796f,
        0.112836696f,
        -0.37612632f,
        0.12837917f);
    method.addStatement(
        "return far.blend(p.fma(x, x), size.compare($T.LT, $N))", OPERATORS, constants.name(0.95f));
  }

  /** Declares a polynomial of a variable, highest power first. */
  private static void polynomial(
      MethodSpec.Builder method,
      BroadcastConstants constants,
      String name,
      String of,
      float... coefficients) {
    method.addStatement("$T $N = $N", VECTOR, name, constants.name(coefficients[0]));
    for (int i = 1; i < coefficients.length; i++) {
      method.addStatement("$N = $N.fma($N, $N)", name, name, of, constants.name(coefficients[i]));
    }
  }
}
