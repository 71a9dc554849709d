package dev.tenon.processor.code;

import dev.tenon.processor.code.Value.Get;
import dev.tenon.processor.code.Value.Variable;
import java.util.List;
import java.util.function.UnaryOperator;

/** A statement of the generated code. */
public sealed interface Statement {
  /** {@code final type name = value;} or without {@code final} when it is assigned again. */
  record Declare(Variable variable, Value value, boolean isFinal) implements Statement {}

  record Assign(Variable variable, Value value) implements Statement {}

  /** {@code array[index] = value}, or {@code +=}. */
  record Put(Get target, Value value, boolean add) implements Statement {}

  /**
   * {@code for (int variable = from; variable < to; variable += step)}.
   *
   * @param step a literal, or the number of lanes of a vector
   * @param from null when the variable goes on from where a loop before left it
   * @param declared whether the loop declares its variable; otherwise it is declared before
   */
  record Loop(
      Variable variable, Value from, Value to, Value step, boolean declared, List<Statement> body)
      implements Statement {
    public Loop {
      body = List.copyOf(body);
    }
  }

  /** Runs the body when every index lies in its range: {@code 0 <= index < limit}. */
  record WhenInside(List<Range> ranges, List<Statement> body) implements Statement {
    public WhenInside {
      ranges = List.copyOf(ranges);
      body = List.copyOf(body);
    }
  }

  /** Runs the body when one of the values is infinite or no number. */
  record WhenNotFinite(List<Value> values, List<Statement> body) implements Statement {
    public WhenNotFinite {
      values = List.copyOf(values);
      body = List.copyOf(body);
    }
  }

  /** One index and the limits that are not already certain. */
  record Range(Value index, boolean checkLow, int limit, boolean checkHigh) {}

  /** Copies {@code length} values: {@code System.arraycopy}. */
  record Copy(Value from, Value fromIndex, Value to, Value toIndex, Value length)
      implements Statement {}

  /** Sets {@code length} values to one value: {@code Arrays.fill}. */
  record Fill(Value array, Value fromIndex, Value toIndex, Value value) implements Statement {}

  /** Calls another method of the same class. */
  record Invoke(String method, List<Value> arguments) implements Statement {
    public Invoke {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * The same statement with other values in it, variables that it declares or assigns among them.
   *
   * @param values gives what stands for each value; a variable for a variable
   * @param bodies gives what stands for the body of a loop or of a condition
   */
  default Statement map(UnaryOperator<Value> values, UnaryOperator<List<Statement>> bodies) {
    if (this instanceof Declare declare) {
      return new Declare(
          (Variable) values.apply(declare.variable()),
          values.apply(declare.value()),
          declare.isFinal());
    }
    if (this instanceof Assign assign) {
      return new Assign((Variable) values.apply(assign.variable()), values.apply(assign.value()));
    }
    if (this instanceof Put put) {
      return new Put((Get) values.apply(put.target()), values.apply(put.value()), put.add());
    }
    if (this instanceof Loop loop) {
      return new Loop(
          (Variable) values.apply(loop.variable()),
          loop.from() == null ? null : values.apply(loop.from()),
          values.apply(loop.to()),
          loop.step(),
          loop.declared(),
          bodies.apply(loop.body()));
    }
    if (this instanceof WhenInside when) {
      return new WhenInside(
          when.ranges().stream()
              .map(
                  range ->
                      new Range(
                          values.apply(range.index()),
                          range.checkLow(),
                          range.limit(),
                          range.checkHigh()))
              .toList(),
          bodies.apply(when.body()));
    }
    if (this instanceof WhenNotFinite when) {
      return new WhenNotFinite(
          when.values().stream().map(values).toList(), bodies.apply(when.body()));
    }
    if (this instanceof Copy copy) {
      return new Copy(
          values.apply(copy.from()),
          values.apply(copy.fromIndex()),
          values.apply(copy.to()),
          values.apply(copy.toIndex()),
          values.apply(copy.length()));
    }
    if (this instanceof Fill fill) {
      return new Fill(
          values.apply(fill.array()),
          values.apply(fill.fromIndex()),
          values.apply(fill.toIndex()),
          values.apply(fill.value()));
    }
    Invoke invoke = (Invoke) this;
    return new Invoke(invoke.method(), invoke.arguments().stream().map(values).toList());
  }
}
