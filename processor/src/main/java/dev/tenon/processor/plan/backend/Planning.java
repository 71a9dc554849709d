package dev.tenon.processor.plan.backend;

import java.util.List;

/** One network on its way through the passes of a back end. */
public interface Planning {
  /** The passes, in the order in which they run. Each runs once. */
  List<Pass> passes();
}
