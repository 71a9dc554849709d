package dev.tenon.processor.fuzz;

import dev.tenon.processor.fuzz.Corpus.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Makes one program with something wrong in it from a seed, and always the same one. */
final class Mutator {
  private static final Pattern TOKEN =
      Pattern.compile(
          "//[^\\n]*|/\\*.*?\\*/|\"(?:[^\"\\\\\\n]|\\\\.)*\"|\\s+|[\\p{L}_$][\\w$]*"
              + "|\\d[\\w.]*(?:[eE][-+]?\\d+)?|.",
          Pattern.DOTALL);
  private static final Pattern NUMBER = Pattern.compile("\\d.*");
  private static final Pattern NAME = Pattern.compile("[\\p{L}_$][\\w$]*");

  /** Without most words of the language: javac would stop at them. */
  private static final Pattern OWN_NAME =
      Pattern.compile(
          "(?!(?:package|import|interface|class|int|public|static|return|test|dev|java|util)\\b)"
              + NAME.pattern());

  /** Numbers that sit on some edge; the rest of an {@code int}, and what is none. */
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "2",
          "3",
          "7",
          "-1",
          "-3",
          "64",
          "100",
          "255",
          "4096",
          "46341",
          "65536",
          "1000000",
          "1_000_000_000",
          "2147483647",
          "-2147483648",
          "-2147483647",
          "99999999999",
          "Integer.MAX_VALUE",
          "Integer.MIN_VALUE",
          "1 / 0",
          "0.0 / 0",
          "1e308",
          "1e-320",
          "-1.5",
          "0.5",
          "1e9",
          "Double.NaN",
          "Double.POSITIVE_INFINITY",
          "Block.FIRST",
          "2 * Block.FIRST",
          "Block.SECOND / 3",
          "Block.FIRST + Block.SECOND",
          "100 * Block.FIRST",
          "-1 * Block.FIRST",
          "Undefined.VALUE",
          "'a'",
          "\"4\"",
          "{}",
          "{1, 2, 3}",
          "{{1}}",
          "null",
          "true");

  private static final List<String> ATTRIBUTES =
      List.of(
          "in",
          "out",
          "channels",
          "features",
          "kernel",
          "stride",
          "padding",
          "dilation",
          "groups",
          "bias",
          "eps",
          "momentum",
          "value",
          "repeat",
          "sizes",
          "axis",
          "scale",
          "size",
          "input",
          "ceilMode",
          "outputPadding",
          "shape",
          "p",
          "precision",
          "start",
          "end",
          "mode");

  private static final List<String> SNIPPETS =
      List.of(
          "{",
          "}",
          "(",
          ")",
          ";",
          ",",
          "@",
          "<T>",
          "static",
          "private",
          "default",
          "abstract",
          "sealed",
          "final",
          "void",
          "extends Undefined",
          "implements Model",
          "throws Exception",
          "enum",
          "record",
          "class",
          "interface",
          "@interface",
          "@Network",
          "@Block",
          "@Undefined",
          "@Deprecated",
          "@Override",
          "@ReLU",
          "@From(Network.INPUT)",
          "@From({})",
          "@From(\"\")",
          "@Name(\"a.b\")",
          "@Name(\"x.99999999999\")",
          "@Name(\"\")",
          "@Use(Object.class)",
          "@Use(int.class)",
          "@Use(void.class)",
          "@Use(int[].class)",
          "@Use(List.class)",
          "@Elementwise(Math.class)",
          "@SuppressWarnings(\"x\")",
          "Layer",
          "List<",
          "[]",
          "int x",
          "/*",
          "\"",
          "'",
          "\\u0000",
          "class Inner {",
          "import nowhere.*;",
          "...",
          "->",
          "?",
          ".");

  private final List<Program> programs;
  private final SplittableRandom random;

  private Mutator(List<Program> programs, long seed) {
    this.programs = programs;
    this.random = new SplittableRandom(seed);
  }

  /** The program of a seed. */
  static Program mutant(List<Program> programs, long seed) {
    return new Mutator(programs, seed).mutant();
  }

  private Program mutant() {
    // Half of them from networks that are right and large.
    Program program = random.nextBoolean() ? pick(programs) : pick(Corpus.files(programs));
    List<String> sources = new ArrayList<>(program.sources());
    int changes = 1 + random.nextInt(random.nextInt(4) == 0 ? 5 : 1);
    for (int i = 0; i < changes; i++) {
      int source = random.nextInt(sources.size());
      List<String> tokens = tokens(sources.get(source));
      change(tokens);
      sources.set(source, String.join("", tokens));
    }
    return new Program(program.name(), program.isFile(), sources);
  }

  private void change(List<String> tokens) {
    if (tokens.isEmpty()) {
      // A change before has left nothing.
      return;
    }
    // Most changes leave a source that javac can parse: else the processor never sees it.
    switch (random.nextInt(40)) {
      case 0 -> tokens.remove(any(tokens));
      case 1 -> tokens.add(any(tokens), pick(tokens));
      case 2 -> swap(tokens);
      case 3 -> truncate(tokens);
      case 4 -> splice(tokens);
      case 5, 6 -> tokens.add(any(tokens), " " + pick(SNIPPETS) + " ");
      case 7, 8, 9 -> misspell(tokens);
      case 10, 11, 12, 13 -> rename(tokens);
      case 14, 15, 16, 17 -> moveAnnotation(tokens);
      case 18, 19, 20, 21, 22 -> replaceAnnotation(tokens);
      case 23, 24, 25 -> addAttribute(tokens);
      case 26, 27, 28 -> moveMembers(tokens);
      default -> changeNumber(tokens);
    }
    if (tokens.isEmpty()) {
      tokens.add("");
    }
  }

  private void swap(List<String> tokens) {
    int a = any(tokens);
    int b = random.nextBoolean() ? Math.min(a + 1, tokens.size() - 1) : any(tokens);
    String first = tokens.get(a);
    tokens.set(a, tokens.get(b));
    tokens.set(b, first);
  }

  private void changeNumber(List<String> tokens) {
    List<Integer> numbers = where(tokens, NUMBER);
    if (numbers.isEmpty()) {
      return;
    }
    int at = pick(numbers);
    String near = tokens.get(at).matches("\\d{1,6}") ? tokens.get(at) : "5";
    int value = Integer.parseInt(near);
    String changed =
        switch (random.nextInt(5)) {
          case 0 -> String.valueOf(value + 1);
          case 1 -> String.valueOf(value - 1);
          case 2 -> String.valueOf(value * (1 + random.nextInt(1000)));
          default -> pick(NUMBERS);
        };
    tokens.set(at, changed);
  }

  private void misspell(List<String> tokens) {
    List<Integer> names = where(tokens, OWN_NAME);
    if (names.isEmpty()) {
      return;
    }
    int at = pick(names);
    String name = tokens.get(at);
    int letter = random.nextInt(name.length());
    tokens.set(
        at,
        switch (random.nextInt(3)) {
          case 0 -> name.substring(0, letter) + name.substring(letter + 1);
          case 1 -> name.substring(0, letter) + name.charAt(letter) + name.substring(letter);
          default -> name.substring(letter) + name.substring(0, letter);
        });
  }

  /** One name for another, of this program or of a different one. */
  private void rename(List<String> tokens) {
    List<String> others = random.nextBoolean() ? tokens : tokens(pick(pick(programs).sources()));
    List<Integer> from = where(others, OWN_NAME);
    List<Integer> to = where(tokens, OWN_NAME);
    if (!from.isEmpty() && !to.isEmpty()) {
      tokens.set(pick(to), others.get(pick(from)));
    }
  }

  /** Takes an annotation from its place, or leaves it there as well, and puts it somewhere else. */
  private void moveAnnotation(List<String> tokens) {
    List<int[]> annotations = annotations(tokens);
    if (annotations.isEmpty()) {
      return;
    }
    int[] range = pick(annotations);
    List<String> annotation = new ArrayList<>(tokens.subList(range[0], range[1]));
    if (random.nextInt(3) > 0) {
      tokens.subList(range[0], range[1]).clear();
    }
    List<Integer> names = where(tokens, NAME);
    annotation.add(" ");
    tokens.addAll(names.isEmpty() ? 0 : pick(names), annotation);
  }

  private void replaceAnnotation(List<String> tokens) {
    List<String> others = tokens(pick(pick(programs).sources()));
    List<int[]> here = annotations(tokens);
    List<int[]> there = annotations(others);
    if (here.isEmpty() || there.isEmpty()) {
      return;
    }
    int[] from = pick(there);
    int[] to = pick(here);
    List<String> annotation = List.copyOf(others.subList(from[0], from[1]));
    tokens.subList(to[0], to[1]).clear();
    tokens.addAll(to[0], annotation);
  }

  private void addAttribute(List<String> tokens) {
    List<int[]> annotations = annotations(tokens);
    if (annotations.isEmpty()) {
      return;
    }
    int[] range = pick(annotations);
    String attribute = pick(ATTRIBUTES) + " = " + pick(NUMBERS);
    boolean bare = range[1] - range[0] == 2;
    tokens.add(bare ? range[1] : range[0] + 3, bare ? "(" + attribute + ")" : attribute + ", ");
  }

  private void truncate(List<String> tokens) {
    int from = any(tokens);
    tokens.subList(from, random.nextInt(3) == 0 ? any(tokens, from) : tokens.size()).clear();
  }

  /** This one's beginning and another one's end. */
  private void splice(List<String> tokens) {
    List<String> others = tokens(pick(pick(programs).sources()));
    truncate(tokens);
    tokens.addAll(others.subList(any(others), others.size()));
  }

  /** Takes the members between two semicolons to another place, or repeats them there. */
  private void moveMembers(List<String> tokens) {
    List<Integer> ends = where(tokens, Pattern.compile(";"));
    if (ends.size() < 2) {
      return;
    }
    int first = random.nextInt(ends.size() - 1);
    int last = first + 1 + random.nextInt(Math.min(4, ends.size() - first - 1));
    List<String> members = new ArrayList<>(tokens.subList(ends.get(first) + 1, ends.get(last) + 1));
    if (random.nextBoolean()) {
      tokens.subList(ends.get(first) + 1, ends.get(last) + 1).clear();
    }
    List<Integer> places = where(tokens, Pattern.compile(";"));
    int times = random.nextInt(8) == 0 ? 50 : 1;
    for (int i = 0; i < times; i++) {
      tokens.addAll(pick(places) + 1, members);
    }
  }

  // ----------------------------------------------------------------------------------- pieces

  private static List<String> tokens(String source) {
    return TOKEN
        .matcher(source)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /** From the sign to behind the closing parenthesis. */
  private static List<int[]> annotations(List<String> tokens) {
    List<int[]> found = new ArrayList<>();
    for (int i = 0; i + 1 < tokens.size(); i++) {
      if (tokens.get(i).equals("@") && NAME.matcher(tokens.get(i + 1)).matches()) {
        found.add(new int[] {i, end(tokens, i + 2)});
      }
    }
    return found;
  }

  private static int end(List<String> tokens, int behindName) {
    int open = 0;
    for (int i = behindName; i < tokens.size(); i++) {
      if (tokens.get(i).equals("(")) {
        open++;
      } else if (tokens.get(i).equals(")")) {
        open--;
      }
      if (open == 0) {
        return i == behindName && !tokens.get(i).equals(")") ? behindName : i + 1;
      }
    }
    return behindName;
  }

  private static List<Integer> where(List<String> tokens, Pattern kind) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      if (kind.matcher(tokens.get(i)).matches()) {
        found.add(i);
      }
    }
    return found;
  }

  private int any(List<String> tokens) {
    return random.nextInt(tokens.size());
  }

  private int any(List<String> tokens, int from) {
    return random.nextInt(from, tokens.size());
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
