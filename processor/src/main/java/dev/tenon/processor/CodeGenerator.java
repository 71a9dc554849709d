package dev.tenon.processor;

import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.write.GeneratedSource;
import java.util.List;

/**
 * The second half of the compiler, {@link NetworkCompiler#generate}, as something that tests can
 * replace: they look at the network, or generate something small, or fail.
 */
@FunctionalInterface
public interface CodeGenerator {
  /**
   * Lowers, plans, verifies and renders. The same network gives the same text.
   *
   * @param network checked, with a shape on every edge
   * @param report takes what is worth saying
   * @return one source per generated type
   */
  List<GeneratedSource> generate(Network network, Report report);
}
