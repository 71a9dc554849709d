package dev.tenon.processor.plan.vector;

import dev.tenon.processor.ir.Accumulator;
import dev.tenon.processor.ir.Accumulator.Sum;
import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Exprs;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.rewrite.Contraction;
import dev.tenon.processor.plan.rewrite.NestRewrite;
import dev.tenon.processor.plan.schedule.AxisCollapse;
import dev.tenon.processor.plan.schedule.GeneralScheduler;
import dev.tenon.processor.plan.schedule.Layout;
import dev.tenon.processor.plan.schedule.MemoryFormat;
import dev.tenon.processor.plan.schedule.PhysicalNest;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import dev.tenon.processor.plan.schedule.ScheduledNest.Loop;
import dev.tenon.processor.plan.schedule.ScheduledNest.Schedule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Schedules nests for vectors. One axis, the lanes, is cut into blocks of {@link
 * MemoryFormat#LANES}; a vector holds some of a block, or all of it.
 *
 * <p>Products of matrices and convolutions run in register tiles: several rows of the result by one
 * to three blocks of lanes, every sum in a local, one loop around. Each point of that loop reads a
 * vector for each block and a number for each row. Neighbouring places of a kernel along a row of
 * pixels share those numbers.
 */
final class VectorScheduler {
  /**
   * Sums of a tile with several blocks of lanes: 8 rows by 2 blocks reach 95 % of the peak of a
   * machine with 32 registers; from 28 sums on they no longer fit.
   */
  private static final int ROWS = 8;

  /** Rows up to which a whole axis is taken rather than a part and a remainder. */
  private static final int MOST_ROWS = 12;

  /** Rows of a tile with one block, where nothing else hides the latency of an addition. */
  private static final int ROWS_OF_ONE_BLOCK = 16;

  /** Sums of a tile of a weight's gradient with one block. */
  private static final int SUMS_OF_ONE_BLOCK = 24;

  /** Multiply-adds of a loop's body; the compiler takes longer for more and does worse. */
  private static final int MOST_IN_BODY = 40;

  /** A row of memory that stays in the first cache while a loop passes over it several times. */
  private static final int BYTES_OF_ROW = 32_768;

  private static final int PARTIAL_SUMS = 4;

  private static final int SAMPLES_TOGETHER = 4;

  private static final int PIXELS_TOGETHER = 256;

  private static final int MOST_CHANNELS = 4;

  /** Vectors of sums in one loop: enough that none waits for the addition before it. */
  private static final int MOST_SUMS = 16;

  /** Blocks of pixels of a channel that are written out, when the channel has no more. */
  private static final int FEW_BLOCKS = 4;

  /** Blocks of channels whose own values all stay in registers while pixels pass. */
  private static final int BLOCKS_OF_PIXEL = 2;

  private final Axis block;
  private final Axis lanes;
  private final PhysicalNest physical;
  private final Nest nest;
  private final boolean channelsFirst;

  /** Points of a window that are written out. */
  private final int mostWrittenOut;

  private VectorScheduler(
      PhysicalNest physical, Axis block, Axis lanes, boolean channelsFirst, int mostWrittenOut) {
    this.channelsFirst = channelsFirst;
    this.mostWrittenOut = mostWrittenOut;
    this.physical = physical;
    this.block = block;
    this.lanes = lanes;
    this.nest = physical.nest();
  }

  /**
   * Schedules a nest.
   *
   * @param lane the parallel axis that vectors run along
   * @param channelsFirst whether images lie channels first, and vectors run along pixels
   * @param fits whether every method of a nest stays within its budget
   */
  static ScheduledNest schedule(
      Nest nest,
      Axis lane,
      Function<Tensor, Layout> layouts,
      boolean channelsFirst,
      Predicate<ScheduledNest> fits) {
    Axis block =
        new Axis(lane.name() + "Block", MemoryFormat.padded(lane.extent()) / MemoryFormat.LANES);
    Axis lanes = new Axis("lane", MemoryFormat.LANES);
    Nest split = NestRewrite.splitAxis(nest, lane, block, lanes);
    PhysicalNest physical =
        AxisCollapse.of(
            PhysicalNest.of(split, layouts),
            (outer, inner) ->
                !outer.equals(block)
                    && !inner.equals(block)
                    && !outer.equals(lanes)
                    && !inner.equals(lanes)
                    && (long) outer.extent() * inner.extent() * block.extent() * 64
                        <= BYTES_OF_ROW);
    ScheduledNest scheduled = null;
    for (int writtenOut : GeneralScheduler.WRITTEN_OUT) {
      scheduled = new VectorScheduler(physical, block, lanes, channelsFirst, writtenOut).run();
      if (fits.test(scheduled)) {
        return scheduled;
      }
    }
    return scheduled;
  }

  private ScheduledNest run() {
    Schedule schedule;
    Optional<Contraction> contraction = Contraction.of(nest);
    if (nest.accumulators().isEmpty()) {
      schedule = map();
    } else if (contraction.isPresent()) {
      schedule = tile(contraction.get());
    } else {
      schedule = sums();
    }
    return new ScheduledNest(
        nest, physical.storeBounds(), callsFunctions() ? onceEach(schedule) : schedule);
  }

  private boolean callsFunctions() {
    return nest.values().stream().anyMatch(value -> Exprs.count(value, Exprs::isFunction) > 0);
  }

  /**
   * The same loops without copies of their bodies. A function in vectors is a hundred operations:
   * of several in one method the compiler inlines the first few and calls the others, and each
   * vector that goes into a call or comes from one is an object.
   */
  private static Schedule onceEach(Schedule schedule) {
    return new Schedule(
        schedule.loops().stream()
            .map(loop -> loop.lanes() ? loop : Loop.plain(loop.axis()))
            .toList(),
        schedule.tileFrom(),
        schedule.storesPerTile());
  }

  // --------------------------------------------------------------------------------- products

  private Schedule tile(Contraction contraction) {
    Load left = contraction.left();
    Load right = contraction.right();
    // In a depthwise convolution both are vectors, and rows are pixels all the same.
    boolean leftIsScalar =
        !uses(left, lanes) || (uses(right, lanes) && left.tensor().role() == Role.VALUE);
    Load scalars = leftIsScalar ? left : right;
    Load vectors = leftIsScalar ? right : left;
    boolean ofWeights = nest.parallel().stream().noneMatch(Axis::isBatch);
    int blocks = blocksOf(nest.parallel().contains(block) ? block.extent() : 1);
    List<Axis> candidates =
        nest.parallel().stream()
            .filter(axis -> !axis.equals(block) && !axis.equals(lanes) && !axis.isBlocks())
            .filter(axis -> uses(scalars, axis))
            .sorted(
                Comparator.comparing((Axis axis) -> uses(vectors, axis))
                    .thenComparingInt(axis -> coefficient(scalars, axis)))
            .toList();
    Optional<Axis> shared =
        blocks == 1 && !ofWeights ? sharedTap(scalars, candidates) : Optional.empty();
    int target = ROWS;
    if (blocks == 1) {
      target = ofWeights ? SUMS_OF_ONE_BLOCK : shared.isPresent() ? ROWS : ROWS_OF_ONE_BLOCK;
    }
    if (shared.isPresent() && target * shared.get().extent() > MOST_IN_BODY) {
      target = Math.max(4, MOST_IN_BODY / shared.get().extent());
    }
    List<Loop> rows = rows(candidates, target);

    List<Loop> loops = new ArrayList<>();
    List<Axis> unrolled = rows.stream().map(Loop::axis).toList();
    List<Axis> outer = new ArrayList<>(nest.parallel());
    outer.removeAll(unrolled);
    outer.remove(lanes);
    outer.remove(block);
    outer.sort(Comparator.comparingInt(axis -> axis.isFixed() ? 1 : 0));
    List<Axis> first = outer.stream().filter(axis -> !axis.isFixed()).toList();
    first.forEach(axis -> loops.add(Loop.plain(axis)));
    outer.removeAll(first);
    if (nest.parallel().contains(block)) {
      loops.add(Loop.unrolled(block, blocks));
    }
    outer.sort(Comparator.comparingInt((Axis axis) -> -coefficient(scalars, axis)));
    outer.forEach(axis -> loops.add(Loop.plain(axis)));
    loops.addAll(rows);
    loops.add(Loop.lanes(lanes));

    int tileFrom = loops.size();
    nest.reduction().stream()
        .filter(axis -> shared.isEmpty() || !axis.equals(shared.get()))
        .sorted(Comparator.comparingInt((Axis axis) -> order(axis, scalars)))
        .forEach(axis -> loops.add(Loop.plain(axis)));
    shared.ifPresent(axis -> loops.add(Loop.writtenOut(axis)));
    return new Schedule(loops, tileFrom, Integer.MAX_VALUE);
  }

  /** The batch first, then from the largest step in memory to the smallest. */
  private static int order(Axis axis, Load scalars) {
    return axis.isFixed() ? -coefficient(scalars, axis) : Integer.MIN_VALUE;
  }

  /** How many blocks of lanes a tile has. */
  private static int blocksOf(int blocks) {
    if (blocks == 1 || blocks == 3) {
      return blocks;
    }
    return 2;
  }

  /**
   * The axis of the kernel whose next place reads for this pixel what this place reads for the next
   * one.
   */
  private Optional<Axis> sharedTap(Load scalars, List<Axis> rows) {
    if (rows.isEmpty() || !rows.get(0).isFixed()) {
      return Optional.empty();
    }
    int step = coefficient(scalars, rows.get(0));
    return nest.reduction().stream()
        .filter(axis -> axis.isFixed() && coefficient(scalars, axis) == step)
        .filter(axis -> axis.extent() > 1 && axis.extent() <= 7)
        .findFirst();
  }

  /** The rows of a tile: whole axes and a part of the next one; outermost first. */
  private static List<Loop> rows(List<Axis> candidates, int target) {
    List<Loop> rows = new ArrayList<>();
    int left = target;
    for (Axis axis : candidates) {
      if (left <= 1) {
        break;
      }
      if (!axis.isFixed()) {
        rows.add(0, Loop.unrolled(axis, left));
        break;
      }
      if (axis.extent() <= left) {
        rows.add(0, Loop.writtenOut(axis));
        left /= axis.extent();
        continue;
      }
      rows.add(0, Loop.unrolled(axis, part(axis.extent(), left, rows.isEmpty())));
      break;
    }
    return rows;
  }

  /** How many of so many points: without a remainder if that does not cost too much. */
  private static int part(int extent, int left, boolean alone) {
    int most = alone ? Math.max(left, left * MOST_ROWS / ROWS) : left;
    for (int u = Math.min(most, extent); u > left / 2; u--) {
      if (extent % u == 0 && (u <= left || extent == u)) {
        return u;
      }
    }
    return left;
  }

  // -------------------------------------------------------------------------------- reductions

  private Schedule sums() {
    if (channelsFirst && nest.reduction().stream().noneMatch(this::isAcrossPixels)) {
      return sumsOfPlaces();
    }
    List<Loop> loops = new ArrayList<>();
    boolean small = product(nest.reduction()) <= mostWrittenOut;
    List<Axis> parallel = inOrderOfStore(nest.parallel());
    boolean single = folded() || small;
    Optional<Axis> neighbours = single ? Optional.empty() : neighbours(parallel);
    int together =
        single
            ? 1
            : neighbours.map(Axis::extent).map(this::together).orElseGet(this::blocksTogether);
    for (Axis axis : parallel) {
      loops.add(
          neighbours.filter(axis::equals).isPresent()
              ? Loop.unrolled(axis, together)
              : Loop.plain(axis));
    }
    if (nest.parallel().contains(block)) {
      loops.add(neighbours.isPresent() ? Loop.plain(block) : Loop.unrolled(block, together));
    }
    loops.add(Loop.lanes(lanes));
    int reductionFrom = loops.size();
    int partials = Math.max(1, MOST_SUMS / (together * nest.accumulators().size()));
    List<Axis> reduction = new ArrayList<>(nest.reduction());
    if (folded() || small) {
      reduction.forEach(axis -> loops.add(small ? Loop.writtenOut(axis) : Loop.plain(axis)));
      return new Schedule(loops, loops.size(), Integer.MAX_VALUE);
    }
    for (int i = 0; i < reduction.size(); i++) {
      Axis axis = reduction.get(i);
      loops.add(
          i == reduction.size() - 1
              ? Loop.partialSums(axis, Math.min(PARTIAL_SUMS, partials))
              : Loop.plain(axis));
    }
    return new Schedule(loops, reductionFrom, Integer.MAX_VALUE);
  }

  private boolean folded() {
    return nest.accumulators().stream().map(Accumulator::fold).anyMatch(f -> !(f instanceof Sum));
  }

  /** Neighbouring blocks, which lie in neighbouring lines of the cache, are summed together. */
  private int blocksTogether() {
    return together(block.extent());
  }

  private int together(int extent) {
    return Math.max(1, Math.min(extent, MOST_SUMS / (2 * nest.accumulators().size())));
  }

  /** The axis whose neighbouring points lie in neighbouring vectors in all that is read. */
  private Optional<Axis> neighbours(List<Axis> parallel) {
    return parallel.stream()
        .filter(Axis::isFixed)
        .filter(
            axis ->
                nest.loads().stream()
                    .allMatch(load -> coefficient(load, axis) == MemoryFormat.LANES))
        .findFirst();
  }

  /** Whether a sum over the axis is of values that lie apart: not of blocks of pixels. */
  private boolean isAcrossPixels(Axis axis) {
    return axis.isFixed()
        && nest.loads().stream()
            .filter(load -> uses(load, lanes))
            .anyMatch(load -> coefficient(load, axis) != MemoryFormat.LANES);
  }

  /** Each place of a block has its sums; blocks go to sums of their own in turn. */
  private Schedule sumsOfPlaces() {
    List<Loop> loops = new ArrayList<>();
    List<Axis> parallel = new ArrayList<>(nest.parallel());
    parallel.remove(lanes);
    parallel.remove(block);
    // Channels first, as there may be one block of samples only to share among threads.
    parallel.sort(Comparator.comparingInt(axis -> axis.isFixed() ? 0 : 1));
    List<Axis> pixels = nest.reduction().stream().filter(Axis::isFixed).toList();
    int channels = channelsTogether(product(pixels));
    parallel.forEach(
        axis -> loops.add(axis.isFixed() ? Loop.unrolled(axis, channels) : Loop.plain(axis)));
    if (nest.parallel().contains(block)) {
      loops.add(Loop.plain(block));
    }
    loops.add(Loop.lanes(lanes));
    int partials = Math.max(1, MOST_SUMS / (channels * nest.accumulators().size()));
    int reductionFrom = loops.size();
    nest.reduction().stream()
        .filter(axis -> !axis.isFixed())
        .forEach(axis -> loops.add(Loop.plain(axis)));
    pixels.forEach(axis -> loops.add(Loop.partialSums(axis, Math.min(PARTIAL_SUMS, partials))));
    return new Schedule(loops, reductionFrom, Integer.MAX_VALUE);
  }

  private static long product(List<Axis> axes) {
    return axes.stream()
        .mapToLong(axis -> axis.isFixed() ? axis.extent() : Integer.MAX_VALUE)
        .reduce(1, (a, b) -> a >= Integer.MAX_VALUE ? a : a * b);
  }

  // -------------------------------------------------------------------------------------- maps

  private Schedule map() {
    List<Loop> loops = new ArrayList<>();
    List<Axis> order = inOrderOfStore(nest.axes());
    Optional<Axis> channel =
        order.stream().filter(axis -> channelsFirst && axis.isFixed()).findFirst();
    if (channel.isPresent() && order.size() == 2) {
      return byChannels(channel.get(), order);
    }
    boolean scatters = GeneralScheduler.scatters(nest);
    List<Axis> window = new ArrayList<>();
    if (scatters) {
      List<Axis> all = nest.axes();
      long points = 1;
      for (int i = all.size() - 1; i > 0; i--) {
        Axis axis = all.get(i);
        if (!axis.isFixed() || axis.equals(block) || axis.equals(lanes)) {
          break;
        }
        points *= axis.extent();
        if (points > mostWrittenOut) {
          break;
        }
        window.add(0, axis);
      }
      order.removeAll(window);
    }
    int inner = order.size() - 1;
    // What each channel has of its own is read once for all pixels of a row.
    boolean hasInner = inner >= 0 && order.get(inner).isFixed() && readsPerLane();
    for (int i = 0; i < (hasInner ? inner : order.size()); i++) {
      Axis axis = order.get(i);
      // Several samples share what each channel has of its own; where a window is written out, its
      // points do, and copies of them all would be more than the compiler inlines.
      boolean shares =
          i == order.size() - 1 && !axis.isFixed() && window.isEmpty() && readsPerLane();
      loops.add(shares ? Loop.unrolled(axis, SAMPLES_TOGETHER) : Loop.plain(axis));
    }
    // The blocks of a pixel together, so that memory is passed over in order.
    boolean together = hasInner && window.isEmpty() && block.extent() <= BLOCKS_OF_PIXEL;
    if (nest.axes().contains(block) && !together) {
      boolean few = !hasInner && window.isEmpty() && block.extent() <= FEW_BLOCKS;
      loops.add(few ? Loop.writtenOut(block) : Loop.plain(block));
    }
    loops.add(Loop.lanes(lanes));
    if (hasInner) {
      loops.add(Loop.plain(order.get(inner)));
    }
    if (nest.axes().contains(block) && together) {
      loops.add(Loop.writtenOut(block));
    }
    window.forEach(axis -> loops.add(Loop.writtenOut(axis)));
    return new Schedule(loops, loops.size(), Integer.MAX_VALUE);
  }

  /**
   * Channel by channel, so that it can run together with sums over channels. What a channel has of
   * its own is read once.
   */
  private Schedule byChannels(Axis channel, List<Axis> order) {
    List<Loop> loops =
        new ArrayList<>(List.of(Loop.unrolled(channel, channelsTogether(block.extent()))));
    order.stream().filter(axis -> !axis.equals(channel)).forEach(a -> loops.add(Loop.plain(a)));
    if (nest.axes().contains(block)) {
      loops.add(Loop.plain(block));
    }
    loops.add(Loop.lanes(lanes));
    return new Schedule(loops, loops.size(), Integer.MAX_VALUE);
  }

  /**
   * Channels of few pixels are worked on together, so that memory is read in pieces that it
   * prefetches.
   */
  private static int channelsTogether(long blocks) {
    long pixels = MemoryFormat.LANES * blocks;
    return (int) Math.max(1, Math.min(MOST_CHANNELS, PIXELS_TOGETHER / pixels));
  }

  /** Whether the nest reads something along its lanes that is the same for all samples. */
  private boolean readsPerLane() {
    return nest.loads().stream()
        .anyMatch(
            load ->
                uses(load, lanes)
                    && nest.parallel().stream()
                        .noneMatch(axis -> !axis.isFixed() && uses(load, axis)));
  }

  /** The axes without blocks and lanes, from the largest step in memory to the smallest. */
  private List<Axis> inOrderOfStore(List<Axis> axes) {
    Affine place = nest.stores().get(0).index().get(0);
    List<Axis> order = new ArrayList<>(axes);
    order.remove(block);
    order.remove(lanes);
    order.sort(
        Comparator.comparingInt(
            axis -> axis.isFixed() ? -Math.abs(place.coefficient(axis)) : Integer.MIN_VALUE));
    return order;
  }

  private static boolean uses(Load load, Axis axis) {
    return load.index().stream().anyMatch(index -> index.uses(axis));
  }

  private static int coefficient(Load load, Axis axis) {
    return Math.abs(load.index().get(0).coefficient(axis));
  }
}
