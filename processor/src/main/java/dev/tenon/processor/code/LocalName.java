package dev.tenon.processor.code;

import dev.tenon.processor.code.Meaning.RuntimeArgument;
import dev.tenon.processor.code.Value.Get;
import dev.tenon.processor.code.Value.Literal;
import dev.tenon.processor.code.Value.Variable;

/**
 * What to call a local by the value that it holds: a row of an array, an element, or the kind of
 * result.
 *
 * @param base the name, with a number behind it when several locals hold such values
 * @param alone the name when there is one
 */
record LocalName(String base, String alone) {
  static LocalName of(Value value) {
    if (value instanceof Get get) {
      return ofElement(get);
    }
    if (value instanceof Value.Broadcast broadcast) {
      return broadcast.scalar() instanceof Value.Variable variable
          ? same(CamelCase.join("all", variable.name()))
          : of(broadcast.scalar());
    }
    if (value instanceof Value.MultiplyAdd) {
      return same("total");
    }
    if (value instanceof Value.Cast cast) {
      return of(cast.operand());
    }
    if (value instanceof Value.Unary unary) {
      return switch (unary.op()) {
        case NEGATE -> same("negated");
        case SQRT -> same("root");
        case EXP -> same("power");
        case LOG -> same("logarithm");
        case TANH -> same("tangent");
        case ERF -> same("error");
      };
    }
    if (value instanceof Value.Binary binary) {
      return same(ofResult(binary));
    }
    if (value instanceof Value.Call call) {
      return same(KernelNames.variable(call.method()));
    }
    return same("selected");
  }

  /** A value on its way into an element: named after it. */
  static LocalName into(Get target) {
    return ofElement(target);
  }

  private static LocalName same(String name) {
    return new LocalName(name, name);
  }

  private static LocalName ofElement(Get get) {
    Value array = get.array();
    while (array instanceof Get inner) {
      array = inner.array();
    }
    String name = ((Variable) array).name();
    // The rows of weightRows are rows of the weight.
    String plural = "Rows";
    if (name.endsWith(plural)) {
      name = name.substring(0, name.length() - plural.length());
    }
    if (get.type().isArray()) {
      return same(name + "Row");
    }
    if (((Variable) array).meaning() instanceof Meaning.StateArray) {
      // A state array holds many tensors; the offset that an index starts with tells which.
      return same(leftmost(get.index()));
    }
    return get.index() instanceof Variable at
        ? new LocalName(name, CamelCase.join(name, at.name()))
        : same(name);
  }

  private static String leftmost(Value index) {
    Value leftmost = index;
    while (!leftmost.operands().isEmpty()) {
      leftmost = leftmost.operands().get(0);
    }
    return leftmost instanceof Variable variable
        ? variable.meaning() instanceof Meaning.OfTensor tensor ? tensor.called() : variable.name()
        : "state";
  }

  private static String ofResult(Value.Binary binary) {
    return switch (binary.op()) {
      case ADD -> "total";
      case SUBTRACT -> isOne(binary.left()) ? "complement" : "difference";
      case MULTIPLY -> {
        if (isSamples(binary.left())) {
          yield "count";
        }
        yield binary.type().equals(CodeType.LONG) ? "position" : "product";
      }
      case DIVIDE -> "quotient";
      case MIN -> "smaller";
      case MAX -> "larger";
    };
  }

  private static boolean isOne(Value value) {
    return value instanceof Literal literal && literal.value() == 1;
  }

  private static boolean isSamples(Value value) {
    return value instanceof Value.Cast cast
        && cast.operand() instanceof Variable variable
        && (variable.meaning() == RuntimeArgument.BATCH
            || variable.meaning() == RuntimeArgument.TOTAL_BATCH);
  }
}
