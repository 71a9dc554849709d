package dev.tenon.integration.soak;

import java.util.List;

/** Who turns bytecode into what runs. */
enum Compiler {
  /** Nobody. */
  INTERPRETER("-Xint"),

  C1("-XX:TieredStopAtLevel=1"),

  /** As everybody runs Java: interpreter, then C1, then C2, a method at a time. */
  TIERED,

  /**
   * The same a hundred times sooner: a method that a step calls once is left to C1 for 5,000 steps
   * otherwise.
   */
  TIERED_SOON("-XX:CompileThresholdScaling=0.01"),

  /**
   * The interpreter until C2 has compiled, for which the step waits, after 20 calls or turns of a
   * loop: every kernel has come to its end after 60 steps.
   */
  C2("-XX:-TieredCompilation", "-XX:CompileThresholdScaling=0.002", "-Xbatch");

  private final List<String> options;

  Compiler(String... options) {
    this.options = List.of(options);
  }

  List<String> options() {
    return options;
  }

  /** Whether a vector is an object with an array, each operation on it a hundred times as long. */
  boolean makesVectorsSlow() {
    return this == INTERPRETER || this == C1;
  }
}
