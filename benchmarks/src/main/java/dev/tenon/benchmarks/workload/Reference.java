package dev.tenon.benchmarks.workload;

import dev.tenon.benchmarks.workload.ReferenceLayers.Chain;
import dev.tenon.benchmarks.workload.ReferenceLayers.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * The right answers: the formulas as they stand in a textbook, in double precision, in loops too
 * plain to be wrong. Shares no code with the compiler, nor with its interpreter.
 */
public final class Reference {
  private final Problem problem;
  private final int batch;
  private final List<Parameter> parameters;
  private final Chain network;

  private Reference(Problem problem) {
    this.problem = problem;
    batch = problem.workload().batch();
    parameters =
        problem.parameters().stream().map(values -> new Parameter(doubles(values))).toList();
    List<double[]> stats = problem.runningStats().stream().map(Reference::doubles).toList();
    NetworkSpec spec = problem.workload().network();
    network =
        new ReferenceLayers(batch, parameters.iterator(), stats.iterator())
            .chain(spec.layers(), spec.input());
  }

  /**
   * The right answer.
   *
   * @param nesterov whether SGD looks one step ahead
   */
  public static Answer answer(Problem problem, boolean nesterov) {
    Reference reference = new Reference(problem);
    double[] input = doubles(problem.input());
    return switch (problem.workload().kind()) {
      case TRAINING_STEP -> reference.train(input, nesterov);
      case FORWARD_BACKWARD -> reference.forwardBackward(input);
      case INFERENCE -> Answer.ofInference(floats(reference.network.forward(input, false)));
    };
  }

  private Answer forwardBackward(double[] input) {
    double[] output = network.forward(input, true);
    double[] inputGradient = network.backward(doubles(problem.outputGradient()));
    return Answer.ofBackward(
        floats(output),
        floats(inputGradient),
        parameters.stream().map(parameter -> floats(parameter.gradient)).toList());
  }

  private Answer train(double[] input, boolean nesterov) {
    List<Float> losses = new ArrayList<>();
    List<double[]> momenta = new ArrayList<>();
    parameters.forEach(parameter -> momenta.add(new double[parameter.value.length]));
    for (int step = 0; step < Problem.CHECKED_STEPS; step++) {
      double[] scores = network.forward(input, true);
      double[] gradient = new double[scores.length];
      losses.add((float) crossEntropy(scores, gradient));
      network.backward(gradient);
      for (int p = 0; p < momenta.size(); p++) {
        double[] momentum = momenta.get(p);
        Parameter parameter = parameters.get(p);
        for (int i = 0; i < momentum.length; i++) {
          double g = parameter.gradient[i];
          momentum[i] = Problem.MOMENTUM * momentum[i] + g;
          double direction = nesterov ? g + Problem.MOMENTUM * momentum[i] : momentum[i];
          parameter.value[i] -= Problem.CHECKED_RATE * direction;
        }
      }
    }
    // Differences are taken before rounding: they are much smaller than what they differ from.
    List<float[]> zeros = new ArrayList<>();
    List<float[]> updates = new ArrayList<>();
    for (int p = 0; p < parameters.size(); p++) {
      double[] update = parameters.get(p).value.clone();
      for (int i = 0; i < update.length; i++) {
        update[i] -= problem.parameters().get(p)[i];
      }
      updates.add(floats(update));
      zeros.add(new float[update.length]);
    }
    return Answer.ofTraining(losses, zeros, updates);
  }

  /** Mean over the batch; writes the derivative by the scores. */
  private double crossEntropy(double[] scores, double[] gradient) {
    int classes = scores.length / batch;
    double sum = 0;
    for (int n = 0; n < batch; n++) {
      double total = 0;
      for (int k = 0; k < classes; k++) {
        total += Math.exp(scores[n * classes + k]);
      }
      int label = problem.labels()[n];
      sum += Math.log(total) - scores[n * classes + label];
      for (int k = 0; k < classes; k++) {
        double probability = Math.exp(scores[n * classes + k]) / total;
        gradient[n * classes + k] = (probability - (k == label ? 1 : 0)) / batch;
      }
    }
    return sum / batch;
  }

  private static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }

  private static float[] floats(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }
}
