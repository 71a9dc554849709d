package dev.tenon.processor.plan.vector;

import dev.tenon.processor.code.CamelCase;
import dev.tenon.processor.ir.Accumulator;
import dev.tenon.processor.ir.Accumulator.Replace;
import dev.tenon.processor.ir.Accumulator.Sum;
import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Exprs;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.schedule.Layout;
import dev.tenon.processor.plan.schedule.MemoryFormat;
import dev.tenon.processor.plan.schedule.PhysicalNest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Decides the {@link MemoryFormat} of every tensor, and along which axis each nest runs in vectors.
 *
 * <p>Values with a batch lie channels last, and vectors run along their channels. What a nest reads
 * of the weights along its lanes lies in panels; a nest that wants the panels of a weight along
 * another dimension reads a copy.
 */
final class VectorFormats implements Function<Tensor, Layout> {

  private final Map<String, MemoryFormat> formats = new HashMap<>();

  /** Dimension that the lanes of a state tensor, or of a tensor of the planner's, run along. */
  private final Map<String, Integer> laneDims = new HashMap<>();

  /** Tensors with a halo. */
  private final Set<String> halos = new HashSet<>();

  /** Weights that stay in the order of their dimensions. */
  private final Set<String> rowMajor;

  /** Whether vectors run along the pixels of a channel rather than along channels. */
  private final boolean channelsFirst;

  /**
   * Starts without any format.
   *
   * @param laneDims what is known of tensors of the planner's: the dimension that lanes run along
   * @param rowMajor names of the weights that some nest cannot read in panels
   * @param channelsFirst whether images lie {@code [batch][channel][pixel]}
   */
  VectorFormats(Map<String, Integer> laneDims, Set<String> rowMajor, boolean channelsFirst) {
    this.laneDims.putAll(laneDims);
    this.rowMajor = Set.copyOf(rowMajor);
    this.channelsFirst = channelsFirst;
  }

  /** Says along which dimension the lanes of a tensor of the planner's run. */
  void setLaneDim(Tensor tensor, int dim) {
    laneDims.put(tensor.name(), dim);
  }

  /** For each tensor of which that is known, the dimension that its lanes run along. */
  Map<String, Integer> laneDims() {
    return Map.copyOf(laneDims);
  }

  /** Says that a tensor lies in the order of its dimensions. */
  void setRowMajor(Tensor tensor) {
    formats.put(tensor.name(), MemoryFormat.rowMajor(tensor));
  }

  /** The dimension that the lanes of a state tensor run along, or null. */
  Integer laneDimOf(Tensor tensor) {
    return laneDims.get(tensor.entry());
  }

  @Override
  public Layout apply(Tensor tensor) {
    MemoryFormat format = formats.get(tensor.entry());
    return new Layout.Formatted(format == null ? MemoryFormat.rowMajor(tensor) : format);
  }

  /** The format of a parameter or running statistic that some nest uses. */
  Optional<MemoryFormat> ofState(String name) {
    return Optional.ofNullable(formats.get(name));
  }

  /** Whether a tensor is read beyond its border, where it has to be zero. */
  boolean hasHalo(String tensor) {
    MemoryFormat format = formats.get(tensor);
    return format != null && halos.contains(tensor);
  }

  MemoryFormat of(Tensor tensor) {
    return ((Layout.Formatted) apply(tensor)).format();
  }

  /**
   * Fixes the formats of all tensors of these nests.
   *
   * @param nests in their order
   */
  void decide(List<Nest> nests) {
    Set<String> inLanes = new HashSet<>();
    for (Nest nest : nests) {
      laneAxis(nest)
          .ifPresent(
              lane -> {
                nest.loads().stream()
                    .filter(load -> uses(load.index(), lane))
                    .forEach(load -> inLanes.add(load.tensor().entry()));
                nest.stores().forEach(store -> inLanes.add(store.tensor().entry()));
              });
    }
    Map<String, int[][]> reach = reach(nests);
    halos.addAll(reach.keySet());
    for (Tensor tensor : tensors(nests)) {
      boolean lanes = inLanes.contains(tensor.entry()) && tensor.type() == ElementType.FLOAT;
      formats.computeIfAbsent(tensor.entry(), name -> format(tensor, lanes, reach.get(name)));
    }
  }

  private MemoryFormat format(Tensor tensor, boolean lanes, int[][] halo) {
    Integer dim = laneDims.get(tensor.entry());
    if (dim != null && lanes) {
      return tensor.rank() - MemoryFormat.leading(tensor) == 1 || isLast(tensor, dim)
          ? lastPadded(tensor)
          : MemoryFormat.panels(tensor, dim);
    }
    if (tensor.isState() || MemoryFormat.leading(tensor) == 0 || tensor.rank() < 2) {
      return lanes && tensor.rank() == 1 ? lastPadded(tensor) : MemoryFormat.rowMajor(tensor);
    }
    if (tensor.type() != ElementType.FLOAT || isPixels(tensor)) {
      return MemoryFormat.rowMajor(tensor);
    }
    List<Integer> before = new ArrayList<>(MemoryFormat.none(tensor));
    List<Integer> after = new ArrayList<>(before);
    if (halo != null) {
      before = Arrays.stream(halo[0]).boxed().toList();
      after = Arrays.stream(halo[1]).boxed().toList();
    }
    return MemoryFormat.channelsLast(tensor, before, after, lanes);
  }

  private static boolean isLast(Tensor tensor, int dim) {
    return dim == tensor.rank() - 1 && dim > MemoryFormat.leading(tensor);
  }

  /** The order of the dimensions, the last of them padded to whole vectors. */
  private static MemoryFormat lastPadded(Tensor tensor) {
    List<MemoryFormat.Part> parts = new ArrayList<>(MemoryFormat.rowMajor(tensor).parts());
    MemoryFormat.Part last = parts.remove(parts.size() - 1);
    parts.add(new MemoryFormat.Part(last.dim(), 1, MemoryFormat.padded(last.extent())));
    return new MemoryFormat(parts, MemoryFormat.none(tensor));
  }

  private static Set<Tensor> tensors(Collection<Nest> nests) {
    Set<Tensor> all = new LinkedHashSet<>();
    for (Nest nest : nests) {
      nest.stores().forEach(store -> all.add(store.tensor()));
      nest.loads().forEach(load -> all.add(load.tensor()));
    }
    return all;
  }

  /** For each tensor that is read beyond its border: how far, before and behind. */
  private static Map<String, int[][]> reach(List<Nest> nests) {
    Map<String, int[][]> reach = new HashMap<>();
    for (Nest nest : nests) {
      for (Load load : nest.loads()) {
        Tensor tensor = load.tensor();
        if (load.outside() != Outside.ZERO || tensor.rank() < 3 || tensor.isState()) {
          continue;
        }
        int[][] halo = reach.computeIfAbsent(tensor.name(), name -> new int[2][tensor.rank()]);
        for (int d = 2; d < tensor.rank(); d++) {
          long first = PhysicalNest.minimum(load.index().get(d));
          long last = PhysicalNest.maximum(load.index().get(d));
          halo[0][d] = (int) Math.max(halo[0][d], -first);
          halo[1][d] = (int) Math.max(halo[1][d], last - (tensor.dims().get(d) - 1));
        }
      }
    }
    return reach;
  }

  // ------------------------------------------------------------------------------------ lanes

  /**
   * The axis that a nest runs along in vectors; empty for one that only numbers can do, such as one
   * that computes in doubles.
   */
  Optional<Axis> laneAxis(Nest nest) {
    if (nest.stores().isEmpty() || !nest.lookups().isEmpty()) {
      return Optional.empty();
    }
    Optional<Axis> lane = laneOf(nest.stores().get(0));
    return lane.filter(axis -> canRunAlong(nest, axis));
  }

  /** The axis over pixels that a nest sums along, where it cannot run in vectors otherwise. */
  Optional<Axis> summedAxis(Nest nest) {
    if (!channelsFirst
        || nest.accumulators().isEmpty()
        || nest.stores().isEmpty()
        || laneAxis(nest).isPresent()) {
      return Optional.empty();
    }
    return nest.reduction().stream()
        .filter(axis -> axis.isFixed() && axis.extent() % MemoryFormat.LANES == 0)
        .filter(axis -> canSumAlong(nest, axis))
        .findFirst();
  }

  private boolean canSumAlong(Nest nest, Axis lane) {
    return nest.accumulators().stream()
            .allMatch(
                a ->
                    a.type() == ElementType.FLOAT
                        && a.fold() instanceof Sum sum
                        && a.init() instanceof Expr.Constant zero
                        && zero.value() == 0
                        && dependsOn(sum.term(), lane, Set.of())
                        && isVector(sum.term(), lane, Set.of()))
        && nest.stores().stream()
            .allMatch(
                store ->
                    store.value() instanceof Expr.AccumulatorValue && !uses(store.index(), lane));
  }

  private boolean isPixels(Tensor tensor) {
    return channelsFirst && tensor.isBatched() && tensor.rank() == 3;
  }

  private Optional<Axis> laneOf(Store store) {
    OptionalDim dim = laneDim(store.tensor());
    if (!dim.isPresent()) {
      return Optional.empty();
    }
    Affine index = store.index().get(dim.get());
    return index.terms().keySet().stream()
        .filter(axis -> axis.isFixed() && index.coefficient(axis) == 1)
        .findFirst();
  }

  /** A dimension, or none. */
  private record OptionalDim(int get) {
    boolean isPresent() {
      return get >= 0;
    }
  }

  private OptionalDim laneDim(Tensor tensor) {
    Integer dim = laneDims.get(tensor.entry());
    if (dim != null) {
      return new OptionalDim(dim);
    }
    if (tensor.type() != ElementType.FLOAT) {
      return new OptionalDim(-1);
    }
    if (tensor.rank() == 1 && MemoryFormat.leading(tensor) == 0) {
      return new OptionalDim(0);
    }
    if (isPixels(tensor)) {
      return new OptionalDim(2);
    }
    return new OptionalDim(
        tensor.role() == Role.VALUE && MemoryFormat.leading(tensor) == 1 && tensor.rank() >= 2
            ? 1
            : -1);
  }

  private boolean canRunAlong(Nest nest, Axis lane) {
    if (!nest.parallel().contains(lane)) {
      return false;
    }
    Set<String> vectors = new HashSet<>();
    boolean sums = nest.accumulators().stream().allMatch(a -> a.type() == ElementType.FLOAT);
    nest.accumulators().forEach(a -> vectors.add(a.name()));
    return sums
        && nest.accumulators().stream()
            .allMatch(a -> isVector(a.init(), lane, vectors) && isVector(term(a), lane, vectors))
        && nest.stores().stream()
            .allMatch(
                store ->
                    store.value().type() == ElementType.FLOAT
                        && store.tensor().type() == ElementType.FLOAT
                        && isAlong(store.tensor(), store.index(), lane)
                        && isVector(store.value(), lane, vectors));
  }

  private static Expr term(Accumulator accumulator) {
    return accumulator.fold() instanceof Sum sum
        ? sum.term()
        : ((Replace) accumulator.fold()).next();
  }

  /** Whether vectors can compute the expression, or it does not depend on the lanes. */
  private boolean isVector(Expr expr, Axis lane, Set<String> vectors) {
    if (!dependsOn(expr, lane, vectors)) {
      return !(expr instanceof Expr.Uniform);
    }
    if (expr.type() != ElementType.FLOAT) {
      return false;
    }
    if (expr instanceof Load load) {
      return isAlong(load.tensor(), load.index(), lane);
    }
    if (expr instanceof Expr.Cast
        || expr instanceof Expr.Uniform
        || expr instanceof Expr.IndexValue
        || expr instanceof Expr.Call
        || (expr instanceof Expr.Unary unary && unary.op() == Expr.UnaryOp.LOG)) {
      return false;
    }
    return Exprs.children(expr).stream().allMatch(child -> isVector(child, lane, vectors));
  }

  private static boolean dependsOn(Expr expr, Axis lane, Set<String> vectors) {
    if (expr instanceof Load load) {
      return uses(load.index(), lane);
    }
    if (expr instanceof Expr.AccumulatorValue value) {
      return vectors.contains(value.name());
    }
    if (expr instanceof Expr.IndexValue value) {
      return value.index().uses(lane);
    }
    if (expr instanceof Expr.Uniform uniform) {
      return uniform.index().uses(lane);
    }
    return Exprs.children(expr).stream().anyMatch(child -> dependsOn(child, lane, vectors));
  }

  /** Whether the elements at neighbouring points of the axis can be neighbours in memory. */
  private boolean isAlong(Tensor tensor, List<Affine> index, Axis lane) {
    List<Integer> dims = new ArrayList<>();
    for (int d = 0; d < index.size(); d++) {
      if (index.get(d).uses(lane)) {
        dims.add(d);
      }
    }
    if (dims.size() != 1) {
      return false;
    }
    int dim = dims.get(0);
    Affine at = index.get(dim);
    boolean aligned =
        at.coefficient(lane) == 1
            && at.constant() % MemoryFormat.LANES == 0
            && at.terms().entrySet().stream()
                .allMatch(
                    term ->
                        term.getKey().equals(lane) || term.getValue() % MemoryFormat.LANES == 0);
    boolean alone =
        (at.terms().size() == 1 && lane.extent() == tensor.dims().get(dim))
            || lane.extent() % MemoryFormat.LANES == 0;
    if (!aligned || !alone) {
      return false;
    }
    OptionalDim wanted = laneDim(tensor);
    if (wanted.isPresent()) {
      return wanted.get() == dim;
    }
    // Weights of more than one dimension: panels are made for whoever wants them first.
    return tensor.type() == ElementType.FLOAT
        && (tensor.isState() || MemoryFormat.leading(tensor) == 0)
        && !rowMajor.contains(tensor.entry());
  }

  /**
   * Makes panels for what a nest reads along its lanes. The first nest that reads a weight decides
   * how it lies; others get a copy.
   *
   * @param copies takes the nests that make copies
   * @return the nest, reading the copies
   */
  Nest withPanels(Nest nest, List<Nest> copies) {
    Optional<Axis> lane = candidate(nest);
    if (lane.isEmpty()) {
      return nest;
    }
    Map<String, Tensor> replaced = new HashMap<>();
    for (Load load : nest.loads()) {
      Tensor tensor = load.tensor();
      boolean weights =
          tensor.type() == ElementType.FLOAT
              && tensor.rank() >= 2
              && MemoryFormat.leading(tensor) == 0
              && !rowMajor.contains(tensor.entry());
      if (!weights || !uses(load.index(), lane.get())) {
        continue;
      }
      int dim = dimOf(load.index(), lane.get());
      Integer known = laneDims.putIfAbsent(tensor.entry(), dim);
      if (known != null && known != dim) {
        replaced.computeIfAbsent(tensor.name(), name -> copy(nest, tensor, dim, copies));
      }
    }
    return replaced.isEmpty()
        ? nest
        : nest.withValues(
            node ->
                node instanceof Load load && replaced.containsKey(load.tensor().name())
                    ? new Load(replaced.get(load.tensor().name()), load.index(), load.outside())
                    : node);
  }

  /** The axis that the nest would run along if all weights lay right. */
  private Optional<Axis> candidate(Nest nest) {
    if (nest.stores().isEmpty() || !nest.lookups().isEmpty()) {
      return Optional.empty();
    }
    Optional<Axis> lane = laneOf(nest.stores().get(0));
    Map<String, Integer> saved = new HashMap<>(laneDims);
    nest.loads().stream()
        .filter(load -> load.tensor().role() == Role.PARAMETER && load.tensor().rank() >= 2)
        .forEach(load -> laneDims.remove(load.tensor().entry()));
    Optional<Axis> result = lane.filter(axis -> canRunAlong(nest, axis));
    laneDims.clear();
    laneDims.putAll(saved);
    return result;
  }

  private Tensor copy(Nest nest, Tensor tensor, int dim, List<Nest> copies) {
    String local = tensor.word();
    Tensor copy =
        new Tensor(
            nest.layer(),
            CamelCase.join(nest.name(), local),
            tensor.type(),
            Role.VALUE,
            tensor.dims());
    laneDims.put(copy.name(), dim);
    List<Axis> axes = new ArrayList<>();
    for (int d = 0; d < tensor.rank(); d++) {
      axes.add(new Axis("d" + d, tensor.dims().get(d)));
    }
    Affine[] index = axes.stream().map(Affine::of).toArray(Affine[]::new);
    copies.add(
        Nest.of(nest.layer(), nest.name() + "Panels", local + " in panels along dimension " + dim)
            .over(axes)
            .store(Store.set(copy, Expr.load(tensor, index), index))
            .build());
    return copy;
  }

  private static int dimOf(List<Affine> index, Axis lane) {
    for (int d = 0; d < index.size(); d++) {
      if (index.get(d).uses(lane)) {
        return d;
      }
    }
    throw new IllegalArgumentException(lane + " in none of " + index);
  }

  private static boolean uses(List<Affine> index, Axis axis) {
    return index.stream().anyMatch(i -> i.uses(axis));
  }
}
