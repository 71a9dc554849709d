package dev.tenon.processor.render;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Names of a model's own fields. Views of layers and buffers get names apart from these. */
final class ModelFields {
  static final String STATE = "state";
  static final String BOUNDARY = "boundary";
  static final String PARAMETERS = "parameters";
  static final String GRADIENTS = "gradients";
  static final String RUNNING_STATS = "runningStats";
  static final String COUNTERS = "counters";
  static final String LAYERS = "layers";
  static final String SEED = "seed";
  static final String STEP = "step";
  static final String PIECE = "piece";
  static final String EVALUATION = "evaluation";
  static final String TRAINING_CAPACITY = "trainingCapacity";
  static final String PREDICT_CAPACITY = "predictCapacity";

  private ModelFields() {}

  /** The field that holds a layer's view. */
  static String view(String layer) {
    return layer + "Layer";
  }

  /** The field that says whether a layer was frozen in the last forward. */
  static String frozen(String layer) {
    return layer + "Frozen";
  }

  static Set<String> inUse(List<String> layers) {
    Set<String> names =
        new HashSet<>(
            List.of(
                STATE,
                BOUNDARY,
                PARAMETERS,
                GRADIENTS,
                RUNNING_STATS,
                COUNTERS,
                LAYERS,
                SEED,
                STEP,
                PIECE,
                "whole",
                EVALUATION,
                TRAINING_CAPACITY,
                PREDICT_CAPACITY,
                // parameters of the model's methods
                "batch",
                "withInput"));
    layers.forEach(layer -> names.add(view(layer)));
    layers.forEach(layer -> names.add(frozen(layer)));
    return names;
  }
}
