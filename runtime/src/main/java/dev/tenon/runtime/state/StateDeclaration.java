package dev.tenon.runtime.state;

import dev.tenon.runtime.init.Initializer;
import dev.tenon.runtime.internal.layout.PackedOrder;
import dev.tenon.runtime.internal.layout.Shapes;

/** One entry of a state that is being declared, kept until the sizes of the arrays are known. */
final class StateDeclaration {
  enum Kind {
    PARAMETER,
    RUNNING_STAT,
    DATA_STAT,
    COUNTER
  }

  final Kind kind;
  final String name;
  final Initializer init;
  final double initial;
  final int[] shape;

  /** Where the elements lie, or null if they lie one after the other. */
  final PackedOrder order;

  StateDeclaration(
      Kind kind, String name, Initializer init, double initial, int[] shape, PackedOrder order) {
    this.kind = kind;
    this.name = name;
    this.init = init;
    this.initial = initial;
    this.shape = shape;
    this.order = order;
  }

  int places() {
    return order == null ? Shapes.size(shape) : order.size();
  }
}
