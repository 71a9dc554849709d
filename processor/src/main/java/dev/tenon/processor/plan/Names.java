package dev.tenon.processor.plan;

/** Java names made from paths. */
final class Names {
  private Names() {}

  /** {@code bn1.running_mean} as {@code bn1RunningMean}. */
  static String camel(String path) {
    StringBuilder camel = new StringBuilder();
    boolean upper = false;
    for (char c : path.toCharArray()) {
      if (c == '.' || c == '_') {
        upper = true;
      } else {
        camel.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return camel.toString();
  }

  /** {@code conv1} and {@code forward} as {@code conv1Forward}. */
  static String join(String first, String second) {
    return first + Character.toUpperCase(second.charAt(0)) + second.substring(1);
  }
}
