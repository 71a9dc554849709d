package dev.tenon.processor.code;

import dev.tenon.processor.code.Value.Variable;
import java.util.ArrayList;
import java.util.List;

/**
 * A static method of the generated kernels.
 *
 * @param name its name
 * @param comment lines at its beginning: what it computes
 * @param parameters arrays that it writes, arrays that it reads, numbers, the batch, the range
 * @param body its statements
 */
public record Method(
    String name, List<String> comment, List<Variable> parameters, List<Statement> body) {
  public Method {
    comment = List.copyOf(comment);
    parameters = List.copyOf(parameters);
    body = List.copyOf(body);
  }

  /** Every value in its statements, those in loops too. */
  public List<Value> values() {
    List<Value> values = new ArrayList<>();
    collect(body, values);
    return values;
  }

  private static void collect(List<Statement> statements, List<Value> values) {
    for (Statement statement : statements) {
      if (statement instanceof Statement.Declare declare) {
        values.add(declare.value());
      } else if (statement instanceof Statement.Assign assign) {
        values.add(assign.value());
      } else if (statement instanceof Statement.Put put) {
        values.add(put.target());
        values.add(put.value());
      } else if (statement instanceof Statement.Loop loop) {
        if (loop.from() != null) {
          values.add(loop.from());
        }
        values.add(loop.to());
        values.add(loop.step());
        collect(loop.body(), values);
      } else if (statement instanceof Statement.WhenInside when) {
        when.ranges().forEach(range -> values.add(range.index()));
        collect(when.body(), values);
      } else if (statement instanceof Statement.WhenNotFinite when) {
        values.addAll(when.values());
        collect(when.body(), values);
      } else if (statement instanceof Statement.Copy copy) {
        values.addAll(
            List.of(copy.from(), copy.fromIndex(), copy.to(), copy.toIndex(), copy.length()));
      } else if (statement instanceof Statement.Fill fill) {
        values.addAll(List.of(fill.array(), fill.fromIndex(), fill.toIndex(), fill.value()));
      } else {
        values.addAll(((Statement.Invoke) statement).arguments());
      }
    }
  }
}
