package dev.tenon.processor.render;

import java.util.Set;

/** Names of a model's own fields, besides the views of its layers. */
final class ModelFields {
  static final String STATE = "state";
  static final String BOUNDARY = "boundary";
  static final String LAYERS = "layers";
  static final String PASS = "pass";
  static final String PROGRAM = "program";

  /** Constants that describe what the model takes and gives. */
  static final String INPUTS = "INPUTS";

  static final String OUTPUTS = "OUTPUTS";

  static final String FEATURE_TYPE = "featureType";
  static final String LABEL_TYPE = "labelType";

  /** All of them. */
  static final Set<String> OWN =
      Set.of(STATE, BOUNDARY, LAYERS, PASS, PROGRAM, INPUTS, OUTPUTS, FEATURE_TYPE, LABEL_TYPE);

  private ModelFields() {}
}
