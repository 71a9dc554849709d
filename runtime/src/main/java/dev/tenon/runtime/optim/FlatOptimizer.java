package dev.tenon.runtime.optim;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.state.CheckpointSection;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An optimiser that moves runs of the flat array of parameters, each by one loop. Rate, step
 * counts, what is frozen, checkpoints and the clearing of the padding, which comes last, are this
 * class's; those that extend it say how a run moves.
 */
abstract class FlatOptimizer implements Optimizer {
  private static final String SETTINGS = "settings";
  private static final String RATE = "learning_rate";
  private static final String STEPS = "steps";

  private final String name;
  private final String settings;
  private final State state;
  private final StepCounts counts;

  /** What is remembered for each element of the parameters, as views of their shapes. */
  private final Map<String, List<Tensor>> memory = new LinkedHashMap<>();

  private double learningRate;
  private long steps;

  /**
   * Starts at step 0.
   *
   * @param settings all options in words, for checkpoints
   */
  FlatOptimizer(String name, double learningRate, String settings, State state) {
    this.name = name;
    this.learningRate = learningRate;
    this.settings = settings;
    this.state = state;
    counts = new StepCounts(state);
  }

  /** An array as long as that of the parameters, which goes into checkpoints. */
  final float[] floats(String what) {
    float[] array = new float[state.arrays().floatParameters().length];
    memory.put(what, state.arrays().views(array));
    return array;
  }

  /** An array as long as that of the parameters, which goes into checkpoints. */
  final double[] doubles(String what) {
    double[] array = new double[state.arrays().doubleParameters().length];
    memory.put(what, state.arrays().views(array));
    return array;
  }

  @Override
  public final double learningRate() {
    return learningRate;
  }

  @Override
  public final void learningRate(double newRate) {
    learningRate = Options.notNegative(name, "learningRate", newRate);
  }

  @Override
  public final long stepCount() {
    return steps;
  }

  @Override
  public final void step() {
    state.arrays().requireGradients();
    int runs = counts.begin();
    for (int run = 0; run < runs; run++) {
      move(counts.made(run), learningRate, counts.from(run), counts.to(run));
    }
    state.arrays().clearPadding();
    counts.end();
    steps++;
  }

  /** Returns name, learning rate now and the steps that were made. */
  @Override
  public final String toString() {
    return name + ", learning rate " + learningRate + ", steps made: " + steps;
  }

  /** Moves the parameters at some places, which have made so many steps before this one. */
  abstract void move(long made, double rate, int from, int to);

  @Override
  public final void write(CheckpointSection section) {
    section.put(SETTINGS, settings);
    section.put(RATE, learningRate);
    section.put(STEPS, steps);
    List<Parameter> parameters = state.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      CheckpointSection own = section.section(parameters.get(i).name());
      own.put(STEPS, counts.ofParameter(i));
      for (Map.Entry<String, List<Tensor>> entry : memory.entrySet()) {
        own.put(entry.getKey(), entry.getValue().get(i));
      }
    }
  }

  /** Looks at everything before it changes anything. */
  @Override
  public final void read(CheckpointSection section) {
    double rate = section.number(RATE);
    if (!(rate >= 0) || Double.isInfinite(rate)) {
      throw section.wrong(RATE, "must be finite and at least 0, but is " + rate);
    }
    long made = section.integer(STEPS, 0, Long.MAX_VALUE);
    List<Parameter> parameters = state.parameters();
    long[] each = new long[parameters.size()];
    for (int i = 0; i < each.length; i++) {
      CheckpointSection own = section.section(parameters.get(i).name());
      each[i] = own.integer(STEPS, 0, made);
      for (Map.Entry<String, List<Tensor>> entry : memory.entrySet()) {
        saved(own, entry.getKey(), entry.getValue().get(i));
      }
    }
    for (int i = 0; i < each.length; i++) {
      CheckpointSection own = section.section(parameters.get(i).name());
      for (Map.Entry<String, List<Tensor>> entry : memory.entrySet()) {
        Tensor view = entry.getValue().get(i);
        view.copyFrom(saved(own, entry.getKey(), view));
      }
    }
    counts.set(each);
    learningRate = rate;
    steps = made;
  }

  private static Tensor saved(CheckpointSection section, String what, Tensor like) {
    return section.tensor(what, like.dtype(), like.shape());
  }
}
