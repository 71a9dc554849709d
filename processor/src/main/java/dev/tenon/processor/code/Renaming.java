package dev.tenon.processor.code;

import dev.tenon.processor.code.Value.Call;
import dev.tenon.processor.code.Value.Get;
import dev.tenon.processor.code.Value.Variable;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Gives variables other names, and calls other methods, wherever they stand. */
public final class Renaming {
  private final Map<String, String> names;
  private final UnaryOperator<Call> calls;

  private Renaming(Map<String, String> names, UnaryOperator<Call> calls) {
    this.names = names;
    this.calls = calls;
  }

  /** The statements with these variables renamed; others keep their names. */
  static List<Statement> of(List<Statement> statements, Map<String, String> names) {
    return new Renaming(names, UnaryOperator.identity()).all(statements);
  }

  /** The statements with other calls of methods in the place of these. */
  public static List<Statement> ofCalls(List<Statement> statements, UnaryOperator<Call> calls) {
    return new Renaming(Map.of(), calls).all(statements);
  }

  private List<Statement> all(List<Statement> statements) {
    return statements.stream().map(this::of).toList();
  }

  private Statement of(Statement statement) {
    if (statement instanceof Statement.Declare declare) {
      return new Statement.Declare(of(declare.variable()), of(declare.value()), declare.isFinal());
    }
    if (statement instanceof Statement.Assign assign) {
      return new Statement.Assign(of(assign.variable()), of(assign.value()));
    }
    if (statement instanceof Statement.Put put) {
      return new Statement.Put((Get) of(put.target()), of(put.value()), put.add());
    }
    if (statement instanceof Statement.Loop loop) {
      return new Statement.Loop(
          of(loop.variable()),
          loop.from() == null ? null : of(loop.from()),
          of(loop.to()),
          loop.step(),
          loop.declared(),
          all(loop.body()));
    }
    if (statement instanceof Statement.WhenInside when) {
      return new Statement.WhenInside(
          when.ranges().stream()
              .map(
                  range ->
                      new Statement.Range(
                          of(range.index()), range.checkLow(), range.limit(), range.checkHigh()))
              .toList(),
          all(when.body()));
    }
    if (statement instanceof Statement.WhenNotFinite when) {
      return new Statement.WhenNotFinite(
          when.values().stream().map(this::of).toList(), all(when.body()));
    }
    if (statement instanceof Statement.Copy copy) {
      return new Statement.Copy(
          of(copy.from()),
          of(copy.fromIndex()),
          of(copy.to()),
          of(copy.toIndex()),
          of(copy.length()));
    }
    if (statement instanceof Statement.Fill fill) {
      return new Statement.Fill(
          of(fill.array()), of(fill.fromIndex()), of(fill.toIndex()), of(fill.value()));
    }
    Statement.Invoke invoke = (Statement.Invoke) statement;
    return new Statement.Invoke(
        invoke.method(), invoke.arguments().stream().map(this::of).toList());
  }

  private Variable of(Variable variable) {
    String name = names.get(variable.name());
    return name == null ? variable : new Variable(variable.type(), name, variable.meaning());
  }

  private Value of(Value value) {
    if (value instanceof Variable variable) {
      return of(variable);
    }
    List<Value> operands = value.operands();
    if (operands.isEmpty()) {
      return value;
    }
    Value renamed = value.withOperands(operands.stream().map(this::of).toList());
    return renamed instanceof Call call ? calls.apply(call) : renamed;
  }
}
