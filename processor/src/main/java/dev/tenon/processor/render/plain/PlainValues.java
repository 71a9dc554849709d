package dev.tenon.processor.render.plain;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import dev.tenon.processor.code.CodeType;
import dev.tenon.processor.code.Value;
import dev.tenon.processor.code.Value.Binary;
import dev.tenon.processor.code.Value.Call;
import dev.tenon.processor.code.Value.Cast;
import dev.tenon.processor.code.Value.Get;
import dev.tenon.processor.code.Value.Literal;
import dev.tenon.processor.code.Value.Select;
import dev.tenon.processor.code.Value.Unary;
import dev.tenon.processor.code.Value.Variable;
import dev.tenon.processor.ir.Expr.BinaryOp;
import dev.tenon.processor.ir.Expr.Comparison;
import dev.tenon.processor.ir.Expr.UnaryOp;
import dev.tenon.processor.ir.HostClass;
import java.util.List;
import java.util.Locale;

/** Expressions as plain Java, with no more parentheses than they need. */
final class PlainValues {
  // Java's precedence, as far as it is used; a higher number binds tighter.
  private static final int CONDITIONAL = 1;
  private static final int COMPARISON = 2;
  private static final int SUM = 3;
  private static final int PRODUCT = 4;
  private static final int UNARY = 5;
  private static final int PRIMARY = 6;

  private static final ClassName FUNCTIONS = ClassName.get("dev.tenon.runtime.math", "Functions");

  private static final ClassName BRANCHLESS =
      ClassName.get("dev.tenon.runtime.internal.kernel", "Branchless");

  private PlainValues() {}

  static CodeBlock of(Value value) {
    return of(value, 0);
  }

  /** The value, in parentheses if it binds looser than its place asks for. */
  private static CodeBlock of(Value value, int place) {
    CodeBlock code = bare(value);
    return precedence(value) < place ? CodeBlock.of("($L)", code) : code;
  }

  private static CodeBlock bare(Value value) {
    if (value instanceof Literal literal) {
      return Literals.of(literal.type(), literal.value());
    }
    if (value instanceof Variable variable) {
      return CodeBlock.of("$N", variable.name());
    }
    if (value.type().isVector()) {
      return VectorValues.of(value);
    }
    if (value instanceof Get get) {
      return CodeBlock.of("$L[$L]", of(get.array(), PRIMARY), of(get.index()));
    }
    if (value instanceof Unary unary) {
      return unary(unary);
    }
    if (value instanceof Binary binary) {
      return binary(binary);
    }
    if (value instanceof Cast cast) {
      return CodeBlock.of("($L) $L", cast.type(), of(cast.operand(), UNARY));
    }
    if (value instanceof Select select && select.isBranchless()) {
      return CodeBlock.of(
          "$T.select($L,$W$L,$W$L)",
          BRANCHLESS,
          condition(select),
          of(select.whenTrue()),
          of(select.whenFalse()));
    }
    if (value instanceof Select select) {
      return CodeBlock.of(
          "$L$W? $L$W: $L",
          condition(select),
          of(select.whenTrue(), COMPARISON),
          of(select.whenFalse(), CONDITIONAL));
    }
    Call call = (Call) value;
    return CodeBlock.of(
        "$T.$L($L)",
        className(call.in()),
        call.method(),
        call.arguments().stream().map(PlainValues::of).collect(CodeBlock.joining(",$W")));
  }

  private static ClassName className(HostClass in) {
    List<String> names = List.of(in.nameInPackage().split("\\."));
    return ClassName.get(
        in.packageName(), names.get(0), names.subList(1, names.size()).toArray(String[]::new));
  }

  private static CodeBlock unary(Unary unary) {
    if (unary.op() == UnaryOp.NEGATE) {
      return CodeBlock.of("-$L", of(unary.operand(), PRIMARY));
    }
    if (unary.op().isFunction()) {
      return CodeBlock.of(
          "$T.$L($L)", FUNCTIONS, unary.op().name().toLowerCase(Locale.ROOT), of(unary.operand()));
    }
    CodeBlock root = CodeBlock.of("$T.sqrt($L)", Math.class, of(unary.operand()));
    return unary.type().equals(CodeType.DOUBLE)
        ? root
        : CodeBlock.of("($L) $L", unary.type(), root);
  }

  private static CodeBlock binary(Binary binary) {
    int own = precedence(binary);
    return switch (binary.op()) {
      case ADD -> infix(binary, "+", own, isInteger(binary) ? own : own + 1);
      case SUBTRACT -> infix(binary, "-", own, own + 1);
      // Floating-point sums and products keep the order that they are written in.
      case MULTIPLY -> infix(binary, "*", own, isInteger(binary) ? own : own + 1);
      case DIVIDE -> infix(binary, "/", own, own + 1);
      case MIN ->
          CodeBlock.of("$T.min($L,$W$L)", Math.class, of(binary.left()), of(binary.right()));
      case MAX ->
          CodeBlock.of("$T.max($L,$W$L)", Math.class, of(binary.left()), of(binary.right()));
    };
  }

  /** What decides between the values of a conditional of numbers. */
  static CodeBlock condition(Select select) {
    return CodeBlock.of(
        "$L $L $L", of(select.left(), SUM), operator(select.op()), of(select.right(), SUM));
  }

  private static boolean isInteger(Value value) {
    return value.type().equals(CodeType.INT) || value.type().equals(CodeType.LONG);
  }

  private static CodeBlock infix(Binary binary, String operator, int left, int right) {
    return CodeBlock.of(
        // Lines break between the terms of a sum, not inside them.
        left == SUM && !isInteger(binary) ? "$L$W$L $L" : "$L $L $L",
        of(binary.left(), left),
        operator,
        of(binary.right(), right));
  }

  private static String operator(Comparison comparison) {
    return switch (comparison) {
      case LESS -> "<";
      case LESS_EQUAL -> "<=";
      case GREATER -> ">";
      case EQUAL -> "==";
      case NOT_EQUAL -> "!=";
    };
  }

  private static int precedence(Value value) {
    if (value.type().isVector()) {
      return PRIMARY;
    }
    if (value instanceof Select select) {
      return select.isBranchless() ? PRIMARY : CONDITIONAL;
    }
    if (value instanceof Binary binary) {
      BinaryOp op = binary.op();
      return switch (op) {
        case ADD, SUBTRACT -> SUM;
        case MULTIPLY, DIVIDE -> PRODUCT;
        case MIN, MAX -> PRIMARY;
      };
    }
    if (value instanceof Unary unary) {
      boolean call =
          unary.op().isFunction()
              || (unary.op() == UnaryOp.SQRT && unary.type().equals(CodeType.DOUBLE));
      return call ? PRIMARY : UNARY;
    }
    if (value instanceof Cast) {
      return UNARY;
    }
    if (value instanceof Literal literal && literal.value() < 0) {
      return UNARY;
    }
    return PRIMARY;
  }
}
