package dev.tenon.runtime.text;

/**
 * Text from outside, as it may stand in a message or on a terminal: in quotes, control characters
 * escaped, and cut where it is longer than anybody reads.
 */
public final class Quoted {
  private static final int LONGEST = 120;
  private static final int LONGEST_LIST = 5000;

  private Quoted() {}

  /**
   * The text in quotes.
   *
   * @param text from a file, so of any length and content
   * @return at most some 700 characters without control characters
   */
  public static String of(CharSequence text) {
    return '"' + plain(text) + '"';
  }

  /**
   * The text without quotes.
   *
   * @param text from a file, so of any length and content
   * @return at most some 700 characters without control characters
   */
  public static String plain(CharSequence text) {
    return plain(text, LONGEST);
  }

  /**
   * A list of names, which may be longer than one name.
   *
   * @param text from a file, so of any length and content
   * @return at most some 30,000 characters without control characters
   */
  public static String list(CharSequence text) {
    return plain(text, LONGEST_LIST);
  }

  private static String plain(CharSequence text, int longest) {
    StringBuilder shown = new StringBuilder();
    int length = Math.min(text.length(), longest);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      int type = Character.getType(c);
      if (type == Character.CONTROL
          || type == Character.FORMAT
          || type == Character.LINE_SEPARATOR
          || type == Character.PARAGRAPH_SEPARATOR) {
        shown.append(escape(c));
      } else {
        shown.append(c);
      }
    }
    if (text.length() > longest) {
      shown.append("... (").append(text.length()).append(" characters)");
    }
    return shown.toString();
  }

  private static String escape(char c) {
    String digits = Integer.toHexString(c);
    return "\\u" + "0".repeat(4 - digits.length()) + digits;
  }
}
