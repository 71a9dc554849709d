package dev.tenon.processor.code;

import dev.tenon.processor.code.Value.Variable;
import dev.tenon.processor.ir.Tensor.Role;
import java.util.List;

/** Names of the model's flat state arrays in kernels. */
public final class StateArrays {
  private static final String PARAMETERS = "parameters";
  private static final String GRADIENTS = "gradients";
  private static final String RUNNING_STATS = "runningStats";

  private StateArrays() {}

  /** The array that tensors of this role lie in. */
  public static String name(Role role) {
    return switch (role) {
      case PARAMETER -> PARAMETERS;
      case PARAMETER_GRADIENT -> GRADIENTS;
      case RUNNING_STAT -> RUNNING_STATS;
      case VALUE -> throw new IllegalArgumentException("a value has an array of its own");
    };
  }

  /** All of their names. */
  static List<String> names() {
    return List.of(PARAMETERS, GRADIENTS, RUNNING_STATS);
  }

  /** The array of a role, with elements of this type. */
  static Variable variable(CodeType element, Role role) {
    return new Variable(element.array(1), name(role), new Meaning.StateArray(role));
  }
}
