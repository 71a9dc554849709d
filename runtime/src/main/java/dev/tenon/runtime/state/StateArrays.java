package dev.tenon.runtime.state;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.internal.layout.PackedOrder;
import dev.tenon.runtime.internal.layout.Packing;
import dev.tenon.runtime.math.Finite;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The arrays in which a state lies, live, for those who go over all of it at every step: optimisers
 * and generated code. Parameters lie one after the other in declaration order, gradients as the
 * parameters do, so a step is one loop over {@link #trainableRanges}.
 *
 * <p><b>How they lie is internal.</b> The order of elements within a parameter, padding between
 * them and with it the length of the arrays depend on the kernels that this virtual machine runs
 * (see {@link Packing}). What is to be kept, sent, compared or shown comes from {@link
 * State#tensors}, {@link State#floatParameters} and their kin, which are the same everywhere.
 *
 * <p>Padding is 0 in parameters, gradients and statistics, and whoever writes to the arrays keeps
 * it 0: see {@link #clearPadding}. The arrays exist once and never move. Not synchronised.
 */
public final class StateArrays {
  private final DType dtype;
  private final float[] floatParameters;
  private final float[] floatGradients;
  private final float[] floatRunningStats;
  private final double[] doubleParameters;
  private final double[] doubleGradients;
  private final double[] doubleRunningStats;
  private final long[] counters;

  private final List<Parameter> parameters;

  /** First place of each parameter, and at the end the length of the array. */
  private final int[] offsets;

  /** How each parameter is packed; null where it is not, and empty if none is. */
  private final PackedOrder[] orders;

  /** Whether each parameter is one that {@link #trainableRanges} may give. */
  private final boolean[] chosen;

  /** Which parameters were frozen when {@link #trainable} was made. */
  private final boolean[] frozen;

  private int[] trainable;

  /** These, or those whose gradients they share. */
  private final StateArrays gradientOwner;

  /** Whether a backward has begun to write gradients and not finished; of the owner only. */
  private boolean gradientsUnfinished;

  /** New arrays of zeros, for parameters that are views of them and are told later. */
  StateArrays(DType dtype, int parameterPlaces, int statPlaces, int counters) {
    this.dtype = dtype;
    boolean single = dtype == DType.FLOAT32;
    floatParameters = single ? new float[parameterPlaces] : null;
    floatGradients = single ? new float[parameterPlaces] : null;
    floatRunningStats = single ? new float[statPlaces] : null;
    doubleParameters = single ? null : new double[parameterPlaces];
    doubleGradients = single ? null : new double[parameterPlaces];
    doubleRunningStats = single ? null : new double[statPlaces];
    this.counters = new long[counters];
    gradientOwner = this;
    parameters = List.of();
    offsets = new int[] {0};
    orders = new PackedOrder[0];
    chosen = new boolean[0];
    frozen = new boolean[0];
    trainable = new int[0];
  }

  /**
   * Whether a step writes to the array of a tensor: parameters, gradients and statistics.
   *
   * @param tensor any tensor
   * @return true if a step may change it
   */
  public boolean writes(Tensor tensor) {
    Objects.requireNonNull(tensor, "tensor");
    return dtype == DType.FLOAT32
        ? tensor.liesIn(floatGradients)
            || tensor.liesIn(floatRunningStats)
            || tensor.liesIn(floatParameters)
        : tensor.liesIn(doubleGradients)
            || tensor.liesIn(doubleRunningStats)
            || tensor.liesIn(doubleParameters);
  }

  /** The same arrays, with the parameters that lie in them. */
  StateArrays(StateArrays arrays, List<Parameter> parameters, List<PackedOrder> packings) {
    this(arrays, arrays.floatGradients, arrays.doubleGradients, parameters, packings);
  }

  private StateArrays(
      StateArrays arrays,
      float[] floatGradients,
      double[] doubleGradients,
      List<Parameter> parameters,
      List<PackedOrder> packings) {
    dtype = arrays.dtype;
    floatParameters = arrays.floatParameters;
    doubleParameters = arrays.doubleParameters;
    this.floatGradients = floatGradients;
    this.doubleGradients = doubleGradients;
    floatRunningStats = arrays.floatRunningStats;
    doubleRunningStats = arrays.doubleRunningStats;
    counters = arrays.counters;
    gradientOwner = this;
    this.parameters = List.copyOf(parameters);
    offsets = new int[parameters.size() + 1];
    for (int i = 0; i < parameters.size(); i++) {
      PackedOrder order = packings.get(i);
      offsets[i + 1] =
          offsets[i] + (order == null ? parameters.get(i).value().size() : order.size());
    }
    boolean anyPacked = packings.stream().anyMatch(Objects::nonNull);
    orders = anyPacked ? packings.toArray(PackedOrder[]::new) : new PackedOrder[0];
    frozen = new boolean[parameters.size()];
    chosen = new boolean[parameters.size()];
    Arrays.fill(chosen, true);
    trainable = ranges();
  }

  /** The arrays of another state, perhaps without its gradients, for some of its parameters. */
  StateArrays(StateArrays whole, boolean sharesGradients, Predicate<Parameter> which) {
    dtype = whole.dtype;
    floatParameters = whole.floatParameters;
    doubleParameters = whole.doubleParameters;
    floatGradients =
        sharesGradients || whole.floatGradients == null
            ? whole.floatGradients
            : new float[whole.floatGradients.length];
    doubleGradients =
        sharesGradients || whole.doubleGradients == null
            ? whole.doubleGradients
            : new double[whole.doubleGradients.length];
    floatRunningStats = whole.floatRunningStats;
    doubleRunningStats = whole.doubleRunningStats;
    counters = whole.counters;
    gradientOwner = sharesGradients ? whole.gradientOwner : this;
    parameters = whole.parameters;
    offsets = whole.offsets;
    orders = whole.orders;
    frozen = new boolean[parameters.size()];
    chosen = new boolean[parameters.size()];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = whole.chosen[i] && which.test(parameters.get(i));
    }
    trainable = ranges();
  }

  /**
   * Checks that the gradients are those of one backward. An optimiser asks before each step.
   *
   * @throws IllegalStateException if the last backward failed in the middle
   */
  public void requireGradients() {
    if (gradientOwner.gradientsUnfinished) {
      throw new IllegalStateException(
          "The last backward failed in the middle, so some gradients are its own and others are"
              + " older: there is nothing to step by. Call forward and backward again first.");
    }
  }

  /**
   * Notes that a backward begins to write gradients, so that none are used if it fails; called by
   * models.
   */
  public void gradientsBegin() {
    gradientOwner.gradientsUnfinished = true;
  }

  /** Notes that the gradients are whole again; called by models. */
  public void gradientsDone() {
    gradientOwner.gradientsUnfinished = false;
  }

  /**
   * All parameters of a float32 model.
   *
   * @return the array itself, padding included
   * @throws IllegalStateException if the model is float64
   */
  public float[] floatParameters() {
    return single(floatParameters, "doubleParameters()");
  }

  /**
   * All parameters of a float64 model.
   *
   * @return the array itself, padding included
   * @throws IllegalStateException if the model is float32
   */
  public double[] doubleParameters() {
    return twice(doubleParameters, "floatParameters()");
  }

  /**
   * All gradients of a float32 model, laid out as the parameters.
   *
   * @return the array itself, padding included
   * @throws IllegalStateException if the model is float64
   */
  public float[] floatGradients() {
    return single(floatGradients, "doubleGradients()");
  }

  /**
   * All gradients of a float64 model, laid out as the parameters.
   *
   * @return the array itself, padding included
   * @throws IllegalStateException if the model is float32
   */
  public double[] doubleGradients() {
    return twice(doubleGradients, "floatGradients()");
  }

  /**
   * All running statistics of the layers of a float32 model, one after the other in declaration
   * order.
   *
   * @return the array itself, padding included
   * @throws IllegalStateException if the model is float64
   */
  public float[] floatRunningStats() {
    return single(floatRunningStats, "doubleRunningStats()");
  }

  /**
   * All running statistics of the layers of a float64 model, one after the other in declaration
   * order.
   *
   * @return the array itself, padding included
   * @throws IllegalStateException if the model is float32
   */
  public double[] doubleRunningStats() {
    return twice(doubleRunningStats, "floatRunningStats()");
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
   * Whether the gradients of all parameters that are not frozen are finite numbers. Allocates
   * nothing.
   *
   * @param check looks at floats
   * @return false if one is infinite or NaN
   */
  public boolean areGradientsFinite(Finite.Floats check) {
    Objects.requireNonNull(check, "check");
    int[] ranges = trainableRanges();
    boolean finite = true;
    for (int r = 0; finite && r < ranges.length; r += 2) {
      finite =
          floatGradients == null
              ? Finite.all(doubleGradients, ranges[r], ranges[r + 1])
              : check.areFinite(floatGradients, ranges[r], ranges[r + 1]);
    }
    return finite;
  }

  /**
   * The parameters that are not frozen, as ranges of the parameter array: {@code from0, to0, from1,
   * to1, ...}, ascending, neighbours joined. An optimiser asks at every step; nothing is allocated
   * unless a parameter was frozen or unfrozen since.
   *
   * @return the ranges; not to be written to
   * @throws IllegalStateException if the last backward failed in the middle, so that the gradients
   *     are of no use
   */
  public int[] trainableRanges() {
    requireGradients();
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
   * Where each of the state's {@link State#parameters} lies in the parameter array: {@code from0,
   * to0, from1, to1, ...}, padding included, frozen or not.
   *
   * @return a new array
   */
  public int[] parameterRanges() {
    int[] bounds = new int[2 * chosen.length];
    int count = 0;
    for (int i = 0; i < chosen.length; i++) {
      if (chosen[i]) {
        bounds[count++] = offsets[i];
        bounds[count++] = offsets[i + 1];
      }
    }
    return Arrays.copyOf(bounds, count);
  }

  private int[] ranges() {
    int[] bounds = new int[2 * frozen.length];
    int count = 0;
    for (int i = 0; i < frozen.length; i++) {
      int from = offsets[i];
      int to = offsets[i + 1];
      if (chosen[i] && !frozen[i] && to > from) {
        if (count > 0 && bounds[count - 1] == from) {
          bounds[count - 1] = to;
        } else {
          bounds[count++] = from;
          bounds[count++] = to;
        }
      }
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
    for (int i = 0; i < orders.length; i++) {
      PackedOrder order = orders[i];
      if (order != null && order.firstPadding() < order.size()) {
        int first = offsets[i] + order.firstPadding();
        if (floatParameters != null && Float.floatToRawIntBits(floatParameters[first]) != 0) {
          order.clearPadding(floatParameters, offsets[i]);
        }
        if (doubleParameters != null && Double.doubleToRawLongBits(doubleParameters[first]) != 0) {
          order.clearPadding(doubleParameters, offsets[i]);
        }
      }
    }
  }

  // ------------------------------------------------------------------------ what a state shows

  /** The tensor at an offset in the array of parameters. */
  Tensor parameter(int offset, StateDeclaration declared) {
    return view(floatParameters, doubleParameters, offset, declared);
  }

  /** The tensor at an offset in the array of gradients. */
  Tensor gradient(int offset, StateDeclaration declared) {
    return view(floatGradients, doubleGradients, offset, declared);
  }

  /** The tensor at an offset in the array of running statistics. */
  Tensor runningStat(int offset, StateDeclaration declared) {
    return view(floatRunningStats, doubleRunningStats, offset, declared);
  }

  private static Tensor view(
      float[] floats, double[] doubles, int offset, StateDeclaration declared) {
    if (declared.order != null) {
      return packed(floats, doubles, offset, declared.order);
    }
    return floats != null
        ? Tensor.view(floats, offset, declared.shape)
        : Tensor.view(doubles, offset, declared.shape);
  }

  private static Tensor packed(float[] floats, double[] doubles, int offset, PackedOrder order) {
    return floats != null
        ? Tensor.packed(floats, offset, order)
        : Tensor.packed(doubles, offset, order);
  }

  /**
   * Shows an array that lies as the parameters do, such as an optimiser's averages, as tensors of
   * the parameters' shapes.
   *
   * @param array as long as {@link #floatParameters}
   * @return a view for each of the state's {@link State#parameters}, in their order
   * @throws IllegalArgumentException if it is not as long
   */
  public List<Tensor> views(float[] array) {
    Objects.requireNonNull(array, "array");
    requireLength(array.length, offsets[offsets.length - 1]);
    return chosen(array, null);
  }

  /**
   * Shows an array that lies as the parameters do as tensors of the parameters' shapes.
   *
   * @param array as long as {@link #doubleParameters}
   * @return a view for each of the state's {@link State#parameters}, in their order
   * @throws IllegalArgumentException if it is not as long
   */
  public List<Tensor> views(double[] array) {
    Objects.requireNonNull(array, "array");
    requireLength(array.length, offsets[offsets.length - 1]);
    return chosen(null, array);
  }

  private static void requireLength(int length, int places) {
    if (length != places) {
      throw new IllegalArgumentException(
          "StateArrays: the array must have " + places + " places, but has " + length + ".");
    }
  }

  /** Views of the gradients in these arrays, which a parameter's own need not be in. */
  List<Tensor> chosenGradients() {
    return chosen(floatGradients, doubleGradients);
  }

  /** Views of the parameters, in declaration order. */
  List<Tensor> chosenParameters() {
    return chosen(floatParameters, doubleParameters);
  }

  private List<Tensor> chosen(float[] floats, double[] doubles) {
    Tensor[] views = new Tensor[parameters.size()];
    for (int i = 0; i < views.length; i++) {
      if (chosen[i]) {
        PackedOrder order = orders.length == 0 ? null : orders[i];
        int[] shape = parameters.get(i).shape();
        views[i] =
            order != null
                ? packed(floats, doubles, offsets[i], order)
                : floats != null
                    ? Tensor.view(floats, offsets[i], shape)
                    : Tensor.view(doubles, offsets[i], shape);
      }
    }
    return Arrays.stream(views).filter(Objects::nonNull).toList();
  }

  private float[] single(float[] array, String remedy) {
    if (array == null) {
      throw otherType(remedy);
    }
    return array;
  }

  private double[] twice(double[] array, String remedy) {
    if (array == null) {
      throw otherType(remedy);
    }
    return array;
  }

  private IllegalStateException otherType(String remedy) {
    return new IllegalStateException("This state is " + dtype + ": use " + remedy + ".");
  }

  /** Returns the lengths of the arrays. */
  @Override
  public String toString() {
    int places = floatParameters != null ? floatParameters.length : doubleParameters.length;
    int stats = floatRunningStats != null ? floatRunningStats.length : doubleRunningStats.length;
    return "StateArrays of "
        + dtype
        + ", padding included: "
        + places
        + " parameters and gradients, "
        + stats
        + " running statistics; "
        + counters.length
        + " counters";
  }
}
