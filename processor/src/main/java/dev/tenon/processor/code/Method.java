package dev.tenon.processor.code;

import dev.tenon.processor.code.Value.Variable;
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
}
