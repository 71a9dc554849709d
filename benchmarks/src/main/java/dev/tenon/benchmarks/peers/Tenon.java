package dev.tenon.benchmarks.peers;

import static dev.tenon.runtime.loss.Losses.crossEntropy;
import static dev.tenon.runtime.optim.Optimizers.sgd;

import dev.tenon.benchmarks.machine.VectorModule;
import dev.tenon.benchmarks.workload.Answer;
import dev.tenon.benchmarks.workload.Contender;
import dev.tenon.benchmarks.workload.Job;
import dev.tenon.benchmarks.workload.NetworkSpec;
import dev.tenon.benchmarks.workload.Problem;
import dev.tenon.benchmarks.workload.Workload;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.SingleModel;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.RunningStat;
import dev.tenon.runtime.train.Trainer;
import java.util.ArrayList;
import java.util.List;

/** The networks as Tenon compiled them. */
public final class Tenon implements Contender {
  /** Its name. */
  public static final String NAME = "tenon";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String version() {
    String version = SingleModel.class.getPackage().getImplementationVersion();
    return version == null ? "built here" : version;
  }

  @Override
  public boolean supports(Workload workload, int threads) {
    return true;
  }

  @Override
  public Job start(Problem problem, int threads) {
    Workload workload = problem.workload();
    SingleModel model = workload.model().apply(1);
    model.threads(threads);
    copyState(problem, model);
    return switch (workload.kind()) {
      case TRAINING_STEP -> new Training(problem, model);
      case FORWARD_BACKWARD -> new ForwardBackward(problem, model);
      case INFERENCE -> new Inference(problem, model);
    };
  }

  private static void copyState(Problem problem, SingleModel model) {
    List<Parameter> parameters = model.parameters();
    List<RunningStat> stats = model.runningStats();
    if (parameters.size() != problem.parameters().size()
        || stats.size() != problem.runningStats().size()) {
      throw new IllegalStateException(
          model.name() + " is not the network that the workload describes.");
    }
    for (int i = 0; i < parameters.size(); i++) {
      Tensor value = parameters.get(i).value();
      value.copyFrom(Tensor.of(problem.parameters().get(i), value.shape()));
    }
    for (int i = 0; i < stats.size(); i++) {
      Tensor value = stats.get(i).value();
      value.copyFrom(Tensor.of(problem.runningStats().get(i), value.shape()));
    }
  }

  private static Tensor batch(int size, List<Integer> sample, float[] values) {
    int[] shape = new int[sample.size() + 1];
    shape[0] = size;
    for (int i = 0; i < sample.size(); i++) {
      shape[i + 1] = sample.get(i);
    }
    return Tensor.of(values, shape);
  }

  private abstract static class ModelJob implements Job {
    final SingleModel model;
    final Tensor input;

    ModelJob(Problem problem, SingleModel model) {
      this.model = model;
      Workload workload = problem.workload();
      input = batch(workload.batch(), workload.network().input(), problem.input());
    }

    @Override
    public final String variant() {
      return VectorModule.kernels(model.getClass());
    }
  }

  private static final class Training extends ModelJob {
    private final Problem problem;
    private final Trainer<int[]> trainer;

    Training(Problem problem, SingleModel model) {
      super(problem, model);
      this.problem = problem;
      trainer =
          Trainer.of(model)
              .loss(crossEntropy())
              .optimizer(sgd(Problem.CHECKED_RATE).momentum(Problem.MOMENTUM))
              .batchSize(problem.workload().batch())
              .build();
    }

    @Override
    public Answer answer() {
      List<Float> losses = new ArrayList<>();
      for (int step = 0; step < Problem.CHECKED_STEPS; step++) {
        losses.add((float) trainer.step(input, problem.labels()));
      }
      trainer.optimizer().learningRate(Problem.MEASURED_RATE);
      List<float[]> after = model.parameters().stream().map(p -> p.value().toFloatArray()).toList();
      return Answer.ofTraining(losses, problem.parameters(), after);
    }

    @Override
    public void run() {
      trainer.step(input, problem.labels());
    }

    @Override
    public void close() {
      trainer.close();
    }
  }

  private static final class ForwardBackward extends ModelJob {
    private final Tensor outputGradient;

    ForwardBackward(Problem problem, SingleModel model) {
      super(problem, model);
      Workload workload = problem.workload();
      NetworkSpec network = workload.network();
      outputGradient = batch(workload.batch(), network.output(), problem.outputGradient());
    }

    @Override
    public Answer answer() {
      float[] output = model.forward(input).toFloatArray();
      float[] inputGradient = model.backwardToInput(outputGradient).toFloatArray();
      return Answer.ofBackward(
          output,
          inputGradient,
          model.parameters().stream().map(p -> p.gradient().toFloatArray()).toList());
    }

    @Override
    public void run() {
      model.forward(input);
      model.backwardToInput(outputGradient);
    }
  }

  private static final class Inference extends ModelJob {
    Inference(Problem problem, SingleModel model) {
      super(problem, model);
    }

    @Override
    public Answer answer() {
      return Answer.ofInference(model.predict(input).toFloatArray());
    }

    @Override
    public void run() {
      model.predict(input);
    }
  }
}
