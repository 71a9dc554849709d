package dev.tenon.processor;

import dev.tenon.processor.graph.Network;
import dev.tenon.processor.write.GeneratedSource;
import java.util.List;

/** The second half of the compiler: from a network that is right to its Java sources. */
@FunctionalInterface
public interface CodeGenerator {
  /**
   * Lowers, plans, verifies and renders. The same network gives the same text.
   *
   * @param network checked, with a shape on every edge
   * @return one source per generated type
   */
  List<GeneratedSource> generate(Network network);
}
