package dev.tenon.runtime.internal.call;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.internal.layout.Shapes;
import java.util.Objects;

/**
 * Tensors of one per-sample shape for changing batch sizes. The two batch sizes used last keep
 * their tensors, so the full batches and the one smaller last batch of an epoch allocate nothing
 * once both have been seen. Not synchronised.
 */
public final class BatchTensors {
  private final DType dtype;
  private final int[] sampleShape;
  private int recentBatch = -1;
  private int olderBatch = -1;
  private Tensor recent;
  private Tensor older;

  /**
   * Allocates nothing yet.
   *
   * @param dtype element type
   * @param sampleShape shape of one sample, without the batch axis
   */
  public BatchTensors(DType dtype, int... sampleShape) {
    Objects.requireNonNull(dtype, "dtype");
    Objects.requireNonNull(sampleShape, "sampleShape");
    this.dtype = dtype;
    this.sampleShape = sampleShape.clone();
  }

  /**
   * The tensor for a batch size.
   *
   * @param batch at least 0
   * @return {@code [batch, sample shape]}; with the values it had when it was used last, zeros when
   *     it is new
   * @throws IllegalArgumentException for a negative batch or more elements than an array can hold
   */
  public Tensor get(int batch) {
    if (batch == recentBatch) {
      return recent;
    }
    // Made before anything is forgotten: an error leaves the tensors as they were.
    Tensor tensor =
        batch == olderBatch ? older : Tensor.zeros(dtype, Shapes.withBatch(batch, sampleShape));
    older = recent;
    olderBatch = recentBatch;
    recent = tensor;
    recentBatch = batch;
    return tensor;
  }

  /** Whether a tensor is one of those that are kept, or another view of its array. */
  boolean shareArrayWith(Tensor tensor) {
    return (recent != null && recent.sharesArrayWith(tensor))
        || (older != null && older.sharesArrayWith(tensor));
  }
}
