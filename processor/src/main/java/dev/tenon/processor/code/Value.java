package dev.tenon.processor.code;

import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.HostClass;
import java.util.List;
import java.util.Map;

/** An expression of the generated code. Equal values are equal expressions. */
public sealed interface Value {
  CodeType type();

  /** A literal; integers are exact in the double. */
  record Literal(CodeType type, double value) implements Value {}

  /**
   * A parameter, local or loop variable.
   *
   * @param meaning what it stands for
   */
  record Variable(CodeType type, String name, Meaning meaning) implements Value {
    /** A local or loop variable. */
    public Variable(CodeType type, String name) {
      this(type, name, Meaning.Local.LOCAL);
    }
  }

  /**
   * {@code array[index]}.
   *
   * @param fixed whether its value cannot change while the method runs, and reading it early is
   *     safe, so that it may be read once, as far outside as its index allows
   * @param vector whether it is the vector that begins at the index, rather than one element
   */
  record Get(Value array, Value index, boolean fixed, boolean vector) implements Value {
    public Get(Value array, Value index, boolean fixed) {
      this(array, index, fixed, false);
    }

    @Override
    public CodeType type() {
      return vector ? CodeType.VECTOR : array.type().element();
    }
  }

  /** A vector of which every lane holds this number. */
  record Broadcast(Value scalar) implements Value {
    @Override
    public CodeType type() {
      return CodeType.VECTOR;
    }
  }

  /** {@code left * right + addend} in every lane, rounded once. */
  record MultiplyAdd(Value left, Value right, Value addend) implements Value {
    @Override
    public CodeType type() {
      return CodeType.VECTOR;
    }
  }

  record Unary(Expr.UnaryOp op, Value operand) implements Value {
    @Override
    public CodeType type() {
      return operand.type();
    }
  }

  record Binary(Expr.BinaryOp op, Value left, Value right) implements Value {
    @Override
    public CodeType type() {
      return left.type();
    }
  }

  record Cast(CodeType type, Value operand) implements Value {}

  record Select(Expr.Comparison op, Value left, Value right, Value whenTrue, Value whenFalse)
      implements Value {
    @Override
    public CodeType type() {
      return whenTrue.type();
    }

    /**
     * Whether it is a choice between numbers that take no time, by which of two others is larger:
     * better made without a branch. Other choices go the same way nearly always, as those for a NaN
     * do, or have to be a branch, as those for an index outside do.
     */
    public boolean isBranchless() {
      boolean compares =
          switch (op) {
            case LESS, LESS_EQUAL, GREATER -> left.type().isReal();
            case EQUAL, NOT_EQUAL -> false;
          };
      return compares && type().isReal() && isCheap(whenTrue) && isCheap(whenFalse);
    }

    private static boolean isCheap(Value value) {
      if (value instanceof Select select) {
        // What it chooses from has been looked at; once more, at every level, takes for ever.
        return select.isBranchless() && isCheap(select.left()) && isCheap(select.right());
      }
      boolean mayWait =
          value instanceof Call
              || (value instanceof Unary unary && unary.op() != Expr.UnaryOp.NEGATE)
              || (value instanceof Binary binary && binary.op() == Expr.BinaryOp.DIVIDE);
      return !mayWait && value.operands().stream().allMatch(Select::isCheap);
    }
  }

  /** A call of a static method. */
  record Call(CodeType type, HostClass in, String method, List<Value> arguments) implements Value {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  static Literal literal(int value) {
    return new Literal(CodeType.INT, value);
  }

  /** The operands, left to right. */
  default List<Value> operands() {
    if (this instanceof Get get) {
      return List.of(get.array(), get.index());
    }
    if (this instanceof Broadcast broadcast) {
      return List.of(broadcast.scalar());
    }
    if (this instanceof MultiplyAdd sum) {
      return List.of(sum.left(), sum.right(), sum.addend());
    }
    if (this instanceof Unary unary) {
      return List.of(unary.operand());
    }
    if (this instanceof Binary binary) {
      return List.of(binary.left(), binary.right());
    }
    if (this instanceof Cast cast) {
      return List.of(cast.operand());
    }
    if (this instanceof Select select) {
      return List.of(select.left(), select.right(), select.whenTrue(), select.whenFalse());
    }
    if (this instanceof Call call) {
      return call.arguments();
    }
    return List.of();
  }

  /** Whether another value is this one or part of it. */
  default boolean contains(Value other) {
    return equals(other) || operands().stream().anyMatch(operand -> operand.contains(other));
  }

  /** Number of values that this one is made of. */
  default int size() {
    return 1 + operands().stream().mapToInt(Value::size).sum();
  }

  /** The value with others in the place of these parts. */
  default Value replaced(Map<Value, Value> parts) {
    Value part = parts.get(this);
    if (part != null || operands().isEmpty()) {
      return part == null ? this : part;
    }
    return withOperands(operands().stream().map(v -> v.replaced(parts)).toList());
  }

  /** The same operation on other operands, in the order of {@link #operands()}. */
  default Value withOperands(List<Value> operands) {
    if (this instanceof Get get) {
      return new Get(operands.get(0), operands.get(1), get.fixed(), get.vector());
    }
    if (this instanceof Broadcast) {
      return new Broadcast(operands.get(0));
    }
    if (this instanceof MultiplyAdd) {
      return new MultiplyAdd(operands.get(0), operands.get(1), operands.get(2));
    }
    if (this instanceof Unary unary) {
      return new Unary(unary.op(), operands.get(0));
    }
    if (this instanceof Binary binary) {
      return new Binary(binary.op(), operands.get(0), operands.get(1));
    }
    if (this instanceof Cast cast) {
      return new Cast(cast.type(), operands.get(0));
    }
    if (this instanceof Select select) {
      return new Select(
          select.op(), operands.get(0), operands.get(1), operands.get(2), operands.get(3));
    }
    if (this instanceof Call call) {
      return new Call(call.type(), call.in(), call.method(), operands);
    }
    return this;
  }
}
