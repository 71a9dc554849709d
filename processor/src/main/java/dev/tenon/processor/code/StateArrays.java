package dev.tenon.processor.code;

import dev.tenon.processor.ir.Tensor.Role;

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

  static boolean isName(String name) {
    return name.equals(PARAMETERS) || name.equals(GRADIENTS) || name.equals(RUNNING_STATS);
  }
}
