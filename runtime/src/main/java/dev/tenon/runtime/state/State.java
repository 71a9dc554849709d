package dev.tenon.runtime.state;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.NamedTensors;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.internal.layout.PackedOrder;
import dev.tenon.runtime.internal.layout.Shapes;
import dev.tenon.runtime.text.ClosestName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Everything a model remembers: parameters and their gradients, running statistics, counters, and
 * what records at its ends are normalised by. {@link #tensors} has all of it by name, in
 * declaration order. What this class shows has one order, PyTorch's, whatever the kernels are that
 * run the model; {@link #arrays} are the arrays that those read, in an order of their own.
 *
 * <p>All entries are views, so writing to one changes the model. Not synchronised.
 */
public final class State {
  private final DType dtype;
  private final long seed;
  private final Optional<String> network;
  private final Optional<EndType> features;
  private final Optional<EndType> labels;
  private final StateArrays arrays;
  private final Claim claim;
  private final Map<String, StateEntry> entries;
  private final List<Parameter> parameters;
  private final List<RunningStat> runningStats;
  private final List<Counter> counterList;
  private final Map<String, Tensor> tensors;

  State(StateBuilder builder, long seed) {
    dtype = builder.dtype;
    claim = new Claim();
    this.seed = seed;
    network = builder.network;
    features = builder.features;
    labels = builder.labels;
    StateArrays places =
        new StateArrays(
            dtype, (int) builder.parameterPlaces, (int) builder.statPlaces, builder.counters);
    Map<String, StateEntry> byName = new LinkedHashMap<>();
    List<Parameter> parameterList = new ArrayList<>();
    List<RunningStat> statList = new ArrayList<>();
    List<Counter> countersByOrder = new ArrayList<>();
    Map<String, Tensor> tensorMap = new LinkedHashMap<>();
    List<PackedOrder> orders = new ArrayList<>();
    int parameterOffset = 0;
    int statOffset = 0;
    for (StateDeclaration declared : builder.declarations.values()) {
      String name = declared.name;
      StateEntry entry;
      switch (declared.kind) {
        case PARAMETER -> {
          Tensor value = places.parameter(parameterOffset, declared);
          Tensor gradient = places.gradient(parameterOffset, declared);
          parameterOffset += declared.places();
          orders.add(declared.order);
          Parameter parameter = new Parameter(name, parameterList.size(), value, gradient);
          parameter.initialize(declared.init, seed);
          parameterList.add(parameter);
          entry = parameter;
        }
        case RUNNING_STAT -> {
          RunningStat stat = new RunningStat(name, places.runningStat(statOffset, declared), true);
          stat.value().fill(declared.initial);
          statOffset += declared.places();
          statList.add(stat);
          entry = stat;
        }
        case DATA_STAT -> {
          RunningStat stat =
              new RunningStat(name, Tensor.zeros(DType.FLOAT64, declared.shape), false);
          stat.value().fill(declared.initial);
          statList.add(stat);
          entry = stat;
        }
        case COUNTER -> {
          Counter counter = new Counter(name, places.counters(), countersByOrder.size());
          countersByOrder.add(counter);
          entry = counter;
        }
        default -> throw new IllegalStateException(declared.kind + " is no kind of an entry");
      }
      byName.put(name, entry);
      tensorMap.put(name, entry.value());
    }
    entries = Collections.unmodifiableMap(byName);
    parameters = List.copyOf(parameterList);
    runningStats = List.copyOf(statList);
    counterList = List.copyOf(countersByOrder);
    tensors = Collections.unmodifiableMap(tensorMap);
    arrays = new StateArrays(places, parameters, orders);
  }

  /**
   * A state with the same parameters, running statistics and counters as this one, the very arrays,
   * and gradients of its own: for a model that works on a piece of each batch.
   *
   * @return a state that shares all but the gradients
   */
  public State sharing() {
    return new State(this, false, parameter -> true);
  }

  /**
   * This state, all arrays the very same, for an optimiser that is to see some parameters only:
   * {@link #parameters} and {@link StateArrays#trainableRanges} give no others.
   *
   * @param which the parameters to keep
   * @return a state that shares everything with this one
   */
  public State only(Predicate<Parameter> which) {
    Objects.requireNonNull(which, "which");
    return new State(this, true, which);
  }

  private State(State whole, boolean sharesGradients, Predicate<Parameter> which) {
    dtype = whole.dtype;
    // Whoever has gradients of its own works at the same time as the whole.
    claim = sharesGradients ? whole.claim : new Claim();
    seed = whole.seed;
    network = whole.network;
    features = whole.features;
    labels = whole.labels;
    arrays = new StateArrays(whole.arrays, sharesGradients, which);
    entries = whole.entries;
    parameters = whole.parameters.stream().filter(which).toList();
    runningStats = whole.runningStats;
    counterList = whole.counterList;
    tensors = whole.tensors;
  }

  /**
   * Starts the declaration of a state.
   *
   * @param dtype element type of all parameters and running statistics
   * @return an empty builder
   */
  public static StateBuilder builder(DType dtype) {
    Objects.requireNonNull(dtype, "dtype");
    if (dtype != DType.FLOAT32 && dtype != DType.FLOAT64) {
      throw new IllegalArgumentException(
          "State: parameters are real numbers, float32 or float64, but not " + dtype + ".");
    }
    return new StateBuilder(dtype);
  }

  /**
   * Who is in a call that works with this state: a call of its model, a training, a copy.
   *
   * @return the same object at every call, and for all states made by {@link #only}; one made by
   *     {@link #sharing} has its own
   */
  public Claim claim() {
    return claim;
  }

  /**
   * Element type of parameters, gradients and running statistics.
   *
   * @return the type
   */
  public DType dtype() {
    return dtype;
  }

  /**
   * The number of parameter values.
   *
   * @return the sum of the parameters' sizes
   */
  public int parameterCount() {
    int count = 0;
    for (Parameter parameter : parameters) {
      count += parameter.value().size();
    }
    return count;
  }

  /**
   * The arrays in which the state lies, for optimisers and generated code. Their order depends on
   * the kernels, so they must not be saved.
   *
   * @return the same object at every call
   */
  public StateArrays arrays() {
    return arrays;
  }

  /**
   * All parameters of a float32 model, one after the other in declaration order, each row-major:
   * PyTorch's {@code parameters_to_vector}.
   *
   * @return a new array of {@link #parameterCount} values; {@link #setFloatParameters} writes
   * @throws IllegalStateException if the model is float64
   */
  public float[] floatParameters() {
    requireType(DType.FLOAT32, "doubleParameters()");
    return FlatCopies.floats(arrays.chosenParameters());
  }

  /**
   * All parameters of a float64 model, one after the other in declaration order, each row-major.
   *
   * @return a new array of {@link #parameterCount} values; {@link #setDoubleParameters} writes
   * @throws IllegalStateException if the model is float32
   */
  public double[] doubleParameters() {
    requireType(DType.FLOAT64, "floatParameters()");
    return FlatCopies.doubles(arrays.chosenParameters());
  }

  /**
   * Sets all parameters of a float32 model: PyTorch's {@code vector_to_parameters}.
   *
   * @param values as {@link #floatParameters} gives them; copied
   * @throws IllegalStateException if the model is float64
   * @throws IllegalArgumentException if there are too few or too many; nothing is changed then
   */
  public void setFloatParameters(float[] values) {
    Objects.requireNonNull(values, "values");
    requireType(DType.FLOAT32, "setDoubleParameters(...)");
    FlatCopies.set("parameters", arrays.chosenParameters(), values);
  }

  /**
   * Sets all parameters of a float64 model.
   *
   * @param values as {@link #doubleParameters} gives them; copied
   * @throws IllegalStateException if the model is float32
   * @throws IllegalArgumentException if there are too few or too many; nothing is changed then
   */
  public void setDoubleParameters(double[] values) {
    Objects.requireNonNull(values, "values");
    requireType(DType.FLOAT64, "setFloatParameters(...)");
    FlatCopies.set("parameters", arrays.chosenParameters(), values);
  }

  /**
   * All gradients of a float32 model, in the order of {@link #floatParameters}.
   *
   * @return a new array; {@link #setFloatGradients} writes
   * @throws IllegalStateException if the model is float64
   */
  public float[] floatGradients() {
    requireType(DType.FLOAT32, "doubleGradients()");
    return FlatCopies.floats(arrays.chosenGradients());
  }

  /**
   * All gradients of a float64 model, in the order of {@link #doubleParameters}.
   *
   * @return a new array; {@link #setDoubleGradients} writes
   * @throws IllegalStateException if the model is float32
   */
  public double[] doubleGradients() {
    requireType(DType.FLOAT64, "floatGradients()");
    return FlatCopies.doubles(arrays.chosenGradients());
  }

  /**
   * Sets all gradients of a float32 model, as after a sum over several machines.
   *
   * @param values as {@link #floatGradients} gives them; copied
   * @throws IllegalStateException if the model is float64
   * @throws IllegalArgumentException if there are too few or too many; nothing is changed then
   */
  public void setFloatGradients(float[] values) {
    Objects.requireNonNull(values, "values");
    requireType(DType.FLOAT32, "setDoubleGradients(...)");
    FlatCopies.set("gradients", arrays.chosenGradients(), values);
  }

  /**
   * Sets all gradients of a float64 model.
   *
   * @param values as {@link #doubleGradients} gives them; copied
   * @throws IllegalStateException if the model is float32
   * @throws IllegalArgumentException if there are too few or too many; nothing is changed then
   */
  public void setDoubleGradients(double[] values) {
    Objects.requireNonNull(values, "values");
    requireType(DType.FLOAT64, "setFloatGradients(...)");
    FlatCopies.set("gradients", arrays.chosenGradients(), values);
  }

  /**
   * All running statistics of the layers of a float32 model, one after the other in declaration
   * order, each row-major. What records are normalised by is float64 in every model and not among
   * them.
   *
   * @return a new array; write to the entries of {@link #runningStats}
   * @throws IllegalStateException if the model is float64
   */
  public float[] floatRunningStats() {
    requireType(DType.FLOAT32, "doubleRunningStats()");
    return FlatCopies.floats(statsOfLayers());
  }

  /**
   * All running statistics of the layers of a float64 model, one after the other in declaration
   * order, each row-major. What records are normalised by is not among them.
   *
   * @return a new array; write to the entries of {@link #runningStats}
   * @throws IllegalStateException if the model is float32
   */
  public double[] doubleRunningStats() {
    requireType(DType.FLOAT64, "floatRunningStats()");
    return FlatCopies.doubles(statsOfLayers());
  }

  /**
   * All counters, in declaration order.
   *
   * @return a new array; write to the entries of {@link #counterList}
   */
  public long[] counters() {
    return arrays.counters().clone();
  }

  private List<Tensor> statsOfLayers() {
    return runningStats.stream().filter(RunningStat::isOfLayer).map(RunningStat::value).toList();
  }

  private void requireType(DType wanted, String remedy) {
    if (dtype != wanted) {
      throw new IllegalStateException("This state is " + dtype + ": use " + remedy + ".");
    }
  }

  /**
   * The parameters, in declaration order.
   *
   * @return an unmodifiable list
   */
  public List<Parameter> parameters() {
    return parameters;
  }

  /**
   * The running statistics of layers and what records are normalised by, in declaration order.
   *
   * @return an unmodifiable list
   */
  public List<RunningStat> runningStats() {
    return runningStats;
  }

  /**
   * The counters, in declaration order.
   *
   * @return an unmodifiable list
   */
  public List<Counter> counterList() {
    return counterList;
  }

  /**
   * The whole state dictionary in declaration order: layer by layer, parameters before statistics
   * before the counter.
   *
   * @return an unmodifiable collection
   */
  public Collection<StateEntry> entries() {
    return entries.values();
  }

  /**
   * Everything that makes up the state by name, in declaration order: what copies all of them into
   * the {@code tensors()} of another model of the network makes that model the same. Parameters and
   * running statistics are of the state's type, counters int64 scalars, and what records are
   * normalised by is float64. Gradients are no part of it.
   *
   * @return an unmodifiable map of views
   */
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /**
   * One parameter.
   *
   * @param name path such as {@code conv1.weight}
   * @return the parameter
   * @throws NoSuchElementException if there is none of that name; the message lists what there is
   */
  public Parameter parameter(String name) {
    Objects.requireNonNull(name, "name");
    return entry(Parameter.class, "parameter", name, parameters);
  }

  /**
   * One running statistic.
   *
   * @param name path such as {@code bn1.running_mean}
   * @return the statistic
   * @throws NoSuchElementException if there is none of that name; the message lists what there is
   */
  public RunningStat runningStat(String name) {
    Objects.requireNonNull(name, "name");
    return entry(RunningStat.class, "running statistic", name, runningStats);
  }

  /**
   * One counter.
   *
   * @param name path such as {@code bn1.num_batches_tracked}
   * @return the counter
   * @throws NoSuchElementException if there is none of that name; the message lists what there is
   */
  public Counter counter(String name) {
    Objects.requireNonNull(name, "name");
    return entry(Counter.class, "counter", name, counterList);
  }

  /**
   * Copies all parameters, running statistics and counters of another state; gradients are left
   * alone.
   *
   * @param source same names, kinds, shapes and element type; the order may differ
   * @throws IllegalArgumentException if anything does not match; the message lists every problem,
   *     and nothing is changed
   * @throws IllegalStateException if another thread is in a call of either model; nothing is
   *     changed then
   */
  public void copyFrom(State source) {
    Objects.requireNonNull(source, "source");
    String outer = claim.begin("State", "copyFrom");
    try {
      String outerOfSource = source.claim.begin("State", "copyFrom");
      try {
        copy(source);
      } finally {
        source.claim.end(outerOfSource);
      }
    } finally {
      claim.end(outer);
    }
  }

  private void copy(State source) {
    List<String> problems = new ArrayList<>();
    if (source.dtype != dtype) {
      problems.add("element type: expected " + dtype + ", got " + source.dtype);
    }
    for (StateEntry entry : entries.values()) {
      StateEntry other = source.entries.get(entry.name());
      if (other == null) {
        problems.add("missing: " + entry.name() + " (" + describe(entry) + ")");
      } else if (!describe(entry).equals(describe(other))) {
        problems.add(
            entry.name() + ": expected a " + describe(entry) + ", got a " + describe(other));
      }
    }
    for (StateEntry other : source.entries.values()) {
      if (!entries.containsKey(other.name())) {
        problems.add("unexpected: " + other.name() + " (" + describe(other) + ")");
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "The states do not match, nothing was copied:\n  " + String.join("\n  ", problems));
    }
    for (Map.Entry<String, Tensor> target : tensors.entrySet()) {
      target.getValue().copyFrom(source.tensors.get(target.getKey()));
    }
  }

  /**
   * Loads everything: parameters, running statistics, counters, and what records are normalised by.
   * Every tensor and every entry must fit. A file that lacks nothing but the counters of batch
   * norms is taken too, with a warning, since there was a time when they were not saved.
   *
   * @param tensors such as {@code Weights.read(path)}
   * @return what came of it
   * @throws IllegalArgumentException if something is missing, unexpected, of another shape or type,
   *     or of other features or labels than the network's; the message lists every problem, and
   *     nothing is changed
   * @throws IOException if the tensors cannot be read; nothing is changed
   */
  public LoadReport load(NamedTensors tensors) throws IOException {
    Objects.requireNonNull(tensors, "tensors");
    return load(tensors, LoadOptions.strict());
  }

  /**
   * Loads some or all entries. Float32 tensors are widened in a float64 model.
   *
   * @param tensors such as {@code Weights.read(path)}
   * @param options which, and what may differ
   * @return what came of it
   * @throws IllegalArgumentException if the options do not allow what does not fit, or a pattern
   *     matches nothing; the message lists every problem, and nothing is changed
   * @throws IOException if the tensors cannot be read; nothing is changed
   */
  public LoadReport load(NamedTensors tensors, LoadOptions options) throws IOException {
    Objects.requireNonNull(tensors, "tensors");
    Objects.requireNonNull(options, "options");
    return new StateLoader(this, tensors, options).load();
  }

  /**
   * The seed that the first values came from.
   *
   * @return as it was given when the model was created
   */
  public long seed() {
    return seed;
  }

  /**
   * The network that the state is of.
   *
   * @return its simple name; empty for a state that was declared without one
   */
  public Optional<String> network() {
    return network;
  }

  /**
   * The record that the network's samples are.
   *
   * @return empty if they are tensors
   */
  public Optional<EndType> features() {
    return features;
  }

  /**
   * What the network's labels are.
   *
   * @return empty if they are tensors
   */
  public Optional<EndType> labels() {
    return labels;
  }

  /**
   * What the state consists of, in a few letters: the same for two states whose entries have the
   * same names and shapes in the same order.
   *
   * @return 16 hexadecimal digits
   */
  public String fingerprint() {
    return StateMetadata.fingerprint(tensors);
  }

  /**
   * What a file of this state says of it: the network, the {@link #fingerprint}, the version of the
   * library, the seed, the precision, and the Java types at the network's ends. {@link #load}
   * compares the types. The key {@code format} tells other readers that names and shapes are
   * PyTorch's.
   *
   * @return texts by name
   */
  public Map<String, String> metadata() {
    return StateMetadata.of(this);
  }

  /** Returns one line for every entry: name, kind and shape. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("State ").append(dtype);
    for (StateEntry entry : entries.values()) {
      text.append("\n  ").append(entry.name()).append(": ").append(describe(entry));
    }
    return text.toString();
  }

  private static String describe(StateEntry entry) {
    if (entry instanceof Parameter parameter) {
      return "parameter of shape " + Shapes.text(parameter.shape());
    }
    if (entry instanceof RunningStat stat) {
      return (stat.isOfLayer() ? "running statistic" : stat.value().dtype() + " statistic")
          + " of shape "
          + Shapes.text(stat.shape());
    }
    return "counter";
  }

  private <E extends StateEntry> E entry(
      Class<E> type, String kind, String name, List<? extends StateEntry> known) {
    StateEntry found = entries.get(name);
    if (type.isInstance(found)) {
      return type.cast(found);
    }
    if (found != null) {
      throw new NoSuchElementException(
          "No " + kind + " \"" + name + "\": it is a " + describe(found) + ".");
    }
    List<String> names = known.stream().map(StateEntry::name).toList();
    Optional<String> closest = ClosestName.of(name, names);
    throw new NoSuchElementException(
        "No "
            + kind
            + " \""
            + name
            + "\"."
            + closest.map(close -> " Did you mean \"" + close + "\"?").orElse("")
            + (names.isEmpty() ? " There is none." : " Known: " + String.join(", ", names) + "."));
  }
}
