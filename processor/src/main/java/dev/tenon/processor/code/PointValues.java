package dev.tenon.processor.code;

import dev.tenon.processor.code.Meaning.RuntimeArgument;
import dev.tenon.processor.code.Value.Get;
import dev.tenon.processor.code.Value.Literal;
import dev.tenon.processor.code.Value.Variable;
import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.BinaryOp;
import dev.tenon.processor.ir.Expr.Comparison;
import dev.tenon.processor.ir.HostClass;
import dev.tenon.processor.ir.HostScalar;
import dev.tenon.processor.ir.Lookup;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import dev.tenon.processor.plan.schedule.ScheduledNest.Loop;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the expressions and indices of a nest are at one copy of its body: variables become loop
 * variables and offsets, tensors become arrays, and what is known by then is computed.
 */
final class PointValues {
  private static final HostClass RANDOMS = new HostClass("dev.tenon.runtime.random", "Randoms");

  private final Nest nest;
  private final List<Loop> loops;
  private final KernelNames tensorNames;
  private final Set<Tensor> written = new HashSet<>();
  private final Map<Value, String> called = new HashMap<>();

  /** The axis whose points are the lanes of vectors, or null. */
  private final Axis lanes;

  /** One copy of the body: what each axis is there, and which accumulators it belongs to. */
  record Point(Map<Axis, Place> places, int group, int partial) {
    Point with(Axis axis, Place place) {
      Map<Axis, Place> more = new HashMap<>(places);
      more.put(axis, place);
      return new Point(more, group, partial);
    }
  }

  /** {@code variable + offset}; the variable may be null. */
  record Place(Variable variable, int offset) {}

  PointValues(ScheduledNest scheduled, KernelNames tensorNames) {
    this.nest = scheduled.nest();
    this.loops = scheduled.schedule().loops();
    this.tensorNames = tensorNames;
    this.lanes = loops.stream().filter(Loop::lanes).map(Loop::axis).findFirst().orElse(null);
    nest.stores().forEach(store -> written.add(store.tensor()));
  }

  /** Whether the body runs in vectors. */
  boolean inVectors() {
    return lanes != null;
  }

  /** What the author of the layer calls a value that has been asked for. */
  Optional<LocalName> called(Value value) {
    return Optional.ofNullable(called.get(value)).map(name -> new LocalName(name, name));
  }

  /** An expression at a copy. */
  Value value(Expr expr, Point point, Map<String, Value> accumulators) {
    Value value = unnamed(expr, point, accumulators);
    String name = nest.names().isEmpty() ? null : nest.names().get(expr);
    if (name != null) {
      called.putIfAbsent(value, name);
    }
    return value;
  }

  private Value unnamed(Expr expr, Point point, Map<String, Value> accumulators) {
    if (expr instanceof Expr.Constant constant) {
      return new Literal(CodeType.of(constant.type()), constant.value());
    }
    if (expr instanceof Expr.Load load) {
      boolean fixed = load.outside() == Expr.Outside.NEVER && !written.contains(load.tensor());
      return element(load.tensor(), load.index(), point, fixed);
    }
    if (expr instanceof Expr.AccumulatorValue accumulator) {
      return accumulators.get(accumulator.name());
    }
    if (expr instanceof Expr.Scalar scalar) {
      return scalar(scalar.scalar());
    }
    if (expr instanceof Expr.IndexValue at) {
      return index(at.index(), point, null);
    }
    if (expr instanceof Expr.Uniform uniform) {
      return new Value.Call(
          CodeType.of(ElementType.FLOAT),
          RANDOMS,
          "uniform",
          List.of(scalar(uniform.key()), longIndex(uniform.index(), point)));
    }
    if (expr instanceof Expr.Call call) {
      return new Value.Call(
          CodeType.of(call.type()),
          call.in(),
          call.method(),
          List.of(value(call.operand(), point, accumulators)));
    }
    if (expr instanceof Expr.Unary unary) {
      return new Value.Unary(unary.op(), value(unary.operand(), point, accumulators));
    }
    if (expr instanceof Expr.Binary binary) {
      return folded(
          binary.op(),
          value(binary.left(), point, accumulators),
          value(binary.right(), point, accumulators));
    }
    if (expr instanceof Expr.Cast cast) {
      requireScalar(cast.operand(), point, accumulators);
      return new Value.Cast(CodeType.of(cast.type()), value(cast.operand(), point, accumulators));
    }
    return select((Expr.Select) expr, point, accumulators);
  }

  /** An operation; one on integers that are known is done here. */
  private static Value folded(BinaryOp op, Value left, Value right) {
    if (left instanceof Literal l && right instanceof Literal r && l.type().equals(CodeType.INT)) {
      int a = (int) l.value();
      int b = (int) r.value();
      return switch (op) {
        case ADD -> Value.literal(a + b);
        case SUBTRACT -> Value.literal(a - b);
        case MULTIPLY -> Value.literal(a * b);
        case DIVIDE -> Value.literal(a / b);
        case MIN -> Value.literal(Math.min(a, b));
        case MAX -> Value.literal(Math.max(a, b));
      };
    }
    if (!left.type().isVector() && !right.type().isVector()) {
      return new Value.Binary(op, left, right);
    }
    if (op == BinaryOp.MAX && right instanceof Literal zero && zero.value() == 0) {
      // Among many live vectors the maximum itself is many times slower than a choice.
      return new Value.Select(Comparison.LESS_EQUAL, left, vector(right), vector(right), left);
    }
    return new Value.Binary(op, vector(left), vector(right));
  }

  /** The value as a vector, of which all lanes are equal if it is a number. */
  static Value vector(Value value) {
    return value.type().isVector() ? value : new Value.Broadcast(value);
  }

  private void requireScalar(Expr expr, Point point, Map<String, Value> accumulators) {
    if (lanes != null && value(expr, point, accumulators).type().isVector()) {
      throw new IllegalStateException(
          nest.layer() + "." + nest.name() + " cannot run in vectors: it casts " + expr);
    }
  }

  /** A choice; one that the unrolled copy has already decided leaves no trace. */
  private Value select(Expr.Select select, Point point, Map<String, Value> accumulators) {
    Value left = value(select.left(), point, accumulators);
    Value right = value(select.right(), point, accumulators);
    if (left instanceof Literal l && right instanceof Literal r) {
      boolean holds =
          switch (select.op()) {
            case LESS -> l.value() < r.value();
            case LESS_EQUAL -> l.value() <= r.value();
            case GREATER -> l.value() > r.value();
            case EQUAL -> l.value() == r.value();
            case NOT_EQUAL -> l.value() != r.value();
          };
      return value(holds ? select.whenTrue() : select.whenFalse(), point, accumulators);
    }
    Value whenTrue = value(select.whenTrue(), point, accumulators);
    Value whenFalse = value(select.whenFalse(), point, accumulators);
    if (left.type().isVector() || right.type().isVector()) {
      return new Value.Select(
          select.op(), vector(left), vector(right), vector(whenTrue), vector(whenFalse));
    }
    return whenTrue.type().isVector() || whenFalse.type().isVector()
        ? new Value.Select(select.op(), left, right, vector(whenTrue), vector(whenFalse))
        : new Value.Select(select.op(), left, right, whenTrue, whenFalse);
  }

  private static Value scalar(HostScalar scalar) {
    return switch (scalar.kind()) {
      case BATCH -> new Value.Cast(CodeType.DOUBLE, batch());
      case TOTAL_BATCH -> new Value.Cast(CodeType.DOUBLE, RuntimeArgument.TOTAL_BATCH.variable());
      case AVERAGE_FACTOR -> RuntimeArgument.AVERAGE_FACTOR.variable();
      case DROP_PROBABILITY -> RuntimeArgument.DROP_PROBABILITY.variable();
      case RANDOM_KEY -> RuntimeArgument.RANDOM_KEY.variable();
    };
  }

  /** A tensor's element, or as many of them as there are lanes. */
  Value element(Tensor tensor, List<Affine> index, Point point, boolean fixed) {
    CodeType type = CodeType.of(tensor.type());
    boolean vector = lanes != null && index.stream().anyMatch(i -> i.uses(lanes));
    if (vector && index.get(index.size() - 1).coefficient(lanes) != 1) {
      throw new IllegalStateException(tensor + " has no vectors along " + lanes);
    }
    if (tensor.isState()) {
      Variable array = StateArrays.variable(type, tensor.role());
      Variable offset = tensorNames.variable(tensor, CodeType.INT);
      return new Get(array, index(index.get(0), point, offset), fixed, vector);
    }
    Value array = tensorNames.variable(tensor, type.array(index.size()));
    if (index.size() == 2) {
      array = new Get(array, index(index.get(0), point, null), true);
    }
    return new Get(array, index(index.get(index.size() - 1), point, null), fixed, vector);
  }

  /** {@code base + coefficient * variable + ... + constant}. */
  Value index(Affine affine, Point point, Value base) {
    int constant = affine.constant();
    Map<Variable, Integer> terms = new LinkedHashMap<>();
    for (Loop loop : loops) {
      int coefficient = affine.coefficient(loop.axis());
      if (coefficient != 0) {
        Place place = point.places().get(loop.axis());
        constant += coefficient * place.offset();
        if (place.variable() != null) {
          terms.merge(place.variable(), coefficient, Integer::sum);
        }
      }
    }
    Value sum = base;
    for (Map.Entry<Expr, Integer> term : lookedUp(affine).entrySet()) {
      sum = plus(sum, value(term.getKey(), point, null), term.getValue());
    }
    for (Map.Entry<Variable, Integer> term : terms.entrySet()) {
      sum = plus(sum, term.getKey(), term.getValue());
    }
    return sum == null ? Value.literal(constant) : plus(sum, constant);
  }

  /** What is looked up in an index: values and their coefficients, each value once. */
  private Map<Expr, Integer> lookedUp(Affine affine) {
    Map<Expr, Integer> terms = new LinkedHashMap<>();
    for (Lookup lookup : nest.lookups()) {
      addTerms(lookup.value(), affine.coefficient(lookup.axis()), terms);
    }
    terms.values().removeIf(coefficient -> coefficient == 0);
    return terms;
  }

  private static void addTerms(Expr expr, int coefficient, Map<Expr, Integer> terms) {
    if (expr instanceof Expr.Binary sum && sum.op() == BinaryOp.ADD) {
      addTerms(sum.left(), coefficient, terms);
      addTerms(sum.right(), coefficient, terms);
    } else if (expr instanceof Expr.Binary difference && difference.op() == BinaryOp.SUBTRACT) {
      addTerms(difference.left(), coefficient, terms);
      addTerms(difference.right(), -coefficient, terms);
    } else if (expr instanceof Expr.Binary product
        && product.op() == BinaryOp.MULTIPLY
        && product.right() instanceof Expr.Constant factor) {
      addTerms(product.left(), coefficient * (int) factor.value(), terms);
    } else {
      terms.merge(expr, coefficient, Integer::sum);
    }
  }

  /** {@code sum + coefficient * value}; the sum may be null. */
  private static Value plus(Value sum, Value value, int coefficient) {
    Value product =
        coefficient == 1
            ? value
            : new Value.Binary(BinaryOp.MULTIPLY, value, Value.literal(coefficient));
    return sum == null ? product : new Value.Binary(BinaryOp.ADD, sum, product);
  }

  private Value longIndex(Affine affine, Point point) {
    Value sum = null;
    for (Loop loop : loops) {
      int coefficient = affine.coefficient(loop.axis());
      if (coefficient != 0) {
        Place place = point.places().get(loop.axis());
        Value at =
            place.variable() == null
                ? Value.literal(place.offset())
                : plus(place.variable(), place.offset());
        if (loop.axis().isBatch()) {
          // The element's number in the whole batch, of which this may be a piece.
          at = new Value.Binary(BinaryOp.ADD, RuntimeArgument.FIRST_SAMPLE.variable(), at);
        }
        Value wide = new Value.Cast(CodeType.LONG, at);
        Value product =
            coefficient == 1
                ? wide
                : new Value.Binary(
                    BinaryOp.MULTIPLY, wide, new Literal(CodeType.LONG, coefficient));
        sum = sum == null ? product : new Value.Binary(BinaryOp.ADD, sum, product);
      }
    }
    Literal constant = new Literal(CodeType.LONG, affine.constant());
    if (sum == null) {
      return constant;
    }
    return affine.constant() == 0 ? sum : new Value.Binary(BinaryOp.ADD, sum, constant);
  }

  static Variable batch() {
    return RuntimeArgument.BATCH.variable();
  }

  static Value plus(Value value, int constant) {
    if (value instanceof Literal literal) {
      return Value.literal((int) literal.value() + constant);
    }
    if (constant == 0) {
      return value;
    }
    return constant > 0
        ? new Value.Binary(BinaryOp.ADD, value, Value.literal(constant))
        : new Value.Binary(BinaryOp.SUBTRACT, value, Value.literal(-constant));
  }

  static Value minus(Value value, int constant) {
    return plus(value, -constant);
  }
}
