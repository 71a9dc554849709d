package dev.tenon.processor.code;

import java.util.Locale;

/** Java names made from the paths of a state dictionary. */
public final class CamelCase {
  private CamelCase() {}

  /** {@code bn1.running_mean} as {@code bn1RunningMean}. */
  public static String of(String path) {
    StringBuilder camel = new StringBuilder();
    boolean upper = false;
    for (int c : path.codePoints().toArray()) {
      if (c == '.' || c == '_') {
        upper = true;
      } else {
        if (camel.isEmpty() && !Character.isJavaIdentifierStart(c)) {
          // `_1` is a name, `1` is none.
          camel.append('_');
        }
        camel.appendCodePoint(upper ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    // Nothing but underscores.
    return camel.isEmpty() ? "_" + path.length() : camel.toString();
  }

  /** {@code layer1.0.conv1} as {@code layer1_0_conv1}: numbers stay apart. */
  public static String ofLayer(String path) {
    String name = path.replace('.', '_');
    // `_1` is a name, `1` is none.
    return Character.isJavaIdentifierStart(name.codePointAt(0)) ? name : "_" + name;
  }

  /** {@code conv1} and {@code forward} as {@code conv1Forward}. */
  public static String join(String first, String second) {
    int initial = second.codePointAt(0);
    return first
        + Character.toString(Character.toUpperCase(initial))
        + second.substring(Character.charCount(initial));
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
