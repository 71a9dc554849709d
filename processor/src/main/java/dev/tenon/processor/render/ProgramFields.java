package dev.tenon.processor.render;

import java.util.Set;

/** Names of a program's own fields and parameters. Buffers get names apart from these. */
final class ProgramFields {
  static final String STATE = "state";
  static final String PARAMETERS = "parameters";
  static final String GRADIENTS = "gradients";
  static final String RUNNING_STATS = "runningStats";
  static final String COUNTERS = "counters";
  static final String WORKERS = "workers";
  static final String PASS = "pass";
  static final String BATCH = "batch";
  static final String WITH_INPUT = "withInput";
  static final String TRAINING_CAPACITY = "trainingCapacity";
  static final String PREDICT_CAPACITY = "predictCapacity";

  static final Set<String> IN_USE =
      Set.of(
          STATE,
          PARAMETERS,
          GRADIENTS,
          RUNNING_STATS,
          COUNTERS,
          WORKERS,
          PASS,
          BATCH,
          WITH_INPUT,
          TRAINING_CAPACITY,
          PREDICT_CAPACITY,
          // parameters of the program's methods
          "samples",
          "step",
          "from",
          "to");

  private ProgramFields() {}
}
