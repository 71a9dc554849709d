package dev.tenon.processor.declaration;

import java.util.List;
import java.util.Set;

/**
 * What stands around the classes that are generated for a network. Java prefers a field to a type
 * and a type to a package, and what a class inherits to what its file imports, so names of the
 * user's may hide those that generated code needs.
 *
 * @param types member types of the network and of its blocks: inside the model, these names are
 *     theirs
 * @param fields fields of the network: where the model could name a class to call its static
 *     methods, these names are theirs
 * @param methods methods of the network besides its layers
 * @param neighbours types of the network's package that are named as a type of {@code java.lang}
 *     that generated code uses, or as the beginning of a package that it names
 * @param suppressed what of javac's lint generated code must not be asked for, since it names what
 *     the user has deprecated, for example
 */
public record Surroundings(
    Set<String> types,
    Set<String> fields,
    Set<String> methods,
    Set<String> neighbours,
    List<String> suppressed) {
  /** Nothing that generated code would have to heed. */
  public static final Surroundings NONE =
      new Surroundings(Set.of(), Set.of(), Set.of(), Set.of(), List.of());

  public Surroundings {
    types = Set.copyOf(types);
    fields = Set.copyOf(fields);
    methods = Set.copyOf(methods);
    neighbours = Set.copyOf(neighbours);
    suppressed = List.copyOf(suppressed);
  }

  /**
   * Whether the name of a type of this package, written in full inside the model, would be taken
   * for the beginning of another, which may be one that is imported; in the unnamed package there
   * is no such name.
   */
  public boolean isHidden(String packageName) {
    String first = first(packageName);
    return first.isEmpty()
        || types.contains(first)
        || neighbours.contains(first)
        || isImported(first);
  }

  /** Whether a type of this name has to be imported, as its own package is hidden. */
  private boolean isImported(String name) {
    return UsedTypes.all().stream()
        .anyMatch(type -> type.simpleName().equals(name) && isHidden(type.packageName()));
  }

  /** The first part of a package's name. */
  public static String first(String packageName) {
    int dot = packageName.indexOf('.');
    return dot < 0 ? packageName : packageName.substring(0, dot);
  }
}
