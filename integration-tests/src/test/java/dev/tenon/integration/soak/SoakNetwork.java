package dev.tenon.integration.soak;

import java.util.List;

/**
 * A small network.
 *
 * @param name simple name of its type
 * @param attributes of {@code @Network}
 * @param members layers, such as {@code @ReLU Layer relu();}
 * @param batch samples of a full batch; at least 3, so that the smaller one trains a batch norm
 */
record SoakNetwork(String name, String attributes, List<String> members, int batch) {
  private static final String PACKAGE = "soaked";

  /** The same network with batches of another size. */
  SoakNetwork ofBatch(int samples) {
    return new SoakNetwork(name, attributes, members, samples);
  }

  /** Qualified name of the generated model. */
  String model() {
    return PACKAGE + "." + name + "Model";
  }

  /** Where its source belongs, below a folder of sources. */
  String file() {
    return PACKAGE + "/" + name + ".java";
  }

  /** The type as a user writes it. */
  String source() {
    return """
    package %s;
    import dev.tenon.annotations.*;
    import dev.tenon.runtime.layer.*;
    @Network(%s)
    public interface %s {
      %s
    }
    """
        .formatted(PACKAGE, attributes, name, String.join("\n  ", members));
  }
}
