package dev.tenon.benchmarks.workload;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The layers of the {@link Reference}. Arrays are laid out [batch, channels, height, width]. Loops
 * over samples or channels run in parallel where each turn writes values of its own.
 */
final class ReferenceLayers {
  private final int batch;
  private final Iterator<Parameter> parameters;
  private final Iterator<double[]> runningStats;

  /**
   * Makes layers.
   *
   * @param batch samples
   * @param parameters as {@link LayerSpec} orders them
   * @param runningStats as {@link LayerSpec} orders them
   */
  ReferenceLayers(int batch, Iterator<Parameter> parameters, Iterator<double[]> runningStats) {
    this.batch = batch;
    this.parameters = parameters;
    this.runningStats = runningStats;
  }

  /** A parameter, and the derivative by it that the last backward found. */
  static final class Parameter {
    final double[] value;
    final double[] gradient;

    Parameter(double[] value) {
      this.value = value;
      gradient = new double[value.length];
    }
  }

  /** A layer. Neither direction writes to the array that it is given. */
  interface Layer {
    /** The result; keeps what backward needs. */
    double[] forward(double[] x, boolean training);

    /** From the derivative by the result to that by x; sets the gradients of the parameters. */
    double[] backward(double[] dy);
  }

  /**
   * The next layers, with the next parameters and running statistics.
   *
   * @param layers in the order of the data
   * @param in shape of one sample in front of them
   */
  Chain chain(List<LayerSpec> layers, List<Integer> in) {
    Layer[] chain = new Layer[layers.size()];
    List<Integer> shape = in;
    for (int i = 0; i < chain.length; i++) {
      chain[i] = layer(layers.get(i), shape);
      shape = NetworkSpec.shape(layers.get(i), shape);
    }
    return new Chain(List.of(chain));
  }

  private Layer layer(LayerSpec layer, List<Integer> in) {
    if (layer instanceof LayerSpec.Linear linear) {
      return new Linear(linear, batch, parameters.next(), parameters.next());
    } else if (layer instanceof LayerSpec.Conv2d conv) {
      Parameter weight = parameters.next();
      Parameter bias = conv.bias() ? parameters.next() : new Parameter(new double[conv.out()]);
      return new ReferenceConv2d(conv, batch, in, NetworkSpec.shape(layer, in), weight, bias);
    } else if (layer instanceof LayerSpec.BatchNorm norm) {
      int positions = NetworkSpec.size(in) / norm.channels();
      return new BatchNorm(
          new Channels(batch, norm.channels(), positions),
          parameters.next(),
          parameters.next(),
          runningStats.next(),
          runningStats.next());
    } else if (layer instanceof LayerSpec.Relu) {
      return new Relu();
    } else if (layer instanceof LayerSpec.MaxPool2d pool) {
      return new MaxPool2d(pool.kernel(), batch * in.get(0), in.get(1), in.get(2));
    } else if (layer instanceof LayerSpec.GlobalAvgPool) {
      return new GlobalAvgPool(batch * in.get(0), in.get(1) * in.get(2));
    } else if (layer instanceof LayerSpec.Residual residual) {
      return new Residual(chain(residual.body(), in), chain(residual.shortcut(), in));
    }
    // Flattening leaves the array as it is, as a chain of nothing does.
    return new Chain(List.of());
  }

  /** Every turn writes to values of its own. */
  static void parallel(int turns, IntConsumer turn) {
    IntStream.range(0, turns).parallel().forEach(turn);
  }

  /** One layer after the other. */
  record Chain(List<Layer> layers) implements Layer {
    @Override
    public double[] forward(double[] x, boolean training) {
      double[] y = x;
      for (Layer layer : layers) {
        y = layer.forward(y, training);
      }
      return y;
    }

    @Override
    public double[] backward(double[] dy) {
      double[] dx = dy;
      for (int i = layers.size() - 1; i >= 0; i--) {
        dx = layers.get(i).backward(dx);
      }
      return dx;
    }
  }

  /** {@code body(x) + shortcut(x)}. */
  private record Residual(Chain body, Chain shortcut) implements Layer {
    @Override
    public double[] forward(double[] x, boolean training) {
      return sum(body.forward(x, training), shortcut.forward(x, training));
    }

    @Override
    public double[] backward(double[] dy) {
      return sum(body.backward(dy), shortcut.backward(dy));
    }

    private static double[] sum(double[] a, double[] b) {
      double[] sum = new double[a.length];
      for (int i = 0; i < sum.length; i++) {
        sum[i] = a[i] + b[i];
      }
      return sum;
    }
  }

  private static final class Linear implements Layer {
    private final int in;
    private final int out;
    private final int batch;
    private final Parameter weight;
    private final Parameter bias;
    private double[] x;

    Linear(LayerSpec.Linear layer, int batch, Parameter weight, Parameter bias) {
      in = layer.in();
      out = layer.out();
      this.batch = batch;
      this.weight = weight;
      this.bias = bias;
    }

    @Override
    public double[] forward(double[] x, boolean training) {
      this.x = x;
      double[] y = new double[batch * out];
      for (int n = 0; n < batch; n++) {
        for (int o = 0; o < out; o++) {
          double sum = bias.value[o];
          for (int c = 0; c < in; c++) {
            sum += x[n * in + c] * weight.value[o * in + c];
          }
          y[n * out + o] = sum;
        }
      }
      return y;
    }

    @Override
    public double[] backward(double[] dy) {
      Arrays.fill(weight.gradient, 0);
      Arrays.fill(bias.gradient, 0);
      double[] dx = new double[x.length];
      for (int n = 0; n < batch; n++) {
        for (int o = 0; o < out; o++) {
          double g = dy[n * out + o];
          bias.gradient[o] += g;
          for (int c = 0; c < in; c++) {
            weight.gradient[o * in + c] += g * x[n * in + c];
            dx[n * in + c] += g * weight.value[o * in + c];
          }
        }
      }
      return dx;
    }
  }

  /** The channels of [batch, channels, positions]. */
  private record Channels(int batch, int count, int positions) {
    /** The number of values of a channel. */
    int size() {
      return batch * positions;
    }

    /** Where value i of channel c lies. */
    int at(int c, int i) {
      return (i / positions * count + c) * positions + i % positions;
    }
  }

  private static final class BatchNorm implements Layer {
    private final Channels channels;
    private final Parameter weight;
    private final Parameter bias;
    private final double[] runningMean;
    private final double[] runningVariance;
    private final double[] mean;
    private final double[] deviation;
    private double[] x;

    BatchNorm(
        Channels channels,
        Parameter weight,
        Parameter bias,
        double[] runningMean,
        double[] runningVariance) {
      this.channels = channels;
      this.weight = weight;
      this.bias = bias;
      this.runningMean = runningMean;
      this.runningVariance = runningVariance;
      mean = new double[channels.count()];
      deviation = new double[channels.count()];
    }

    @Override
    public double[] forward(double[] x, boolean training) {
      this.x = x;
      double[] y = new double[x.length];
      parallel(
          channels.count(),
          c -> {
            mean[c] = training ? mean(c) : runningMean[c];
            double variance = training ? variance(c) : runningVariance[c];
            deviation[c] = Math.sqrt(variance + LayerSpec.BatchNorm.EPS);
            for (int i = 0; i < channels.size(); i++) {
              int at = channels.at(c, i);
              y[at] = normalised(c, at) * weight.value[c] + bias.value[c];
            }
          });
      return y;
    }

    private double mean(int c) {
      double sum = 0;
      for (int i = 0; i < channels.size(); i++) {
        sum += x[channels.at(c, i)];
      }
      return sum / channels.size();
    }

    /** The biased one. */
    private double variance(int c) {
      double sum = 0;
      for (int i = 0; i < channels.size(); i++) {
        double centred = x[channels.at(c, i)] - mean[c];
        sum += centred * centred;
      }
      return sum / channels.size();
    }

    private double normalised(int c, int at) {
      return (x[at] - mean[c]) / deviation[c];
    }

    @Override
    public double[] backward(double[] dy) {
      double[] dx = new double[x.length];
      parallel(
          channels.count(),
          c -> {
            double dw = 0;
            double db = 0;
            for (int i = 0; i < channels.size(); i++) {
              int at = channels.at(c, i);
              dw += dy[at] * normalised(c, at);
              db += dy[at];
            }
            weight.gradient[c] = dw;
            bias.gradient[c] = db;
            double count = channels.size();
            for (int i = 0; i < channels.size(); i++) {
              int at = channels.at(c, i);
              double centred = dy[at] - db / count - normalised(c, at) * dw / count;
              dx[at] = weight.value[c] / deviation[c] * centred;
            }
          });
      return dx;
    }
  }

  private static final class Relu implements Layer {
    private double[] x;

    @Override
    public double[] forward(double[] x, boolean training) {
      this.x = x;
      return Arrays.stream(x).map(value -> Math.max(value, 0)).toArray();
    }

    @Override
    public double[] backward(double[] dy) {
      double[] dx = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        dx[i] = x[i] > 0 ? dy[i] : 0;
      }
      return dx;
    }
  }

  private static final class MaxPool2d implements Layer {
    private final int kernel;
    private final int height;
    private final int width;
    private final int planes;

    /** Where the first largest value of each window lies. */
    private final int[] from;

    MaxPool2d(int kernel, int planes, int height, int width) {
      this.kernel = kernel;
      this.planes = planes;
      this.height = height;
      this.width = width;
      from = new int[planes * (height / kernel) * (width / kernel)];
    }

    @Override
    public double[] forward(double[] x, boolean training) {
      int rows = height / kernel;
      int columns = width / kernel;
      double[] y = new double[from.length];
      for (int o = 0; o < y.length; o++) {
        int plane = o / (rows * columns);
        int row = o / columns % rows * kernel;
        int column = o % columns * kernel;
        from[o] = (plane * height + row) * width + column;
        for (int k = 0; k < kernel * kernel; k++) {
          int at = (plane * height + row + k / kernel) * width + column + k % kernel;
          from[o] = x[at] > x[from[o]] ? at : from[o];
        }
        y[o] = x[from[o]];
      }
      return y;
    }

    @Override
    public double[] backward(double[] dy) {
      double[] dx = new double[planes * height * width];
      for (int o = 0; o < dy.length; o++) {
        dx[from[o]] += dy[o];
      }
      return dx;
    }
  }

  private record GlobalAvgPool(int planes, int positions) implements Layer {
    @Override
    public double[] forward(double[] x, boolean training) {
      double[] y = new double[planes];
      for (int i = 0; i < x.length; i++) {
        y[i / positions] += x[i] / positions;
      }
      return y;
    }

    @Override
    public double[] backward(double[] dy) {
      double[] dx = new double[planes * positions];
      for (int i = 0; i < dx.length; i++) {
        dx[i] = dy[i / positions] / positions;
      }
      return dx;
    }
  }
}
