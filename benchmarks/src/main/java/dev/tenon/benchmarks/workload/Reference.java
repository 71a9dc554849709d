package dev.tenon.benchmarks.workload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The right answers: the formulas as they stand in a textbook, in double precision, in loops too
 * plain to be wrong. Shares no code with the compiler, nor with its interpreter.
 */
public final class Reference {
  private final Problem problem;
  private final int batch;
  private final List<LayerSpec> layers;
  private final List<List<Integer>> shapes;
  private final List<double[]> parameters = new ArrayList<>();
  private final List<double[]> gradients = new ArrayList<>();
  private final List<double[]> inputs = new ArrayList<>();

  private Reference(Problem problem) {
    this.problem = problem;
    batch = problem.workload().batch();
    layers = problem.workload().network().layers();
    shapes = problem.workload().network().shapes();
    for (float[] values : problem.parameters()) {
      parameters.add(doubles(values));
      gradients.add(new double[values.length]);
    }
  }

  /**
   * The right answer.
   *
   * @param nesterov whether SGD looks one step ahead
   */
  public static Answer answer(Problem problem, boolean nesterov) {
    Reference reference = new Reference(problem);
    return switch (problem.workload().kind()) {
      case TRAINING_STEP -> reference.train(nesterov);
      case FORWARD_BACKWARD -> reference.forwardBackward();
      case INFERENCE ->
          Answer.ofInference(floats(reference.forward(doubles(problem.input()), false)));
    };
  }

  private Answer forwardBackward() {
    double[] output = forward(doubles(problem.input()), true);
    double[] inputGradient = backward(doubles(problem.outputGradient()));
    return Answer.ofBackward(
        floats(output), floats(inputGradient), gradients.stream().map(Reference::floats).toList());
  }

  private Answer train(boolean nesterov) {
    List<Float> losses = new ArrayList<>();
    List<double[]> momenta = new ArrayList<>();
    parameters.forEach(values -> momenta.add(new double[values.length]));
    double[] input = doubles(problem.input());
    for (int step = 0; step < Problem.CHECKED_STEPS; step++) {
      double[] scores = forward(input, true);
      double[] gradient = new double[scores.length];
      losses.add((float) crossEntropy(scores, gradient));
      backward(gradient);
      for (int p = 0; p < momenta.size(); p++) {
        double[] momentum = momenta.get(p);
        for (int i = 0; i < momentum.length; i++) {
          double g = gradients.get(p)[i];
          momentum[i] = Problem.MOMENTUM * momentum[i] + g;
          double direction = nesterov ? g + Problem.MOMENTUM * momentum[i] : momentum[i];
          parameters.get(p)[i] -= Problem.CHECKED_RATE * direction;
        }
      }
    }
    // Differences are taken before rounding: they are much smaller than what they differ from.
    List<float[]> zeros = new ArrayList<>();
    List<float[]> updates = new ArrayList<>();
    for (int p = 0; p < parameters.size(); p++) {
      double[] update = parameters.get(p).clone();
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

  private double[] forward(double[] input, boolean training) {
    inputs.clear();
    double[] x = input;
    int parameter = 0;
    int stat = 0;
    for (int i = 0; i < layers.size(); i++) {
      inputs.add(x);
      LayerSpec layer = layers.get(i);
      if (layer instanceof LayerSpec.Linear linear) {
        x = linear(linear, x, parameters.get(parameter), parameters.get(parameter + 1));
        parameter += 2;
      } else if (layer instanceof LayerSpec.Conv2d conv) {
        double[] bias = conv.bias() ? parameters.get(parameter + 1) : new double[conv.out()];
        x = conv(conv, shapes.get(i), shapes.get(i + 1), x, parameters.get(parameter), bias);
        parameter += conv.bias() ? 2 : 1;
      } else if (layer instanceof LayerSpec.BatchNorm norm) {
        double[][] moments =
            training
                ? moments(norm, x)
                : new double[][] {
                  doubles(problem.runningStats().get(stat)),
                  doubles(problem.runningStats().get(stat + 1))
                };
        x = normalise(norm, x, moments, parameters.get(parameter), parameters.get(parameter + 1));
        parameter += 2;
        stat += 2;
      } else if (layer instanceof LayerSpec.Relu) {
        x = Arrays.stream(x).map(value -> Math.max(value, 0)).toArray();
      } else if (layer instanceof LayerSpec.MaxPool2d pool) {
        double[] y = new double[batch * NetworkSpec.size(shapes.get(i + 1))];
        int[] from = largest(pool, shapes.get(i), x);
        for (int o = 0; o < y.length; o++) {
          y[o] = x[from[o]];
        }
        x = y;
      }
    }
    return x;
  }

  private double[] backward(double[] outputGradient) {
    double[] dy = outputGradient;
    int parameter = parameters.size();
    for (int i = layers.size() - 1; i >= 0; i--) {
      double[] x = inputs.get(i);
      LayerSpec layer = layers.get(i);
      if (layer instanceof LayerSpec.Linear linear) {
        parameter -= 2;
        dy = linearBackward(linear, x, dy, parameter);
      } else if (layer instanceof LayerSpec.Conv2d conv) {
        parameter -= conv.bias() ? 2 : 1;
        dy = convBackward(conv, shapes.get(i), shapes.get(i + 1), x, dy, parameter);
      } else if (layer instanceof LayerSpec.BatchNorm norm) {
        parameter -= 2;
        dy = batchNormBackward(norm, x, dy, parameter);
      } else if (layer instanceof LayerSpec.Relu) {
        double[] dx = new double[x.length];
        for (int k = 0; k < x.length; k++) {
          dx[k] = x[k] > 0 ? dy[k] : 0;
        }
        dy = dx;
      } else if (layer instanceof LayerSpec.MaxPool2d pool) {
        double[] dx = new double[x.length];
        int[] from = largest(pool, shapes.get(i), x);
        for (int o = 0; o < from.length; o++) {
          dx[from[o]] += dy[o];
        }
        dy = dx;
      }
    }
    return dy;
  }

  private double[] linear(LayerSpec.Linear layer, double[] x, double[] weight, double[] bias) {
    double[] y = new double[batch * layer.out()];
    for (int n = 0; n < batch; n++) {
      for (int o = 0; o < layer.out(); o++) {
        double sum = bias[o];
        for (int c = 0; c < layer.in(); c++) {
          sum += x[n * layer.in() + c] * weight[o * layer.in() + c];
        }
        y[n * layer.out() + o] = sum;
      }
    }
    return y;
  }

  private double[] linearBackward(LayerSpec.Linear layer, double[] x, double[] dy, int parameter) {
    double[] weight = parameters.get(parameter);
    double[] dw = cleared(parameter);
    double[] db = cleared(parameter + 1);
    double[] dx = new double[x.length];
    for (int n = 0; n < batch; n++) {
      for (int o = 0; o < layer.out(); o++) {
        double g = dy[n * layer.out() + o];
        db[o] += g;
        for (int c = 0; c < layer.in(); c++) {
          dw[o * layer.in() + c] += g * x[n * layer.in() + c];
          dx[n * layer.in() + c] += g * weight[o * layer.in() + c];
        }
      }
    }
    return dx;
  }

  private double[] conv(
      LayerSpec.Conv2d layer,
      List<Integer> in,
      List<Integer> out,
      double[] x,
      double[] weight,
      double[] bias) {
    double[] y = new double[batch * NetworkSpec.size(out)];
    int plane = out.get(1) * out.get(2);
    for (int i = 0; i < y.length; i++) {
      y[i] = bias[i / plane % layer.out()];
    }
    taps(layer, in, out, (xi, wi, yi) -> y[yi] += x[xi] * weight[wi]);
    return y;
  }

  private double[] convBackward(
      LayerSpec.Conv2d layer,
      List<Integer> in,
      List<Integer> out,
      double[] x,
      double[] dy,
      int parameter) {
    double[] weight = parameters.get(parameter);
    double[] dw = cleared(parameter);
    double[] dx = new double[x.length];
    taps(
        layer,
        in,
        out,
        (xi, wi, yi) -> {
          dw[wi] += x[xi] * dy[yi];
          dx[xi] += weight[wi] * dy[yi];
        });
    if (layer.bias()) {
      double[] db = cleared(parameter + 1);
      int plane = out.get(1) * out.get(2);
      for (int i = 0; i < dy.length; i++) {
        db[i / plane % layer.out()] += dy[i];
      }
    }
    return dx;
  }

  /** One product of a convolution, by the positions of its three numbers. */
  private interface Tap {
    void at(int x, int weight, int y);
  }

  /** Every product of a convolution that does not fall on the padding. */
  private void taps(LayerSpec.Conv2d layer, List<Integer> in, List<Integer> out, Tap tap) {
    int height = in.get(1);
    int width = in.get(2);
    int kernel = layer.kernel();
    int y = 0;
    for (int n = 0; n < batch; n++) {
      for (int k = 0; k < layer.out(); k++) {
        for (int h = 0; h < out.get(1); h++) {
          for (int w = 0; w < out.get(2); w++, y++) {
            for (int c = 0; c < layer.in(); c++) {
              for (int r = 0; r < kernel; r++) {
                int row = h + r - layer.padding();
                for (int s = 0; s < kernel; s++) {
                  int column = w + s - layer.padding();
                  if (row >= 0 && row < height && column >= 0 && column < width) {
                    tap.at(
                        ((n * layer.in() + c) * height + row) * width + column,
                        ((k * layer.in() + c) * kernel + r) * kernel + s,
                        y);
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /** Mean and biased variance of each channel. */
  private double[][] moments(LayerSpec.BatchNorm layer, double[] x) {
    int channels = layer.channels();
    int positions = x.length / batch / channels;
    double count = (double) batch * positions;
    double[] mean = new double[channels];
    double[] variance = new double[channels];
    for (int i = 0; i < x.length; i++) {
      mean[i / positions % channels] += x[i] / count;
    }
    for (int i = 0; i < x.length; i++) {
      double centred = x[i] - mean[i / positions % channels];
      variance[i / positions % channels] += centred * centred / count;
    }
    return new double[][] {mean, variance};
  }

  private double[] normalise(
      LayerSpec.BatchNorm layer, double[] x, double[][] moments, double[] weight, double[] bias) {
    int channels = layer.channels();
    int positions = x.length / batch / channels;
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int c = i / positions % channels;
      double deviation = Math.sqrt(moments[1][c] + LayerSpec.BatchNorm.EPS);
      y[i] = (x[i] - moments[0][c]) / deviation * weight[c] + bias[c];
    }
    return y;
  }

  private double[] batchNormBackward(
      LayerSpec.BatchNorm layer, double[] x, double[] dy, int parameter) {
    int channels = layer.channels();
    int positions = x.length / batch / channels;
    double count = (double) batch * positions;
    double[][] moments = moments(layer, x);
    double[] weight = parameters.get(parameter);
    double[] dw = cleared(parameter);
    double[] db = cleared(parameter + 1);
    double[] inverse = new double[channels];
    for (int c = 0; c < channels; c++) {
      inverse[c] = 1 / Math.sqrt(moments[1][c] + LayerSpec.BatchNorm.EPS);
    }
    for (int i = 0; i < x.length; i++) {
      int c = i / positions % channels;
      dw[c] += dy[i] * (x[i] - moments[0][c]) * inverse[c];
      db[c] += dy[i];
    }
    double[] dx = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int c = i / positions % channels;
      double normalised = (x[i] - moments[0][c]) * inverse[c];
      dx[i] = weight[c] * inverse[c] * (dy[i] - db[c] / count - normalised * dw[c] / count);
    }
    return dx;
  }

  /** Where the first largest value of each window lies. */
  private int[] largest(LayerSpec.MaxPool2d layer, List<Integer> in, double[] x) {
    int kernel = layer.kernel();
    int width = in.get(2);
    int rows = in.get(1) / kernel;
    int columns = width / kernel;
    int planes = batch * in.get(0);
    int[] from = new int[planes * rows * columns];
    for (int o = 0; o < from.length; o++) {
      int plane = o / (rows * columns);
      int row = o / columns % rows * kernel;
      int column = o % columns * kernel;
      int best = (plane * in.get(1) + row) * width + column;
      for (int k = 0; k < kernel * kernel; k++) {
        int at = (plane * in.get(1) + row + k / kernel) * width + column + k % kernel;
        best = x[at] > x[best] ? at : best;
      }
      from[o] = best;
    }
    return from;
  }

  private double[] cleared(int parameter) {
    double[] gradient = gradients.get(parameter);
    Arrays.fill(gradient, 0);
    return gradient;
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
