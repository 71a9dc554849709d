package dev.tenon.processor.code;

import dev.tenon.processor.code.Value.Call;
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
    return statement.map(this::of, this::all);
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
