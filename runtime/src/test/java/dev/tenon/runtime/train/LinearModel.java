package dev.tenon.runtime.train;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.init.Initializer;
import dev.tenon.runtime.internal.call.CallBoundary;
import dev.tenon.runtime.internal.parallel.BatchPiece;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.Weighted;
import dev.tenon.runtime.model.PieceExchange;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.state.State;
import dev.tenon.runtime.state.StateSnapshot;
import java.util.ArrayList;
import java.util.List;

/**
 * One linear layer in float64, written by hand the way generated models are built. Counts its
 * training forwards as a batch norm would, and may refuse batches of one like it.
 */
final class LinearModel implements SingleModel {
  final int in;
  final int out;
  final boolean refusesOne;
  final List<Integer> batches = new ArrayList<>();
  boolean recordBatches = true;
  private final State state;
  private final CallBoundary boundary;
  private final BatchPiece piece;
  private final StateSnapshot before;
  private boolean canUndo;
  private Tensor input;

  /** Whether it says that it can use several threads. */
  boolean splitsLoops;

  /** The pieces that were made of it. */
  final List<LinearModel> pieces = new ArrayList<>();

  private int threads = 1;

  LinearModel(int in, int out, boolean refusesOne) {
    this.in = in;
    this.out = out;
    this.refusesOne = refusesOne;
    state =
        State.builder(DType.FLOAT64)
            .parameter("head.weight", Initializer.fanIn(in), out, in)
            .parameter("head.bias", Initializer.fanIn(in), out)
            .runningStat("head.running", 0, 1)
            .counter("head.forwards")
            .build(7);
    boundary = new CallBoundary("LinearNet", state, new int[] {in}, new int[] {out});
    piece = new BatchPiece();
    before = new StateSnapshot(state);
  }

  private LinearModel(LinearModel whole, PieceExchange exchange) {
    in = whole.in;
    out = whole.out;
    refusesOne = whole.refusesOne;
    state = whole.state.sharing();
    boundary = new CallBoundary("LinearNet", state, new int[] {in}, new int[] {out});
    piece = new BatchPiece(exchange);
    before = new StateSnapshot(state);
  }

  @Override
  public String name() {
    return "LinearNet";
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public int[] inputShape() {
    return new int[] {in};
  }

  @Override
  public int[] outputShape() {
    return new int[] {out};
  }

  @Override
  public List<Layer> layers() {
    return List.of(
        new Weighted(
            "head", "Linear", state.parameter("head.weight"), state.parameter("head.bias")));
  }

  @Override
  public Tensor forwardEvaluation(Tensor x) {
    throw new AssertionError("no test asks for it");
  }

  @Override
  public LinearModel piece(PieceExchange exchange) {
    LinearModel made = new LinearModel(this, exchange);
    made.splitsLoops = splitsLoops;
    made.recordBatches = recordBatches;
    pieces.add(made);
    return made;
  }

  @Override
  public void threads(int count) {
    SingleModel.super.threads(count);
    threads = splitsLoops ? count : 1;
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public int minimumTrainingBatch() {
    return refusesOne ? 2 : 1;
  }

  @Override
  public Tensor forward(Tensor x) {
    int batch = boundary.input(x);
    int total = piece.announce(batch);
    if (refusesOne) {
      boundary.requireMoreThanOneValue("head", "@Linear", 1, total);
    }
    boundary.forwardBegins();
    piece.begin();
    canUndo = piece.leads();
    if (piece.leads()) {
      before.save();
      state.arrays().counters()[0]++;
      state.arrays().doubleRunningStats()[0] += 0.5;
    }
    if (recordBatches) {
      batches.add(batch);
    }
    input = x;
    Tensor y = boundary.output(batch);
    compute(x, y, batch);
    boundary.forwardDone(batch);
    return y;
  }

  @Override
  public void undoForward() {
    if (canUndo) {
      before.restore();
      canUndo = false;
    }
    boundary.forwardUndone();
  }

  @Override
  public Tensor predict(Tensor x) {
    int batch = boundary.input(x);
    Tensor y = boundary.prediction(batch);
    compute(x, y, batch);
    return y;
  }

  private void compute(Tensor x, Tensor y, int batch) {
    double[] p = state.arrays().doubleParameters();
    for (int n = 0; n < batch; n++) {
      for (int o = 0; o < out; o++) {
        double sum = p[out * in + o];
        for (int i = 0; i < in; i++) {
          sum += p[o * in + i] * x.doubleArray()[x.offset() + n * in + i];
        }
        y.doubleArray()[n * out + o] = sum;
      }
    }
  }

  @Override
  public void backward(Tensor g) {
    int batch = boundary.backward(g);
    boundary.backwardBegins();
    double[] d = state.arrays().doubleGradients();
    for (int o = 0; o < out; o++) {
      double sum = 0;
      for (int n = 0; n < batch; n++) {
        sum += g.doubleArray()[g.offset() + n * out + o];
      }
      d[out * in + o] = sum;
      for (int i = 0; i < in; i++) {
        double dot = 0;
        for (int n = 0; n < batch; n++) {
          dot +=
              g.doubleArray()[g.offset() + n * out + o]
                  * input.doubleArray()[input.offset() + n * in + i];
        }
        d[o * in + i] = dot;
      }
    }
    boundary.backwardDone();
  }

  @Override
  public Tensor backwardToInput(Tensor g) {
    backward(g);
    int batch = g.dim(0);
    Tensor dx = boundary.inputGradient(batch);
    double[] p = state.arrays().doubleParameters();
    for (int n = 0; n < batch; n++) {
      for (int i = 0; i < in; i++) {
        double sum = 0;
        for (int o = 0; o < out; o++) {
          sum += p[o * in + i] * g.doubleArray()[g.offset() + n * out + o];
        }
        dx.doubleArray()[n * in + i] = sum;
      }
    }
    return dx;
  }
}
