package dev.tenon.processor.render;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many constants the classes of a generated source have, counted before javac does. */
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

  /** Where a nested class begins, behind its comment, and where it ends. */
  private static final Pattern NESTED =
      Pattern.compile("^  static final class (\\S+).*?^  }$", Pattern.DOTALL | Pattern.MULTILINE);

  /** A field of a class that is generated as well. */
  private static final Pattern FIELD =
      Pattern.compile("^  private (\\S+) (\\S+);$", Pattern.MULTILINE);

  private ConstantPool() {}

  /**
   * The text of each class of a source: the outer one with no more than the others' names, then
   * those.
   */
  static List<String> classes(String source) {
    List<String> classes = new ArrayList<>(List.of(NESTED.matcher(source).replaceAll("$1")));
    NESTED.matcher(source).results().map(MatchResult::group).forEach(classes::add);
    return classes;
  }

  /**
   * An upper bound for one class, and a close one: a name is itself, its name with a type and a
   * reference to both, and that of a method has a type of its own besides; a member of another
   * class is one for each class that has it; a string is two constants; a whole number is one
   * unless an instruction holds it.
   */
  static int atMost(String source) {
    Map<String, String> typeOf = new HashMap<>();
    FIELD.matcher(source).results().forEach(field -> typeOf.put(field.group(2), field.group(1)));
    Set<String> seen = new HashSet<>();
    String before = "";
    int constants = 0;
    Matcher token = TOKEN.matcher(source);
    int at = 0;
    while (token.find(at)) {
      // A long string is too much for a pattern: it would recurse for each character.
      at = token.group("string") == null ? token.end() : endOfString(source, token.end());
      String text = source.substring(token.start(), at);
      if (token.group("name") != null) {
        boolean isMethod = at < source.length() && source.charAt(at) == '(';
        boolean isMember = token.start() > 0 && source.charAt(token.start() - 1) == '.';
        String what = isMember ? typeOf.getOrDefault(before, before) + "." + text : text;
        int most = isMethod || isMember ? 4 : isConstant(text) ? 2 : 3;
        constants += seen.add(what) ? most : 0;
        before = text;
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
