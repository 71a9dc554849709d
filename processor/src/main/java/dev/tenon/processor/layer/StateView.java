package dev.tenon.processor.layer;

/** The runtime type that shows a layer's state; a layer's method must return it. */
public enum StateView {
  /** No state: {@code dev.tenon.runtime.layer.Layer}. */
  LAYER("Layer"),
  /** A weight and perhaps a bias: {@code dev.tenon.runtime.layer.Weighted}. */
  WEIGHTED("Weighted"),
  /** A normalisation's scale and shift, if any: {@code dev.tenon.runtime.layer.Norm}. */
  NORM("Norm"),
  /** Batch normalisation: {@code dev.tenon.runtime.layer.BatchNorm}. */
  BATCH_NORM("BatchNorm"),
  /** Instance normalisation: {@code dev.tenon.runtime.layer.InstanceNorm}. */
  INSTANCE_NORM("InstanceNorm");

  private static final String PACKAGE = "dev.tenon.runtime.layer";

  private final String simpleName;

  StateView(String simpleName) {
    this.simpleName = simpleName;
  }

  public String simpleName() {
    return simpleName;
  }

  /** Whether it shows running statistics, behind weight and bias. */
  public boolean showsRunningStats() {
    return this == BATCH_NORM || this == INSTANCE_NORM;
  }

  public String packageName() {
    return PACKAGE;
  }

  public String qualifiedName() {
    return PACKAGE + "." + simpleName;
  }
}
