package dev.tenon.processor.read;

import dev.tenon.processor.declaration.Attributes;
import dev.tenon.processor.declaration.JavaType;
import dev.tenon.processor.declaration.LayerDeclaration;
import dev.tenon.processor.declaration.NetworkDeclaration;
import dev.tenon.processor.declaration.Surroundings;
import dev.tenon.processor.declaration.TypeRef;
import dev.tenon.processor.declaration.UsedTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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
    Set<String> users = new TreeSet<>();
    network.typesOfUsers().forEach(type -> users.add(Surroundings.first(type.nameInPackage())));
    functions().forEach(type -> users.add(Surroundings.first(type.nameInPackage())));
    if (network.outputs().size() > 1) {
      users.add("Outputs");
    }
    if (network.inputs().size() > 1) {
      users.add("InputGradients");
    }
    for (JavaType type : UsedTypes.all()) {
      boolean byMember =
          UsedTypes.inModel().contains(type) && around.types().contains(type.simpleName());
      if (byMember || users.contains(type.simpleName())) {
        addIfHidden(type, type.simpleName());
      }
    }
    for (JavaType type : functions()) {
      String first = Surroundings.first(type.qualifiedName());
      boolean inFull = !type.packageName().isEmpty();
      if (UsedTypes.isVariable(Surroundings.first(type.nameInPackage()))
          && (UsedTypes.isVariable(first) || (inFull && around.neighbours().contains(first)))) {
        found.add(new Hidden(type.qualifiedName(), List.of("a variable of its own")));
      }
    }
    // A user's own type, and the model itself.
    List<JavaType> own = new ArrayList<>(network.typesOfUsers().subList(1, typesOfUsers()));
    own.add(new JavaType(network.packageName(), network.generatedPrefix() + "Model"));
    for (JavaType type : own) {
      String outermost = Surroundings.first(type.nameInPackage());
      if (around.types().contains(outermost)) {
        addIfHidden(type, outermost);
      }
    }
  }

  private int typesOfUsers() {
    return network.typesOfUsers().size();
  }

  /** The classes of functions that layers call. */
  private List<JavaType> functions() {
    List<JavaType> types = new ArrayList<>();
    for (LayerDeclaration layer : network.layers()) {
      Attributes attributes = layer.attributes();
      for (String name : attributes.values().keySet()) {
        if (attributes.namesType(name)) {
          TypeRef type = attributes.type(name);
          types.add(type.type());
        }
      }
    }
    return types;
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
