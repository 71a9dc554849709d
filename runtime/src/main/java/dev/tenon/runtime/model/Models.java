package dev.tenon.runtime.model;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Objects;

/**
 * Finds generated models when the program runs, for code that is written before the networks that
 * it works on: a tool, a benchmark of several networks, a test of all of them. Everybody else names
 * the model: {@code IrisNetModel.create(seed)}, which javac checks.
 */
public final class Models {
  private Models() {}

  /**
   * A new model of a network, as {@code IrisNetModel.create(seed)} gives it.
   *
   * <pre>{@code
   * IrisNet net = Models.create(MethodHandles.lookup(), IrisNet.class, 1);
   * SingleModel model = (SingleModel) net;
   * }</pre>
   *
   * @param <N> the network
   * @param lookup whose rights count: a network that is not public has a model that is not either
   * @param network the interface or class that has {@code @Network}
   * @param seed of the initial values
   * @return the model, which is also a {@link Model}
   * @throws IllegalStateException if there is no model, with the usual causes, or if the network
   *     did not compile
   * @throws IllegalArgumentException if the model exists and is not visible to the lookup
   */
  public static <N> N create(MethodHandles.Lookup lookup, Class<N> network, long seed) {
    Objects.requireNonNull(lookup, "lookup");
    Objects.requireNonNull(network, "network");
    String name = modelName(network);
    try {
      Class<?> model = Class.forName(name, false, network.getClassLoader());
      MethodHandle create =
          lookup.findStatic(model, "create", MethodType.methodType(model, long.class));
      return network.cast(create.invoke(seed));
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(neverGenerated(network, name), e);
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException(
          name + " is not visible to " + lookup + ". Give the lookup of a class in its package.",
          e);
    } catch (NoSuchMethodException | ClassCastException e) {
      throw new IllegalStateException(
          name
              + " exists, but is no model that was generated for "
              + network.getName()
              + ". Rename that class or the network.",
          e);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("Could not create " + name, e);
    }
  }

  private static String neverGenerated(Class<?> network, String model) {
    String simple = network.getSimpleName();
    return String.join(
        System.lineSeparator(),
        model + ", the model of " + network.getName() + ", was never generated.",
        "If " + simple + " has @Network, it is one of these:",
        "  - The build does not run the processor: tenon-processor belongs into"
            + " annotationProcessorPaths in Maven, to annotationProcessor in Gradle, on javac's"
            + " -processorpath.",
        "  - Processors are off: by -proc:none, or from JDK 23 on because javac was given neither a"
            + " processor path nor -proc:full.",
        "  - "
            + simple
            + " comes from a library that was compiled without the processor; its models are"
            + " generated where it is compiled, and belong into its jar.");
  }

  /** The name that the processor gives: {@code app.Around_InnerModel} for {@code Around.Inner}. */
  private static String modelName(Class<?> network) {
    StringBuilder name = new StringBuilder(network.getSimpleName()).append("Model");
    for (Class<?> c = network.getDeclaringClass(); c != null; c = c.getDeclaringClass()) {
      name.insert(0, c.getSimpleName() + "_");
    }
    String inPackage = network.getPackageName();
    return inPackage.isEmpty() ? name.toString() : inPackage + "." + name;
  }
}
