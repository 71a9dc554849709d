package dev.tenon.processor.read;

import dev.tenon.processor.declaration.JavaType;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.Surroundings;
import dev.tenon.processor.declaration.UsedTypes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The types that cannot be named where a network's classes are generated: something else has their
 * simple name, and their full name begins with that of another type.
 */
final class HiddenTypes {
  private final NetworkDeclaration network;
  private final Surroundings around;
  private final List<Hidden> found = new ArrayList<>();

  /**
   * One of them.
   *
   * @param type in full
   * @param by the types that hide it
   */
  record Hidden(String type, List<String> by) {}

  private HiddenTypes(NetworkDeclaration network) {
    this.network = network;
    this.around = network.around();
  }

  static List<Hidden> of(NetworkDeclaration network) {
    HiddenTypes types = new HiddenTypes(network);
    types.find();
    return types.found;
  }

  private void find() {
    for (JavaType type : UsedTypes.all()) {
      if (UsedTypes.inModel().contains(type) && around.types().contains(type.simpleName())) {
        addIfHidden(type, type.simpleName());
      }
    }
    // What is named together: in the model and beside it, and where functions are called.
    Set<JavaType> types = new LinkedHashSet<>(network.typesOfUsers());
    types.addAll(network.typesInRecords());
    findOf(UsedTypes.all(), types);
    findOf(UsedTypes.besideFunctions(), network.functions());
    // A user's own type, and the model itself.
    types.remove(network.typesOfUsers().get(0));
    types.add(new JavaType(network.packageName(), network.generatedPrefix() + "Model"));
    Set<String> members = new HashSet<>(around.types());
    if (network.outputs().size() > 1) {
      members.add("Outputs");
    }
    if (network.inputs().size() > 1) {
      members.add("InputGradients");
    }
    for (JavaType type : types) {
      if (members.contains(type.outermost())) {
        addIfHidden(type, type.outermost());
      }
    }
  }

  /** Of two types with the same simple name one is written in full. */
  private void findOf(List<JavaType> used, Collection<JavaType> users) {
    for (JavaType type : users) {
      boolean isHidden = around.isHidden(type.packageName());
      for (JavaType other : used) {
        if (other.simpleName().equals(type.outermost()) && isHidden) {
          if (isImported(type)) {
            add(type, other);
          } else {
            addIfHidden(other, other.simpleName());
          }
        }
      }
      for (JavaType other : users) {
        if (other.outermost().equals(type.outermost())
            && !other.packageName().equals(type.packageName())
            && isHidden
            && isImported(type)) {
          add(type, other);
        }
      }
    }
  }

  private boolean isImported(JavaType type) {
    return !type.packageName().isEmpty() && !type.packageName().equals(network.packageName());
  }

  private void add(JavaType type, JavaType by) {
    found.add(
        new Hidden(
            type.qualifiedName(),
            List.of("a type " + Surroundings.first(type.packageName()), by.qualifiedName())));
  }

  private void addIfHidden(JavaType type, String by) {
    if (around.isHidden(type.packageName())) {
      String first = Surroundings.first(type.packageName());
      found.add(
          new Hidden(
              type.qualifiedName(),
              first.isEmpty() || first.equals(by)
                  ? List.of("a type " + by)
                  : List.of("a type " + by, "a type " + first)));
    }
  }
}
