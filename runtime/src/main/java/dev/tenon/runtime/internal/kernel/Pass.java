package dev.tenon.runtime.internal.kernel;

import dev.tenon.runtime.internal.parallel.BatchPiece;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.TrackedNorm;
import dev.tenon.runtime.random.Randoms;
import dev.tenon.runtime.state.State;
import dev.tenon.runtime.state.StateSnapshot;
import java.util.List;
import java.util.Objects;

/**
 * One forward through a model and the backward after it: all that a {@link Program} is given
 * besides the tensors. A model has one, which each forward begins anew. It remembers what the
 * forward moves, and can take it back. Not synchronised.
 */
public final class Pass {
  private final BatchPiece piece;
  private final long seed;
  private final boolean[] frozen;
  private final StateSnapshot before;
  private long step;
  private long stepBefore;
  private boolean movesState;
  private boolean canUndo;
  private int batch;
  private boolean evaluation;

  /**
   * The passes of a model of its own.
   *
   * @param state the model's, whose statistics and counters a training forward moves
   * @param layers number of the model's layers
   * @param seed the model's, which all random numbers follow from
   */
  public Pass(State state, int layers, long seed) {
    this(Objects.requireNonNull(state, "state"), new BatchPiece(), new boolean[layers], seed, 0);
  }

  private Pass(State state, BatchPiece piece, boolean[] frozen, long seed, long step) {
    this.before = new StateSnapshot(state);
    this.piece = piece;
    this.frozen = frozen;
    this.seed = seed;
    this.step = step;
  }

  /**
   * The passes of a model that works on a piece of each batch.
   *
   * @param state the state of that model
   * @param ofEachBatch the piece
   * @return draws the random numbers that this one would draw
   */
  public Pass inPieces(State state, BatchPiece ofEachBatch) {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(ofEachBatch, "ofEachBatch");
    return new Pass(state, ofEachBatch, new boolean[frozen.length], seed, step);
  }

  /**
   * Begins the forward that was announced to the {@link #piece}: everything here and there speaks
   * of it from now on. A training forward draws the next random numbers; an evaluation draws none.
   *
   * @param samples samples at hand
   * @param isEvaluation whether running statistics stand for those of the batch and nothing is
   *     dropped
   * @param layers the model's layers, which know whether they are frozen
   */
  public void begin(int samples, boolean isEvaluation, List<Layer> layers) {
    Objects.requireNonNull(layers, "layers");
    canUndo = false;
    piece.begin();
    batch = samples;
    evaluation = isEvaluation;
    if (!isEvaluation) {
      stepBefore = step;
      movesState = piece.leads();
      if (movesState) {
        before.save();
        // Changes nothing. But should there be too little stack to take a forward back, it has to
        // fail here, where nothing has moved yet; and it is compiled whenever saving is.
        before.restore();
      }
      canUndo = true;
      step++;
    }
    for (int i = 0; i < frozen.length; i++) {
      frozen[i] =
          isEvaluation || (layers.get(i) instanceof TrackedNorm norm && norm.areStatisticsFrozen());
    }
  }

  /**
   * Puts running statistics, counters and the place in the random numbers back to where they were
   * when the last training forward began. Does nothing if that was done already, or if an
   * evaluation has begun since. It needs no more stack than {@link #begin}, so it can be called
   * after a {@link StackOverflowError} by whoever called that.
   */
  public void undo() {
    if (canUndo) {
      if (movesState) {
        before.restore();
      }
      step = stepBefore;
      canUndo = false;
    }
  }

  /**
   * The place in the random numbers.
   *
   * @return how many training forwards have begun and were not taken back, or what it was set to
   *     and those since
   */
  public long position() {
    return step;
  }

  /**
   * Goes to a place in the random numbers. A forward before it can no longer be taken back.
   *
   * @param position of the next training forward
   * @throws IllegalArgumentException if it is negative
   */
  public void position(long position) {
    if (position < 0) {
      throw new IllegalArgumentException(
          "The position in the random numbers must be at least 0, but is " + position + ".");
    }
    step = position;
    canUndo = false;
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
