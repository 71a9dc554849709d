package dev.tenon.processor.plan.listing;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Comparison;
import dev.tenon.processor.ir.HostScalar;
import dev.tenon.processor.ir.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes expressions, each bracket only where it is needed. */
final class Expressions {
  private static final int SELECT = 0;
  private static final int SUM = 1;
  private static final int PRODUCT = 2;
  private static final int ATOM = 3;

  /** The layer whose tensors go by their own words; those of others are named in full. */
  private final String layer;

  Expressions(String layer) {
    this.layer = layer;
  }

  String text(Expr expr) {
    return text(expr, SELECT);
  }

  /** {@code output[n, o]}. */
  String element(Tensor tensor, List<Affine> index) {
    String name = tensor.layer().equals(layer) ? tensor.word() : tensor.name();
    return index.isEmpty()
        ? name
        : name + index.stream().map(Expressions::index).collect(Collectors.joining(", ", "[", "]"));
  }

  /** {@code 2*y + r - 1}. */
  static String index(Affine index) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Axis, Integer> term : index.terms().entrySet()) {
      int times = Math.abs(term.getValue());
      sign(text, term.getValue());
      text.append(times == 1 ? "" : times + "*").append(term.getKey().name());
    }
    if (index.constant() != 0 || text.isEmpty()) {
      sign(text, index.constant());
      text.append(Math.abs(index.constant()));
    }
    return text.toString();
  }

  private static void sign(StringBuilder text, int value) {
    if (text.isEmpty()) {
      text.append(value < 0 ? "-" : "");
    } else {
      text.append(value < 0 ? " - " : " + ");
    }
  }

  private String text(Expr expr, int least) {
    int own = strength(expr);
    String text = bare(expr);
    return own < least ? "(" + text + ")" : text;
  }

  private static int strength(Expr expr) {
    if (expr instanceof Expr.Select) {
      return SELECT;
    }
    if (expr instanceof Expr.Binary binary) {
      return switch (binary.op()) {
        case ADD, SUBTRACT -> SUM;
        case MULTIPLY, DIVIDE -> PRODUCT;
        case MIN, MAX -> ATOM;
      };
    }
    return ATOM;
  }

  private String bare(Expr expr) {
    if (expr instanceof Expr.Constant constant) {
      return number(constant.value());
    }
    if (expr instanceof Expr.Load load) {
      String outside =
          switch (load.outside()) {
            case NEVER -> "";
            case ZERO -> " or 0";
            case NEGATIVE_INFINITY -> " or -infinity";
          };
      String element = element(load.tensor(), load.index());
      return outside.isEmpty() ? element : "(" + element + outside + ")";
    }
    if (expr instanceof Expr.AccumulatorValue value) {
      return value.name();
    }
    if (expr instanceof Expr.Scalar scalar) {
      return words(scalar.scalar());
    }
    if (expr instanceof Expr.IndexValue value) {
      return "number(" + index(value.index()) + ")";
    }
    if (expr instanceof Expr.Uniform uniform) {
      return "random(" + index(uniform.index()) + ")";
    }
    if (expr instanceof Expr.Cast cast) {
      return cast.type().keyword() + "(" + text(cast.operand()) + ")";
    }
    if (expr instanceof Expr.Call call) {
      return call.method() + "(" + text(call.operand()) + ")";
    }
    if (expr instanceof Expr.Unary unary) {
      return unary.op() == Expr.UnaryOp.NEGATE
          ? "-" + text(unary.operand(), ATOM)
          : unary.op().name().toLowerCase(Locale.ROOT) + "(" + text(unary.operand()) + ")";
    }
    if (expr instanceof Expr.Select select) {
      return text(select.left(), SUM)
          + " "
          + sign(select.op())
          + " "
          + text(select.right(), SUM)
          + " ? "
          + text(select.whenTrue(), SUM)
          + " : "
          + text(select.whenFalse());
    }
    return binary((Expr.Binary) expr);
  }

  private String binary(Expr.Binary binary) {
    Expr left = binary.left();
    Expr right = binary.right();
    return switch (binary.op()) {
      case ADD -> text(left, SUM) + " + " + text(right, PRODUCT);
      case SUBTRACT -> text(left, SUM) + " - " + text(right, PRODUCT);
      case MULTIPLY -> text(left, PRODUCT) + " * " + text(right, ATOM);
      case DIVIDE -> text(left, PRODUCT) + " / " + text(right, ATOM);
      case MIN -> "min(" + text(left) + ", " + text(right) + ")";
      case MAX -> "max(" + text(left) + ", " + text(right) + ")";
    };
  }

  private static String sign(Comparison op) {
    return switch (op) {
      case LESS -> "<";
      case LESS_EQUAL -> "<=";
      case GREATER -> ">";
      case EQUAL -> "==";
      case NOT_EQUAL -> "!=";
    };
  }

  /** {@code 1} for 1.0. */
  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** {@code average factor}. */
  private static String words(HostScalar scalar) {
    return scalar.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
