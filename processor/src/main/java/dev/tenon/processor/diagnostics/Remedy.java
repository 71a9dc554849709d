package dev.tenon.processor.diagnostics;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.Change;
import dev.tenon.processor.declaration.LayerDeclaration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A change that may make a network right. It is suggested only if it does: the compiler makes the
 * changes and checks the network again.
 *
 * @param verb what to do, such as {@code set}
 * @param what to do it with, such as {@code in = 7 here}
 * @param changes what the user would change, all of it
 * @param isOtherwise whether it is for when none before it works, such as another guess
 * @param isLocal whether the layer that the message is about gives the same whatever is changed, so
 *     that what shows behind it then was wrong before
 */
public record Remedy(
    String verb, String what, List<Change> changes, boolean isOtherwise, boolean isLocal) {
  private static final String QUESTION = "did you mean";

  public Remedy {
    changes = List.copyOf(changes);
  }

  /** A change behind which the whole network must be right. */
  public Remedy(String verb, String what, Change... changes) {
    this(verb, what, List.of(changes), false, false);
  }

  /** Another value of an attribute that decides what the layer gives. */
  public static Remedy set(LayerDeclaration layer, String attribute, Object value) {
    return new Remedy(
        "set", assigned(attribute, value) + " here", new Change.Set(layer, attribute, value));
  }

  /** Another value of an attribute that must say what flows in, and decides nothing. */
  public static Remedy follow(LayerDeclaration layer, String attribute, Object value) {
    return set(layer, attribute, value).local();
  }

  /** Another name in a {@code @From}. */
  public static Remedy mean(LayerDeclaration layer, String name, List<String> names) {
    return new Remedy(QUESTION, name, new Change.Read(layer, names)).otherwise();
  }

  /** A flattening before a layer; {@code what} goes on behind "put @Flatten before it". */
  public static Remedy flatten(LayerDeclaration layer, String what, Change... more) {
    Change flatten = new Change.PutBefore(layer, "Flatten", Map.of("start", 1, "end", -1));
    List<Change> changes = new ArrayList<>(List.of(flatten));
    changes.addAll(List.of(more));
    return new Remedy("put", "@Flatten before it" + what, changes, false, false);
  }

  /**
   * A reshaping before a layer.
   *
   * @param written how its sizes are written, or words for them
   * @param sizes what is tried
   * @param what goes on behind "put @Reshape({1, 28, 28}) before it"
   */
  public static Remedy reshape(
      LayerDeclaration layer, String written, List<Integer> sizes, String what) {
    return new Remedy(
        "put",
        "@Reshape(" + written + ") before it" + what,
        new Change.PutBefore(layer, "Reshape", Map.of("value", sizes)));
  }

  /** The same, of a layer that gives the same with it as without. */
  public Remedy local() {
    return new Remedy(verb, what, changes, isOtherwise, true);
  }

  /** The same, for when none before it works. */
  public Remedy otherwise() {
    return new Remedy(verb, what, changes, true, isLocal);
  }

  /** {@code shape = {3, 4}}. */
  public static String assigned(String attribute, Object value) {
    return attribute + " = " + Attributes.text(value);
  }

  /** Remedies as one sentence: {@code Set in = 7 here, or out = 5 on fc1.} */
  static String sentence(List<Remedy> remedies) {
    StringBuilder sentence = new StringBuilder();
    String last = "";
    for (Remedy remedy : remedies) {
      sentence.append(last.isEmpty() ? "" : ", or ");
      sentence.append(remedy.verb.equals(last) ? "" : remedy.verb + " ").append(remedy.what);
      last = remedy.verb;
    }
    return Character.toUpperCase(sentence.charAt(0))
        + sentence.substring(1)
        + (last.equals(QUESTION) ? "?" : ".");
  }
}
