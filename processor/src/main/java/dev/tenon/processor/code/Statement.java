package dev.tenon.processor.code;

import dev.tenon.processor.code.Value.Get;
import dev.tenon.processor.code.Value.Variable;
import java.util.List;

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
}
