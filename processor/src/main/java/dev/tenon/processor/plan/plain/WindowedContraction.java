package dev.tenon.processor.plan.plain;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Phase;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.rewrite.Contraction;
import dev.tenon.processor.plan.rewrite.NestRewrite;
import dev.tenon.processor.plan.rewrite.WindowGeometry;
import dev.tenon.processor.plan.rewrite.WindowGeometry.Dim;
import dev.tenon.processor.plan.rewrite.WindowGeometry.Tap;
import dev.tenon.processor.plan.schedule.Layout;
import dev.tenon.processor.plan.schedule.PhysicalNest;
import dev.tenon.processor.plan.schedule.ScheduledNest.Loop;
import dev.tenon.processor.plan.schedule.ScheduledNest.Schedule;
import dev.tenon.processor.plan.schedule.Work;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plans convolutions and both of their gradients for plain Java.
 *
 * <p>Forward and gradient of the input add scaled, shifted planes to planes, one kernel place after
 * the other, along all positions of a plane at once; padded copies keep the inner loop free of
 * conditions ({@link WindowGeometry}). The gradient of the weights is a dot product over all
 * positions, with the sums of several kernel places in locals.
 */
final class WindowedContraction {
  /** Scalar sums in one loop of the weight gradient: two planes of a 3x3 kernel. */
  private static final int MOST_SUMS = 18;

  /** Output channels that take the patches of a sample together. */
  private static final int CHANNEL_BLOCK = 16;

  /** Kernel places in one method: a 5x5 kernel, with all remainders some 2,500 bytes. */
  private static final int MOST_TAPS = 25;

  private final Layouts layouts;

  private final Phase phase;

  /** Copies that have been made, by what they are a copy of. */
  private final Map<String, Tensor> copies;

  private WindowedContraction(Layouts layouts, Phase phase, Map<String, Tensor> copies) {
    this.layouts = layouts;
    this.phase = phase;
    this.copies = copies;
  }

  /**
   * For the nests of the training forward or of evaluation, which copy what they read themselves.
   */
  static WindowedContraction of(Phase phase, Layouts layouts) {
    return new WindowedContraction(layouts, phase, new HashMap<>());
  }

  /** For the nests of backward, which use the copies that the training forward has made. */
  WindowedContraction backward() {
    return new WindowedContraction(layouts, Phase.BACKWARD, copies);
  }

  /** What a planned nest replaces the nest before it by: nothing, when that one only cleared. */
  record Result(List<Work> works, boolean replacesClearing) {}

  Optional<Result> plan(Nest nest) {
    Optional<Contraction> contraction = Contraction.of(nest);
    if (contraction.isEmpty()) {
      return Optional.empty();
    }
    Load left = contraction.get().left();
    Load right = contraction.get().right();
    Store store = contraction.get().store();
    if (store.mode() == Store.Mode.ADD) {
      Load weight = left.tensor().isState() ? left : right;
      Load gradient = weight.equals(left) ? right : left;
      List<Axis> taps = notIn(weight, gradient);
      return WindowGeometry.of(store.tensor().dims(), store.index(), taps)
          .map(geometry -> new Result(scatter(nest, geometry, gradient, weight), true));
    }
    for (Load x : List.of(left, right)) {
      Load other = x.equals(left) ? right : left;
      Optional<WindowGeometry> forward = WindowGeometry.of(x, nest.reduction());
      if (forward.isPresent() && other.tensor().isState()) {
        return Optional.of(new Result(forward(nest, forward.get(), x, other), false));
      }
      Optional<WindowGeometry> weights = WindowGeometry.of(x, nest.parallel());
      if (weights.isPresent() && store.tensor().isState()) {
        return Optional.of(new Result(weights(nest, weights.get(), x, other), false));
      }
    }
    return Optional.empty();
  }

  private static List<Axis> notIn(Load load, Load other) {
    List<Axis> axes = new ArrayList<>();
    for (Affine index : load.index()) {
      for (Axis axis : index.terms().keySet()) {
        if (other.index().stream().noneMatch(i -> i.uses(axis))) {
          axes.add(axis);
        }
      }
    }
    return axes;
  }

  // -------------------------------------------------------------------------------- forward

  private List<Work> forward(Nest nest, WindowGeometry geometry, Load x, Load weight) {
    List<Work> works = new ArrayList<>();
    Tensor source = paddedCopy(nest, geometry, x, works);
    Store store = nest.stores().get(0);
    Expr init = nest.accumulators().get(0).init();
    List<Axis> rows = new ArrayList<>(nest.parallel());
    rows.removeAll(geometry.outAxes());
    List<Axis> channels = new ArrayList<>(nest.reduction());
    channels.removeAll(geometry.tapAxes());
    Axis p = new Axis("p", geometry.positions());

    boolean direct =
        geometry.isDense()
            && store.value() instanceof Expr.AccumulatorValue
            && isRowsByOut(store, rows, geometry);
    Tensor sums =
        direct
            ? rowsView(store.tensor(), init, rows, geometry.positions())
            : rowsTensor(nest, nest.name() + "Sums", init, rows, geometry.positions());
    works.add(start(nest, sums, rows, p, init));

    for (List<Tap> some : groups(geometry)) {
      Nest.Builder builder =
          Nest.of(nest.layer(), partName(nest, geometry, some), nest.summary())
              .over(with(rows, p))
              .reduce(channels);
      for (Tap tap : some) {
        builder.store(
            Store.add(
                sums,
                Expr.multiply(
                    at(weight, geometry, tap),
                    sourceAt(source, geometry, x.index().get(1), tap, Affine.of(p))),
                indices(rows, Affine.of(p))));
      }
      works.add(Work.scheduled(builder.build(), planes(rows, channels, p)));
    }
    if (!direct) {
      Load sum = Expr.load(sums, indices(rows, geometry.position()));
      works.add(finish(nest, sum));
    }
    return works;
  }

  /** Whether the store goes to {@code [rows..., out...]}, each axis for itself. */
  private boolean isRowsByOut(Store store, List<Axis> rows, WindowGeometry geometry) {
    Tensor tensor = store.tensor();
    int spatial = geometry.dims().size();
    if (tensor.rank() != 2 + spatial
        || !layouts.of(tensor).equals(new Layout.Rows(2))
        || !store.index().get(0).equals(Affine.of(rows.get(0)))) {
      return false;
    }
    List<Integer> extents = rows.subList(1, rows.size()).stream().map(Axis::extent).toList();
    List<Affine> axes = rows.subList(1, rows.size()).stream().map(Affine::of).toList();
    return store.index().get(1).equals(PhysicalNest.linear(extents, axes))
        && store
            .index()
            .subList(2, 2 + spatial)
            .equals(geometry.outAxes().stream().map(Affine::of).toList());
  }

  // ---------------------------------------------------------------------- gradient of the input

  private List<Work> scatter(Nest nest, WindowGeometry geometry, Load gradient, Load weight) {
    List<Work> works = new ArrayList<>();
    Store store = nest.stores().get(0);
    Expr zero = nest.accumulators().get(0).init();
    List<Axis> gradientRows = new ArrayList<>(nest.axes());
    gradientRows.removeIf(axis -> gradient.index().stream().noneMatch(i -> i.uses(axis)));
    gradientRows.removeAll(geometry.outAxes());
    Positions dense = positionsCopy(nest, geometry, gradient, gradientRows, works);

    List<Axis> rows = new ArrayList<>(nest.parallel());
    rows.removeAll(geometry.outAxes());
    rows.removeAll(geometry.tapAxes());
    Axis p = new Axis("p", geometry.positions());
    Tensor x = store.tensor();
    Tensor target =
        geometry.isSourceItself()
            ? sourceTensor(x.layer(), x.word(), x, geometry)
            : sourceTensor(
                nest.layer(), isGradient() ? "scattered" : nest.name() + "Scattered", x, geometry);
    layouts.choose(target, new Layout.Rows(target.rank() - 1));
    List<Axis> all = new ArrayList<>(List.of(Axis.batch()));
    List<String> names = target.rank() == 3 ? List.of("n", "c", "p") : List.of("n", "c", "f", "p");
    for (int d = 1; d < target.rank(); d++) {
      all.add(new Axis(names.get(d), target.dims().get(d)));
    }
    works.add(
        Work.general(
            Nest.of(nest.layer(), nest.name() + "Start", "the sums start from 0")
                .over(all)
                .store(Store.set(target, zero, all.stream().map(Affine::of).toArray(Affine[]::new)))
                .build()));

    for (List<Tap> some : groups(geometry)) {
      Nest.Builder builder =
          Nest.of(nest.layer(), partName(nest, geometry, some), nest.summary())
              .over(with(rows, p))
              .reduce(nest.reduction());
      for (Tap tap : some) {
        builder.store(
            Store.add(
                target,
                Expr.multiply(
                    at(weight, geometry, tap),
                    Expr.load(dense.tensor(), indices(gradientRows, dense.at(p)))),
                sourceIndex(geometry, store.index().get(1), tap, Affine.of(p))));
      }
      works.add(Work.scheduled(builder.build(), planes(rows, nest.reduction(), p)));
    }
    if (!geometry.isSourceItself()) {
      copyPhases(nest, geometry, target, x, works, "Finish", false);
    }
    return works;
  }

  // -------------------------------------------------------------------- gradient of the weights

  private List<Work> weights(Nest nest, WindowGeometry geometry, Load x, Load gradient) {
    List<Work> works = new ArrayList<>();
    Tensor source = paddedCopy(nest, geometry, x, works);
    Patches patches = Patches.of(nest, geometry, x, gradient);
    if (patches.areWorthCopying()) {
      weightsFromPatches(nest, geometry, x, gradient, source, patches, works);
    } else {
      weightsInPlace(nest, geometry, x, gradient, source, works);
    }
    return works;
  }

  /**
   * The windows of the source as rows, one for each output position.
   *
   * @param outer sample, position and group: a row for each of their points
   * @param channels what a row has besides the places of the kernel
   * @param row length of a row
   */
  private record Patches(List<Axis> outer, List<Axis> channels, int row) {
    /** Rows below this, C2's vectors do not pay for; the 9 of one channel, say. */
    private static final int SHORTEST_ROW = 64;

    /** Numbers in the patches of a sample: 1 MB, and the window's size times the source. */
    private static final int MOST = 1 << 18;

    static Patches of(Nest nest, WindowGeometry geometry, Load x, Load gradient) {
      List<Axis> outer = new ArrayList<>(List.of(Axis.batch()));
      outer.addAll(geometry.outAxes());
      List<Axis> channels = new ArrayList<>();
      int row = geometry.taps().size();
      for (Axis axis : nest.parallel()) {
        if (x.index().get(1).uses(axis)) {
          boolean shared = gradient.index().stream().anyMatch(index -> index.uses(axis));
          (shared ? outer : channels).add(axis);
          row = shared ? row : Math.multiplyExact(row, axis.extent());
        }
      }
      return new Patches(outer, channels, row);
    }

    boolean areWorthCopying() {
      double size = row;
      for (Axis axis : outer) {
        size *= axis.isFixed() ? axis.extent() : 1;
      }
      return row >= SHORTEST_ROW && size <= MOST;
    }

    /** Where a channel's value for a place of the kernel is in its row. */
    Affine at(Affine tap, int taps) {
      Affine at = Affine.ZERO;
      for (Axis channel : channels) {
        at = at.times(channel.extent()).plus(channel);
      }
      return at.times(taps).plus(tap);
    }
  }

  /**
   * A product of matrices: rows of the gradient's channels get the patches, each times what the
   * channel's gradient is at the patch's place. C2 makes vectors of that, and none of the dot
   * product: 55 in place of 13 GFLOP/s, for a copy that takes a tenth as long.
   */
  private void weightsFromPatches(
      Nest nest,
      WindowGeometry geometry,
      Load x,
      Load gradient,
      Tensor source,
      Patches patches,
      List<Work> works) {
    List<Tap> taps = geometry.taps();
    Axis j = new Axis("j", patches.row());
    Tensor rows = rowsTensor(nest, "patches", gradient, patches.outer(), patches.row());
    Nest.Builder copy =
        Nest.of(
                nest.layer(),
                nest.name() + "Patches",
                "the window of each position, as a row of " + patches.row())
            .over(with(patches.outer(), patches.channels()));
    for (int t = 0; t < taps.size(); t++) {
      copy.store(
          Store.set(
              rows,
              sourceAt(source, geometry, x.index().get(1), taps.get(t), geometry.position()),
              indices(patches.outer(), patches.at(Affine.constant(t), taps.size()))));
    }
    works.add(Work.general(copy.build()));

    Expr init = nest.accumulators().get(0).init();
    List<Axis> outputs = new ArrayList<>(nest.parallel());
    outputs.removeAll(geometry.tapAxes());
    outputs.removeAll(patches.channels());
    Tensor sums = rowsTensor(nest, nest.name() + "Sums", init, outputs, j.extent());
    works.add(start(nest, sums, outputs, j, init));
    Nest product =
        Nest.of(nest.layer(), nest.name(), nest.summary())
            .over(with(outputs, j))
            .reduce(nest.reduction())
            .store(
                Store.add(
                    sums,
                    Expr.multiply(
                        gradient, Expr.load(rows, indices(patches.outer(), Affine.of(j)))),
                    indices(outputs, Affine.of(j))))
            .build();
    works.add(inBlocks(product, outputs.get(outputs.size() - 1), j));
    Affine tap = Affine.ZERO;
    for (Axis axis : geometry.tapAxes()) {
      tap = tap.times(axis.extent()).plus(axis);
    }
    works.add(finish(nest, Expr.load(sums, indices(outputs, patches.at(tap, taps.size())))));
  }

  /**
   * The product with its output channels in blocks, which threads share: for all channels of a
   * block, the patches of a sample stay in the second cache.
   */
  private static Work inBlocks(Nest product, Axis channel, Axis lane) {
    boolean cut = channel.extent() % CHANNEL_BLOCK == 0;
    Axis outer = new Axis(channel.name() + "Block", channel.extent() / CHANNEL_BLOCK);
    Axis inner = cut ? new Axis(channel.name(), CHANNEL_BLOCK) : channel;
    Nest nest = cut ? NestRewrite.splitAxis(product, channel, outer, inner) : product;
    List<Loop> loops = new ArrayList<>();
    for (Axis axis : nest.parallel()) {
      if (!axis.equals(inner) && !axis.equals(lane)) {
        loops.add(Loop.plain(axis));
      }
    }
    List<Axis> terms = nest.reduction();
    loops.add(Loop.plain(terms.get(0)));
    loops.add(Loop.unrolled(inner, DenseContraction.TILE_ROWS));
    for (Axis axis : terms.subList(1, terms.size() - 1)) {
      loops.add(Loop.plain(axis));
    }
    loops.add(Loop.unrolled(terms.get(terms.size() - 1), DenseContraction.TILE_TERMS));
    loops.add(Loop.plain(lane));
    return Work.scheduled(nest, new Schedule(loops, loops.size() - 1, Integer.MAX_VALUE));
  }

  private void weightsInPlace(
      Nest nest, WindowGeometry geometry, Load x, Load gradient, Tensor source, List<Work> works) {
    List<Axis> gradientRows = new ArrayList<>(nest.axes());
    gradientRows.removeIf(axis -> gradient.index().stream().noneMatch(i -> i.uses(axis)));
    gradientRows.removeAll(geometry.outAxes());
    gradientRows.sort((a, b) -> Boolean.compare(b.isBatch(), a.isBatch()));
    Positions dense = positionsCopy(nest, geometry, gradient, gradientRows, works);

    Store store = nest.stores().get(0);
    Expr init = nest.accumulators().get(0).init();
    List<Axis> rows = new ArrayList<>(nest.parallel());
    rows.removeAll(geometry.tapAxes());
    Axis p = new Axis("p", geometry.positions());
    List<Axis> points = new ArrayList<>(nest.reduction());
    points.removeAll(geometry.outAxes());
    points.add(p);

    List<Tap> taps = geometry.taps();
    int group = groupSize(taps.size(), geometry);
    for (int from = 0; from < taps.size(); from += group) {
      List<Tap> some = taps.subList(from, Math.min(from + group, taps.size()));
      Nest.Builder builder =
          Nest.of(
                  nest.layer(),
                  nest.name() + (taps.size() > group ? "From" + from : ""),
                  nest.summary())
              .over(rows)
              .reduce(points);
      for (Tap tap : some) {
        String name = "sum" + joined(tap.place());
        builder.sum(
            name,
            init,
            Expr.multiply(
                Expr.load(dense.tensor(), indices(gradientRows, dense.at(p))),
                sourceAt(source, geometry, x.index().get(1), tap, Affine.of(p))));
        builder.store(
            new Store(
                store.tensor(),
                store.index().stream().map(i -> atTap(i, geometry, tap)).toList(),
                NestRewrite.accumulators(
                    store.value(), n -> new Expr.AccumulatorValue(name, init.type())),
                store.mode()));
      }
      works.add(Work.scheduled(builder.build(), sums(rows, points, some.size())));
    }
  }

  /** The places of the kernel in parts of which each makes a method that is not too long. */
  private static List<List<Tap>> groups(WindowGeometry geometry) {
    List<Tap> taps = geometry.taps();
    List<List<Tap>> groups = new ArrayList<>();
    for (int from = 0; from < taps.size(); from += MOST_TAPS) {
      groups.add(taps.subList(from, Math.min(from + MOST_TAPS, taps.size())));
    }
    return groups;
  }

  private static String partName(Nest nest, WindowGeometry geometry, List<Tap> some) {
    List<Tap> taps = geometry.taps();
    return some.size() == taps.size()
        ? nest.name()
        : nest.name() + "From" + taps.indexOf(some.get(0));
  }

  /** All places if their sums fit into registers, else a row of the kernel, else what fits. */
  private static int groupSize(int taps, WindowGeometry geometry) {
    if (taps <= MOST_SUMS) {
      return taps;
    }
    Dim last = geometry.dims().get(geometry.dims().size() - 1);
    return Math.min(last.tap().extent(), MOST_SUMS);
  }

  private static Schedule sums(List<Axis> rows, List<Axis> points, int sums) {
    List<Loop> loops = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      // The channel of the output, second to last, shares what is read of the input.
      loops.add(
          i == rows.size() - 2
              ? Loop.unrolled(rows.get(i), Math.max(1, MOST_SUMS / sums))
              : Loop.plain(rows.get(i)));
    }
    points.forEach(axis -> loops.add(Loop.plain(axis)));
    return new Schedule(loops, rows.size(), Integer.MAX_VALUE);
  }

  // --------------------------------------------------------------------------------- copies

  /** The source with its padding, phase by phase; the padding is never written and stays zero. */
  private Tensor paddedCopy(Nest nest, WindowGeometry geometry, Load x, List<Work> works) {
    if (geometry.isSourceItself()) {
      Tensor view = sourceTensor(x.tensor().layer(), x.tensor().word(), x.tensor(), geometry);
      layouts.choose(view, new Layout.Rows(2));
      return view;
    }
    String key = x.tensor().name() + " " + geometry;
    Tensor known = copies.get(key);
    if (known != null) {
      return known;
    }
    String word = phase == Phase.EVALUATION ? "predictPadded" : "padded";
    Tensor padded = sourceTensor(nest.layer(), word, x.tensor(), geometry);
    layouts.choose(padded, new Layout.Rows(padded.rank() - 1));
    layouts.keepZero(padded);
    copies.put(key, padded);
    copyPhases(nest, geometry, padded, x.tensor(), works, "Pad", true);
    return padded;
  }

  private static Tensor sourceTensor(String layer, String word, Tensor x, WindowGeometry geometry) {
    List<Integer> dims = new ArrayList<>(x.dims().subList(0, 2));
    if (geometry.phases() > 1) {
      dims.add(geometry.phases());
    }
    dims.add(geometry.plane());
    return new Tensor(layer, word, x.type(), Role.VALUE, dims);
  }

  /** Copies between a tensor and its padded form, one nest a phase. */
  private void copyPhases(
      Nest nest,
      WindowGeometry geometry,
      Tensor padded,
      Tensor x,
      List<Work> works,
      String suffix,
      boolean toPadded) {
    List<List<Integer>> phases = geometry.phaseIndices();
    for (int f = 0; f < phases.size(); f++) {
      List<Axis> axes = new ArrayList<>(List.of(Axis.batch(), new Axis("c", x.dims().get(1))));
      List<Affine> in = new ArrayList<>(axes.stream().map(Affine::of).toList());
      Affine place = Affine.ZERO;
      boolean empty = false;
      for (int d = 0; d < geometry.dims().size(); d++) {
        Dim dim = geometry.dims().get(d);
        int phase = phases.get(f).get(d);
        int first = dim.first(phase);
        int count = dim.count(phase);
        if (count <= 0) {
          empty = true;
          break;
        }
        Axis q = new Axis(dim.out().name(), count);
        axes.add(q);
        in.add(Affine.constant(first * dim.stride() + phase - dim.before()).plus(q, dim.stride()));
        place = place.plus(q, geometry.pitch(d)).plus(first * geometry.pitch(d));
      }
      if (empty) {
        continue;
      }
      List<Affine> out = new ArrayList<>(in.subList(0, 2));
      if (geometry.phases() > 1) {
        out.add(Affine.constant(f));
      }
      out.add(place);
      Affine[] xAt = in.toArray(Affine[]::new);
      Affine[] paddedAt = out.toArray(Affine[]::new);
      works.add(
          Work.general(
              Nest.of(
                      nest.layer(),
                      nest.name() + suffix + (phases.size() > 1 ? f : ""),
                      toPadded ? "a copy with its padding" : "what lies inside the padding")
                  .over(axes)
                  .store(
                      toPadded
                          ? Store.set(padded, Expr.load(x, xAt), paddedAt)
                          : Store.set(x, Expr.load(padded, paddedAt), xAt))
                  .build()));
    }
  }

  /** Whether it is a part of backward, rather than the forward of a transposed convolution. */
  private boolean isGradient() {
    return phase == Phase.BACKWARD;
  }

  /**
   * Rows numbered by positions, zero between the rows of the plane.
   *
   * @param lead where position 0 lies: as far as the last place of the kernel, so that a row that
   *     is read at a position lies ahead of one that is written at a place. The arrays might be the
   *     same, for all that C2 knows, and what was written just before could not be read in a
   *     vector.
   */
  private record Positions(Tensor tensor, int lead) {
    Affine at(Axis p) {
      return Affine.of(p).plus(lead);
    }
  }

  private Positions positionsCopy(
      Nest nest, WindowGeometry geometry, Load gradient, List<Axis> rows, List<Work> works) {
    int lead = geometry.taps().stream().mapToInt(Tap::offset).max().orElse(0);
    boolean inPlace =
        lead == 0
            && geometry.isDense()
            && isRowsByOut(
                new Store(gradient.tensor(), gradient.index(), gradient, Store.Mode.SET),
                rows,
                geometry);
    if (inPlace) {
      return new Positions(rowsView(gradient.tensor(), gradient, rows, geometry.positions()), lead);
    }
    String key = gradient.tensor().name() + " positions " + geometry;
    Tensor known = copies.get(key);
    if (known != null) {
      return new Positions(known, lead);
    }
    String name = isGradient() ? "spacedGradient" : nest.name() + "Spaced";
    Tensor copy = rowsTensor(nest, name, gradient, rows, lead + geometry.positions());
    layouts.keepZero(copy);
    copies.put(key, copy);
    works.add(
        Work.general(
            (isGradient()
                    ? Nest.of(nest.layer(), "spaceGradient", "dy spaced like the padded rows of x")
                    : Nest.of(
                        nest.layer(), nest.name() + "Space", "x spaced like the padded rows of y"))
                .over(with(rows, geometry.outAxes()))
                .store(Store.set(copy, gradient, indices(rows, geometry.position().plus(lead))))
                .build()));
    return new Positions(copy, lead);
  }

  // ---------------------------------------------------------------------------------- parts

  private Tensor rowsTensor(Nest nest, String word, Expr like, List<Axis> rows, int length) {
    return asRows(
        new Tensor(nest.layer(), word, like.type(), Role.VALUE, dims(rows, length)), rows);
  }

  /** Another view of a tensor: the same memory. */
  private Tensor rowsView(Tensor tensor, Expr like, List<Axis> rows, int length) {
    return asRows(tensor.withType(like.type()).withDims(dims(rows, length)), rows);
  }

  private Tensor asRows(Tensor tensor, List<Axis> rows) {
    layouts.choose(tensor, new Layout.Rows(rows.size()));
    return tensor;
  }

  private static List<Integer> dims(List<Axis> rows, int length) {
    List<Integer> dims = new ArrayList<>(rows.stream().map(Axis::extent).toList());
    dims.add(length);
    return dims;
  }

  private Work start(Nest nest, Tensor sums, List<Axis> rows, Axis p, Expr init) {
    return Work.general(
        Nest.of(nest.layer(), nest.name() + "Start", "the sums start from their first value")
            .over(with(rows, p))
            .store(Store.set(sums, init, indices(rows, Affine.of(p))))
            .build());
  }

  /** Stores the finished sums where the nest would. */
  private static Work finish(Nest nest, Load sum) {
    Store store = nest.stores().get(0);
    return Work.general(
        Nest.of(nest.layer(), nest.name() + "Finish", "the finished sums where they belong")
            .over(nest.parallel())
            .store(
                new Store(
                    store.tensor(),
                    store.index(),
                    NestRewrite.accumulators(store.value(), name -> sum),
                    store.mode()))
            .build());
  }

  private static List<Axis> with(List<Axis> axes, Axis last) {
    return with(axes, List.of(last));
  }

  private static List<Axis> with(List<Axis> axes, List<Axis> last) {
    List<Axis> all = new ArrayList<>(axes);
    all.addAll(last);
    return all;
  }

  private static Affine[] indices(List<Axis> rows, Affine last) {
    List<Affine> index = new ArrayList<>(rows.stream().map(Affine::of).toList());
    index.add(last);
    return index.toArray(Affine[]::new);
  }

  private static Load sourceAt(
      Tensor source, WindowGeometry geometry, Affine channel, Tap tap, Affine p) {
    return Expr.load(source, sourceIndex(geometry, channel, tap, p));
  }

  private static Affine[] sourceIndex(WindowGeometry geometry, Affine channel, Tap tap, Affine p) {
    List<Affine> index = new ArrayList<>(List.of(Affine.of(Axis.batch()), channel));
    if (geometry.phases() > 1) {
      index.add(Affine.constant(tap.phase()));
    }
    index.add(p.plus(tap.offset()));
    return index.toArray(Affine[]::new);
  }

  private static Load at(Load weight, WindowGeometry geometry, Tap tap) {
    return new Load(
        weight.tensor(),
        weight.index().stream().map(i -> atTap(i, geometry, tap)).toList(),
        weight.outside());
  }

  private static Affine atTap(Affine index, WindowGeometry geometry, Tap tap) {
    return index.substitute(
        axis -> {
          int d = geometry.tapAxes().indexOf(axis);
          return d < 0 ? Affine.of(axis) : Affine.constant(tap.place().get(d));
        });
  }

  private static String joined(List<Integer> place) {
    StringBuilder text = new StringBuilder();
    place.forEach(i -> text.append(text.isEmpty() ? "" : "_").append(i));
    return text.toString();
  }

  private static Schedule planes(List<Axis> rows, List<Axis> channels, Axis p) {
    List<Loop> loops = new ArrayList<>();
    int copies = 1;
    for (int i = 0; i < rows.size(); i++) {
      boolean tiled = i == rows.size() - 1 && !rows.get(i).isBatch();
      Loop loop =
          tiled ? Loop.unrolled(rows.get(i), DenseContraction.TILE_ROWS) : Loop.plain(rows.get(i));
      copies *= loop.unroll();
      loops.add(loop);
    }
    for (int i = 0; i < channels.size(); i++) {
      Loop loop =
          i == channels.size() - 1
              ? Loop.unrolled(channels.get(i), DenseContraction.TILE_TERMS)
              : Loop.plain(channels.get(i));
      copies *= loop.unroll();
      loops.add(loop);
    }
    loops.add(Loop.plain(p));
    int together = Math.max(1, DenseContraction.TILE_ROWS * DenseContraction.TILE_TERMS / copies);
    return new Schedule(loops, loops.size() - 1, together);
  }
}
