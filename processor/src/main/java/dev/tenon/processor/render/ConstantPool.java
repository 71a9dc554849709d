package dev.tenon.processor.render;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many constants the class of a generated source has, counted before javac does. */
final class ConstantPool {
  /** What a class file has room for. */
  static final int MOST = 65_535;

  /** Comments first, so that nothing in them counts; then what becomes constants. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "//[^\\n]*|/\\*.*?\\*/|(?<string>\")"
              + "|(?<name>[\\p{L}_$][\\p{L}\\p{N}_$]*)"
              + "|(?<real>\\d[\\d_]*\\.[\\d_]*(?:[eE][-+]?\\d+)?[fFdD]?)"
              + "|(?<whole>\\d[\\d_]*)(?<long>[lL]?)",
          Pattern.DOTALL);

  private ConstantPool() {}

  /**
   * An upper bound, and a close one: a name is itself, its name with a type and a reference to
   * both, and that of a method has a type of its own besides; a string is two constants; a whole
   * number is one unless an instruction holds it.
   */
  static int atMost(String source) {
    Set<String> seen = new HashSet<>();
    int constants = 0;
    Matcher token = TOKEN.matcher(source);
    int at = 0;
    while (token.find(at)) {
      // A long string is too much for a pattern: it would recurse for each character.
      at = token.group("string") == null ? token.end() : endOfString(source, token.end());
      String text = source.substring(token.start(), at);
      if (token.group("name") != null) {
        boolean isMethod = at < source.length() && source.charAt(at) == '(';
        constants += seen.add(text) ? (isMethod ? 4 : isConstant(text) ? 2 : 3) : 0;
      } else if (token.group("string") != null || token.group("real") != null) {
        constants += seen.add(text) ? 2 : 0;
      } else if (token.group("whole") != null) {
        boolean isLong = !token.group("long").isEmpty();
        boolean isLarge = token.group("whole").replace("_", "").length() > 4;
        constants += (isLong || isLarge) && seen.add(text) ? (isLong ? 2 : 1) : 0;
      }
    }
    return constants;
  }

  private static int endOfString(String source, int first) {
    int at = first;
    while (source.charAt(at) != '"') {
      at += source.charAt(at) == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  /** Of a constant of the class itself there is the name and the value. */
  private static boolean isConstant(String name) {
    return name.equals(name.toUpperCase(Locale.ROOT));
  }
}
