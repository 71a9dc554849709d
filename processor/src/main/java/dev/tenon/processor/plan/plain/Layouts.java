package dev.tenon.processor.plan.plain;

import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.schedule.Layout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The layout of every tensor: a rule, and what the planner chose against the rule. */
public final class Layouts {
  private final Map<Tensor, Layout> chosen = new HashMap<>();
  private final Set<String> keptZero = new HashSet<>();

  /**
   * Fixes the layout of a tensor that the planner made, or of a view: a tensor of the same name and
   * other sizes is the same memory.
   */
  void choose(Tensor tensor, Layout layout) {
    chosen.put(tensor, layout);
  }

  /** Says that what is never written of this tensor must read as zero: it shares no memory. */
  void keepZero(Tensor tensor) {
    keptZero.add(tensor.name());
  }

  boolean isKeptZero(String tensor) {
    return keptZero.contains(tensor);
  }

  /**
   * Features lie in a row a sample, images in a row a channel; per-channel values are flat; state
   * lies where the model keeps it.
   */
  public Layout of(Tensor tensor) {
    if (tensor.isState()) {
      return new Layout.StateSlice();
    }
    Layout layout = chosen.get(tensor);
    if (layout != null) {
      return layout;
    }
    if (!tensor.isBatched()) {
      return new Layout.Flat();
    }
    return new Layout.Rows(tensor.rank() <= 2 ? 1 : 2);
  }

  /** Whether the innermost loop can run along this tensor's last axis through a whole row. */
  boolean isRowOfLastAxis(Tensor tensor) {
    return of(tensor) instanceof Layout.Rows rows && rows.leading() == tensor.rank() - 1;
  }
}
