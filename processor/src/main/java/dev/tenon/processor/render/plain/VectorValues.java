package dev.tenon.processor.render.plain;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import dev.tenon.processor.code.Statement.Put;
import dev.tenon.processor.code.Value;
import dev.tenon.processor.code.Value.Binary;
import dev.tenon.processor.code.Value.Broadcast;
import dev.tenon.processor.code.Value.Get;
import dev.tenon.processor.code.Value.Literal;
import dev.tenon.processor.code.Value.MultiplyAdd;
import dev.tenon.processor.code.Value.Select;
import dev.tenon.processor.code.Value.Unary;
import dev.tenon.processor.code.Value.Variable;
import dev.tenon.processor.ir.Expr.Comparison;

/**
 * Expressions on vectors, as calls of {@code jdk.incubator.vector}. The species and the number of
 * its lanes are constants of the class, {@code SPECIES} and {@code LANES}.
 */
public final class VectorValues {
  private static final String VECTOR_PACKAGE = "jdk.incubator.vector";

  /** The type of a vector. */
  public static final ClassName FLOAT_VECTOR = ClassName.get(VECTOR_PACKAGE, "FloatVector");

  static final ClassName OPERATORS = ClassName.get(VECTOR_PACKAGE, "VectorOperators");

  /** Name of the constant that holds the species. */
  public static final String SPECIES = "SPECIES";

  private VectorValues() {}

  /** {@code value.intoArray(array, index)}; adding reads the array first. */
  static CodeBlock store(Put put) {
    CodeBlock value = held(put.value());
    return CodeBlock.of(
        "$L.intoArray($L,$W$L)",
        put.add() ? CodeBlock.of("$L.add($L)", of(put.target()), value) : value,
        PlainValues.of(put.target().array()),
        PlainValues.of(put.target().index()));
  }

  /**
   * A value that a local or an array takes, or that a condition chooses. A constant is made here:
   * where a vector may be one that is made or one that lies in a field, C2 makes objects of both.
   */
  static CodeBlock held(Value value) {
    return BroadcastConstants.constant(value)
        .map(
            number ->
                CodeBlock.of(
                    "$T.broadcast($L,$W$L)",
                    FLOAT_VECTOR,
                    SPECIES,
                    BroadcastConstants.literal(number)))
        .orElseGet(() -> PlainValues.of(value));
  }

  static CodeBlock of(Value value) {
    if (value instanceof Variable variable) {
      return CodeBlock.of("$N", variable.name());
    }
    if (value instanceof Get get) {
      return CodeBlock.of(
          "$T.fromArray($L,$W$L,$W$L)",
          FLOAT_VECTOR,
          SPECIES,
          PlainValues.of(get.array()),
          PlainValues.of(get.index()));
    }
    if (value instanceof Broadcast broadcast) {
      if (BroadcastConstants.constant(broadcast).isPresent()) {
        return CodeBlock.of(
            "$N", BroadcastConstants.nameOf(BroadcastConstants.constant(broadcast).get()));
      }
      return broadcast.scalar() instanceof Literal
          ? CodeBlock.of("$T.zero($L)", FLOAT_VECTOR, SPECIES)
          : CodeBlock.of(
              "$T.broadcast($L,$W$L)", FLOAT_VECTOR, SPECIES, PlainValues.of(broadcast.scalar()));
    }
    if (value instanceof MultiplyAdd sum) {
      return CodeBlock.of("$L.fma($L,$W$L)", of(sum.left()), of(sum.right()), of(sum.addend()));
    }
    if (value instanceof Unary unary) {
      return switch (unary.op()) {
        case NEGATE -> CodeBlock.of("$L.neg()", of(unary.operand()));
        case SQRT -> CodeBlock.of("$L.sqrt()", of(unary.operand()));
        default -> VectorFunctions.call(unary.op(), of(unary.operand()));
      };
    }
    if (value instanceof Binary binary) {
      return binary(binary);
    }
    return select((Select) value);
  }

  private static CodeBlock binary(Binary binary) {
    CodeBlock left = of(binary.left());
    CodeBlock right = of(binary.right());
    String operation =
        switch (binary.op()) {
          case ADD -> "add";
          case SUBTRACT -> "sub";
          case MULTIPLY -> "mul";
          case DIVIDE -> "div";
          case MIN -> "min";
          case MAX -> "max";
        };
    return CodeBlock.of("$L.$L($L)", left, operation, right);
  }

  private static CodeBlock select(Select select) {
    if (select.left().type().isVector()) {
      return choice(
          of(select.left()),
          select.op(),
          of(select.right()),
          of(select.whenTrue()),
          of(select.whenFalse()));
    }
    return CodeBlock.of(
        "($L$W? $L$W: $L)",
        PlainValues.condition(select),
        held(select.whenTrue()),
        held(select.whenFalse()));
  }

  private static CodeBlock choice(
      CodeBlock left, Comparison op, CodeBlock right, CodeBlock whenTrue, CodeBlock whenFalse) {
    String operator =
        switch (op) {
          case LESS -> "LT";
          case LESS_EQUAL -> "LE";
          case GREATER -> "GT";
          case EQUAL -> "EQ";
          case NOT_EQUAL -> "NE";
        };
    return CodeBlock.of(
        "$L.blend($L,$W$L.compare($T.$L,$W$L))",
        whenFalse,
        whenTrue,
        left,
        OPERATORS,
        operator,
        right);
  }
}
