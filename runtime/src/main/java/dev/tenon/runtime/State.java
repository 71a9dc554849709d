package dev.tenon.runtime;

import dev.tenon.runtime.init.Initializer;
import java.util.ArrayList;
import java.util.Arrays;
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
 * Everything a model remembers, in flat arrays: parameters, their gradients (same layout), running
 * statistics and counters. Entries lie one behind the other in declaration order, so an optimiser
 * or an all-reduce is one loop over one array. An entry that is packed (see {@link Packing}) takes
 * as many places as its packing has; the padding among them is 0 in parameters, gradients and
 * statistics, and whoever writes to the arrays keeps it 0.
 *
 * <p>The arrays exist once and never move; all entries are views on them. Not synchronised.
 */
public final class State {
  private final DType dtype;
  private final float[] floatParameters;
  private final float[] floatGradients;
  private final float[] floatRunningStats;
  private final double[] doubleParameters;
  private final double[] doubleGradients;
  private final double[] doubleRunningStats;
  private final long[] counters;
  private final Map<String, StateEntry> entries;
  private final List<Parameter> parameters;
  private final List<RunningStat> runningStats;
  private final List<Counter> counterList;
  private final Map<String, Tensor> tensors;

  /** Which parameters were frozen when {@link #trainable} was made. */
  private final boolean[] frozen;

  private int[] trainable;
  private final int parameterCount;

  /** Places of each parameter in the flat array, padding included. */
  private final int[] parameterPlaces;

  /** The parameters of which {@link #chosen} is true. */
  private final List<Parameter> visible;

  /** Whether each parameter is one that {@link #trainableRanges} may give. */
  private final boolean[] chosen;

  /** How each parameter is packed; null where it is not, and empty if none is. */
  private final PackedOrder[] parameterOrders;

  private State(Builder builder, long seed) {
    dtype = builder.dtype;
    int places = (int) builder.parameterPlaces;
    int statPlaces = (int) builder.statPlaces;
    boolean single = dtype == DType.FLOAT32;
    floatParameters = single ? new float[places] : null;
    floatGradients = single ? new float[places] : null;
    floatRunningStats = single ? new float[statPlaces] : null;
    doubleParameters = single ? null : new double[places];
    doubleGradients = single ? null : new double[places];
    doubleRunningStats = single ? null : new double[statPlaces];
    counters = new long[builder.counters];

    Map<String, StateEntry> byName = new LinkedHashMap<>();
    List<Parameter> parameterList = new ArrayList<>();
    List<RunningStat> statList = new ArrayList<>();
    List<Counter> countersByOrder = new ArrayList<>();
    Map<String, Tensor> tensorMap = new LinkedHashMap<>();
    List<PackedOrder> orders = new ArrayList<>();
    int parameterOffset = 0;
    int statOffset = 0;
    int count = 0;
    for (StateDeclaration declared : builder.declarations.values()) {
      String name = declared.name;
      StateEntry entry;
      if (declared.kind == StateDeclaration.Kind.PARAMETER) {
        Tensor value = view(floatParameters, doubleParameters, parameterOffset, declared);
        Tensor gradient = view(floatGradients, doubleGradients, parameterOffset, declared);
        parameterOffset += declared.places();
        count += value.size();
        orders.add(declared.order);
        Parameter parameter = new Parameter(name, parameterList.size(), value, gradient);
        parameter.initialize(declared.init, seed);
        parameterList.add(parameter);
        tensorMap.put(name, value);
        entry = parameter;
      } else if (declared.kind == StateDeclaration.Kind.RUNNING_STAT) {
        Tensor value = view(floatRunningStats, doubleRunningStats, statOffset, declared);
        value.fill(declared.initial);
        statOffset += declared.places();
        RunningStat stat = new RunningStat(name, value);
        statList.add(stat);
        tensorMap.put(name, value);
        entry = stat;
      } else {
        Counter counter = new Counter(name, counters, countersByOrder.size());
        countersByOrder.add(counter);
        entry = counter;
      }
      byName.put(name, entry);
    }
    entries = Collections.unmodifiableMap(byName);
    parameters = List.copyOf(parameterList);
    runningStats = List.copyOf(statList);
    counterList = List.copyOf(countersByOrder);
    tensors = Collections.unmodifiableMap(tensorMap);
    parameterCount = count;
    parameterPlaces = new int[parameters.size()];
    for (int i = 0; i < parameterPlaces.length; i++) {
      PackedOrder order = orders.get(i);
      parameterPlaces[i] = order == null ? parameters.get(i).value().size() : order.size();
    }
    boolean anyPacked = orders.stream().anyMatch(Objects::nonNull);
    parameterOrders = anyPacked ? orders.toArray(PackedOrder[]::new) : new PackedOrder[0];
    frozen = new boolean[parameters.size()];
    chosen = new boolean[parameters.size()];
    Arrays.fill(chosen, true);
    visible = parameters;
    trainable = ranges();
  }

  private static Tensor view(
      float[] floats, double[] doubles, int offset, StateDeclaration declared) {
    if (declared.order != null) {
      return Tensor.packed(floats, doubles, offset, declared.order);
    }
    return floats != null
        ? Tensor.view(floats, offset, declared.shape)
        : Tensor.view(doubles, offset, declared.shape);
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
   * {@link #parameters} and {@link #trainableRanges} give no others.
   *
   * @param which the parameters to keep
   * @return a state that shares everything with this one
   */
  public State only(Predicate<Parameter> which) {
    return new State(this, true, which);
  }

  private State(State whole, boolean sharesGradients, Predicate<Parameter> which) {
    dtype = whole.dtype;
    parameterCount = whole.parameterCount;
    parameterPlaces = whole.parameterPlaces;
    parameterOrders = whole.parameterOrders;
    floatParameters = whole.floatParameters;
    doubleParameters = whole.doubleParameters;
    if (sharesGradients) {
      floatGradients = whole.floatGradients;
      doubleGradients = whole.doubleGradients;
    } else {
      floatGradients = floatParameters == null ? null : new float[floatParameters.length];
      doubleGradients = doubleParameters == null ? null : new double[doubleParameters.length];
    }
    floatRunningStats = whole.floatRunningStats;
    doubleRunningStats = whole.doubleRunningStats;
    counters = whole.counters;
    entries = whole.entries;
    parameters = whole.parameters;
    runningStats = whole.runningStats;
    counterList = whole.counterList;
    tensors = whole.tensors;
    frozen = new boolean[parameters.size()];
    chosen = new boolean[parameters.size()];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = whole.chosen[i] && which.test(parameters.get(i));
    }
    visible = parameters.stream().filter(p -> whole.visible.contains(p) && which.test(p)).toList();
    trainable = ranges();
  }

  /**
   * Starts the declaration of a state.
   *
   * @param dtype element type of all parameters and running statistics
   * @return an empty builder
   */
  public static Builder builder(DType dtype) {
    if (dtype == DType.INT32) {
      throw new IllegalArgumentException(
          "State: parameters are real numbers, float32 or float64, but not " + dtype + ".");
    }
    return new Builder(dtype);
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
   * The number of parameter values: the length of the parameter array without padding.
   *
   * @return the sum of the parameters' sizes
   */
  public int parameterCount() {
    return parameterCount;
  }

  /**
   * All parameters of a float32 model, one behind the other in declaration order.
   *
   * @return the array itself
   * @throws IllegalStateException if the model is float64
   */
  public float[] floatParameters() {
    return single(floatParameters, "doubleParameters()");
  }

  /**
   * All parameters of a float64 model, one behind the other in declaration order.
   *
   * @return the array itself
   * @throws IllegalStateException if the model is float32
   */
  public double[] doubleParameters() {
    return twice(doubleParameters, "floatParameters()");
  }

  /**
   * All gradients of a float32 model, laid out as the parameters.
   *
   * @return the array itself
   * @throws IllegalStateException if the model is float64
   */
  public float[] floatGradients() {
    return single(floatGradients, "doubleGradients()");
  }

  /**
   * All gradients of a float64 model, laid out as the parameters.
   *
   * @return the array itself
   * @throws IllegalStateException if the model is float32
   */
  public double[] doubleGradients() {
    return twice(doubleGradients, "floatGradients()");
  }

  /**
   * All running statistics of a float32 model, one behind the other in declaration order.
   *
   * @return the array itself
   * @throws IllegalStateException if the model is float64
   */
  public float[] floatRunningStats() {
    return single(floatRunningStats, "doubleRunningStats()");
  }

  /**
   * All running statistics of a float64 model, one behind the other in declaration order.
   *
   * @return the array itself
   * @throws IllegalStateException if the model is float32
   */
  public double[] doubleRunningStats() {
    return twice(doubleRunningStats, "floatRunningStats()");
  }

  /**
   * The parameters that are not frozen, as ranges of the parameter array: {@code from0, to0, from1,
   * to1, ...}, ascending, neighbours joined. An optimiser asks at every step; nothing is allocated
   * unless a parameter was frozen or unfrozen since.
   *
   * @return the ranges; not to be written to
   */
  public int[] trainableRanges() {
    boolean changed = false;
    for (int i = 0; i < frozen.length; i++) {
      boolean now = parameters.get(i).isFrozen();
      changed |= now != frozen[i];
      frozen[i] = now;
    }
    if (changed) {
      trainable = ranges();
    }
    return trainable;
  }

  /**
   * Where each of the {@link #parameters} lies in the parameter array: {@code from0, to0, from1,
   * to1, ...}, padding included, frozen or not.
   *
   * @return a new array
   */
  public int[] parameterRanges() {
    int[] bounds = new int[2 * visible.size()];
    int count = 0;
    int offset = 0;
    for (int i = 0; i < chosen.length; i++) {
      int end = offset + parameterPlaces[i];
      if (chosen[i]) {
        bounds[count++] = offset;
        bounds[count++] = end;
      }
      offset = end;
    }
    return bounds;
  }

  private int[] ranges() {
    int[] bounds = new int[2 * frozen.length];
    int count = 0;
    int offset = 0;
    for (int i = 0; i < frozen.length; i++) {
      int end = offset + parameterPlaces[i];
      if (chosen[i] && !frozen[i] && end > offset) {
        if (count > 0 && bounds[count - 1] == offset) {
          bounds[count - 1] = end;
        } else {
          bounds[count++] = offset;
          bounds[count++] = end;
        }
      }
      offset = end;
    }
    return Arrays.copyOf(bounds, count);
  }

  /**
   * Sets the padding of packed parameters to 0 again, where a step has moved it. An optimiser calls
   * this after each step: what it does to a parameter and a gradient of 0 may be no number, such as
   * 0 divided by an eps of 0, and padding takes part in what kernels compute. Costs one look at
   * each packed parameter, because a step does the same to all padding of a parameter.
   */
  public void clearPadding() {
    int offset = 0;
    for (int i = 0; i < parameterOrders.length; i++) {
      PackedOrder order = parameterOrders[i];
      if (order != null && order.firstPadding() < order.size()) {
        int first = offset + order.firstPadding();
        if (floatParameters != null && Float.floatToRawIntBits(floatParameters[first]) != 0) {
          order.clearPadding(floatParameters, offset);
        }
        if (doubleParameters != null && Double.doubleToRawLongBits(doubleParameters[first]) != 0) {
          order.clearPadding(doubleParameters, offset);
        }
      }
      offset += parameterPlaces[i];
    }
  }

  /**
   * All counters, in declaration order.
   *
   * @return the array itself
   */
  public long[] counters() {
    return counters;
  }

  /**
   * The parameters, in declaration order.
   *
   * @return an unmodifiable list
   */
  public List<Parameter> parameters() {
    return visible;
  }

  /**
   * The running statistics, in declaration order.
   *
   * @return an unmodifiable list
   */
  public List<RunningStat> runningStats() {
    return runningStats;
  }

  /**
   * The counters, in declaration order; {@link #counters()} is their storage.
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
   * Parameters and running statistics by name, in declaration order. Counters are int64 and no
   * tensors; {@link #entries} has them too.
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
    return entry(Counter.class, "counter", name, counterList);
  }

  /**
   * Copies all parameters, running statistics and counters of another state; gradients are left
   * alone.
   *
   * @param source same names, kinds, shapes and element type; the order may differ
   * @throws IllegalArgumentException if anything does not match; the message lists every problem,
   *     and nothing is changed
   */
  public void copyFrom(State source) {
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
    for (Counter counter : counterList) {
      counter.set(source.counter(counter.name()).get());
    }
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
      return "running statistic of shape " + Shapes.text(stat.shape());
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

  private float[] single(float[] array, String remedy) {
    if (array == null) {
      throw new IllegalStateException("This state is " + dtype + ": use " + remedy + ".");
    }
    return array;
  }

  private double[] twice(double[] array, String remedy) {
    if (array == null) {
      throw new IllegalStateException("This state is " + dtype + ": use " + remedy + ".");
    }
    return array;
  }

  /** Declares the entries of a state, in the order of the state dictionary. */
  public static final class Builder {
    private final DType dtype;
    private final Map<String, StateDeclaration> declarations = new LinkedHashMap<>();
    private long parameterPlaces;
    private long statPlaces;
    private int counters;

    private Builder(DType dtype) {
      this.dtype = dtype;
    }

    /**
     * Declares a parameter.
     *
     * @param name path such as {@code conv1.weight}
     * @param init its first values
     * @param shape extents; without any, one scalar
     * @return this builder
     * @throws IllegalArgumentException if the name is taken, or all parameters together have more
     *     values than an array can hold
     */
    public Builder parameter(String name, Initializer init, int... shape) {
      return parameter(name, init, (PackedOrder) null, shape);
    }

    /**
     * Declares a parameter that is packed. Its first values are those that it would have if it were
     * not.
     *
     * @param name path such as {@code conv1.weight}
     * @param init its first values
     * @param packing how it lies in the flat arrays
     * @param shape extents; without any, one scalar
     * @return this builder
     * @throws IllegalArgumentException if the name is taken, the shape does not fit the packing, or
     *     all parameters together have more values than an array can hold
     */
    public Builder parameter(String name, Initializer init, Packing packing, int... shape) {
      return parameter(name, init, packing.order(name, shape), shape);
    }

    private Builder parameter(String name, Initializer init, PackedOrder order, int... shape) {
      StateDeclaration declared =
          new StateDeclaration(
              StateDeclaration.Kind.PARAMETER, name, init, 0, shape.clone(), order);
      parameterPlaces = grow("parameters", parameterPlaces, declared);
      return add(declared);
    }

    /**
     * Declares a running statistic.
     *
     * @param name path such as {@code bn1.running_mean}
     * @param initial first value of every element
     * @param shape extents; without any, one scalar
     * @return this builder
     * @throws IllegalArgumentException if the name is taken, or all statistics together have more
     *     values than an array can hold
     */
    public Builder runningStat(String name, double initial, int... shape) {
      return runningStat(name, initial, (PackedOrder) null, shape);
    }

    /**
     * Declares a running statistic that is packed.
     *
     * @param name path such as {@code bn1.running_mean}
     * @param initial first value of every element; padding is 0 all the same
     * @param packing how it lies in the flat array
     * @param shape extents; without any, one scalar
     * @return this builder
     * @throws IllegalArgumentException if the name is taken, the shape does not fit the packing, or
     *     all statistics together have more values than an array can hold
     */
    public Builder runningStat(String name, double initial, Packing packing, int... shape) {
      return runningStat(name, initial, packing.order(name, shape), shape);
    }

    private Builder runningStat(String name, double initial, PackedOrder order, int... shape) {
      StateDeclaration declared =
          new StateDeclaration(
              StateDeclaration.Kind.RUNNING_STAT, name, null, initial, shape.clone(), order);
      statPlaces = grow("running statistics", statPlaces, declared);
      return add(declared);
    }

    /**
     * Declares a counter that starts at 0.
     *
     * @param name path such as {@code bn1.num_batches_tracked}
     * @return this builder
     * @throws IllegalArgumentException if the name is taken
     */
    public Builder counter(String name) {
      add(new StateDeclaration(StateDeclaration.Kind.COUNTER, name, null, 0, new int[0], null));
      counters++;
      return this;
    }

    /**
     * Allocates the arrays and gives every parameter its first values.
     *
     * @param seed the same seed gives the same bits on every platform
     * @return a new state with zero gradients
     */
    public State build(long seed) {
      return new State(this, seed);
    }

    private Builder add(StateDeclaration declaration) {
      if (declarations.putIfAbsent(declaration.name, declaration) != null) {
        throw new IllegalArgumentException(
            "State entry \"" + declaration.name + "\" is declared twice.");
      }
      return this;
    }

    private static long grow(String what, long values, StateDeclaration declared) {
      long grown = values + declared.places();
      if (grown > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "With "
                + declared.name
                + " "
                + Shapes.text(declared.shape)
                + " the "
                + what
                + " of the network have "
                + grown
                + " values together, but one array holds at most "
                + Integer.MAX_VALUE
                + ".");
      }
      return grown;
    }
  }
}
