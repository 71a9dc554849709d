package dev.tenon.processor.plan.backend;

import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.schedule.Layout;
import dev.tenon.processor.plan.schedule.MemoryFormat;
import java.util.List;
import java.util.Optional;

/** Passes that also decide where tensors lie, which is known once they have run. */
public interface CodePlanning extends Planning {
  /** Where the values of a tensor lie. */
  Layout layout(Tensor tensor);

  /** Whether what is never written of a tensor must read as zero: it shares no memory. */
  boolean isKeptZero(String tensor);

  /** Whether the tensors that a user gives and gets are worked on where they are. */
  boolean worksInPlace();

  /**
   * How an entry of the state lies.
   *
   * @param entry path in the state dictionary
   * @return empty for the order of its dimensions
   */
  Optional<StateFormat> stateFormat(String entry);

  /**
   * How an entry of the state lies.
   *
   * @param format the order of its elements
   * @param view the sizes that the format speaks of, unless they are those of the entry
   */
  record StateFormat(MemoryFormat format, Optional<List<Integer>> view) {}
}
