package dev.tenon.processor.render;

/** Names of a model's own fields; none ends as the views of layers do. */
final class ModelFields {
  static final String STATE = "state";
  static final String BOUNDARY = "boundary";
  static final String LAYERS = "layers";
  static final String PASS = "pass";
  static final String PROGRAM = "program";

  /** Constants that describe what the model takes and gives. */
  static final String INPUTS = "INPUTS";

  static final String OUTPUTS = "OUTPUTS";

  private ModelFields() {}

  /** The field that holds a layer's view; a {@code $} stands between the parts of a path. */
  static String view(String layer) {
    String name = layer.replace('.', '$') + "Layer";
    return Character.isJavaIdentifierStart(name.charAt(0)) ? name : "_" + name;
  }
}
