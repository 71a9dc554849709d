package dev.tenon.processor.ir;

import dev.tenon.processor.ir.Expr.Binary;
import dev.tenon.processor.ir.Expr.Call;
import dev.tenon.processor.ir.Expr.Cast;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Expr.Select;
import dev.tenon.processor.ir.Expr.Unary;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Walking and rewriting expressions. */
public final class Exprs {
  private Exprs() {}

  /** The operands, left to right. */
  public static List<Expr> children(Expr expr) {
    if (expr instanceof Unary unary) {
      return List.of(unary.operand());
    }
    if (expr instanceof Binary binary) {
      return List.of(binary.left(), binary.right());
    }
    if (expr instanceof Cast cast) {
      return List.of(cast.operand());
    }
    if (expr instanceof Call call) {
      return List.of(call.operand());
    }
    if (expr instanceof Select select) {
      return List.of(select.left(), select.right(), select.whenTrue(), select.whenFalse());
    }
    return List.of();
  }

  /** The number of nodes, this one included. */
  public static int size(Expr expr) {
    return count(expr, node -> true);
  }

  /** Whether it is a function that takes longer than reading its value again would. */
  public static boolean isFunction(Expr expr) {
    return expr instanceof Call || (expr instanceof Unary unary && unary.op().isFunction());
  }

  /** How many nodes the predicate holds for. */
  public static int count(Expr expr, Predicate<Expr> predicate) {
    return (predicate.test(expr) ? 1 : 0)
        + children(expr).stream().mapToInt(child -> count(child, predicate)).sum();
  }

  /** Rebuilds the expression bottom-up, passing every node through the function. */
  public static Expr rewrite(Expr expr, UnaryOperator<Expr> function) {
    Expr rebuilt = expr;
    if (expr instanceof Unary unary) {
      rebuilt = new Unary(unary.op(), rewrite(unary.operand(), function));
    } else if (expr instanceof Binary binary) {
      rebuilt =
          new Binary(
              binary.op(), rewrite(binary.left(), function), rewrite(binary.right(), function));
    } else if (expr instanceof Cast cast) {
      rebuilt = new Cast(cast.type(), rewrite(cast.operand(), function));
    } else if (expr instanceof Call call) {
      rebuilt = new Call(call.type(), call.in(), call.method(), rewrite(call.operand(), function));
    } else if (expr instanceof Select select) {
      rebuilt =
          new Select(
              select.op(),
              rewrite(select.left(), function),
              rewrite(select.right(), function),
              rewrite(select.whenTrue(), function),
              rewrite(select.whenFalse(), function));
    }
    return function.apply(rebuilt);
  }

  /** Passes every index of the expression through the function. */
  public static Expr mapIndices(Expr expr, UnaryOperator<Affine> function) {
    return rewrite(
        expr,
        node -> {
          if (node instanceof Load load) {
            return new Load(
                load.tensor(), load.index().stream().map(function).toList(), load.outside());
          }
          if (node instanceof Expr.IndexValue value) {
            return new Expr.IndexValue(function.apply(value.index()));
          }
          if (node instanceof Expr.Uniform uniform) {
            return new Expr.Uniform(uniform.key(), function.apply(uniform.index()));
          }
          return node;
        });
  }
}
