package dev.tenon.benchmarks.workload;

import dev.tenon.benchmarks.workload.ReferenceLayers.Parameter;
import java.util.Arrays;
import java.util.List;

/** The convolution of the {@link Reference}, on an input that stands in a frame of zeros. */
final class ReferenceConv2d implements ReferenceLayers.Layer {
  private final LayerSpec.Conv2d layer;
  private final int batch;
  private final int inHeight;
  private final int inWidth;
  private final int height;
  private final int width;
  private final Parameter weight;
  private final Parameter bias;

  /** The input in its frame. */
  private double[] padded;

  ReferenceConv2d(
      LayerSpec.Conv2d layer,
      int batch,
      List<Integer> in,
      List<Integer> out,
      Parameter weight,
      Parameter bias) {
    this.layer = layer;
    this.batch = batch;
    inHeight = in.get(1);
    inWidth = in.get(2);
    height = out.get(1);
    width = out.get(2);
    this.weight = weight;
    this.bias = bias;
  }

  @Override
  public double[] forward(double[] x, boolean training) {
    padded = new double[batch * layer.in() * paddedHeight() * paddedWidth()];
    inputRows((at, atPadded) -> System.arraycopy(x, at, padded, atPadded, inWidth));
    double[] y = new double[batch * layer.out() * height * width];
    ReferenceLayers.parallel(
        batch,
        n -> {
          for (int k = 0; k < layer.out(); k++) {
            int plane = (n * layer.out() + k) * height * width;
            Arrays.fill(y, plane, plane + height * width, bias.value[k]);
            rows(
                n,
                k,
                (atX, atWeight, atY) -> {
                  double w = weight.value[atWeight];
                  for (int i = 0; i < width; i++) {
                    y[atY + i] += w * padded[atX + i * layer.stride()];
                  }
                });
          }
        });
    return y;
  }

  @Override
  public double[] backward(double[] dy) {
    ReferenceLayers.parallel(layer.out(), k -> weightBackward(k, dy));
    double[] paddedGradient = new double[padded.length];
    ReferenceLayers.parallel(batch, n -> inputBackward(n, dy, paddedGradient));
    double[] dx = new double[batch * layer.in() * inHeight * inWidth];
    inputRows((at, atPadded) -> System.arraycopy(paddedGradient, atPadded, dx, at, inWidth));
    return dx;
  }

  /** Derivatives by the weights and the bias of output channel k. */
  private void weightBackward(int k, double[] dy) {
    int window = layer.in() * layer.kernel() * layer.kernel();
    Arrays.fill(weight.gradient, k * window, (k + 1) * window, 0);
    bias.gradient[k] = 0;
    for (int n = 0; n < batch; n++) {
      rows(
          n,
          k,
          (atX, atWeight, atY) -> {
            double sum = 0;
            for (int i = 0; i < width; i++) {
              sum += padded[atX + i * layer.stride()] * dy[atY + i];
            }
            weight.gradient[atWeight] += sum;
          });
      for (int i = 0; i < height * width; i++) {
        bias.gradient[k] += dy[(n * layer.out() + k) * height * width + i];
      }
    }
  }

  /** Derivatives by the padded input of sample n. */
  private void inputBackward(int n, double[] dy, double[] paddedGradient) {
    for (int k = 0; k < layer.out(); k++) {
      rows(
          n,
          k,
          (atX, atWeight, atY) -> {
            double w = weight.value[atWeight];
            for (int i = 0; i < width; i++) {
              paddedGradient[atX + i * layer.stride()] += w * dy[atY + i];
            }
          });
    }
  }

  /** The products of one weight with a row of the output, or rather of its input. */
  private interface Row {
    /**
     * Product i is that of {@code padded[x + i * stride]} and {@code weight[weight]}, a part of
     * {@code y[y + i]}; there are as many as the output is wide.
     */
    void at(int x, int weight, int y);
  }

  /** All products of a convolution for output channel k of sample n. */
  private void rows(int n, int k, Row row) {
    int kernel = layer.kernel();
    for (int c = 0; c < layer.in(); c++) {
      for (int r = 0; r < kernel; r++) {
        for (int s = 0; s < kernel; s++) {
          for (int h = 0; h < height; h++) {
            int inputRow = (n * layer.in() + c) * paddedHeight() + h * layer.stride() + r;
            row.at(
                inputRow * paddedWidth() + s,
                ((k * layer.in() + c) * kernel + r) * kernel + s,
                ((n * layer.out() + k) * height + h) * width);
          }
        }
      }
    }
  }

  /** A row of the input, by where it begins without padding and with it. */
  private interface InputRow {
    void at(int x, int padded);
  }

  private void inputRows(InputRow row) {
    for (int plane = 0; plane < batch * layer.in(); plane++) {
      for (int h = 0; h < inHeight; h++) {
        int paddedRow = plane * paddedHeight() + h + layer.padding();
        row.at((plane * inHeight + h) * inWidth, paddedRow * paddedWidth() + layer.padding());
      }
    }
  }

  private int paddedHeight() {
    return inHeight + 2 * layer.padding();
  }

  private int paddedWidth() {
    return inWidth + 2 * layer.padding();
  }
}
