package dev.tenon.processor.layers.elementwise;

import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.HostClass;
import dev.tenon.processor.layer.LayerConfig;
import dev.tenon.processor.shape.Shape;
import java.util.List;
import java.util.Optional;

/**
 * A checked {@code @Elementwise}; it takes every shape.
 *
 * @param function what it computes
 * @param derivative the derivative of that
 */
record ElementwiseConfig(Function function, Function derivative) implements LayerConfig {
  /**
   * A static method of the user's.
   *
   * @param in its class
   * @param name its name
   * @param ofFloat whether there is one of floats besides the one of doubles
   */
  record Function(HostClass in, String name, boolean ofFloat) {
    /** The call, in the precision of the operand. */
    Expr of(Expr operand) {
      ElementType type = ofFloat ? operand.type() : ElementType.DOUBLE;
      return Expr.cast(operand.type(), new Expr.Call(type, in, name, Expr.cast(type, operand)));
    }
  }

  @Override
  public Optional<ElementwiseLayer> bind(List<Shape> inputs, Report report) {
    return Optional.of(new ElementwiseLayer(inputs.get(0), function, derivative));
  }
}
