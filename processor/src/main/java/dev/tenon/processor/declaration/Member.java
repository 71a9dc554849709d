package dev.tenon.processor.declaration;

import java.util.List;

/** What a method of a network or of a block shows. */
public sealed interface Member {
  /** The method's name. */
  String method();

  /**
   * A layer.
   *
   * @param layer the layer's name
   */
  record LayerMember(String method, String layer) implements Member {}

  /**
   * An input of the network.
   *
   * @param input the input's name
   */
  record InputMember(String method, String input) implements Member {}

  /**
   * A block, or several behind each other.
   *
   * @param block qualified name of the interface
   * @param packageName of its package, empty for the unnamed one
   * @param isList whether the method returns a list of them
   * @param instances what the methods of each show
   */
  record BlockMember(
      String method, String block, String packageName, boolean isList, List<List<Member>> instances)
      implements Member {
    public BlockMember {
      instances = List.copyOf(instances);
    }

    /** The interface. */
    public JavaType type() {
      return new JavaType(
          packageName, packageName.isEmpty() ? block : block.substring(packageName.length() + 1));
    }
  }
}
