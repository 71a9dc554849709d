package dev.tenon.runtime.optim;

import dev.tenon.runtime.State;

/** An optimiser that moves runs of the flat array of parameters, each by one loop. */
abstract class FlatOptimizer implements Optimizer {
  private final String name;
  private final State state;
  private final StepCounts counts;
  private double learningRate;
  private long steps;

  FlatOptimizer(String name, double learningRate, State state) {
    this.name = name;
    this.learningRate = learningRate;
    this.state = state;
    counts = new StepCounts(state);
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

  /** Moves the parameters at some places, which have made so many steps before this one. */
  abstract void move(long made, double rate, int from, int to);
}
