package dev.tenon.processor.code;

import java.util.Locale;

/** Java names made from the paths of a state dictionary. */
public final class CamelCase {
  private CamelCase() {}

  /** {@code bn1.running_mean} as {@code bn1RunningMean}. */
  public static String of(String path) {
    StringBuilder camel = new StringBuilder();
    boolean upper = false;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '.' || c == '_') {
        upper = true;
      } else {
        if (camel.isEmpty() && !Character.isJavaIdentifierStart(c)) {
          // `_1` is a name, `1` is none.
          camel.append('_');
        }
        camel.append(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    return camel.toString();
  }

  /** {@code conv1} and {@code forward} as {@code conv1Forward}. */
  public static String join(String first, String second) {
    return first + Character.toUpperCase(second.charAt(0)) + second.substring(1);
  }

  /** {@code conv1Forward} as {@code CONV1_FORWARD}. */
  public static String constant(String camel) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < camel.length(); i++) {
      boolean begins =
          i > 0
              && Character.isUpperCase(camel.charAt(i))
              && (!Character.isUpperCase(camel.charAt(i - 1))
                  || (i + 1 < camel.length() && Character.isLowerCase(camel.charAt(i + 1))));
      words.append(begins && camel.charAt(i - 1) != '_' ? "_" : "").append(camel.charAt(i));
    }
    return words.toString().toUpperCase(Locale.ROOT);
  }
}
