package dev.tenon.processor.plan.rewrite;

import dev.tenon.processor.ir.Accumulator;
import dev.tenon.processor.ir.Accumulator.Replace;
import dev.tenon.processor.ir.Accumulator.Sum;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.AccumulatorValue;
import dev.tenon.processor.ir.Expr.Binary;
import dev.tenon.processor.ir.Expr.Cast;
import dev.tenon.processor.ir.Expr.Constant;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Expr.Select;
import dev.tenon.processor.ir.Expr.Unary;
import dev.tenon.processor.ir.Exprs;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;

/**
 * Turns the whole numbers that a nest keeps (in accumulators and tensors) into floats; indices stay
 * what they are until they are kept.
 */
public final class IntsAsFloats {
  private IntsAsFloats() {}

  public static Nest of(Nest nest) {
    return new Nest(
        nest.layer(),
        nest.name(),
        nest.summary(),
        nest.parallel(),
        nest.reduction(),
        nest.lookups(),
        nest.accumulators().stream()
            .map(
                a ->
                    new Accumulator(
                        a.name(),
                        real(a.init()),
                        a.fold() instanceof Sum sum
                            ? new Sum(real(sum.term()))
                            : new Replace(real(((Replace) a.fold()).next()))))
            .toList(),
        nest.stores().stream()
            .map(s -> new Store(tensor(s.tensor()), s.index(), real(s.value()), s.mode()))
            .toList());
  }

  private static Tensor tensor(Tensor tensor) {
    return tensor.type() == ElementType.INT ? tensor.withType(ElementType.FLOAT) : tensor;
  }

  /** The expression without kept ints; one of type int becomes a float. */
  private static Expr real(Expr expr) {
    if (expr.type() == ElementType.INT && !keeps(expr)) {
      return expr instanceof Constant constant
          ? Expr.constant(ElementType.FLOAT, constant.value())
          : Expr.cast(ElementType.FLOAT, expr);
    }
    if (expr instanceof Load load) {
      return new Load(tensor(load.tensor()), load.index(), load.outside());
    }
    if (expr instanceof AccumulatorValue value) {
      return value.type() == ElementType.INT
          ? new AccumulatorValue(value.name(), ElementType.FLOAT)
          : value;
    }
    if (expr instanceof Unary unary) {
      return new Unary(unary.op(), real(unary.operand()));
    }
    if (expr instanceof Binary binary) {
      return new Binary(binary.op(), real(binary.left()), real(binary.right()));
    }
    if (expr instanceof Cast cast) {
      return Expr.cast(cast.type(), real(cast.operand()));
    }
    if (expr instanceof Select select) {
      boolean indices =
          select.left().type() == ElementType.INT
              && !keeps(select.left())
              && !keeps(select.right());
      return new Select(
          select.op(),
          indices ? select.left() : real(select.left()),
          indices ? select.right() : real(select.right()),
          real(select.whenTrue()),
          real(select.whenFalse()));
    }
    return expr;
  }

  /** Whether the value of an accumulator or a tensor enters the expression. */
  private static boolean keeps(Expr expr) {
    return expr instanceof Load
        || expr instanceof AccumulatorValue
        || Exprs.children(expr).stream().anyMatch(IntsAsFloats::keeps);
  }
}
