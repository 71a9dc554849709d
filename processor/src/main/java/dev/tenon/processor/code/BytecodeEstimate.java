package dev.tenon.processor.code;

import java.util.List;

/**
 * An upper estimate of the bytecode that javac makes of a method. HotSpot never compiles a method
 * above 8,000 bytes, so the planner keeps every method below {@link #BUDGET}.
 */
public final class BytecodeEstimate {
  /** What a generated method may cost; the distance to 8,000 is for what the estimate misses. */
  public static final int BUDGET = 6_000;

  private static final int VARIABLE = 2; // iload n
  private static final int LITERAL = 3; // sipush or ldc_w
  private static final int OPERATION = 1;
  private static final int BRANCH = 12; // compare, two jumps
  private static final int INVOKE = 3;

  private BytecodeEstimate() {}

  public static int of(Method method) {
    return of(method.body()) + 1;
  }

  private static int of(List<Statement> statements) {
    return statements.stream().mapToInt(BytecodeEstimate::of).sum();
  }

  private static int of(Statement statement) {
    if (statement instanceof Statement.Declare declare) {
      return of(declare.value()) + VARIABLE;
    }
    if (statement instanceof Statement.Assign assign) {
      return of(assign.value()) + VARIABLE;
    }
    if (statement instanceof Statement.Put put) {
      return of(put.target()) + of(put.value()) + 2 + 2 * OPERATION;
    }
    if (statement instanceof Statement.Loop loop) {
      return (loop.from() == null ? 0 : of(loop.from()) + VARIABLE)
          + of(loop.to())
          + of(loop.body())
          + 2 * BRANCH;
    }
    if (statement instanceof Statement.WhenInside when) {
      return when.ranges().stream().mapToInt(r -> 2 * (of(r.index()) + LITERAL + 3)).sum()
          + of(when.body());
    }
    if (statement instanceof Statement.WhenNotFinite when) {
      return when.values().stream().mapToInt(v -> 2 * of(v) + OPERATION + BRANCH).sum()
          + of(when.body());
    }
    if (statement instanceof Statement.Copy copy) {
      return of(copy.from())
          + of(copy.fromIndex())
          + of(copy.to())
          + of(copy.toIndex())
          + of(copy.length())
          + INVOKE;
    }
    if (statement instanceof Statement.Fill fill) {
      return of(fill.array())
          + of(fill.fromIndex())
          + of(fill.toIndex())
          + of(fill.value())
          + INVOKE;
    }
    Statement.Invoke invoke = (Statement.Invoke) statement;
    return INVOKE + invoke.arguments().stream().mapToInt(BytecodeEstimate::of).sum();
  }

  private static int of(Value value) {
    if (value instanceof Value.Literal) {
      return LITERAL;
    }
    if (value instanceof Value.Variable) {
      return VARIABLE;
    }
    int operands = value.operands().stream().mapToInt(BytecodeEstimate::of).sum();
    if (value.type().isVector()) {
      // A call with the species; a comparison and a choice are two.
      return operands + 3 * INVOKE + (value instanceof Value.Select ? BRANCH : 0);
    }
    if (value instanceof Value.Select select) {
      return operands + BRANCH + (select.isBranchless() ? INVOKE : 0);
    }
    return operands + (isCall(value) ? INVOKE : OPERATION);
  }

  private static boolean isCall(Value value) {
    return value instanceof Value.Call
        || isMinMax(value)
        || (value instanceof Value.Unary unary && unary.op().isFunction());
  }

  private static boolean isMinMax(Value value) {
    return value instanceof Value.Binary binary
        && switch (binary.op()) {
          case MIN, MAX -> true;
          default -> false;
        };
  }
}
