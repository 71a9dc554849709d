package dev.tenon.processor.layers.batchnorm;

import static dev.tenon.processor.ir.ElementType.DOUBLE;
import static dev.tenon.processor.ir.ElementType.FLOAT;
import static dev.tenon.processor.layers.common.Indices.accumulator;
import static dev.tenon.processor.layers.common.Indices.load;
import static dev.tenon.processor.layers.common.Indices.set;
import static dev.tenon.processor.layers.common.Indices.zero;
import static dev.tenon.processor.layers.common.Text.text;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Comparison;
import dev.tenon.processor.ir.Expr.Scalar;
import dev.tenon.processor.ir.HostScalar;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Step.Condition;
import dev.tenon.processor.ir.Step.Join.How;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateSpec.Init;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A batch normalisation with its sizes; the formulas are derived in the package's description.
 *
 * @param output per-sample shape of input and output, channels first
 * @param eps added to the variance
 * @param momentum weight of the new batch in the running statistics
 * @param cumulative whether the running statistics weight all batches alike instead
 * @param affine whether it learns a scale
 * @param bias whether it learns a shift; only with {@code affine}
 * @param track whether it keeps running statistics
 * @param frozen whether it starts frozen; only with {@code track}
 */
public record BatchNormLayer(
    Shape output,
    double eps,
    double momentum,
    boolean cumulative,
    boolean affine,
    boolean bias,
    boolean track,
    boolean frozen)
    implements BoundLayer {
  private static final String WEIGHT = "weight";
  private static final String BIAS = "bias";
  private static final String RUNNING_MEAN = "running_mean";
  private static final String RUNNING_VAR = "running_var";
  private static final String COUNTER = "num_batches_tracked";

  @Override
  public List<StateSpec> state() {
    int channels = output.channels();
    List<StateSpec> state = new ArrayList<>();
    if (affine) {
      state.add(StateSpec.parameter(WEIGHT, Init.constant(1), channels));
    }
    if (bias) {
      state.add(StateSpec.parameter(BIAS, Init.constant(0), channels));
    }
    if (track) {
      state.add(StateSpec.runningStat(RUNNING_MEAN, 0, channels));
      state.add(StateSpec.runningStat(RUNNING_VAR, 1, channels));
      state.add(StateSpec.counter(COUNTER));
    }
    return List.copyOf(state);
  }

  @Override
  public int valuesPerSampleForStatistics() {
    // The number of values of the shape fits an int, so its spatial part does.
    return Math.toIntExact(output.spatialCount());
  }

  @Override
  public boolean canFreezeStatistics() {
    return track;
  }

  @Override
  public boolean startsFrozen() {
    return frozen;
  }

  @Override
  public boolean cancelsBias() {
    // Frozen, it takes away the running mean, which does not follow the bias.
    return !frozen;
  }

  @Override
  public boolean predictsByBatchStatistics() {
    return !track;
  }

  @Override
  public Optional<AverageFactor> averageFactor() {
    return track
        ? Optional.of(new AverageFactor(momentum, cumulative ? COUNTER : ""))
        : Optional.empty();
  }

  @Override
  public void lower(Lowering to) {
    Statistics batch = Statistics.training(to, output.channels());
    if (track) {
      to.forward(Condition.NOT_FROZEN, statistics(to, "statistics", to.input(), batch));
      joinMoments(to, Condition.NOT_FROZEN, batch);
      to.increment(COUNTER);
      if (cumulative || momentum > 0) {
        to.forward(Condition.NOT_FROZEN, running(to, batch));
      }
      to.forward(Condition.FROZEN, frozenStatistics(to, batch));
    } else {
      to.forward(statistics(to, "statistics", to.input(), batch));
      joinMoments(to, Condition.ALWAYS, batch);
    }
    to.forward(coefficients(to, "coefficients", batch));
    to.forward(normalise(to, "normalise", to.input(), to.output(), batch));

    reductions(to, batch);

    if (track) {
      Statistics running = Statistics.running(to, output.channels());
      to.predict(
          to.nest("predictScale", scaleSummary("running_var"))
              .over(channel())
              .store(
                  set(
                      running.scale(),
                      scale(to, invstd(wide(load(to.state(RUNNING_VAR), channel())))),
                      channel()))
              .build());
      to.predict(normalise(to, "predict", to.predictInput(), to.predictOutput(), running));
    } else {
      Statistics own = Statistics.prediction(to, output.channels());
      to.predict(statistics(to, "predictStatistics", to.predictInput(), own));
      to.predict(coefficients(to, "predictCoefficients", own));
      to.predict(normalise(to, "predict", to.predictInput(), to.predictOutput(), own));
    }
  }

  private void joinMoments(Lowering to, Condition condition, Statistics batch) {
    to.joinForward(
        condition,
        How.MOMENTS,
        valuesPerSampleForStatistics(),
        batch.batchMean(),
        batch.batchVar());
  }

  /** Mean and biased variance of each channel, in one pass over shifted values. */
  private Nest statistics(Lowering to, String name, Tensor x, Statistics statistics) {
    Axis c = channel();
    Expr shift = shift(x);
    Expr deviation = Expr.subtract(wide(load(x, axes())), shift);
    Expr meanDeviation = Expr.divide(accumulator("sum", DOUBLE), count());
    Expr meanSquare = Expr.divide(accumulator("sumOfSquares", DOUBLE), count());
    return to.nest(
            name,
            text(
                "mean[c] and biased variance[c] of the %d * N values of each of %d channels",
                output.spatialCount(), output.channels()))
        .over(c)
        .reduce(pointsOfChannel())
        .sum("sum", zero(DOUBLE), deviation)
        .sum("sumOfSquares", zero(DOUBLE), Expr.multiply(deviation, deviation))
        .store(set(statistics.batchMean(), Expr.add(shift, meanDeviation), c))
        .store(
            set(
                statistics.batchVar(),
                Expr.max(
                    zero(DOUBLE),
                    Expr.subtract(meanSquare, Expr.multiply(meanDeviation, meanDeviation))),
                c))
        .build();
  }

  /** The channel's first value if it is finite, else 0. */
  private Expr shift(Tensor x) {
    Affine[] first = new Affine[output.rank() + 1];
    for (int axis = 0; axis < first.length; axis++) {
      first[axis] = axis == 1 ? Affine.of(channel()) : Affine.ZERO;
    }
    Expr value = wide(Expr.load(x, first));
    // Both NaN - NaN and inf - inf are NaN.
    return Expr.select(
        Comparison.EQUAL, Expr.subtract(value, value), zero(DOUBLE), value, zero(DOUBLE));
  }

  /** A frozen layer takes its running statistics for those of the batch. */
  private Nest frozenStatistics(Lowering to, Statistics batch) {
    Axis c = channel();
    return to.nest(
            "frozenStatistics",
            "mean[c] and variance[c] are the running ones, " + output.channels() + " channels")
        .over(c)
        .store(set(batch.batchMean(), wide(load(to.state(RUNNING_MEAN), c)), c))
        .store(set(batch.batchVar(), wide(load(to.state(RUNNING_VAR), c)), c))
        .build();
  }

  private Nest running(Lowering to, Statistics batch) {
    Axis c = channel();
    Expr unbiased =
        Expr.divide(
            Expr.multiply(load(batch.batchVar(), c), totalCount()),
            Expr.subtract(totalCount(), one()));
    return to.nest(
            "running",
            "running = (1 - f) * running + f * batch, the variance unbiased; "
                + output.channels()
                + " channels")
        .over(c)
        .store(moved(to, RUNNING_MEAN, load(batch.batchMean(), c)))
        .store(moved(to, RUNNING_VAR, unbiased))
        .build();
  }

  private Store moved(Lowering to, String name, Expr observed) {
    Tensor tensor = to.state(name);
    Expr factor = new Scalar(to.scalar(HostScalar.Kind.AVERAGE_FACTOR));
    Expr next =
        Expr.add(
            Expr.multiply(Expr.subtract(one(), factor), wide(load(tensor, channel()))),
            Expr.multiply(factor, observed));
    return set(tensor, Expr.cast(to.real(), next), channel());
  }

  /** Per channel, what the loops over all values need, rounded to their precision. */
  private Nest coefficients(Lowering to, String name, Statistics statistics) {
    Axis c = channel();
    Nest.Builder nest = to.nest(name, scaleSummary("variance")).over(c);
    if (to.real() == FLOAT) {
      Expr mean = load(statistics.batchMean(), c);
      Expr high = Expr.cast(FLOAT, mean);
      nest.store(set(statistics.mean(), high, c));
      nest.store(set(statistics.meanLow(), Expr.cast(FLOAT, Expr.subtract(mean, wide(high))), c));
    }
    Expr invstd = invstd(load(statistics.batchVar(), c));
    nest.store(set(statistics.invstd(), invstd, c));
    nest.store(set(statistics.scale(), scale(to, invstd), c));
    return nest.build();
  }

  private String scaleSummary(String variance) {
    return text(
        "scale[c] = %s1 / sqrt(%s[c] + %s), %d channels",
        affine ? "weight[c] * " : "", variance, eps, output.channels());
  }

  private Expr invstd(Expr variance) {
    Expr sum = Expr.add(variance, Expr.constant(DOUBLE, eps));
    return Expr.select(
        Comparison.EQUAL, sum, zero(DOUBLE), zero(DOUBLE), Expr.divide(one(), Expr.sqrt(sum)));
  }

  private Expr scale(Lowering to, Expr invstd) {
    return Expr.cast(
        to.real(),
        affine ? Expr.multiply(invstd, wide(load(to.state(WEIGHT), channel()))) : invstd);
  }

  private Nest normalise(Lowering to, String name, Tensor x, Tensor y, Statistics statistics) {
    List<Axis> axes = axes();
    Expr value = Expr.multiply(centred(x, statistics), load(statistics.scale(), channel()));
    if (bias) {
      value = Expr.add(value, load(to.state(BIAS), channel()));
    }
    return to.nest(
            name,
            "y = (x - mean[c]) * scale[c]"
                + (bias ? " + bias[c]" : "")
                + ", "
                + output
                + " a sample")
        .over(axes)
        .store(set(y, value, axes))
        .build();
  }

  /** {@code x - mean}, in two exact steps when the mean is a pair. */
  private Expr centred(Tensor x, Statistics statistics) {
    Expr centred = Expr.subtract(load(x, axes()), load(statistics.mean(), channel()));
    return statistics.meanLow() == null
        ? centred
        : Expr.subtract(centred, load(statistics.meanLow(), channel()));
  }

  private void reductions(Lowering to, Statistics batch) {
    ElementType real = to.real();
    Axis c = channel();
    List<Axis> axes = axes();
    Tensor k1 = to.own("meanGradient", real, output.channels());
    Tensor k2 = to.own("meanProduct", real, output.channels());
    Expr g = load(to.outputGradient(), axes);
    Expr sum = accumulator("sum", DOUBLE);
    Expr dot = accumulator("dot", DOUBLE);
    Expr invstd = load(batch.invstd(), c);
    Nest.Builder sums =
        to.nest(
                "backwardReductions",
                "sum[c] of dy and dot[c] of (x - mean[c]) * dy"
                    + (bias ? ", dbias = sum" : "")
                    + (affine ? ", dweight = dot * invstd" : ""))
            .over(c)
            .reduce(pointsOfChannel())
            .sum("sum", zero(DOUBLE), wide(g))
            .sum(
                "dot",
                zero(DOUBLE),
                Expr.multiply(
                    Expr.subtract(wide(load(to.input(), axes)), load(batch.batchMean(), c)),
                    wide(g)));
    if (affine) {
      sums.store(set(to.gradient(WEIGHT), Expr.cast(real, Expr.multiply(dot, invstd)), c));
    }
    if (bias) {
      sums.store(set(to.gradient(BIAS), Expr.cast(real, sum), c));
    }
    Tensor sumTotal = to.own("sumGradient", DOUBLE, output.channels());
    Tensor dotTotal = to.own("dotGradient", DOUBLE, output.channels());
    sums.store(set(sumTotal, sum, c));
    sums.store(set(dotTotal, dot, c));
    to.backward(sums.build());

    Condition condition = track ? Condition.NOT_FROZEN : Condition.ALWAYS;
    to.joinBackward(condition, How.SUMS, valuesPerSampleForStatistics(), sumTotal, dotTotal);
    Expr squared = Expr.multiply(Expr.multiply(load(dotTotal, c), invstd), invstd);
    Nest shares =
        to.nest(
                "backwardCoefficients",
                "meanGradient[c] = sum[c] / M, meanProduct[c] = dot[c] * invstd[c]^2 / M, "
                    + output.channels()
                    + " channels")
            .over(c)
            .store(set(k1, Expr.cast(real, Expr.divide(load(sumTotal, c), totalCount())), c))
            .store(set(k2, Expr.cast(real, Expr.divide(squared, totalCount())), c))
            .build();
    if (track) {
      to.backward(condition, shares);
    } else {
      to.backward(shares);
    }

    Expr inner =
        Expr.subtract(
            Expr.subtract(g, load(k1, c)), Expr.multiply(centred(to.input(), batch), load(k2, c)));
    Nest backward =
        to.nest(
                "backward",
                text(
                    "dx = scale[c] * (dy - meanGradient[c] - (x - mean[c]) * meanProduct[c]), %s a sample",
                    output))
            .over(axes)
            .store(set(to.inputGradient(), Expr.multiply(load(batch.scale(), c), inner), axes))
            .build();
    if (!track) {
      to.backward(backward);
      return;
    }
    to.backward(Condition.NOT_FROZEN, backward);
    to.backward(
        Condition.FROZEN,
        to.nest("frozenBackward", "dx = scale[c] * dy, " + output + " a sample")
            .over(axes)
            .store(set(to.inputGradient(), Expr.multiply(load(batch.scale(), c), g), axes))
            .build());
  }

  private List<Axis> axes() {
    return Lowering.axes(output);
  }

  private Axis channel() {
    return axes().get(1);
  }

  /** The batch and the spatial axes. */
  private List<Axis> pointsOfChannel() {
    List<Axis> points = new ArrayList<>(axes());
    points.remove(1);
    return points;
  }

  /** Values per channel at hand. */
  private Expr count() {
    return valuesIn(HostScalar.BATCH);
  }

  /** Values per channel of the whole batch, {@code M}. */
  private Expr totalCount() {
    return valuesIn(HostScalar.TOTAL_BATCH);
  }

  private Expr valuesIn(HostScalar samples) {
    Expr batch = new Scalar(samples);
    return output.spatialCount() == 1
        ? batch
        : Expr.multiply(batch, Expr.constant(DOUBLE, (double) output.spatialCount()));
  }

  private static Expr one() {
    return Expr.constant(DOUBLE, 1);
  }

  private static Expr wide(Expr expr) {
    return Expr.cast(DOUBLE, expr);
  }

  /**
   * The tensors, each {@code [channels]}, that one kind of pass normalises by.
   *
   * @param batchMean double; null with running statistics
   * @param batchVar double, biased; null with running statistics
   * @param mean what is subtracted
   * @param meanLow what the mean lost when it was rounded; null where nothing was rounded
   * @param invstd double; null with running statistics
   * @param scale what the difference is multiplied by
   */
  private record Statistics(
      Tensor batchMean, Tensor batchVar, Tensor mean, Tensor meanLow, Tensor invstd, Tensor scale) {

    static Statistics training(Lowering to, int channels) {
      return ofBatch(to, channels, "batchMean", "batchVar", "mean", "meanLow", "invstd", "scale");
    }

    static Statistics prediction(Lowering to, int channels) {
      return ofBatch(
          to,
          channels,
          "predictBatchMean",
          "predictBatchVar",
          "predictMean",
          "predictMeanLow",
          "predictInvstd",
          "predictScale");
    }

    private static Statistics ofBatch(Lowering to, int channels, String... names) {
      Tensor batchMean = to.own(names[0], DOUBLE, channels);
      boolean rounded = to.real() == FLOAT;
      return new Statistics(
          batchMean,
          to.own(names[1], DOUBLE, channels),
          rounded ? to.own(names[2], FLOAT, channels) : batchMean,
          rounded ? to.own(names[3], FLOAT, channels) : null,
          to.own(names[4], DOUBLE, channels),
          to.own(names[5], to.real(), channels));
    }

    static Statistics running(Lowering to, int channels) {
      return new Statistics(
          null,
          null,
          to.state(RUNNING_MEAN),
          null,
          null,
          to.own("predictScale", to.real(), channels));
    }
  }
}
