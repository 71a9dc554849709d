package dev.tenon.processor.render;

import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.UsedTypes;
import dev.tenon.processor.plan.BackEnds;
import dev.tenon.processor.plan.backend.BackEnd;
import java.util.HashSet;
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

  /** More than the largest network needs. */
  private static final int MOST_KERNEL_CLASSES = 100;

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

  /** What no variable can be called. */
  private static final Set<String> RESERVED =
      Set.of(
          ("abstract assert boolean break byte case catch char class const continue default do"
                  + " double else enum extends false final finally float for goto if implements"
                  + " import instanceof int interface long native new null package private"
                  + " protected public return short static strictfp super switch synchronized this"
                  + " throw throws transient true try void volatile while _")
              .split(" "));

  private ProgramFields() {}

  /**
   * What buffers and layers of this network must not be called: fields, types that the program
   * names, and reserved words.
   */
  static Set<String> inUse(NetworkDeclaration declaration) {
    Set<String> names = new HashSet<>(IN_USE);
    names.addAll(UsedTypes.names());
    names.addAll(RESERVED);
    for (BackEnd.Code backEnd : BackEnds.rendered()) {
      for (int i = 0; i < MOST_KERNEL_CLASSES; i++) {
        names.add(GeneratedNames.kernels(declaration, backEnd, i).simpleName());
      }
    }
    return names;
  }
}
