package dev.tenon.processor.plan.rewrite;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Exprs;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Joins nests that are bound by memory, so that a value is used while it is at hand and never
 * written: an activation into the normalisation before it, and the sum with a shortcut as well; a
 * flattening into the pool before it; what is to be a slice of a concatenation into the layer that
 * makes it; the mask of an activation into both backward passes of a batch normalisation.
 *
 * <p>Two moves. A map behind a nest moves into the nest's store, when nothing else reads what was
 * stored; what the map reads besides must be there by then. A cheap map before its readers moves
 * into their loads, when each reads every value once.
 */
public final class Fusion {
  /** A map that loads more than this is not computed once per reader. */
  private static final int MOST_LOADS = 2;

  /** A map with more readers than this is written once instead. */
  private static final int MOST_READERS = 2;

  /**
   * An expression that would become longer than this is not made. What is read twice is written
   * twice in an expression, so a chain of activations grows as a power.
   */
  private static final int LONGEST = 250;

  private enum Phase {
    FORWARD,
    BACKWARD,
    PREDICT
  }

  /** A step, and the tensors that it reads and writes. */
  private record Placed(Step step, Phase phase, Set<String> reads, Set<String> writes) {
    Placed(Step step, Phase phase) {
      this(step, phase, TensorUse.reads(step), TensorUse.writes(step));
    }
  }

  /**
   * A program with fewer passes.
   *
   * @param decisions what was joined into what
   */
  public record Result(Program program, List<Decision> decisions) {}

  /** What became of a nest of a layer. */
  public record Decision(String layer, String text) {
    static Decision of(Nest moved, Nest into) {
      return new Decision(
          moved.layer(), moved.name() + ": runs in " + into.layer() + "." + into.name());
    }
  }

  private final Set<String> visible;

  /** In their order; null for a step that has moved. */
  private final List<Placed> steps = new ArrayList<>();

  private final List<Decision> decisions = new ArrayList<>();

  /** Numbers of the steps that read and write each tensor. */
  private final Map<String, SortedSet<Integer>> readers = new HashMap<>();

  private final Map<String, SortedSet<Integer>> writers = new HashMap<>();

  /**
   * Numbers of the steps that might move into a store, and into loads. A step that could not move
   * stays out until a step changes that reads or writes one of its tensors.
   */
  private final NavigableSet<Integer> forStores = new TreeSet<>();

  private final NavigableSet<Integer> forLoads = new TreeSet<>();

  private final int lanes;

  /** Whether nests are to run in vectors along channels, whose slices must fill whole vectors. */
  private final boolean vectors;

  private Fusion(Program program, int lanes) {
    this.lanes = lanes;
    this.vectors = lanes > 1;
    visible = program.ends().results().stream().map(Tensor::name).collect(Collectors.toSet());
    program.forward().forEach(step -> steps.add(new Placed(step, Phase.FORWARD)));
    program.backward().forEach(step -> steps.add(new Placed(step, Phase.BACKWARD)));
    program.predict().forEach(step -> steps.add(new Placed(step, Phase.PREDICT)));
    for (int i = 0; i < steps.size(); i++) {
      enter(i);
    }
  }

  /**
   * Fuses a program.
   *
   * @param lanes values that a vector runs through along channels, so that slices of them should be
   *     multiples of it; 1 where nests are to run on numbers one by one
   */
  public static Result of(Program program, int lanes) {
    Fusion fusion = new Fusion(program, lanes);
    while (fusion.moveOneIntoStore() || fusion.moveOneIntoLoads()) {
      // Each move may make others possible.
    }
    return new Result(
        new Program(
            program.ends(),
            fusion.of(Phase.FORWARD),
            fusion.of(Phase.BACKWARD),
            fusion.of(Phase.PREDICT)),
        fusion.decisions);
  }

  private List<Step> of(Phase phase) {
    return steps.stream().filter(p -> p != null && p.phase() == phase).map(Placed::step).toList();
  }

  private List<Integer> readersOf(String tensor) {
    return List.copyOf(readers.getOrDefault(tensor, Collections.emptySortedSet()));
  }

  private List<Integer> writersOf(String tensor) {
    return List.copyOf(writers.getOrDefault(tensor, Collections.emptySortedSet()));
  }

  /** Puts another step, or none, in the place of one. */
  private void replace(int number, Step step) {
    Placed old = steps.get(number);
    wakeNeighbours(old);
    old.reads().forEach(tensor -> readers.get(tensor).remove(number));
    old.writes().forEach(tensor -> writers.get(tensor).remove(number));
    forStores.remove(number);
    forLoads.remove(number);
    steps.set(number, step == null ? null : new Placed(step, old.phase()));
    if (step != null) {
      enter(number);
      wakeNeighbours(steps.get(number));
    }
  }

  private void enter(int number) {
    Placed placed = steps.get(number);
    placed.reads().forEach(t -> readers.computeIfAbsent(t, k -> new TreeSet<>()).add(number));
    placed.writes().forEach(t -> writers.computeIfAbsent(t, k -> new TreeSet<>()).add(number));
    forStores.add(number);
    forLoads.add(number);
  }

  /** Steps are considered again when one changes that shares a tensor with them. */
  private void wakeNeighbours(Placed placed) {
    for (Set<String> tensors : List.of(placed.reads(), placed.writes())) {
      for (String tensor : tensors) {
        for (Map<String, SortedSet<Integer>> users : List.of(readers, writers)) {
          SortedSet<Integer> numbers = users.getOrDefault(tensor, Collections.emptySortedSet());
          forStores.addAll(numbers);
          forLoads.addAll(numbers);
        }
      }
    }
  }

  // -------------------------------------------------------------- a map into the store before it

  private boolean moveOneIntoStore() {
    while (!forStores.isEmpty()) {
      int i = forStores.pollFirst();
      if (isUnconditional(i) && isMap(nestAt(i)) && fillsVectors(nestAt(i))) {
        Nest map = nestAt(i);
        for (Load load : map.loads()) {
          Optional<Integer> producer = producerFor(i, map, load);
          if (producer.isPresent()) {
            intoStore(producer.get(), i, map, load);
            return true;
          }
        }
      }
    }
    return false;
  }

  private boolean isUnconditional(int position) {
    Step step = steps.get(position).step();
    return step.nest().isPresent() && step.condition() == Step.Condition.ALWAYS;
  }

  private Nest nestAt(int position) {
    return steps.get(position).step().nest().orElseThrow();
  }

  private static boolean isMap(Nest nest) {
    return nest.accumulators().isEmpty()
        && nest.reduction().isEmpty()
        && nest.lookups().isEmpty()
        && nest.stores().stream().allMatch(store -> store.mode() == Store.Mode.SET);
  }

  private Optional<Integer> producerFor(int reader, Nest map, Load load) {
    String tensor = load.tensor().name();
    List<Integer> writers = writersOf(tensor);
    if (load.tensor().isState()
        || visible.contains(tensor)
        || load.outside() != Outside.NEVER
        || !runsThrough(load.index(), map.parallel())
        || !readersOf(tensor).equals(List.of(reader))
        || writers.size() != 1
        || !isUnconditional(writers.get(0))
        || steps.get(writers.get(0)).phase() != steps.get(reader).phase()
        || !TensorUse.loadsOf(map, tensor).stream().allMatch(load::equals)) {
      return Optional.empty();
    }
    int writer = writers.get(0);
    Nest producer = nestAt(writer);
    List<Store> stores = TensorUse.storesTo(producer, tensor);
    boolean othersReady =
        map.loads().stream()
            .map(other -> other.tensor().name())
            .filter(name -> !name.equals(tensor))
            .allMatch(name -> writersOf(name).stream().allMatch(w -> w < writer));
    boolean simple = stores.size() == 1 && stores.get(0).mode() == Store.Mode.SET;
    boolean oneKey = drawsAlone(producer, map);
    // A function takes longer than the memory that is saved, and its registers are those that a
    // contraction needs; in vectors, those of two layers are more than the compiler inlines.
    boolean light =
        !callsFunctions(map)
            || (producer.accumulators().isEmpty() && !(vectors && callsFunctions(producer)));
    boolean keepsForm = keepsForm(map) || !isContraction(producer);
    return simple
            && othersReady
            && oneKey
            && light
            && keepsForm
            && staysShort(stores.get(0).value(), map, load)
        ? Optional.of(writer)
        : Optional.empty();
  }

  /** Whether the values of a map stay short when a load in them becomes this value. */
  private static boolean staysShort(Expr value, Nest map, Load load) {
    int size = Exprs.size(value);
    return map.stores().stream()
        .allMatch(
            store ->
                Exprs.size(store.value()) + (long) size * Exprs.count(store.value(), load::equals)
                    <= LONGEST);
  }

  private static boolean callsFunctions(Nest map) {
    return map.stores().stream()
        .anyMatch(store -> Exprs.count(store.value(), Exprs::isFunction) > 0);
  }

  /** Whether at most one of them draws random numbers: a kernel takes one key. */
  private static boolean drawsAlone(Nest nest, Nest other) {
    return NestRewrite.randomLayers(nest).isEmpty() || NestRewrite.randomLayers(other).isEmpty();
  }

  private void intoStore(int writer, int reader, Nest map, Load load) {
    Nest producer = nestAt(writer);
    Store old = TensorUse.storesTo(producer, load.tensor().name()).get(0);
    Map<Axis, Affine> places = new HashMap<>();
    for (int d = 0; d < load.index().size(); d++) {
      places.put(load.index().get(d).terms().firstKey(), old.index().get(d));
    }
    UnaryOperator<Affine> toProducer = index -> index.substitute(places::get);
    List<Store> stores = new ArrayList<>();
    for (Store store : producer.stores()) {
      if (!store.equals(old)) {
        stores.add(store);
        continue;
      }
      for (Store moved : map.stores()) {
        Expr value =
            Exprs.rewrite(
                moved.value(),
                node ->
                    node instanceof Load l && l.tensor().name().equals(load.tensor().name())
                        ? new Expr.AccumulatorValue(HOLE, l.type())
                        : node);
        value = Exprs.mapIndices(value, toProducer);
        value =
            Exprs.rewrite(
                value,
                node ->
                    node instanceof Expr.AccumulatorValue a && a.name().equals(HOLE)
                        ? old.value()
                        : node);
        stores.add(
            new Store(
                moved.tensor(),
                moved.index().stream().map(toProducer).toList(),
                value,
                Store.Mode.SET));
      }
    }
    Nest fused =
        new Nest(
            producer.layer(),
            producer.name(),
            producer.summary() + "\nthen " + map.layer() + ": " + map.summary(),
            producer.parallel(),
            producer.reduction(),
            producer.lookups(),
            producer.accumulators(),
            stores,
            producer.names());
    decisions.add(Decision.of(map, producer));
    replace(writer, fused);
    replace(reader, null);
  }

  /** Stands for the fused value while indices are moved. */
  private static final String HOLE = "\u0000fused";

  // ------------------------------------------------------------------ a map into its readers'
  // loads

  private boolean moveOneIntoLoads() {
    while (!forLoads.isEmpty()) {
      int i = forLoads.pollFirst();
      if (isUnconditional(i) && canMoveIntoLoads(i, nestAt(i))) {
        Nest map = nestAt(i);
        intoLoads(i, map);
        return true;
      }
    }
    return false;
  }

  private boolean canMoveIntoLoads(int position, Nest map) {
    if (!isMap(map) || map.stores().size() != 1 || !fillsVectors(map)) {
      return false;
    }
    Store store = map.stores().get(0);
    String tensor = store.tensor().name();
    List<Integer> readers = readersOf(tensor);
    if (store.tensor().isState()
        || visible.contains(tensor)
        || readers.isEmpty()
        || writersOf(tensor).size() != 1
        || !runsThrough(store.index(), map.parallel())) {
      return false;
    }
    boolean copy = store.value() instanceof Load;
    // Of two readers under opposite conditions only one runs.
    long running =
        readers.stream()
            .filter(r -> steps.get(r).step().condition() != Step.Condition.FROZEN)
            .count();
    if (!copy && (map.loads().size() > MOST_LOADS || running > MOST_READERS)) {
      return false;
    }
    if (callsFunctions(map) && (running > 1 || (vectors && !leavesRoom(readers)))) {
      return false;
    }
    int size = Exprs.size(store.value());
    Phase phase = steps.get(position).phase();
    return readers.stream()
        .allMatch(
            r ->
                r > position
                    && drawsAlone(nestAt(r), map)
                    && steps.get(r).phase() == phase
                    && (copy || staysShort(nestAt(r), tensor, size))
                    && (keepsForm(map) || !isContraction(nestAt(r)))
                    && TensorUse.loadsOf(nestAt(r), tensor).stream()
                        .allMatch(
                            load ->
                                load.outside() == Outside.NEVER
                                    && (copy || runsThrough(load.index(), nestAt(r).axes()))));
  }

  /**
   * Whether a function can move into these steps in vectors: sums are written out several times,
   * and of the functions of several layers the compiler inlines the first ones only.
   */
  private boolean leavesRoom(List<Integer> into) {
    return into.stream()
        .map(this::nestAt)
        .allMatch(nest -> nest.accumulators().isEmpty() && !callsFunctions(nest));
  }

  /** Whether the values of a reader stay short when each load of a tensor gets a size. */
  private static boolean staysShort(Nest reader, String tensor, int size) {
    return reader.values().stream()
        .allMatch(
            value ->
                Exprs.size(value)
                        + (long) size
                            * Exprs.count(
                                value,
                                node ->
                                    node instanceof Load load
                                        && load.tensor().name().equals(tensor))
                    <= LONGEST);
  }

  private static boolean isContraction(Nest nest) {
    return Contraction.is(nest);
  }

  /**
   * Whether a contraction that a map moves into still reads and writes whole tensors, as those who
   * make it fast want it; on vectors, also along as many dimensions as before.
   */
  private boolean keepsForm(Nest map) {
    boolean merges =
        Stream.concat(
                map.loads().stream().map(Load::index), map.stores().stream().map(Store::index))
            .flatMap(List::stream)
            .anyMatch(index -> index.terms().size() > 1);
    return slices(map).findAny().isEmpty() && !(vectors && merges);
  }

  /**
   * Whether what it reads and writes of other parts of a tensor's channels than all begins and ends
   * with a vector; a nest that such a map moves into could not run in vectors otherwise.
   */
  private boolean fillsVectors(Nest nest) {
    return !vectors
        || slices(nest)
            .filter(slice -> slice.dim() == 1)
            .allMatch(slice -> slice.from() % lanes == 0 && slice.size() % lanes == 0);
  }

  /** A part of a dimension behind the batch. */
  private record Slice(int dim, int from, int size) {}

  private static Stream<Slice> slices(Nest nest) {
    return Stream.concat(
        nest.loads().stream().flatMap(load -> slices(load.tensor(), load.index())),
        nest.stores().stream().flatMap(store -> slices(store.tensor(), store.index())));
  }

  private static Stream<Slice> slices(Tensor tensor, List<Affine> index) {
    return IntStream.range(1, index.size())
        .filter(d -> tensor.isBatched() && index.get(d).terms().size() == 1)
        .mapToObj(
            d -> {
              Affine at = index.get(d);
              return new Slice(d, at.constant(), at.terms().firstKey().extent());
            })
        .filter(slice -> slice.size() != tensor.dims().get(slice.dim()));
  }

  private void intoLoads(int position, Nest map) {
    Store store = map.stores().get(0);
    String tensor = store.tensor().name();
    for (int reader : readersOf(tensor)) {
      Nest nest = nestAt(reader);
      UnaryOperator<Expr> move =
          node -> {
            if (!(node instanceof Load load) || !load.tensor().name().equals(tensor)) {
              return node;
            }
            Map<Axis, Affine> places = new HashMap<>();
            for (int d = 0; d < store.index().size(); d++) {
              places.put(store.index().get(d).terms().firstKey(), load.index().get(d));
            }
            return Exprs.mapIndices(store.value(), index -> index.substitute(places::get));
          };
      decisions.add(Decision.of(map, nest));
      Step step = steps.get(reader).step();
      replace(
          reader,
          step.withNest(
              nest.withValues(move).named(nest.layer(), nest.name(), summary(nest, map))));
    }
    replace(position, null);
  }

  private static String summary(Nest reader, Nest moved) {
    return reader.summary() + "\nfirst " + moved.layer() + ": " + moved.summary();
  }

  /** Whether the index is one axis a dimension and uses exactly these axes, each once. */
  private static boolean runsThrough(List<Affine> index, List<Axis> axes) {
    return index.size() == axes.size()
        && index.stream()
            .allMatch(
                i ->
                    i.constant() == 0
                        && i.terms().size() == 1
                        && i.terms().get(i.terms().firstKey()) == 1
                        && axes.contains(i.terms().firstKey()))
        && index.stream().map(i -> i.terms().firstKey()).distinct().count() == axes.size();
  }
}
