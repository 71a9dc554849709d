package dev.tenon.processor.ir;

import java.util.List;

/**
 * What one point of a nest computes. Operands of an arithmetic operation have the same type; {@link
 * Cast} is the only change of type.
 */
public sealed interface Expr {
  ElementType type();

  /** A literal of the given type. */
  record Constant(ElementType type, double value) implements Expr {}

  /** What a load gives where its index lies outside the tensor. */
  enum Outside {
    /** The index is always inside; the verifier proves it. */
    NEVER,
    /** Zero padding. */
    ZERO,
    /** Padding that never wins a maximum. */
    NEGATIVE_INFINITY
  }

  /** One value of a tensor. */
  record Load(Tensor tensor, List<Affine> index, Outside outside) implements Expr {
    public Load {
      index = List.copyOf(index);
    }

    @Override
    public ElementType type() {
      return tensor.type();
    }
  }

  /** The present value of an accumulator of the same nest. */
  record AccumulatorValue(String name, ElementType type) implements Expr {}

  /** A number that the model passes in: {@code double}, see {@link HostScalar}. */
  record Scalar(HostScalar scalar) implements Expr {
    @Override
    public ElementType type() {
      return ElementType.DOUBLE;
    }
  }

  /** An index as a number. */
  record IndexValue(Affine index) implements Expr {
    @Override
    public ElementType type() {
      return ElementType.INT;
    }
  }

  /**
   * A random number in [0, 1) that depends on the layer's key and the element's index only ({@code
   * Randoms.uniform}).
   */
  record Uniform(HostScalar key, Affine index) implements Expr {
    @Override
    public ElementType type() {
      return ElementType.FLOAT;
    }
  }

  /** Operations of one operand. */
  enum UnaryOp {
    NEGATE,
    SQRT,
    /** e to the power of the operand. */
    EXP,
    /** The natural logarithm; only numbers one by one compute it. */
    LOG,
    TANH,
    /** The error function. */
    ERF;

    /** Whether it is a function of the runtime's, some ten operations, and none of Java's own. */
    public boolean isFunction() {
      return this != NEGATE && this != SQRT;
    }
  }

  record Unary(UnaryOp op, Expr operand) implements Expr {
    @Override
    public ElementType type() {
      return operand.type();
    }
  }

  /**
   * What a static method gives for a number of its own type. The method is taken to depend on
   * nothing else and to change nothing.
   *
   * @param type FLOAT or DOUBLE, of the operand and of the result
   * @param in the method's class
   */
  record Call(ElementType type, HostClass in, String method, Expr operand) implements Expr {
    public Call {
      if (operand.type() != type) {
        throw new IllegalArgumentException(method + " of " + operand);
      }
    }
  }

  /** Operations of two operands; MIN and MAX give NaN when either operand is NaN, as in Java. */
  enum BinaryOp {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MIN,
    MAX
  }

  record Binary(BinaryOp op, Expr left, Expr right) implements Expr {
    public Binary {
      if (left.type() != right.type()) {
        throw new IllegalArgumentException(op + " of " + left + " and " + right);
      }
    }

    @Override
    public ElementType type() {
      return left.type();
    }
  }

  record Cast(ElementType type, Expr operand) implements Expr {}

  /** Comparisons, false when either side is NaN except for {@link #NOT_EQUAL}. */
  enum Comparison {
    LESS,
    LESS_EQUAL,
    GREATER,
    EQUAL,
    NOT_EQUAL
  }

  /** {@code left op right ? whenTrue : whenFalse}. */
  record Select(Comparison op, Expr left, Expr right, Expr whenTrue, Expr whenFalse)
      implements Expr {
    public Select {
      if (left.type() != right.type() || whenTrue.type() != whenFalse.type()) {
        throw new IllegalArgumentException("select of mixed types");
      }
    }

    @Override
    public ElementType type() {
      return whenTrue.type();
    }
  }

  // Short ways to write the above.

  static Expr constant(ElementType type, double value) {
    return new Constant(type, value);
  }

  /** A load whose index is always inside. */
  static Load load(Tensor tensor, Affine... index) {
    return new Load(tensor, List.of(index), Outside.NEVER);
  }

  /** A load of a padded tensor. */
  static Load padded(Tensor tensor, Outside outside, Affine... index) {
    return new Load(tensor, List.of(index), outside);
  }

  static Expr add(Expr left, Expr right) {
    return new Binary(BinaryOp.ADD, left, right);
  }

  static Expr subtract(Expr left, Expr right) {
    return new Binary(BinaryOp.SUBTRACT, left, right);
  }

  static Expr multiply(Expr left, Expr right) {
    return new Binary(BinaryOp.MULTIPLY, left, right);
  }

  static Expr divide(Expr left, Expr right) {
    return new Binary(BinaryOp.DIVIDE, left, right);
  }

  static Expr max(Expr left, Expr right) {
    return new Binary(BinaryOp.MAX, left, right);
  }

  static Expr min(Expr left, Expr right) {
    return new Binary(BinaryOp.MIN, left, right);
  }

  static Expr sqrt(Expr operand) {
    return new Unary(UnaryOp.SQRT, operand);
  }

  static Expr exp(Expr operand) {
    return new Unary(UnaryOp.EXP, operand);
  }

  static Expr log(Expr operand) {
    return new Unary(UnaryOp.LOG, operand);
  }

  static Expr tanh(Expr operand) {
    return new Unary(UnaryOp.TANH, operand);
  }

  static Expr erf(Expr operand) {
    return new Unary(UnaryOp.ERF, operand);
  }

  /** The operand itself when it already has this type. */
  static Expr cast(ElementType type, Expr operand) {
    return operand.type() == type ? operand : new Cast(type, operand);
  }

  static Expr select(Comparison op, Expr left, Expr right, Expr whenTrue, Expr whenFalse) {
    return new Select(op, left, right, whenTrue, whenFalse);
  }
}
