package dev.tenon.processor.layers.common;

import java.util.Locale;

/** Text that is the same whatever the locale. */
public final class Text {
  private Text() {}

  /** {@link String#format} without a locale. */
  public static String text(String pattern, Object... arguments) {
    return String.format(Locale.ROOT, pattern, arguments);
  }
}
