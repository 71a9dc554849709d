package dev.tenon.runtime.internal.kernel;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.TensorSpec;
import dev.tenon.runtime.internal.parallel.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntSupplier;

/**
 * The static methods that generated models call, as methods of an object: for networks with
 * constants that are called like the classes, {@code List} or {@code WorkerPool}, and like their
 * packages, {@code java} or {@code dev}. Inside the model those names mean the constants, except
 * after {@code new}.
 */
public final class Statics {
  /** Creates one; it has no state. */
  public Statics() {}

  /**
   * {@link List#of(Object[])}.
   *
   * @param <T> what the list holds
   * @param elements none of which is null
   * @return a list that does not change
   */
  @SafeVarargs
  public final <T> List<T> list(T... elements) {
    Objects.requireNonNull(elements, "elements");
    List<T> list = new ArrayList<>();
    for (T element : elements) {
      list.add(element);
    }
    return List.copyOf(list);
  }

  /**
   * {@link TensorSpec#of} of {@link DType#FLOAT32}.
   *
   * @param name of the input or output
   * @param sizes of one sample
   * @return the description
   */
  public TensorSpec floats(String name, int... sizes) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(sizes, "sizes");
    return TensorSpec.of(name, DType.FLOAT32, sizes);
  }

  /**
   * {@link TensorSpec#of} of {@link DType#FLOAT64}.
   *
   * @param name of the input or output
   * @param sizes of one sample
   * @return the description
   */
  public TensorSpec doubles(String name, int... sizes) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(sizes, "sizes");
    return TensorSpec.of(name, DType.FLOAT64, sizes);
  }

  /**
   * {@link TensorSpec#indices}.
   *
   * @param name of the input
   * @param limit all indices are less than this
   * @param sizes of one sample
   * @return the description
   */
  public TensorSpec indices(String name, int limit, int... sizes) {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(sizes, "sizes");
    return TensorSpec.indices(name, limit, sizes);
  }

  /**
   * {@link WorkerPool#shared}.
   *
   * @return the pool that all models share
   */
  public WorkerPool sharedWorkers() {
    return WorkerPool.shared();
  }

  /**
   * {@link KernelSelection#choose(String, IntSupplier)}.
   *
   * @param network its name
   * @param probe tries a vector operation and gives the lanes of a vector, 0 if it went wrong
   * @return what was chosen
   */
  public KernelSelection.Choice choose(String network, IntSupplier probe) {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(probe, "probe");
    return KernelSelection.choose(network, probe);
  }

  /**
   * Sets all values to 0.
   *
   * @param values to be overwritten
   */
  public void clear(float[] values) {
    Objects.requireNonNull(values, "values");
    Arrays.fill(values, 0);
  }

  /**
   * Sets all values to 0.
   *
   * @param values to be overwritten
   */
  public void clear(double[] values) {
    Objects.requireNonNull(values, "values");
    Arrays.fill(values, 0);
  }
}
