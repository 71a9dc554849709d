package dev.tenon.processor.code;

import dev.tenon.processor.code.Value.Variable;
import java.util.List;

/**
 * A static method of the generated kernels.
 *
 * @param name its name
 * @param comment lines above it: what it computes
 * @param parameters arrays first, then offsets, then numbers
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
