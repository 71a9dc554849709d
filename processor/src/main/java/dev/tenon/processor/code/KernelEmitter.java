package dev.tenon.processor.code;

import dev.tenon.processor.code.Meaning.RuntimeArgument;
import dev.tenon.processor.code.PointValues.Place;
import dev.tenon.processor.code.PointValues.Point;
import dev.tenon.processor.code.Statement.Put;
import dev.tenon.processor.code.Value.Get;
import dev.tenon.processor.code.Value.Literal;
import dev.tenon.processor.code.Value.Variable;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.BinaryOp;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.schedule.Ranges;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import dev.tenon.processor.plan.schedule.ScheduledNest.Bound;
import dev.tenon.processor.plan.schedule.ScheduledNest.Loop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Turns a scheduled nest into methods. It obeys the schedule and decides nothing but the names:
 * opens the loops, writes out the unrolled copies, keeps accumulators in locals, reads each value
 * as far outside as its index allows, and puts the tile into a method of its own.
 */
public final class KernelEmitter {
  private final ScheduledNest scheduled;
  private final Nest nest;
  private final List<Loop> loops;
  private final String name;

  private final PointValues values;
  private final boolean inRanges;
  private final KernelNames tensorNames;
  private final List<Method> tiles = new ArrayList<>();
  private final Map<Method, String> tileNames = new LinkedHashMap<>();

  private KernelEmitter(ScheduledNest scheduled, String name, KernelNames tensorNames) {
    this.scheduled = scheduled;
    this.nest = scheduled.nest();
    this.loops = scheduled.schedule().loops();
    this.name = name;
    this.inRanges = Ranges.of(scheduled).isPresent();
    this.tensorNames = tensorNames;
    this.values = new PointValues(scheduled, tensorNames);
  }

  /**
   * Emits the methods of a nest. When it can run in ranges ({@link Ranges}), the first one has the
   * parameters {@link RuntimeArgument#FROM} and {@link RuntimeArgument#TO}.
   *
   * @param name name of the first method; tile methods are named after it
   * @param isBefore whether a layer lies before the nest's, and so gives what that one gets
   * @return the method to call, first, then its tiles
   */
  public static Kernel emit(ScheduledNest scheduled, String name, Predicate<String> isBefore) {
    return emit(scheduled, name, names(scheduled, isBefore));
  }

  /** The same with names of tensors that are known already. */
  static Kernel emit(ScheduledNest scheduled, String name, KernelNames names) {
    KernelEmitter emitter = new KernelEmitter(scheduled, name, names);
    Method driver = emitter.driver();
    List<Method> methods = new ArrayList<>();
    methods.add(driver);
    methods.addAll(emitter.tiles);
    return new Kernel(methods, scheduled.nest().tensors());
  }

  /** The names that the tensors of a nest have in its code. */
  static KernelNames names(ScheduledNest scheduled, Predicate<String> isBefore) {
    KernelNames names = new KernelNames(scheduled.nest().layer(), isBefore);
    for (RuntimeArgument argument : RuntimeArgument.values()) {
      names.reserve(argument.variable().name());
    }
    StateArrays.names().forEach(names::reserve);
    // A constant of the class, and where names of packages begin.
    List.of("SPECIES", "dev", "java", "jdk").forEach(names::reserve);
    scheduled.schedule().loops().forEach(loop -> names.reserve(loop.axis().name()));
    scheduled.nest().tensors().forEach(names::of);
    return names;
  }

  /**
   * The code of a nest.
   *
   * @param methods the one to call, first, then its tiles
   * @param tensors the tensors of the nest, by the numbers that parameters have of them
   */
  public record Kernel(List<Method> methods, List<Tensor> tensors) {
    public Kernel {
      methods = List.copyOf(methods);
      tensors = List.copyOf(tensors);
    }

    /** The same code for another nest. */
    Kernel of(Nest other) {
      Method first = methods.get(0);
      List<Method> same = new ArrayList<>(methods);
      same.set(0, new Method(first.name(), comment(other), first.parameters(), first.body()));
      return new Kernel(same, other.tensors());
    }

    /** Whether it does a range of its outermost loop. */
    public boolean inRanges() {
      return methods.get(0).parameters().stream()
          .anyMatch(parameter -> parameter.meaning() == RuntimeArgument.FROM);
    }
  }

  private static List<String> comment(Nest nest) {
    return nest.summary().lines().toList();
  }

  private Method driver() {
    MethodBody body = new MethodBody(tensorNames.locals(), values::called);
    emitLoops(body, 0, List.of(new Point(Map.of(), 0, 0)), nest.stores(), false);
    List<Statement> statements = body.finish();
    return new Method(name, comment(nest), FreeVariables.of(statements, nest), statements);
  }

  private int reductionFrom() {
    return nest.accumulators().isEmpty()
        ? Integer.MAX_VALUE
        : (int) loops.stream().filter(l -> nest.parallel().contains(l.axis())).count();
  }

  private void emitLoops(
      MethodBody body, int depth, List<Point> points, List<Store> stores, boolean inTile) {
    if (!inTile && depth == scheduled.schedule().tileFrom() && depth < loops.size()) {
      emitTileCalls(body, depth, points, stores);
      return;
    }
    if (depth == reductionFrom()) {
      emitReduction(body, depth, points, stores);
      return;
    }
    emitFurther(body, depth, points, stores, null, inTile);
  }

  /** One loop, or the innermost body. */
  private void emitFurther(
      MethodBody body,
      int depth,
      List<Point> points,
      List<Store> stores,
      Accumulators accumulators,
      boolean inTile) {
    if (depth == loops.size()) {
      if (accumulators != null) {
        accumulators.fold(body, points);
      } else {
        emitStores(body, points, stores, null);
      }
      return;
    }
    Loop loop = loops.get(depth);
    Axis axis = loop.axis();
    if (loop.lanes()) {
      emitLoop(
          body,
          depth,
          points,
          stores,
          accumulators,
          inTile,
          new Variable(CodeType.INT, axis.name()),
          Value.literal(0),
          Value.literal(axis.extent()),
          RuntimeArgument.LANES.variable());
      return;
    }
    if (!values.inVectors()
        && accumulators == null
        && depth == loops.size() - 1
        && emitBulk(body, loop, points, stores)) {
      return;
    }
    if (axis.isFixed() && loop.unroll() == axis.extent()) {
      next(body, depth, copies(points, loop, null, 0, axis.extent()), stores, accumulators, inTile);
      return;
    }
    int step = loop.unroll();
    Variable variable = new Variable(CodeType.INT, axis.name());
    boolean range = depth == 0 && inRanges;
    Value from = range ? RuntimeArgument.FROM.variable() : first(axis, points);
    if (range || !axis.isFixed()) {
      // A range ends at a multiple of the step, or where the axis does.
      boolean hasRest = step > 1 && (!axis.isFixed() || axis.extent() % step != 0);
      Value to = range ? RuntimeArgument.TO.variable() : end(axis, points);
      if (hasRest) {
        body.add(new Statement.Declare(variable, from, false));
        if (!(to instanceof Variable)) {
          to = body.oneOf(CodeType.INT, CamelCase.join(axis.name(), "end"), to);
        }
      }
      Value first = hasRest ? null : from;
      Value last = hasRest ? PointValues.minus(to, step - 1) : to;
      Value by = Value.literal(step);
      emitLoop(body, depth, points, stores, accumulators, inTile, variable, first, last, by);
      if (hasRest) {
        Value one = Value.literal(1);
        emitLoop(body, depth, points, stores, accumulators, inTile, variable, null, to, one);
      }
      return;
    }
    int whole = axis.extent() / step * step;
    emitLoop(
        body,
        depth,
        points,
        stores,
        accumulators,
        inTile,
        variable,
        from,
        Value.literal(whole),
        Value.literal(step));
    if (whole < axis.extent()) {
      next(
          body,
          depth,
          copies(points, loop, null, whole, axis.extent() - whole),
          stores,
          accumulators,
          inTile);
    }
  }

  private void emitLoop(
      MethodBody body,
      int depth,
      List<Point> points,
      List<Store> stores,
      Accumulators accumulators,
      boolean inTile,
      Variable variable,
      Value from,
      Value to,
      Value step) {
    body.open(variable);
    int count = step instanceof Literal literal ? (int) literal.value() : 1;
    next(
        body,
        depth,
        copies(points, loops.get(depth), variable, 0, count),
        stores,
        accumulators,
        inTile);
    List<Statement> statements = body.close();
    body.add(new Statement.Loop(variable, from, to, step, from != null, statements));
  }

  /** Where a loop starts: the batch of a nest that runs in blocks, at the block's first sample. */
  private Value first(Axis axis, List<Point> points) {
    Optional<Axis> blocks = blocks();
    return axis.isBatch() && blocks.isPresent()
        ? blockStart(blocks.get(), points)
        : Value.literal(0);
  }

  private Value end(Axis axis, List<Point> points) {
    if (axis.isBlocks()) {
      return RuntimeArgument.BLOCKS.variable();
    }
    Optional<Axis> blocks = blocks();
    if (blocks.isEmpty()) {
      return PointValues.batch();
    }
    Value next =
        new Value.Binary(BinaryOp.ADD, blockStart(blocks.get(), points), blockSize(blocks.get()));
    return new Value.Binary(BinaryOp.MIN, PointValues.batch(), next);
  }

  /** The axis over blocks of samples that the batch axis of this nest runs inside of. */
  private Optional<Axis> blocks() {
    return nest.axes().stream().anyMatch(Axis::isBatch)
        ? nest.axes().stream().filter(Axis::isBlocks).findFirst()
        : Optional.empty();
  }

  private static Value blockStart(Axis blocks, List<Point> points) {
    Place place = points.get(0).places().get(blocks);
    return new Value.Binary(
        BinaryOp.MULTIPLY, PointValues.plus(place.variable(), place.offset()), blockSize(blocks));
  }

  private static Value blockSize(Axis blocks) {
    return blocks.isParts()
        ? RuntimeArgument.BLOCK_SIZE.variable()
        : Value.literal(blocks.blockNumber());
  }

  private void next(
      MethodBody body,
      int depth,
      List<Point> points,
      List<Store> stores,
      Accumulators accumulators,
      boolean inTile) {
    if (accumulators == null) {
      emitLoops(body, depth + 1, points, stores, inTile);
    } else {
      emitFurther(body, depth + 1, points, stores, accumulators, inTile);
    }
  }

  private static List<Point> copies(
      List<Point> points, Loop loop, Variable variable, int from, int count) {
    List<Point> copies = new ArrayList<>();
    for (Point point : points) {
      for (int i = 0; i < count; i++) {
        Point copy = point.with(loop.axis(), new Place(variable, from + i));
        copies.add(loop.partialSums() ? new Point(copy.places(), copy.group(), i) : copy);
      }
    }
    return copies;
  }

  // ---------------------------------------------------------------------------------- tiles

  private void emitTileCalls(MethodBody body, int depth, List<Point> points, List<Store> stores) {
    int count = Math.min(scheduled.schedule().storesPerTile(), stores.size());
    for (int from = 0; from < stores.size(); from += count) {
      emitTileCall(
          body, depth, points, stores.subList(from, Math.min(from + count, stores.size())));
    }
  }

  private void emitTileCall(MethodBody body, int depth, List<Point> points, List<Store> stores) {
    MethodBody tile = new MethodBody(tensorNames.locals(), values::called);
    emitLoops(tile, depth, points, stores, true);
    List<Statement> statements = tile.finish();
    List<Variable> parameters = FreeVariables.of(statements, nest);
    Method anonymous = new Method("", List.of(), parameters, statements);
    String tileName =
        tileNames.computeIfAbsent(
            anonymous,
            m -> {
              String unique = name + "Tile" + (tileNames.isEmpty() ? "" : tileNames.size() + 1);
              tiles.add(new Method(unique, List.of(), parameters, statements));
              return unique;
            });
    body.add(new Statement.Invoke(tileName, List.copyOf(parameters)));
  }

  // ----------------------------------------------------------------------------- reductions

  private void emitReduction(MethodBody body, int depth, List<Point> points, List<Store> stores) {
    if (!nest.repairs()) {
      emitSums(body, depth, points, stores);
      return;
    }
    if (points.size() != 1) {
      throw new IllegalStateException(name + " repairs several points at once");
    }
    List<Value> before =
        stores.stream()
            .map(store -> values.element(store.tensor(), store.index(), points.get(0), false))
            .map(value -> body.place(value, Map.of()))
            .toList();
    body.open(null);
    emitSums(body, depth, points, stores);
    body.add(new Statement.WhenNotFinite(before, body.close()));
  }

  private void emitSums(MethodBody body, int depth, List<Point> points, List<Store> stores) {
    int partials =
        loops.subList(depth, loops.size()).stream()
            .filter(Loop::partialSums)
            .mapToInt(Loop::unroll)
            .findFirst()
            .orElse(1);
    Accumulators accumulators = new Accumulators(nest, values, body, points, partials);
    List<Point> grouped = new ArrayList<>();
    for (int g = 0; g < points.size(); g++) {
      grouped.add(new Point(points.get(g).places(), g, 0));
    }
    emitFurther(body, depth, grouped, stores, accumulators, true);
    emitStores(body, points, stores, accumulators.totals(body));
  }

  // --------------------------------------------------------------------------------- stores

  /** A store at one copy, ready to be written. */
  private record Pending(Get target, Value value, boolean add, List<Statement.Range> ranges) {}

  private void emitStores(
      MethodBody body, List<Point> points, List<Store> stores, List<Map<String, Value>> totals) {
    Map<List<Object>, List<Pending>> groups = new LinkedHashMap<>();
    List<Value> all = new ArrayList<>();
    for (int p = 0; p < points.size(); p++) {
      Point point = points.get(p);
      for (Store store : stores) {
        Get target = (Get) values.element(store.tensor(), store.index(), point, false);
        Value value = values.value(store.value(), point, totals == null ? null : totals.get(p));
        if (target.vector()) {
          value = PointValues.vector(value);
        }
        all.add(value);
        all.add(target.array());
        if (!nest.lookups().isEmpty()) {
          all.add(target.index());
        }
        if (store.mode() == Store.Mode.SET) {
          body.suggest(value, LocalName.into(target));
        }
        Pending pending =
            new Pending(target, value, store.mode() == Store.Mode.ADD, ranges(store, point));
        // Additions to the same element become one statement; anything else keeps its own.
        List<Object> key =
            pending.add() ? List.of(target, pending.ranges()) : List.of(groups.size());
        groups.computeIfAbsent(key, k -> new ArrayList<>()).add(pending);
      }
    }
    Map<Value, Integer> counts = MethodBody.count(all);
    for (List<Pending> group : groups.values()) {
      Pending first = group.get(0);
      Get target =
          new Get(
              body.place(first.target().array(), counts),
              nest.lookups().isEmpty()
                  ? first.target().index()
                  : body.place(first.target().index(), counts),
              false,
              first.target().vector());
      if (first.ranges().contains(NEVER)) {
        continue;
      }
      if (first.ranges().isEmpty()) {
        put(body, target, group, counts);
      } else {
        body.open(null);
        put(body, target, group, Map.of());
        List<Statement> statements = body.close();
        body.add(new Statement.WhenInside(first.ranges(), statements));
      }
    }
  }

  private static void put(
      MethodBody body, Get target, List<Pending> group, Map<Value, Integer> counts) {
    if (!group.get(0).add()) {
      body.add(new Put(target, body.place(group.get(0).value(), counts), false));
      return;
    }
    if (group.size() == 1) {
      body.add(new Put(target, body.place(group.get(0).value(), counts), true));
      return;
    }
    Value sum = target;
    for (Pending pending : group) {
      sum = new Value.Binary(BinaryOp.ADD, sum, body.place(pending.value(), counts));
    }
    body.add(new Put(target, sum, false));
  }

  private static final Statement.Range NEVER = new Statement.Range(Value.literal(0), true, 0, true);

  private List<Statement.Range> ranges(Store store, Point point) {
    List<Statement.Range> ranges = new ArrayList<>();
    for (Bound bound : scheduled.storeBounds().get(nest.stores().indexOf(store))) {
      Value index = values.index(bound.index(), point, null);
      if (index instanceof Literal literal) {
        if (literal.value() < 0 || literal.value() >= bound.limit()) {
          return List.of(NEVER);
        }
      } else {
        ranges.add(new Statement.Range(index, bound.checkLow(), bound.limit(), bound.checkHigh()));
      }
    }
    return ranges;
  }

  /** Writes an innermost loop that copies or fills as one library call. */
  private boolean emitBulk(MethodBody body, Loop loop, List<Point> points, List<Store> stores) {
    if (points.size() != 1
        || stores.size() != 1
        || loop.axis().isBatch()
        || loop.axis().extent() < 4) {
      return false;
    }
    Store store = stores.get(0);
    Axis axis = loop.axis();
    int last = store.index().size() - 1;
    boolean runsAlong =
        store.index().get(last).coefficient(axis) == 1
            && (last == 0 || !store.index().get(0).uses(axis));
    if (store.mode() != Store.Mode.SET || !runsAlong || !ranges(store, points.get(0)).isEmpty()) {
      return false;
    }
    Point start = points.get(0).with(axis, new Place(null, 0));
    Get target = (Get) values.element(store.tensor(), store.index(), start, false);
    Value length = Value.literal(axis.extent());
    if (store.value() instanceof Expr.Load load && load.outside() == Expr.Outside.NEVER) {
      int loadLast = load.index().size() - 1;
      if (load.index().get(loadLast).coefficient(axis) == 1
          && (loadLast == 0 || !load.index().get(0).uses(axis))) {
        Get source = (Get) values.element(load.tensor(), load.index(), start, true);
        body.add(
            new Statement.Copy(
                body.place(source.array(), Map.of()),
                source.index(),
                body.place(target.array(), Map.of()),
                target.index(),
                length));
        return true;
      }
    }
    if (isInvariant(store.value(), axis)) {
      Value value = body.place(values.value(store.value(), start, null), Map.of());
      body.add(
          new Statement.Fill(
              body.place(target.array(), Map.of()),
              target.index(),
              PointValues.plus(target.index(), axis.extent()),
              value));
      return true;
    }
    return false;
  }

  private static boolean isInvariant(Expr expr, Axis axis) {
    if (expr instanceof Expr.Load load) {
      return load.outside() == Expr.Outside.NEVER
          && load.index().stream().noneMatch(index -> index.uses(axis));
    }
    return expr instanceof Expr.Constant;
  }
}
