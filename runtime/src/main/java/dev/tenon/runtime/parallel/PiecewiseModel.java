package dev.tenon.runtime.parallel;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.TensorSpec;
import dev.tenon.runtime.internal.call.CallBoundary;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.model.PieceExchange;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.state.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * A model that works on each batch in several pieces, which need less memory than the whole. Batch
 * normalisations use the statistics of the whole batch, and gradients are those of the whole batch,
 * up to rounding. The pieces have fixed boundaries and are joined in order, so the number of
 * threads does not change a bit of any result; the number of pieces may change the last bits.
 *
 * <p>Pieces that run one after the other use as many threads each as the model does; pieces that
 * run at the same time use one each.
 *
 * <p>Parameters, statistics and counters are those of the model it is made of, and a call of either
 * keeps other threads out of both. Evaluation goes to that model as it is and is never split.
 *
 * <p>A network with several inputs or outputs is split as well; of the methods here it has those
 * that take arrays of tensors, the others refuse.
 */
public final class PiecewiseModel implements SingleModel, AutoCloseable {
  private static final Tensor[] NO_TENSORS = {};

  private final Model whole;
  private final PieceGroup group;
  private final Model[] pieces;
  private final boolean synchronised;
  private final int atATime;
  private final CallBoundary boundary;
  private final Tensor[][] outputs;
  private final Tensor[][] inputGradients;
  private int batch;

  private PiecewiseModel(Model whole, int count, int threads, boolean synchronised) {
    this.whole = whole;
    this.synchronised = synchronised;
    group = new PieceGroup(count, threads);
    pieces = new Model[count];
    for (int i = 0; i < count; i++) {
      pieces[i] =
          whole.piece(synchronised ? group.exchange(i) : new Unsynchronised(group.exchange(i)));
    }
    atATime = threads;
    share(whole.threads());
    outputs = new Tensor[count][];
    inputGradients = new Tensor[count][];
    boundary = new CallBoundary(whole.name(), whole.inputs(), whole.outputs(), whole.state());
  }

  /**
   * Splits the batches of a model.
   *
   * @param model the model; generated models can be split
   * @param pieces in how many pieces, at least 1
   * @param threads how many pieces may be under way at the same time, at least 1
   * @return a model that shares the state of the given one
   * @throws IllegalArgumentException if either number is below 1
   */
  public static PiecewiseModel of(Model model, int pieces, int threads) {
    Objects.requireNonNull(model, "model");
    return new PiecewiseModel(model, pieces, threads, true);
  }

  /**
   * Splits the batches of a model so that each piece normalises on its own, as small batches would:
   * the running statistics move once per piece, in order. The pieces run one after the other.
   *
   * @param model the model
   * @param pieces in how many pieces, at least 1
   * @return a model that shares the state of the given one
   * @throws IllegalArgumentException if the number is below 1
   */
  public static PiecewiseModel unsynchronised(Model model, int pieces) {
    Objects.requireNonNull(model, "model");
    return new PiecewiseModel(model, pieces, 1, false);
  }

  /**
   * The number of pieces.
   *
   * @return at least 1
   */
  public int pieces() {
    return pieces.length;
  }

  @Override
  public void save(Path path) throws IOException {
    Objects.requireNonNull(path, "path");
    whole.save(path);
  }

  @Override
  public String name() {
    return whole.name();
  }

  @Override
  public State state() {
    return whole.state();
  }

  @Override
  public List<TensorSpec> inputs() {
    return whole.inputs();
  }

  @Override
  public List<TensorSpec> outputs() {
    return whole.outputs();
  }

  /**
   * {@inheritDoc}
   *
   * @throws UnsupportedOperationException if the network has several inputs, or one of indices
   */
  @Override
  public int[] inputShape() {
    return only("input", whole.inputs()).shape();
  }

  /**
   * {@inheritDoc}
   *
   * @throws UnsupportedOperationException if the network has several outputs
   */
  @Override
  public int[] outputShape() {
    return only("output", whole.outputs()).shape();
  }

  private TensorSpec only(String what, List<TensorSpec> specs) {
    if (specs.size() != 1 || specs.get(0).isIndices()) {
      throw new UnsupportedOperationException(
          name()
              + " has not one "
              + what
              + " of numbers, but "
              + specs.stream().map(TensorSpec::toString).collect(Collectors.joining("; "))
              + ": use the methods that take arrays of tensors.");
    }
    return specs.get(0);
  }

  private Tensor[] inputOf(Tensor tensor) {
    only("input", whole.inputs());
    only("output", whole.outputs());
    return new Tensor[] {tensor};
  }

  @Override
  public List<Layer> layers() {
    return whole.layers();
  }

  @Override
  public boolean hasFiniteGradients() {
    return whole.hasFiniteGradients();
  }

  @Override
  public int minimumTrainingBatch() {
    int ofWhole = whole.minimumTrainingBatch();
    // Pieces that take no statistics may be empty.
    return synchronised || ofWhole == 1 ? ofWhole : ofWhole * pieces.length;
  }

  /** For the evaluation, and for each piece unless several run at the same time. */
  @Override
  public void threads(int count) {
    String outer = whole.state().claim().begin(name(), "threads");
    try {
      whole.threads(count);
      share(whole.threads());
    } finally {
      whole.state().claim().end(outer);
    }
  }

  @Override
  public int threads() {
    return whole.threads();
  }

  private void share(int threads) {
    for (Model piece : pieces) {
      piece.threads(atATime > 1 ? 1 : threads);
    }
  }

  /** Pieces run the same code as the model, so that is what warms up. */
  @Override
  public void warmUp(int size) {
    whole.warmUp(size);
  }

  @Override
  public SingleModel piece(PieceExchange exchange) {
    Objects.requireNonNull(exchange, "exchange");
    throw new UnsupportedOperationException(
        name() + " is split into pieces already; split the model it is made of.");
  }

  @Override
  public Tensor predict(Tensor input) {
    Objects.requireNonNull(input, "input");
    return predict(inputOf(input))[0];
  }

  @Override
  public Tensor[] predict(Tensor[] inputs) {
    Objects.requireNonNull(inputs, "inputs");
    return whole.predict(inputs);
  }

  @Override
  public Tensor forward(Tensor input) {
    Objects.requireNonNull(input, "input");
    return forward(inputOf(input), false)[0];
  }

  @Override
  public Tensor[] forward(Tensor[] inputs) {
    Objects.requireNonNull(inputs, "inputs");
    return forward(inputs, false);
  }

  @Override
  public Tensor forwardEvaluation(Tensor input) {
    Objects.requireNonNull(input, "input");
    return forward(inputOf(input), true)[0];
  }

  @Override
  public Tensor[] forwardEvaluation(Tensor[] inputs) {
    Objects.requireNonNull(inputs, "inputs");
    return forward(inputs, true);
  }

  private Tensor[] forward(Tensor[] inputs, boolean evaluation) {
    String outer = boundary.begin(evaluation ? "forwardEvaluation" : "forward");
    try {
      int samples = boundary.inputs(inputs);
      Tensor[] joined = boundary.outputs(samples);
      boundary.forwardBegins();
      batch = samples;
      Arrays.fill(outputs, null);
      try {
        run(
            i -> {
              Tensor[] piece = slices(inputs, i);
              outputs[i] =
                  evaluation ? pieces[i].forwardEvaluation(piece) : pieces[i].forward(piece);
            });
        gather(outputs, joined);
      } catch (Throwable e) {
        undoPieces();
        throw e;
      }
      boundary.forwardDone(samples);
      return joined;
    } finally {
      boundary.end(outer);
    }
  }

  @Override
  public void undoForward() {
    String outer = boundary.begin("undoForward");
    try {
      undoPieces();
      boundary.forwardUndone();
    } finally {
      boundary.end(outer);
    }
  }

  @Override
  public long randomPosition() {
    return pieces[0].randomPosition();
  }

  /** All pieces draw from one place. */
  @Override
  public void randomPosition(long position) {
    for (Model piece : pieces) {
      piece.randomPosition(position);
    }
  }

  /** Those that have finished the forward, the last first; one that failed has done it itself. */
  private void undoPieces() {
    for (int i = pieces.length - 1; i >= 0; i--) {
      if (outputs[i] != null) {
        pieces[i].undoForward();
        outputs[i] = null;
      }
    }
  }

  /** Also gives back what the pieces keep. */
  @Override
  public void trim() {
    String outer = whole.state().claim().begin(name(), "trim");
    try {
      boundary.trim();
      whole.trim();
      Arrays.fill(inputGradients, null);
      for (int i = 0; i < pieces.length; i++) {
        pieces[i].trim();
        // Only whether they are there counts from here on.
        outputs[i] = outputs[i] == null ? null : NO_TENSORS;
      }
    } finally {
      whole.state().claim().end(outer);
    }
  }

  @Override
  public void backward(Tensor outputGradient) {
    Objects.requireNonNull(outputGradient, "outputGradient");
    backward(inputOf(outputGradient));
  }

  @Override
  public void backward(Tensor[] outputGradients) {
    Objects.requireNonNull(outputGradients, "outputGradients");
    backward(outputGradients, false);
  }

  @Override
  public Tensor backwardToInput(Tensor outputGradient) {
    Objects.requireNonNull(outputGradient, "outputGradient");
    return backwardToInputs(inputOf(outputGradient))[0];
  }

  @Override
  public Tensor[] backwardToInputs(Tensor[] outputGradients) {
    Objects.requireNonNull(outputGradients, "outputGradients");
    return backward(outputGradients, true);
  }

  private Tensor[] backward(Tensor[] outputGradients, boolean toInputs) {
    String outer = boundary.begin(toInputs ? "backwardToInputs" : "backward");
    try {
      int samples = boundary.backward(outputGradients);
      Tensor[] joined = toInputs ? boundary.inputGradients(samples) : null;
      boundary.backwardBegins();
      if (toInputs) {
        run(i -> inputGradients[i] = pieces[i].backwardToInputs(slices(outputGradients, i)));
        gather(inputGradients, joined);
      } else {
        run(i -> pieces[i].backward(slices(outputGradients, i)));
      }
      addGradients();
      boundary.backwardDone();
      return joined;
    } finally {
      boundary.end(outer);
    }
  }

  private void run(IntConsumer task) {
    if (synchronised) {
      group.run(batch, task);
    } else {
      // One after the other, so that the running statistics move in order.
      group.run(
          batch,
          leader -> {
            if (leader == 0) {
              for (int i = 0; i < pieces.length; i++) {
                task.accept(i);
              }
            }
          });
    }
  }

  /** Returns the number of pieces, and the text of the whole. */
  @Override
  public String toString() {
    return "In " + pieces.length + " pieces: " + whole;
  }

  /** The samples of a piece, without a copy. */
  private Tensor[] slices(Tensor[] tensors, int piece) {
    Tensor[] slices = new Tensor[tensors.length];
    for (int i = 0; i < slices.length; i++) {
      slices[i] = slice(tensors[i], piece);
    }
    return slices;
  }

  private Tensor slice(Tensor tensor, int piece) {
    int from = group.start(piece, batch);
    return tensor.samples(from, group.start(piece + 1, batch) - from);
  }

  /** Puts the tensors of all pieces together; there are none where an input has no gradient. */
  private void gather(Tensor[][] parts, Tensor[] targets) {
    for (int t = 0; t < targets.length; t++) {
      for (int i = 0; targets[t] != null && i < parts.length; i++) {
        slice(targets[t], i).copyFrom(parts[i][t]);
      }
    }
  }

  /** In the order of the pieces. */
  private void addGradients() {
    if (whole.dtype() == DType.FLOAT32) {
      float[] sum = whole.state().arrays().floatGradients();
      Arrays.fill(sum, 0);
      for (Model piece : pieces) {
        float[] part = piece.state().arrays().floatGradients();
        for (int i = 0; i < sum.length; i++) {
          sum[i] += part[i];
        }
      }
    } else {
      double[] sum = whole.state().arrays().doubleGradients();
      Arrays.fill(sum, 0);
      for (Model piece : pieces) {
        double[] part = piece.state().arrays().doubleGradients();
        for (int i = 0; i < sum.length; i++) {
          sum[i] += part[i];
        }
      }
    }
  }

  /** Ends the threads at once; without it they end when they have had no work for a while. */
  @Override
  public void close() {
    group.close();
  }

  /** Knows where a piece begins, and keeps it to itself. */
  private record Unsynchronised(PieceExchange group) implements PieceExchange {
    @Override
    public int index() {
      return group.index();
    }

    @Override
    public int[] sizes(int batch) {
      return group.sizes(batch);
    }

    @Override
    public void sum(double[] values) {
      throw new IllegalStateException("pieces that are not synchronised share nothing");
    }

    @Override
    public boolean synchronises() {
      return false;
    }
  }
}
