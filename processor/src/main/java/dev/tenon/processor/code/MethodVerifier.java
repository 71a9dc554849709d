package dev.tenon.processor.code;

/** What must hold of every generated method; a violation is a mistake of ours, not of the user. */
public final class MethodVerifier {
  private MethodVerifier() {}

  /** Checks one method. */
  public static void verify(Method method) {
    int bytes = BytecodeEstimate.of(method);
    if (bytes > BytecodeEstimate.BUDGET) {
      throw new IllegalStateException(
          method.name()
              + " would take "
              + bytes
              + " bytes of bytecode; the budget is "
              + BytecodeEstimate.BUDGET);
    }
  }
}
