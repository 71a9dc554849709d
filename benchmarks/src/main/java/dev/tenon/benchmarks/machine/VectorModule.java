package dev.tenon.benchmarks.machine;

import java.lang.module.ModuleFinder;

/** Whether {@code jdk.incubator.vector} is there. */
public final class VectorModule {
  /** The module. */
  public static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /** Whether this JDK has the module, in use or not. */
  public static boolean exists() {
    return ModuleFinder.ofSystem().find(NAME).isPresent();
  }

  /** Whether this JVM was started with the module. */
  public static boolean isResolved() {
    return ModuleLayer.boot().findModule(NAME).isPresent();
  }

  /**
   * The kind of kernels that a model runs on, by what the compiler wrote beside it and what this
   * JVM was told.
   *
   * @param model a generated model
   * @return {@code vector} or {@code plain}
   */
  public static String kernels(Class<?> model) {
    boolean on = isResolved() && !"off".equals(System.getProperty("tenon.vector"));
    String kernels = model.getName().replaceFirst("Model$", "VectorKernels");
    return on && model.getResource("/" + kernels.replace('.', '/') + ".class") != null
        ? "vector"
        : "plain";
  }
}
