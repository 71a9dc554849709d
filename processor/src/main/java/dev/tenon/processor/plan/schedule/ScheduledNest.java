package dev.tenon.processor.plan.schedule;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Nest;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A nest ready to become code: its indices are places in memory, and how it runs is decided.
 *
 * @param nest the nest; a tensor of rank 2 is an array of rows, one of rank 1 a flat array; state
 *     tensors are slices of the model's flat arrays
 * @param storeBounds for each store, the conditions under which it happens
 * @param schedule how it runs
 */
public record ScheduledNest(Nest nest, List<List<Bound>> storeBounds, Schedule schedule) {
  public ScheduledNest {
    storeBounds = storeBounds.stream().map(List::copyOf).toList();
  }

  /**
   * A condition of a clipped store: {@code 0 <= index < limit}.
   *
   * @param checkLow whether the index may be negative
   * @param checkHigh whether the index may reach the limit
   */
  public record Bound(Affine index, boolean checkLow, int limit, boolean checkHigh) {}

  /**
   * How a nest runs, as data: the order of its loops, and what becomes of each.
   *
   * @param loops outermost first; with accumulators, all parallel loops come before the reduction
   * @param tileFrom number of the first loop that lies in the tile method, the method of its own
   *     that holds the hot loop; the number of loops when there is none
   * @param storesPerTile how many stores share a tile method
   */
  public record Schedule(List<Loop> loops, int tileFrom, int storesPerTile) {
    public Schedule {
      loops = List.copyOf(loops);
    }

    /** One line for the explanation: {@code n<N by 4, i<784 by 2 | tile: o<256}. */
    @Override
    public String toString() {
      String outer = text(loops.subList(0, tileFrom));
      String tile = text(loops.subList(tileFrom, loops.size()));
      if (tile.isEmpty()) {
        return outer.isEmpty() ? "straight line" : outer;
      }
      return (outer.isEmpty() ? "" : outer + " | ")
          + "tile: "
          + tile
          + (storesPerTile == Integer.MAX_VALUE ? "" : ", " + storesPerTile + " of the sums");
    }

    private static String text(List<Loop> loops) {
      return loops.stream().map(Loop::toString).collect(Collectors.joining(", "));
    }
  }

  /**
   * What becomes of one axis.
   *
   * @param unroll how many points each iteration does, written one behind the other
   * @param partialSums whether these copies add to partial sums of their own
   * @param lanes whether a vector does as many points at once as it has lanes
   */
  public record Loop(Axis axis, int unroll, boolean partialSums, boolean lanes) {
    public Loop(Axis axis, int unroll, boolean partialSums) {
      this(axis, unroll, partialSums, false);
    }

    /** A plain loop. */
    public static Loop plain(Axis axis) {
      return new Loop(axis, 1, false);
    }

    /** A loop over vectors. Its extent is a multiple of every number of lanes there is. */
    public static Loop lanes(Axis axis) {
      return new Loop(axis, 1, false, true);
    }

    /** A loop of which each iteration does several points. */
    public static Loop unrolled(Axis axis, int copies) {
      return new Loop(axis, axis.isFixed() ? Math.min(copies, axis.extent()) : copies, false);
    }

    /** No loop: every point is written out. */
    public static Loop writtenOut(Axis axis) {
      return new Loop(axis, axis.extent(), false);
    }

    /** An unrolled reduction loop whose copies add to partial sums. */
    public static Loop partialSums(Axis axis, int copies) {
      int count = axis.isFixed() ? Math.min(copies, axis.extent()) : copies;
      return new Loop(axis, count, count > 1);
    }

    @Override
    public String toString() {
      if (lanes) {
        return axis + " in vectors";
      }
      if (axis.isFixed() && unroll == axis.extent()) {
        return axis + " written out";
      }
      return axis + (unroll == 1 ? "" : (partialSums ? " in partial sums of " : " by ") + unroll);
    }
  }
}
