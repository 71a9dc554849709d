package dev.tenon.runtime.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * How a state is loaded: which tensors, under which names, and what is allowed to differ.
 * Immutable: every method gives new options, and names are changed in the order of the calls.
 *
 * <pre>{@code
 * // Everything but the head, from a model that was trained on other labels.
 * model.state().load(weights, LoadOptions.strict().except("head\\..*").otherLabels());
 * }</pre>
 */
public final class LoadOptions {
  private final boolean isStrict;
  private final List<UnaryOperator<String>> renames;
  private final List<Selection> selections;
  private final boolean rounds;
  private final boolean otherFeatures;
  private final boolean otherLabels;

  private LoadOptions(
      boolean isStrict,
      List<UnaryOperator<String>> renames,
      List<Selection> selections,
      boolean rounds,
      boolean otherFeatures,
      boolean otherLabels) {
    this.isStrict = isStrict;
    this.renames = List.copyOf(renames);
    this.selections = List.copyOf(selections);
    this.rounds = rounds;
    this.otherFeatures = otherFeatures;
    this.otherLabels = otherLabels;
  }

  /** A pattern that says which names are loaded. */
  private record Selection(Pattern pattern, boolean takes) {
    boolean selects(String name) {
      return pattern.matcher(name).matches() == takes;
    }
  }

  /**
   * Everything must fit: each entry of the state has its tensor, each tensor its entry, and shapes
   * and types agree.
   *
   * @return the options
   */
  public static LoadOptions strict() {
    return new LoadOptions(true, List.of(), List.of(), false, false, false);
  }

  /**
   * What fits is loaded, and the {@link LoadReport} says what does not.
   *
   * @return the options
   */
  public static LoadOptions lenient() {
    return new LoadOptions(false, List.of(), List.of(), false, false, false);
  }

  /**
   * Takes a prefix off the names of the file that begin with it, such as the {@code module.} of
   * PyTorch's {@code DataParallel}.
   *
   * @param prefix with its dot
   * @return new options
   */
  public LoadOptions strip(String prefix) {
    Objects.requireNonNull(prefix, "prefix");
    return renaming(name -> name.startsWith(prefix) ? name.substring(prefix.length()) : name);
  }

  /**
   * Changes the names of the file: {@code rename("^layers\\.(\\d+)\\.", "block$1.")}.
   *
   * @param pattern a regular expression; each of its occurrences in a name is replaced
   * @param replacement as for {@link String#replaceAll}
   * @return new options
   * @throws java.util.regex.PatternSyntaxException if the pattern is none
   */
  public LoadOptions rename(String pattern, String replacement) {
    Objects.requireNonNull(pattern, "pattern");
    Pattern compiled = Pattern.compile(pattern);
    Objects.requireNonNull(replacement, "replacement");
    return renaming(name -> compiled.matcher(name).replaceAll(replacement));
  }

  private LoadOptions renaming(UnaryOperator<String> step) {
    List<UnaryOperator<String>> all = new ArrayList<>(renames);
    all.add(step);
    return new LoadOptions(isStrict, all, selections, rounds, otherFeatures, otherLabels);
  }

  /**
   * Loads some entries of the state and leaves the others as they are: {@code only("body\\..*")}.
   *
   * @param pattern a regular expression that the whole name must match, after {@link #strip} and
   *     {@link #rename}
   * @return new options
   * @throws java.util.regex.PatternSyntaxException if the pattern is none
   */
  public LoadOptions only(String pattern) {
    Objects.requireNonNull(pattern, "pattern");
    return selecting(new Selection(Pattern.compile(pattern), true));
  }

  /**
   * Loads all entries of the state but some: {@code except("head\\..*")} for fine-tuning.
   *
   * @param pattern a regular expression that the whole name of what is left out matches, after
   *     {@link #strip} and {@link #rename}
   * @return new options
   * @throws java.util.regex.PatternSyntaxException if the pattern is none
   */
  public LoadOptions except(String pattern) {
    Objects.requireNonNull(pattern, "pattern");
    return selecting(new Selection(Pattern.compile(pattern), false));
  }

  private LoadOptions selecting(Selection selection) {
    List<Selection> all = new ArrayList<>(selections);
    all.add(selection);
    return new LoadOptions(isStrict, renames, all, rounds, otherFeatures, otherLabels);
  }

  /**
   * Rounds float64 tensors to the nearest float where the state is float32. Without this they are
   * refused, because the model would not be the one that was saved.
   *
   * @return new options
   */
  public LoadOptions rounding() {
    return new LoadOptions(isStrict, renames, selections, true, otherFeatures, otherLabels);
  }

  /**
   * Takes a file whose network had another record as its input, or one with other components.
   *
   * @return new options
   */
  public LoadOptions otherFeatures() {
    return new LoadOptions(isStrict, renames, selections, rounds, true, otherLabels);
  }

  /**
   * Takes a file whose network had other labels, or the same in another order: where the layers
   * that give them are not loaded.
   *
   * @return new options
   */
  public LoadOptions otherLabels() {
    return new LoadOptions(isStrict, renames, selections, rounds, otherFeatures, true);
  }

  boolean isStrict() {
    return isStrict;
  }

  boolean rounds() {
    return rounds;
  }

  boolean takesOtherFeatures() {
    return otherFeatures;
  }

  boolean takesOtherLabels() {
    return otherLabels;
  }

  /** Whether an entry of this name is loaded. */
  boolean selects(String name) {
    return selections.stream().allMatch(selection -> selection.selects(name));
  }

  /**
   * Sees to it that each pattern matches something.
   *
   * @throws IllegalArgumentException if one does not, which is a slip
   */
  void requireMatches(String origin, Iterable<String> state, Iterable<String> file) {
    for (Selection selection : selections) {
      boolean any = false;
      for (Iterable<String> names : List.of(state, file)) {
        for (String name : names) {
          any |= selection.pattern().matcher(name).matches();
        }
      }
      if (!any) {
        throw new IllegalArgumentException(
            origin
                + ": neither the model nor the file has a name that matches \""
                + selection.pattern()
                + "\" from its first to its last character; nothing was changed.");
      }
    }
  }

  /**
   * The file's names by what they are called here.
   *
   * @throws IllegalArgumentException if two tensors would have one name
   */
  Map<String, String> renamed(String origin, List<String> names) {
    Map<String, String> byName = new LinkedHashMap<>();
    for (String name : names) {
      String renamed = name;
      for (UnaryOperator<String> step : renames) {
        renamed = step.apply(renamed);
      }
      String other = byName.put(renamed, name);
      if (other != null) {
        throw new IllegalArgumentException(
            origin
                + ": \""
                + other
                + "\" and \""
                + name
                + "\" would both be called \""
                + renamed
                + "\"; nothing was changed.");
      }
    }
    return byName;
  }
}
