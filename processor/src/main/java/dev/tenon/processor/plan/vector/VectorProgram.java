package dev.tenon.processor.plan.vector;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Exprs;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.rewrite.Contraction;
import dev.tenon.processor.plan.rewrite.Fusion;
import dev.tenon.processor.plan.rewrite.IntsAsFloats;
import dev.tenon.processor.plan.rewrite.NestRewrite;
import dev.tenon.processor.plan.schedule.GeneralScheduler;
import dev.tenon.processor.plan.schedule.KnownSchedules;
import dev.tenon.processor.plan.schedule.MemoryFormat;
import dev.tenon.processor.plan.schedule.PhysicalNest;
import dev.tenon.processor.plan.schedule.PlannedProgram;
import dev.tenon.processor.plan.schedule.PlannedProgram.PlannedStep;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import dev.tenon.processor.plan.schedule.Work;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A program rewritten for vectors, with the format of every tensor and the schedule of every nest.
 * In order:
 *
 * <ol>
 *   <li>{@link GatherForm}: gradients of the inputs of convolutions become convolutions;
 *   <li>{@link Winograd}: convolutions of 3 places, in fewer multiplications;
 *   <li>{@link BlockedSums}: sums over the batch become sums over blocks;
 *   <li>{@link LaneSums}: sums along the pixels become a sum for each place of a vector;
 *   <li>{@link FunctionSplit}: a nest calls one function;
 *   <li>gradients of the weights of convolutions are summed in parts of the batch, so that threads
 *       can share the work;
 *   <li>whole numbers that are kept, such as the choice of a max pool, become floats;
 *   <li>{@link VectorFormats}: how every tensor lies, and copies of weights that two nests want to
 *       lie differently;
 *   <li>{@link VectorScheduler}, or {@link GeneralScheduler} for what only numbers can do;
 *   <li>{@link EdgeCopies} between the user's tensors and these.
 * </ol>
 */
public final class VectorProgram {
  /** Parts of a batch that add to a weight's gradient of their own. */
  private static final int MOST_PARTS = 16;

  /** Floats of all such gradients of one weight together. */
  private static final int MOST_PART_VALUES = 1 << 20;

  /** Values of a sum that is taken in floats throughout. */
  private static final int MOST_FLOAT_SUM = 1024;

  /** An {@code eps} beside which the square of what vanishes in floats is nothing. */
  private static final double SMALLEST_EPS = 0x1p-80;

  private final VectorFormats formats;
  private final boolean channelsFirst;
  private final Set<String> withoutEps;
  private final boolean winograd;
  private final Predicate<ScheduledNest> fits;
  private final KnownSchedules schedules = new KnownSchedules();
  private final List<Fusion.Decision> decisions = new ArrayList<>();

  private VectorProgram(
      Set<String> rowMajor,
      boolean channelsFirst,
      Set<String> withoutEps,
      boolean winograd,
      Predicate<ScheduledNest> fits) {
    this.withoutEps = withoutEps;
    this.winograd = winograd;
    this.fits = fits;
    this.formats = new VectorFormats(rowMajor, channelsFirst);
    this.channelsFirst = channelsFirst;
  }

  /**
   * What was planned, and where everything lies.
   *
   * @param ends what the planned program reads and writes
   * @param channelsFirst whether images lie channels first
   * @param decisions what was rewritten and how
   */
  public record Result(
      Program ends,
      PlannedProgram program,
      VectorFormats formats,
      boolean channelsFirst,
      List<Fusion.Decision> decisions) {}

  /** A weight that some nest cannot read in panels. */
  private static final class Unplaceable extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String entry;

    Unplaceable(Tensor tensor) {
      super(tensor + " cannot lie in panels", null, false, false);
      entry = tensor.entry();
    }
  }

  /**
   * Plans a program.
   *
   * @param winograd whether convolutions may be computed by Winograd's way
   * @param fits whether every method of a nest stays within its budget
   */
  public static Result of(Program program, boolean winograd, Predicate<ScheduledNest> fits) {
    Set<String> rowMajor = new HashSet<>();
    Optional<Program> channelsFirst = ChannelsFirst.of(program);
    Program ends = channelsFirst.orElse(program);
    while (true) {
      try {
        VectorProgram vector =
            new VectorProgram(
                rowMajor, channelsFirst.isPresent(), withoutEps(program), winograd, fits);
        EdgeCopies.Result between = new EdgeCopies(vector.formats).around(ends, vector.run(ends));
        return new Result(
            between.ends(),
            between.steps(),
            vector.formats,
            channelsFirst.isPresent(),
            vector.decisions);
      } catch (Unplaceable unplaceable) {
        if (!rowMajor.add(unplaceable.entry)) {
          throw unplaceable;
        }
      }
    }
  }

  /** A nest on its way to be scheduled, or something that the model does itself. */
  private record Rewritten(Optional<Nest> nest, Optional<Step> host, Step.Condition condition) {}

  private PlannedProgram run(Program program) {
    List<Rewritten> forward = rewrite(program.forward());
    List<Rewritten> backward = rewrite(program.backward());
    List<Rewritten> predict = rewrite(program.predict());
    List<Nest> nests = new ArrayList<>();
    for (List<Rewritten> steps : List.of(forward, backward, predict)) {
      steps.forEach(step -> step.nest().ifPresent(nests::add));
    }
    formats.decide(nests);
    return new PlannedProgram(schedule(forward), schedule(backward), schedule(predict));
  }

  // ------------------------------------------------------------------------------- rewriting

  private List<Rewritten> rewrite(List<Step> steps) {
    List<Rewritten> result = new ArrayList<>();
    for (Step step : steps) {
      if (step.nest().isEmpty()) {
        result.add(new Rewritten(Optional.empty(), Optional.of(step.bare()), step.condition()));
        continue;
      }
      if (!step.nest().get().lookups().isEmpty()) {
        // What is looked up can be anywhere: numbers one by one.
        result.add(new Rewritten(step.nest(), Optional.empty(), step.condition()));
        continue;
      }
      Nest nest = intsAsFloats(step.nest().get());
      Optional<List<Nest>> gathers = GatherForm.of(nest);
      if (gathers.isPresent()) {
        removeClearing(result, nest.stores().get(0).tensor());
      }
      List<Nest> nests = gathers.or(() -> sums(nest)).or(() -> parts(nest)).orElse(List.of(nest));
      List<Nest> all =
          nests.stream()
              .flatMap(this::inPlaces)
              .flatMap(this::inTiles)
              .flatMap(part -> FunctionSplit.of(part).stream())
              .toList();
      for (Nest part : all) {
        List<Nest> copies = new ArrayList<>();
        Nest withPanels = formats.withPanels(part, copies);
        copies.add(withPanels);
        copies.forEach(
            n -> result.add(new Rewritten(Optional.of(n), Optional.empty(), step.condition())));
      }
    }
    return result;
  }

  /** Sums along pixels, as a sum for each place of a block and the sum of those. */
  private Stream<Nest> inPlaces(Nest nest) {
    return formats
        .summedAxis(nest)
        .map(
            axis -> {
              List<Nest> nests = LaneSums.of(nest, axis);
              nests
                  .get(0)
                  .stores()
                  .forEach(s -> formats.setLaneDim(s.tensor(), s.tensor().rank() - 1));
              return nests.stream();
            })
        .orElse(Stream.of(nest));
  }

  /** A convolution by Winograd's way, where that is faster. */
  private Stream<Nest> inTiles(Nest nest) {
    Optional<Winograd.Result> tiles = winograd ? Winograd.of(nest) : Optional.empty();
    tiles.ifPresent(
        result -> {
          formats.setLaneDim(result.weights(), 0);
          decisions.add(new Fusion.Decision(nest.layer(), nest.name() + ": Winograd F(4, 3)"));
        });
    return tiles.map(result -> result.nests().stream()).orElse(Stream.of(nest));
  }

  private Optional<List<Nest>> sums(Nest nest) {
    Optional<List<Nest>> blocks =
        BlockedSums.of(nest, withoutEps.contains(nest.layer()), channelsFirst);
    blocks.ifPresent(
        nests ->
            nests
                .get(0)
                .stores()
                .forEach(store -> formats.setLaneDim(store.tensor(), store.tensor().rank() - 1)));
    return blocks.or(
        () ->
            floatSums(nest)
                .map(
                    sum ->
                        isOfFunctions(nest)
                            ? List.of(sum)
                            : List.of(sum, BlockedSums.repair(nest))));
  }

  /** Whether it adds up values of functions, such as exponentials, which are far from too large. */
  private static boolean isOfFunctions(Nest nest) {
    return nest.values().stream().anyMatch(value -> Exprs.count(value, Exprs::isFunction) > 0);
  }

  /** The layers that divide by a root to which next to nothing is added. */
  private static Set<String> withoutEps(Program program) {
    return Stream.of(program.forward(), program.backward(), program.predict())
        .flatMap(List::stream)
        .flatMap(step -> step.nest().stream())
        .filter(
            nest -> nest.values().stream().anyMatch(v -> Exprs.count(v, VectorProgram::isBare) > 0))
        .map(Nest::layer)
        .collect(Collectors.toSet());
  }

  private static boolean isBare(Expr expr) {
    return expr instanceof Expr.Unary root
        && root.op() == Expr.UnaryOp.SQRT
        && root.operand() instanceof Expr.Binary sum
        && sum.op() == Expr.BinaryOp.ADD
        && sum.right() instanceof Expr.Constant eps
        && eps.value() < SMALLEST_EPS;
  }

  /** Short sums inside a sample, in floats rather than in doubles. */
  private static Optional<Nest> floatSums(Nest nest) {
    boolean shortSums =
        !nest.accumulators().isEmpty()
            && nest.parallel().stream().anyMatch(Axis::isBatch)
            && nest.reduction().stream().allMatch(Axis::isFixed)
            && nest.reduction().stream().mapToLong(Axis::extent).reduce(1, (a, b) -> a * b)
                <= MOST_FLOAT_SUM
            && nest.accumulators().stream().allMatch(a -> a.type() == ElementType.DOUBLE)
            && nest.stores().stream().allMatch(s -> s.tensor().type() == ElementType.FLOAT);
    return shortSums ? BlockedSums.inFloats(nest) : Optional.empty();
  }

  /** Drops the step before, when all it does is set the tensor to a constant. */
  private static void removeClearing(List<Rewritten> steps, Tensor tensor) {
    int last = steps.size() - 1;
    boolean clears =
        last >= 0
            && steps
                .get(last)
                .nest()
                .filter(nest -> nest.stores().size() == 1)
                .map(nest -> nest.stores().get(0))
                .filter(store -> store.mode() == Store.Mode.SET)
                .filter(store -> store.tensor().equals(tensor))
                .filter(store -> store.value() instanceof Expr.Constant)
                .isPresent();
    if (clears) {
      steps.remove(last);
    }
  }

  /**
   * The gradient of a convolution's weights: a gradient for each part of the batch, then their sum.
   * The parts depend on the batch alone, so the bits do not depend on the threads.
   */
  private Optional<List<Nest>> parts(Nest nest) {
    if (!Contraction.is(nest)
        || nest.stores().get(0).tensor().role() != Role.PARAMETER_GRADIENT
        || nest.stores().get(0).mode() != Store.Mode.SET
        || !(nest.stores().get(0).value() instanceof Expr.AccumulatorValue)
        || nest.reduction().stream().noneMatch(Axis::isBatch)
        || nest.reduction().size() < 2) {
      return Optional.empty();
    }
    Store store = nest.stores().get(0);
    long values = 1;
    for (int d : store.tensor().dims()) {
      values *= d;
    }
    int parts = (int) Math.min(MOST_PARTS, MOST_PART_VALUES / values);
    if (parts < 2) {
      return Optional.empty();
    }
    Axis part = Axis.parts(parts);
    List<Integer> dims = new ArrayList<>(List.of(part.extent()));
    dims.addAll(store.tensor().dims());
    String weight = store.tensor().name();
    Tensor partial =
        new Tensor(nest.layer(), nest.name() + "Parts", ElementType.FLOAT, Role.VALUE, dims);
    Integer dim = formats.laneDimOf(store.tensor());
    if (dim == null) {
      return Optional.empty();
    }
    formats.setLaneDim(partial, dim + 1);
    List<Affine> index = new ArrayList<>(List.of(Affine.of(part)));
    index.addAll(store.index());
    List<Axis> over = new ArrayList<>(List.of(part));
    over.addAll(nest.parallel());
    Nest sums =
        new Nest(
            nest.layer(),
            nest.name() + "Parts",
            nest.summary() + "\nof each part of the batch",
            over,
            nest.reduction(),
            nest.lookups(),
            nest.accumulators(),
            List.of(new Store(partial, index, store.value(), Store.Mode.SET)));
    Expr zero = Expr.constant(ElementType.FLOAT, 0);
    Nest total =
        Nest.of(nest.layer(), nest.name(), "the sum of all parts of " + weight)
            .over(nest.parallel())
            .reduce(part)
            .sum("sum", zero, new Load(partial, index, Expr.Outside.NEVER))
            .store(
                new Store(
                    store.tensor(),
                    store.index(),
                    new Expr.AccumulatorValue("sum", ElementType.FLOAT),
                    Store.Mode.SET))
            .build();
    return Optional.of(List.of(sums, total));
  }

  // ------------------------------------------------------------------------ whole numbers

  /** Vectors of one type only: numbers below 2^24, such as places in a window, are exact floats. */
  private static Nest intsAsFloats(Nest nest) {
    boolean keepsInts =
        nest.accumulators().stream().anyMatch(a -> a.type() == ElementType.INT)
            || nest.loads().stream().anyMatch(l -> l.type() == ElementType.INT)
            || nest.stores().stream().anyMatch(s -> s.tensor().type() == ElementType.INT);
    return keepsInts ? IntsAsFloats.of(nest) : nest;
  }

  // ------------------------------------------------------------------------------- scheduling

  private List<PlannedStep> schedule(List<Rewritten> steps) {
    List<PlannedStep> planned = new ArrayList<>();
    for (Rewritten step : steps) {
      if (step.nest().isEmpty()) {
        planned.add(new PlannedStep(Optional.empty(), step.host(), step.condition()));
        continue;
      }
      Optional<Axis> lane = formats.laneAxis(step.nest().get());
      for (Nest nest : withBlocks(step.nest().get(), lane)) {
        Work work = Work.ready(nest, scheduled(nest, lane));
        planned.add(new PlannedStep(Optional.of(work), Optional.empty(), step.condition()));
      }
    }
    return planned;
  }

  private ScheduledNest scheduled(Nest nest, Optional<Axis> lane) {
    return schedules.of(
        nest,
        lane,
        formats,
        () ->
            lane.map(axis -> VectorScheduler.schedule(nest, axis, formats, channelsFirst, fits))
                .orElseGet(
                    () ->
                        GeneralScheduler.withinBudget(
                            PhysicalNest.of(inOrderOfMemory(nest), formats), fits)));
  }

  /** Loops over a map in the order of what it writes. */
  private Nest inOrderOfMemory(Nest nest) {
    Store store = nest.stores().get(0);
    if (!nest.accumulators().isEmpty()
        || !nest.reduction().isEmpty()
        || (!nest.lookups().isEmpty() && store.mode() == Store.Mode.ADD)) {
      // The order in which numbers meet in an element is part of the result.
      return nest;
    }
    Affine place =
        formats
            .of(store.tensor())
            .place(store.tensor(), store.index())
            .orElseThrow(() -> new Unplaceable(store.tensor()));
    List<Axis> order = new ArrayList<>(nest.parallel());
    order.sort(
        Comparator.comparingInt(
            axis -> axis.isFixed() ? -Math.abs(place.coefficient(axis)) : Integer.MIN_VALUE));
    return new Nest(
        nest.layer(),
        nest.name(),
        nest.summary(),
        order,
        nest.reduction(),
        nest.lookups(),
        nest.accumulators(),
        nest.stores());
  }

  /**
   * Cuts the axes that run through panels into the panels and what lies in one. What does not fill
   * a panel becomes a nest of its own, unless everything is padded there.
   */
  private List<Nest> withBlocks(Nest nest, Optional<Axis> lane) {
    Optional<Axis> next = axisToCut(nest, lane);
    if (next.isEmpty()) {
      return List.of(nest);
    }
    Axis axis = next.get();
    int size = MemoryFormat.LANES;
    int whole = axis.extent() / size;
    int rest = axis.extent() % size;
    if (rest != 0 && isPaddedAlong(nest, axis)) {
      whole++;
      rest = 0;
    }
    List<Nest> nests = new ArrayList<>();
    if (whole > 0) {
      Axis outer = new Axis(axis.name() + "Block", whole);
      Axis inner = new Axis(axis.name() + "Lane", size);
      nests.addAll(withBlocks(NestRewrite.splitAxis(nest, axis, outer, inner, 0, ""), lane));
    }
    if (rest > 0) {
      Axis outer = new Axis(axis.name() + "Block", 1);
      Axis inner = new Axis(axis.name() + "Lane", rest);
      String suffix = whole > 0 ? "Rest" : "";
      nests.addAll(
          withBlocks(NestRewrite.splitAxis(nest, axis, outer, inner, whole * size, suffix), lane));
    }
    return nests;
  }

  private Optional<Axis> axisToCut(Nest nest, Optional<Axis> lane) {
    for (Load load : nest.loads()) {
      Optional<Axis> axis = axisToCut(nest, lane, load.tensor(), load.index());
      if (axis.isPresent()) {
        return axis;
      }
    }
    for (Store store : nest.stores()) {
      Optional<Axis> axis = axisToCut(nest, lane, store.tensor(), store.index());
      if (axis.isPresent()) {
        return axis;
      }
    }
    return Optional.empty();
  }

  private Optional<Axis> axisToCut(
      Nest nest, Optional<Axis> lane, Tensor tensor, List<Affine> index) {
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
        if (at.coefficient(axis) != 1 || !(whole || nest.parallel().contains(axis))) {
          throw new Unplaceable(tensor);
        }
        return Optional.of(axis);
      }
      if (format.place(tensor, withoutLane(index, lane)).isEmpty()) {
        throw new Unplaceable(tensor);
      }
    }
    return Optional.empty();
  }

  private static List<Affine> withoutLane(List<Affine> index, Optional<Axis> lane) {
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
