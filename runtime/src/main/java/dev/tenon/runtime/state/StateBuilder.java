package dev.tenon.runtime.state;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.init.Initializer;
import dev.tenon.runtime.internal.layout.PackedOrder;
import dev.tenon.runtime.internal.layout.Packing;
import dev.tenon.runtime.internal.layout.Shapes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Declares the entries of a state, in the order of the state dictionary. */
public final class StateBuilder {
  final DType dtype;
  final Map<String, StateDeclaration> declarations = new LinkedHashMap<>();
  long parameterPlaces;
  long statPlaces;
  int counters;
  Optional<String> network = Optional.empty();
  Optional<EndType> features = Optional.empty();
  Optional<EndType> labels = Optional.empty();

  StateBuilder(DType dtype) {
    this.dtype = dtype;
  }

  /**
   * Says which network the state is of.
   *
   * @param name its simple name
   * @return this builder
   */
  public StateBuilder network(String name) {
    Objects.requireNonNull(name, "name");
    network = Optional.of(name);
    return this;
  }

  /**
   * Says what record the network's samples are.
   *
   * @param type its values, in the order of the inputs
   * @return this builder
   */
  public StateBuilder features(EndType type) {
    Objects.requireNonNull(type, "type");
    features = Optional.of(type);
    return this;
  }

  /**
   * Says what the network's labels are.
   *
   * @param type its values, in the order of the outputs
   * @return this builder
   */
  public StateBuilder labels(EndType type) {
    Objects.requireNonNull(type, "type");
    labels = Optional.of(type);
    return this;
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
  public StateBuilder parameter(String name, Initializer init, int... shape) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(init, "init");
    Objects.requireNonNull(shape, "shape");
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
  public StateBuilder parameter(String name, Initializer init, Packing packing, int... shape) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(init, "init");
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(packing, "packing");
    return parameter(name, init, packing.order(name, shape), shape);
  }

  private StateBuilder parameter(String name, Initializer init, PackedOrder order, int... shape) {
    StateDeclaration declared =
        new StateDeclaration(StateDeclaration.Kind.PARAMETER, name, init, 0, shape.clone(), order);
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
  public StateBuilder runningStat(String name, double initial, int... shape) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(shape, "shape");
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
  public StateBuilder runningStat(String name, double initial, Packing packing, int... shape) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(packing, "packing");
    Objects.requireNonNull(shape, "shape");
    return runningStat(name, initial, packing.order(name, shape), shape);
  }

  private StateBuilder runningStat(String name, double initial, PackedOrder order, int... shape) {
    StateDeclaration declared =
        new StateDeclaration(
            StateDeclaration.Kind.RUNNING_STAT, name, null, initial, shape.clone(), order);
    statPlaces = grow("running statistics", statPlaces, declared);
    return add(declared);
  }

  /**
   * Declares a statistic of data rather than of a layer, such as the mean of the records that a
   * network learns from: float64, whatever the state's type.
   *
   * @param name path such as {@code features.mean}
   * @param initial first value of every element
   * @param shape extents; without any, one scalar
   * @return this builder
   * @throws IllegalArgumentException if the name is taken
   */
  public StateBuilder dataStat(String name, double initial, int... shape) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(shape, "shape");
    return add(
        new StateDeclaration(
            StateDeclaration.Kind.DATA_STAT, name, null, initial, shape.clone(), null));
  }

  /**
   * Declares a counter that starts at 0.
   *
   * @param name path such as {@code bn1.num_batches_tracked}
   * @return this builder
   * @throws IllegalArgumentException if the name is taken
   */
  public StateBuilder counter(String name) {
    Objects.requireNonNull(name, "name");
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

  private StateBuilder add(StateDeclaration declaration) {
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
