package dev.tenon.processor.plan.vector;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.rewrite.NestRewrite;
import dev.tenon.processor.plan.schedule.MemoryFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts the axes that run through panels into the panels and what lies in one. What does not fill a
 * panel becomes a nest of its own, unless everything is padded there.
 */
final class PanelBlocks {
  private final VectorFormats formats;
  private final Optional<Axis> lane;

  /**
   * Prepares for a nest.
   *
   * @param lane the axis that vectors run along, which is not cut here
   */
  PanelBlocks(VectorFormats formats, Optional<Axis> lane) {
    this.formats = formats;
    this.lane = lane;
  }

  /**
   * What a nest becomes.
   *
   * @param nests in their order
   * @param unreadable a tensor that the nest cannot read or write as it lies
   */
  record Result(List<Nest> nests, Optional<Tensor> unreadable) {}

  Result cut(Nest nest) {
    Cut cut = cutOf(nest);
    if (cut.axis().isEmpty()) {
      return new Result(List.of(nest), cut.unreadable());
    }
    Axis axis = cut.axis().get();
    int size = MemoryFormat.LANES;
    int whole = axis.extent() / size;
    int rest = axis.extent() % size;
    if (rest != 0 && isPaddedAlong(nest, axis)) {
      whole++;
      rest = 0;
    }
    List<Nest> nests = new ArrayList<>();
    Optional<Tensor> unreadable = Optional.empty();
    if (whole > 0) {
      Axis outer = new Axis(axis.name() + "Block", whole);
      Axis inner = new Axis(axis.name() + "Lane", size);
      Result blocks = cut(NestRewrite.splitAxis(nest, axis, outer, inner, 0, ""));
      nests.addAll(blocks.nests());
      unreadable = blocks.unreadable();
    }
    if (rest > 0 && unreadable.isEmpty()) {
      Axis outer = new Axis(axis.name() + "Block", 1);
      Axis inner = new Axis(axis.name() + "Lane", rest);
      String suffix = whole > 0 ? "Rest" : "";
      Result last = cut(NestRewrite.splitAxis(nest, axis, outer, inner, whole * size, suffix));
      nests.addAll(last.nests());
      unreadable = last.unreadable();
    }
    return new Result(nests, unreadable);
  }

  /** The axis to cut next, or a tensor that no cut makes readable; neither when all is well. */
  private record Cut(Optional<Axis> axis, Optional<Tensor> unreadable) {
    static final Cut NONE = new Cut(Optional.empty(), Optional.empty());

    static Cut of(Axis axis) {
      return new Cut(Optional.of(axis), Optional.empty());
    }

    static Cut unreadable(Tensor tensor) {
      return new Cut(Optional.empty(), Optional.of(tensor));
    }
  }

  private Cut cutOf(Nest nest) {
    for (Load load : nest.loads()) {
      Cut cut = cutOf(nest, load.tensor(), load.index());
      if (!cut.equals(Cut.NONE)) {
        return cut;
      }
    }
    for (Store store : nest.stores()) {
      Cut cut = cutOf(nest, store.tensor(), store.index());
      if (!cut.equals(Cut.NONE)) {
        return cut;
      }
    }
    return Cut.NONE;
  }

  private Cut cutOf(Nest nest, Tensor tensor, List<Affine> index) {
    MemoryFormat format = formats.of(tensor);
    for (int d = 0; d < index.size(); d++) {
      int group = format.groupsOf(d);
      if (group == 0) {
        continue;
      }
      Affine at = index.get(d);
      for (Axis axis : at.terms().keySet()) {
        boolean isLane = lane.isPresent() && lane.get().equals(axis);
        boolean inside =
            at.coefficient(axis) % group == 0
                || (long) at.coefficient(axis) * (axis.extent() - 1) < group;
        if (isLane || inside) {
          continue;
        }
        boolean whole = axis.extent() % MemoryFormat.LANES == 0;
        return at.coefficient(axis) != 1 || !(whole || nest.parallel().contains(axis))
            ? Cut.unreadable(tensor)
            : Cut.of(axis);
      }
      if (format.place(tensor, withoutLane(index)).isEmpty()) {
        return Cut.unreadable(tensor);
      }
    }
    return Cut.NONE;
  }

  private List<Affine> withoutLane(List<Affine> index) {
    return lane.isEmpty()
        ? index
        : index.stream()
            .map(i -> i.substitute(axis -> axis.equals(lane.get()) ? Affine.ZERO : Affine.of(axis)))
            .toList();
  }

  /** Whether all that a nest reads and writes along an axis has room for whole blocks of it. */
  private boolean isPaddedAlong(Nest nest, Axis axis) {
    int padded = MemoryFormat.padded(axis.extent());
    return nest.loads().stream().allMatch(l -> hasRoom(l.tensor(), l.index(), axis, padded))
        && nest.stores().stream().allMatch(s -> hasRoom(s.tensor(), s.index(), axis, padded));
  }

  private boolean hasRoom(Tensor tensor, List<Affine> index, Axis axis, int padded) {
    for (int d = 0; d < index.size(); d++) {
      if (index.get(d).uses(axis) && formats.of(tensor).room(d) < padded) {
        return false;
      }
    }
    return true;
  }
}
