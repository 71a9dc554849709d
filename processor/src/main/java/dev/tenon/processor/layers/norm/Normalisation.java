package dev.tenon.processor.layers.norm;

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
import dev.tenon.processor.layer.BoundLayer.AverageFactor;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateSpec.Init;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A normalisation with its sizes: all that batch, instance, group and layer normalisation compute.
 * They differ in the scope alone; the formulas are derived in the package's description.
 *
 * @param scope which values share a mean and a variance
 * @param eps added to the variance
 * @param affine whether it learns a scale
 * @param bias whether it learns a shift; only with {@code affine}
 * @param running the running statistics, if it keeps any
 */
public record Normalisation(
    Scope scope, double eps, boolean affine, boolean bias, Optional<Running> running) {

  /**
   * Running statistics: one mean and one variance for each learnt scale, whether it is learnt or
   * not.
   *
   * @param momentum weight of the new observation
   * @param cumulative whether all batches weigh alike instead
   * @param counts whether batches are counted; an instance norm keeps a counter that stays 0
   */
  public record Running(double momentum, boolean cumulative, boolean counts) {
    /** What {@code HostScalar.Kind.AVERAGE_FACTOR} is. */
    public AverageFactor factor() {
      return new AverageFactor(momentum, cumulative ? COUNTER : "");
    }
  }

  private static final String WEIGHT = "weight";
  private static final String BIAS = "bias";
  private static final String RUNNING_MEAN = "running_mean";
  private static final String RUNNING_VAR = "running_var";
  private static final String COUNTER = "num_batches_tracked";

  /** The state in state-dictionary order. */
  public List<StateSpec> state() {
    Integer[] sizes = learntSizes();
    List<StateSpec> state = new ArrayList<>();
    if (affine) {
      state.add(StateSpec.parameter(WEIGHT, Init.constant(1), sizes));
    }
    if (bias) {
      state.add(StateSpec.parameter(BIAS, Init.constant(0), sizes));
    }
    if (running.isPresent()) {
      state.add(StateSpec.runningStat(RUNNING_MEAN, 0, sizes));
      state.add(StateSpec.runningStat(RUNNING_VAR, 1, sizes));
      state.add(StateSpec.counter(COUNTER));
    }
    return List.copyOf(state);
  }

  /** Writes the nests of training, backward and evaluation. */
  public void lower(Lowering to) {
    Statistics own = Statistics.training(to, scope);
    if (running.isPresent()) {
      to.forward(Condition.NOT_FROZEN, statistics(to, "statistics", to.input(), own));
      joinMoments(to, own);
      if (running.get().counts()) {
        to.increment(COUNTER);
      }
      if (running.get().cumulative() || running.get().momentum() > 0) {
        moveRunning(to, own);
      }
      to.forward(Condition.FROZEN, frozenStatistics(to, own));
    } else {
      to.forward(statistics(to, "statistics", to.input(), own));
      joinMoments(to, own);
    }
    to.forward(coefficients(to, "coefficients", own));
    to.forward(normalise(to, "normalise", to.input(), to.output(), own));

    backward(to, own);

    if (running.isPresent()) {
      Statistics kept = Statistics.running(to, scope);
      to.predict(
          to.nest("predictScale", scaleSummary("running_var"))
              .over(scope.learntAxes())
              .store(
                  Store.set(
                      kept.scale(),
                      scale(to, invstd(wide(Expr.load(to.state(RUNNING_VAR), learnt())))),
                      learnt()))
              .build());
      to.predict(normalise(to, "predict", to.predictInput(), to.predictOutput(), kept));
    } else {
      Statistics prediction = Statistics.prediction(to, scope);
      to.predict(statistics(to, "predictStatistics", to.predictInput(), prediction));
      to.predict(coefficients(to, "predictCoefficients", prediction));
      to.predict(normalise(to, "predict", to.predictInput(), to.predictOutput(), prediction));
    }
  }

  // ------------------------------------------------------------------------------- forward

  /** When a step runs that needs the layer's own statistics. */
  private Condition unlessFrozen() {
    return running.isPresent() ? Condition.NOT_FROZEN : Condition.ALWAYS;
  }

  /** Where the pieces of a batch have to know of each other. */
  private void joinMoments(Lowering to, Statistics own) {
    if (!scope.isPerSample()) {
      to.joinForward(unlessFrozen(), How.MOMENTS, scope.valuesPerSample(), own.mean(), own.var());
    }
  }

  /** Mean and biased variance, in one pass over shifted values. */
  private Nest statistics(Lowering to, String name, Tensor x, Statistics statistics) {
    Expr shift = shift(x);
    Expr deviation = Expr.subtract(wide(at(x)), shift);
    Expr meanDeviation = Expr.divide(accumulator("sum", DOUBLE), scope.count());
    Expr meanSquare = Expr.divide(accumulator("sumOfSquares", DOUBLE), scope.count());
    return to.nest(
            name,
            text("mean%1$s and biased variance%1$s of the values at all %2$s", owner(), values()))
        .named("shift", shift)
        .named("zeroIfFinite", zeroIfFinite(wide(Expr.load(x, scope.first()))))
        .named("deviation", deviation)
        .named("meanDeviation", meanDeviation)
        .named("meanSquare", meanSquare)
        .over(scope.owners())
        .reduce(scope.values())
        .sum("sum", zero(DOUBLE), deviation)
        .sum("sumOfSquares", zero(DOUBLE), Expr.multiply(deviation, deviation))
        .store(set(statistics.mean(), Expr.add(shift, meanDeviation), scope.owners()))
        .store(
            set(
                statistics.var(),
                Expr.max(
                    zero(DOUBLE),
                    Expr.subtract(meanSquare, Expr.multiply(meanDeviation, meanDeviation))),
                scope.owners()))
        .build();
  }

  /** The first of the values if it is finite, else 0. */
  private Expr shift(Tensor x) {
    Expr value = wide(Expr.load(x, scope.first()));
    // Both NaN - NaN and inf - inf are NaN.
    return Expr.select(Comparison.EQUAL, zeroIfFinite(value), zero(DOUBLE), value, zero(DOUBLE));
  }

  private static Expr zeroIfFinite(Expr value) {
    return Expr.subtract(value, value);
  }

  /** A frozen layer takes its running statistics for its own. */
  private Nest frozenStatistics(Lowering to, Statistics own) {
    return to.nest(
            "frozenStatistics", text("mean%1$s and variance%1$s are the running ones", owner()))
        .over(scope.owners())
        .store(set(own.mean(), wide(Expr.load(to.state(RUNNING_MEAN), learnt())), scope.owners()))
        .store(set(own.var(), wide(Expr.load(to.state(RUNNING_VAR), learnt())), scope.owners()))
        .build();
  }

  private void moveRunning(Lowering to, Statistics own) {
    Expr mean = load(own.mean(), scope.owners());
    Expr var = unbiased(load(own.var(), scope.owners()));
    if (scope.isPerSample()) {
      Tensor means = to.own("sampleMeans", DOUBLE, learntSizes());
      Tensor vars = to.own("sampleVars", DOUBLE, learntSizes());
      to.forward(
          Condition.NOT_FROZEN,
          to.nest("sampleSums", "sums of the means and unbiased variances of all samples")
              .over(scope.learntAxes())
              .reduce(scope.axes().get(0))
              .sum("means", zero(DOUBLE), mean)
              .sum("vars", zero(DOUBLE), var)
              .store(Store.set(means, accumulator("means", DOUBLE), learnt()))
              .store(Store.set(vars, accumulator("vars", DOUBLE), learnt()))
              .build());
      to.joinForward(Condition.NOT_FROZEN, How.SUMS, 1, means, vars);
      Expr samples = new Scalar(HostScalar.TOTAL_BATCH);
      mean = Expr.divide(Expr.load(means, learnt()), samples);
      var = Expr.divide(Expr.load(vars, learnt()), samples);
    }
    String observed = scope.isPerSample() ? "the average over the samples" : "batch";
    to.forward(
        Condition.NOT_FROZEN,
        to.nest(
                "running",
                "running = (1 - f) * running + f * " + observed + ", the variance unbiased")
            .over(scope.learntAxes())
            .store(moved(to, RUNNING_MEAN, mean))
            .store(moved(to, RUNNING_VAR, var))
            .build());
  }

  private Expr unbiased(Expr var) {
    return Expr.divide(
        Expr.multiply(var, scope.totalCount()), Expr.subtract(scope.totalCount(), one()));
  }

  private Store moved(Lowering to, String name, Expr observed) {
    Tensor tensor = to.state(name);
    Expr factor = new Scalar(to.scalar(HostScalar.Kind.AVERAGE_FACTOR));
    Expr next =
        Expr.add(
            Expr.multiply(Expr.subtract(one(), factor), wide(Expr.load(tensor, learnt()))),
            Expr.multiply(factor, observed));
    return Store.set(tensor, Expr.cast(to.real(), next), learnt());
  }

  /** What the loops over all values need of each mean and variance, rounded to their precision. */
  private Nest coefficients(Lowering to, String name, Statistics statistics) {
    List<Axis> owners = scope.owners();
    Nest.Builder nest = to.nest(name, scaleSummary("variance")).over(owners);
    if (to.real() == FLOAT) {
      Expr mean = load(statistics.mean(), owners);
      Expr high = Expr.cast(FLOAT, mean);
      nest.store(set(statistics.subtracted(), high, owners));
      nest.store(set(statistics.lost(), Expr.cast(FLOAT, Expr.subtract(mean, wide(high))), owners));
    }
    Expr invstd = invstd(load(statistics.var(), owners));
    nest.named("invstd", invstd).named("radicand", radicand(load(statistics.var(), owners)));
    nest.store(set(statistics.invstd(), invstd, owners));
    nest.store(set(statistics.scale(), scale(to, invstd), owners));
    return nest.build();
  }

  private String scaleSummary(String variance) {
    return text(
        "scale%s = %s1 / sqrt(%s + %s)",
        owner(), scalesByWeight() ? "weight * " : "", variance, eps);
  }

  private Expr invstd(Expr variance) {
    Expr sum = radicand(variance);
    return Expr.select(
        Comparison.EQUAL, sum, zero(DOUBLE), zero(DOUBLE), Expr.divide(one(), Expr.sqrt(sum)));
  }

  private Expr radicand(Expr variance) {
    return Expr.add(variance, Expr.constant(DOUBLE, eps));
  }

  private Expr scale(Lowering to, Expr invstd) {
    return Expr.cast(
        to.real(),
        scalesByWeight()
            ? Expr.multiply(invstd, wide(Expr.load(to.state(WEIGHT), learnt())))
            : invstd);
  }

  /** Whether the weight is a factor of the scale; else it varies among values of one mean. */
  private boolean scalesByWeight() {
    return affine && scope.learntOncePerOwner();
  }

  /** Whether values of one mean have different weights. */
  private boolean weightVaries() {
    return affine && !scope.learntOncePerOwner();
  }

  private Nest normalise(Lowering to, String name, Tensor x, Tensor y, Statistics statistics) {
    Expr value = Expr.multiply(centred(x, statistics), statistics.scaleHere());
    if (weightVaries()) {
      value = Expr.multiply(value, Expr.load(to.state(WEIGHT), learnt()));
    }
    if (bias) {
      value = Expr.add(value, Expr.load(to.state(BIAS), learnt()));
    }
    return to.nest(
            name,
            "y = (x - mean) * scale"
                + (weightVaries() ? " * weight" : "")
                + (bias ? " + bias" : "")
                + sizes())
        .over(scope.axes())
        .store(Store.set(y, value, scope.place()))
        .build();
  }

  /** {@code x - mean}, in two exact steps when the mean is a pair. */
  private Expr centred(Tensor x, Statistics statistics) {
    Expr centred = Expr.subtract(at(x), statistics.subtractedHere());
    return statistics.lost() == null
        ? centred
        : Expr.subtract(centred, load(statistics.lost(), scope.owners()));
  }

  // ------------------------------------------------------------------------------- backward

  private void backward(Lowering to, Statistics own) {
    ElementType real = to.real();
    List<Axis> owners = scope.owners();
    boolean together = scope.learntAxes().equals(owners);
    if (affine && !together) {
      to.backward(parameterGradients(to, own));
    }
    Tensor sumTotal = to.own("sumGradient", DOUBLE, scope.ownerSizes());
    Tensor dotTotal = to.own("dotGradient", DOUBLE, scope.ownerSizes());
    Expr sum = accumulator("sum", DOUBLE);
    Expr dot = accumulator("dot", DOUBLE);
    Expr invstd = load(own.invstd(), owners);
    Expr deviation = wide(centred(to.input(), own));
    Nest.Builder sums =
        to.nest(
                "backwardReductions",
                text(
                    "sum%1$s of %2$s and dot%1$s of (x - mean) * %2$s%3$s%4$s",
                    owner(),
                    hName(),
                    bias && together ? ", dbias = sum" : "",
                    affine && together ? ", dweight = dot * invstd" : ""))
            .named("deviation", deviation)
            .named("gradient", wide(h(to)))
            .over(owners)
            .reduce(scope.values())
            .sum("sum", zero(DOUBLE), wide(h(to)))
            .sum("dot", zero(DOUBLE), Expr.multiply(deviation, wide(h(to))));
    if (affine && together) {
      sums.store(
          Store.set(to.gradient(WEIGHT), Expr.cast(real, Expr.multiply(dot, invstd)), learnt()));
    }
    if (bias && together) {
      sums.store(Store.set(to.gradient(BIAS), Expr.cast(real, sum), learnt()));
    }
    sums.store(set(sumTotal, sum, owners));
    sums.store(set(dotTotal, dot, owners));
    to.backward(sums.build());

    if (!scope.isPerSample()) {
      to.joinBackward(unlessFrozen(), How.SUMS, scope.valuesPerSample(), sumTotal, dotTotal);
    }
    Tensor k1 = to.own("meanGradient", real, scope.ownerSizes());
    Tensor k2 = to.own("meanProduct", real, scope.ownerSizes());
    Expr squared = Expr.multiply(Expr.multiply(load(dotTotal, owners), invstd), invstd);
    backwardUnlessFrozen(
        to,
        to.nest(
                "backwardCoefficients",
                text(
                    "meanGradient%1$s = sum%1$s / M, meanProduct%1$s = dot%1$s * invstd%1$s^2 / M",
                    owner()))
            .over(owners)
            .store(
                set(
                    k1,
                    Expr.cast(real, Expr.divide(load(sumTotal, owners), scope.totalCount())),
                    owners))
            .store(set(k2, Expr.cast(real, Expr.divide(squared, scope.totalCount())), owners))
            .build());
    inputGradient(to, own, k1, k2);
  }

  private void backwardUnlessFrozen(Lowering to, Nest nest) {
    if (running.isPresent()) {
      to.backward(Condition.NOT_FROZEN, nest);
    } else {
      to.backward(nest);
    }
  }

  private void inputGradient(Lowering to, Statistics own, Tensor k1, Tensor k2) {
    List<Axis> owners = scope.owners();
    Expr inner =
        Expr.subtract(
            Expr.subtract(h(to), load(k1, owners)),
            Expr.multiply(centred(to.input(), own), load(k2, owners)));
    backwardUnlessFrozen(
        to,
        to.nest(
                "backward",
                "dx = scale * ("
                    + hName()
                    + " - meanGradient - (x - mean) * meanProduct)"
                    + sizes())
            .over(scope.axes())
            .store(
                Store.set(to.inputGradient(), Expr.multiply(own.scaleHere(), inner), scope.place()))
            .build());
    if (running.isPresent()) {
      to.backward(
          Condition.FROZEN,
          to.nest("frozenBackward", "dx = scale * dy" + sizes())
              .over(scope.axes())
              .store(
                  Store.set(
                      to.inputGradient(), Expr.multiply(own.scaleHere(), h(to)), scope.place()))
              .build());
    }
  }

  /** Where several means share a weight, or the values of one mean have several. */
  private Nest parameterGradients(Lowering to, Statistics own) {
    List<Axis> owners = scope.owners();
    Expr g = wide(at(to.outputGradient()));
    Expr xhat =
        Expr.multiply(
            Expr.subtract(wide(at(to.input())), load(own.mean(), owners)),
            load(own.invstd(), owners));
    List<Axis> others = new ArrayList<>(scope.axes());
    others.removeAll(scope.learntAxes());
    Nest.Builder nest =
        to.nest(
                "parameterGradients",
                "dweight = sum of (x - mean) * invstd * dy" + (bias ? ", dbias = sum of dy" : ""))
            .over(scope.learntAxes())
            .reduce(others)
            .sum("dot", zero(DOUBLE), Expr.multiply(xhat, g));
    if (bias) {
      nest.sum("sum", zero(DOUBLE), g);
    }
    nest.store(
        Store.set(to.gradient(WEIGHT), Expr.cast(to.real(), accumulator("dot", DOUBLE)), learnt()));
    if (bias) {
      nest.store(
          Store.set(to.gradient(BIAS), Expr.cast(to.real(), accumulator("sum", DOUBLE)), learnt()));
    }
    return nest.build();
  }

  /** dL/dy, times the weight unless that is a factor of the scale. */
  private Expr h(Lowering to) {
    Expr g = at(to.outputGradient());
    return weightVaries() ? Expr.multiply(g, Expr.load(to.state(WEIGHT), learnt())) : g;
  }

  private String hName() {
    return weightVaries() ? "weight * dy" : "dy";
  }

  // ---------------------------------------------------------------------------------- parts

  private Integer[] learntSizes() {
    return scope.learntSizes().toArray(Integer[]::new);
  }

  private Expr at(Tensor tensor) {
    return Expr.load(tensor, scope.place());
  }

  private Affine[] learnt() {
    return scope.learnt().toArray(Affine[]::new);
  }

  private String owner() {
    return names(scope.owners(), "[", "]");
  }

  private String values() {
    return names(scope.values(), "", "");
  }

  private static String names(List<Axis> axes, String before, String behind) {
    return axes.stream().map(Axis::name).collect(Collectors.joining(", ", before, behind));
  }

  private String sizes() {
    return ", " + scope.shape() + " a sample";
  }

  private static Expr one() {
    return Expr.constant(DOUBLE, 1);
  }

  private static Expr wide(Expr expr) {
    return Expr.cast(DOUBLE, expr);
  }
}
