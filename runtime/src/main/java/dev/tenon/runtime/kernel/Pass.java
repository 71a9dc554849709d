package dev.tenon.runtime.kernel;

import dev.tenon.runtime.Layer;
import dev.tenon.runtime.TrackedNorm;
import dev.tenon.runtime.parallel.BatchPiece;
import dev.tenon.runtime.random.Randoms;
import java.util.List;

/**
 * One forward through a model and the backward behind it: all that a {@link Program} is given
 * besides the tensors. A model has one, which each forward begins anew. Not synchronised.
 */
public final class Pass {
  private final BatchPiece piece;
  private final long seed;
  private final boolean[] frozen;
  private long step;
  private int batch;
  private boolean evaluation;

  /**
   * The passes of a model of its own.
   *
   * @param layers number of the model's layers
   * @param seed the model's, which all random numbers follow from
   */
  public Pass(int layers, long seed) {
    this(new BatchPiece(), new boolean[layers], seed, 0);
  }

  private Pass(BatchPiece piece, boolean[] frozen, long seed, long step) {
    this.piece = piece;
    this.frozen = frozen;
    this.seed = seed;
    this.step = step;
  }

  /**
   * The passes of a model that works on a piece of each batch.
   *
   * @param ofEachBatch the piece
   * @return draws the random numbers that this one would draw
   */
  public Pass inPieces(BatchPiece ofEachBatch) {
    return new Pass(ofEachBatch, new boolean[frozen.length], seed, step);
  }

  /**
   * Begins the forward that was announced to the {@link #piece}: everything here and there speaks
   * of it from now on.
   *
   * @param samples samples at hand
   * @param isEvaluation whether running statistics stand for those of the batch and nothing is
   *     dropped
   * @param layers the model's layers, which know whether they are frozen
   */
  public void begin(int samples, boolean isEvaluation, List<Layer> layers) {
    piece.begin();
    batch = samples;
    evaluation = isEvaluation;
    step++;
    for (int i = 0; i < frozen.length; i++) {
      frozen[i] =
          isEvaluation || (layers.get(i) instanceof TrackedNorm norm && norm.areStatisticsFrozen());
    }
  }

  /**
   * The samples at hand.
   *
   * @return the whole batch, or those of this piece
   */
  public int batch() {
    return batch;
  }

  /**
   * The part of the batch that the samples at hand are.
   *
   * @return the same object at every call
   */
  public BatchPiece piece() {
    return piece;
  }

  /**
   * Whether this is an evaluation.
   *
   * @return true for {@code forwardEvaluation}
   */
  public boolean isEvaluation() {
    return evaluation;
  }

  /**
   * Whether a layer normalises by its running statistics and leaves them alone: because it is
   * frozen, or because this is an evaluation.
   *
   * @param layer number of the layer
   * @return as it was when the forward began
   */
  public boolean isFrozen(int layer) {
    return frozen[layer];
  }

  /**
   * The key of a layer's random numbers.
   *
   * @param layer number of the layer
   * @return another one for each layer and each forward
   */
  public long randomKey(int layer) {
    return Randoms.key(seed, step, layer);
  }

  /**
   * The probability of being dropped.
   *
   * @param whileTraining what the layer says
   * @return that, or 0 in an evaluation
   */
  public double dropProbability(double whileTraining) {
    return evaluation ? 0 : whileTraining;
  }
}
