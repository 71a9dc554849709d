package dev.tenon.processor.differential;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.processor.graph.Network;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.KernelInterpreter.Rounding;
import dev.tenon.processor.plan.PlanVariants;
import dev.tenon.processor.reference.ReferenceModel;
import dev.tenon.processor.testing.CompilerHarness;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.TensorSpec;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.layer.TrackedNorm;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.RunningStat;
import dev.tenon.runtime.state.StateEntry;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** One network on trial: some steps with random data, each on the interpreter and as code. */
final class Trial {
  private static final int MOST_STEPS = 5;
  private static final int[] BATCHES = {0, 1, 2, 2, 3, 5, 7, 8, 11};

  /** Operations that the largest batch may take. */
  private static final long MOST_WORK = 400_000;

  private static final int LARGEST_BATCH = 130;

  /** What is done with a batch. */
  private enum Kind {
    TRAIN,
    EVALUATE,
    PREDICT
  }

  private final Network network;
  private final Model model;
  private final ReferenceModel reference;
  private final long work;
  private final SplittableRandom random;
  private final Comparison comparison;

  Trial(
      Network network,
      Model model,
      long work,
      SplittableRandom random,
      Comparison.Statistics statistics) {
    this.network = network;
    this.model = model;
    this.reference = new ReferenceModel(network);
    this.work = work;
    this.random = random;
    this.comparison = new Comparison(model.dtype() == DType.FLOAT64, statistics);
  }

  /** Compares the program as the planner changes it, then the generated code. */
  void run() {
    plan();
    randomState(true);
    int steps = 2 + random.nextInt(MOST_STEPS - 1);
    for (int i = 0; i < steps; i++) {
      step(i);
    }
  }

  private void plan() {
    Set<String> frozen = new HashSet<>();
    for (Network.Node node : network.nodes()) {
      if (node.layer().canFreezeStatistics() && chance(0.3)) {
        frozen.add(node.name());
      }
    }
    int batch = 2 + random.nextInt(4);
    Map<String, double[]> lowered = PlanVariants.lowered(network, frozen, batch, Rounding.NONE);
    // Both sides compute in double precision, whatever the network's own.
    Comparison exact = new Comparison(true, new Comparison.Statistics());
    PlanVariants.planned(network, frozen, batch)
        .forEach(
            (variant, results) -> {
              Map<String, double[]> expected = new TreeMap<>(lowered);
              expected.keySet().retainAll(results.keySet());
              exact.check(
                  variant + ", batch " + batch + ": ",
                  results,
                  expected,
                  run ->
                      PlanVariants.lowered(
                          network, frozen, batch, disturbance(ElementType.DOUBLE, run)));
            });
  }

  // ---------------------------------------------------------------------------------- one step

  private void step(int number) {
    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
    int batch = batch();
    if (chance(0.4)) {
      randomState(false);
    }
    Set<String> frozen = freeze();
    reference.freeze(frozen);
    String where =
        "step " + number + ", " + kind + " a batch of " + batch + ", frozen " + frozen + ": ";

    Tensor[] x = random(batch, model.inputs(), spread());
    if (refuses(kind, batch, frozen)) {
      Map<String, double[]> before = state();
      assertThatThrownBy(() -> forward(kind, x))
          .as(where)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("more than 1 value per channel");
      comparison.check(where, state(), before, run -> before);
      return;
    }
    Map<String, double[]> before = state();
    Tensor[] y = forward(kind, x);
    Map<String, double[]> actual = new LinkedHashMap<>();
    put(actual, "y", values(y));
    boolean backward = kind != Kind.PREDICT && chance(0.85);
    boolean toInput = chance(0.7);
    Tensor[] dy = random(batch, model.outputs(), 1);
    if (backward) {
      if (toInput) {
        put(actual, "dx", values(model.backwardToInputs(dy)));
      } else {
        model.backward(dy);
      }
      for (Parameter parameter : model.parameters()) {
        actual.put("gradient of " + parameter.name(), parameter.gradient().toDoubleArray());
      }
    }
    actual.putAll(state());
    if (kind == Kind.TRAIN) {
      reference.nextStep();
    }
    comparison.check(
        where,
        actual,
        expected(kind, before, x, backward ? dy : null, toInput, Rounding.NONE),
        run ->
            expected(
                kind, before, x, backward ? dy : null, toInput, disturbance(network.real(), run)));
  }

  /** The values of tensors; those of indices have no gradient. */
  private static List<double[]> values(Tensor[] tensors) {
    return Arrays.stream(tensors).filter(Objects::nonNull).map(Tensor::toDoubleArray).toList();
  }

  /** Under the name itself if there is one, else numbered. */
  private static void put(Map<String, double[]> all, String name, List<double[]> values) {
    for (int i = 0; i < values.size(); i++) {
      all.put(i == 0 ? name : name + (i + 1), values.get(i));
    }
  }

  private Tensor[] forward(Kind kind, Tensor[] x) {
    return switch (kind) {
      case TRAIN -> model.forward(x);
      case EVALUATE -> model.forwardEvaluation(x);
      case PREDICT -> model.predict(x);
    };
  }

  /** The same on the interpreter. */
  private Map<String, double[]> expected(
      Kind kind,
      Map<String, double[]> before,
      Tensor[] x,
      Tensor[] dy,
      boolean toInput,
      Rounding rounding) {
    before.forEach(reference::load);
    reference.round(rounding);
    Map<String, double[]> expected = new LinkedHashMap<>();
    List<double[]> values = values(x);
    put(
        expected,
        "y",
        switch (kind) {
          case TRAIN -> reference.forward(values);
          case EVALUATE -> reference.forwardEvaluation(values);
          case PREDICT -> reference.predict(values);
        });
    if (dy != null) {
      List<double[]> dx = reference.backward(values(dy));
      if (toInput) {
        put(expected, "dx", dx);
      }
      for (String parameter : reference.parameters()) {
        expected.put("gradient of " + parameter, reference.gradient(parameter).clone());
      }
    }
    for (String name : reference.stateNames()) {
      expected.put(name, reference.state(name).clone());
    }
    return expected;
  }

  /** Whether a layer needs batch statistics and gets one value per channel. */
  private boolean refuses(Kind kind, int batch, Set<String> frozen) {
    return batch == 1
        && network.nodes().stream()
            .filter(node -> node.layer().valuesPerSampleForStatistics() == 1)
            .anyMatch(
                node ->
                    node.layer().predictsByBatchStatistics()
                        || (kind == Kind.TRAIN && !frozen.contains(node.name())));
  }

  /**
   * Random errors of up to {@link Comparison#DISTURBANCE} half units in the last place. Vector
   * kernels take the sums of a float32 network in floats, block by block, where a nest says double;
   * those are disturbed as what they are.
   */
  private static Rounding disturbance(ElementType real, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean floatSums = real == ElementType.FLOAT && CompilerHarness.hasVectors();
    return new Rounding() {
      @Override
      public double round(ElementType type, double exact) {
        return disturb(exact, type == ElementType.FLOAT && real == type);
      }

      @Override
      public double roundSum(ElementType type, double exact) {
        return floatSums ? disturb(exact, true) : round(type, exact);
      }

      private double disturb(double exact, boolean single) {
        double half = single ? 0x1p-24 : 0x1p-53;
        return exact * (1 + Comparison.DISTURBANCE * half * (2 * random.nextDouble() - 1));
      }
    };
  }

  // ------------------------------------------------------------------------------- random data

  private int batch() {
    if (chance(0.1)) {
      return (int) Math.max(2, Math.min(LARGEST_BATCH, MOST_WORK / Math.max(1, work)));
    }
    return BATCHES[random.nextInt(BATCHES.length)];
  }

  /** Half of the time, changes what is frozen; gives what is. */
  private Set<String> freeze() {
    Set<String> frozen = new HashSet<>();
    boolean change = chance(0.5);
    for (Layer layer : model.layers()) {
      if (layer instanceof TrackedNorm norm && norm.tracksRunningStats()) {
        if (change && chance(0.4)) {
          norm.freezeStatistics();
        } else if (change) {
          norm.unfreezeStatistics();
        }
        if (norm.areStatisticsFrozen()) {
          frozen.add(norm.name());
        }
      }
    }
    return frozen;
  }

  private void randomState(boolean counters) {
    for (Parameter parameter : model.parameters()) {
      int[] shape = parameter.shape();
      int fanIn = Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
      // A vector scales or shifts each channel; a matrix keeps the size of what it multiplies.
      fill(parameter.value(), shape.length == 1 ? 1.5 : Math.sqrt(3.0 / fanIn));
    }
    for (RunningStat stat : model.runningStats()) {
      fill(stat.value(), 1);
      if (stat.name().endsWith("running_var")) {
        for (int i = 0; i < stat.value().size(); i++) {
          stat.set(0.2 + Math.abs(stat.get(i)), i);
        }
      }
    }
    if (counters) {
      model.state().counterList().forEach(counter -> counter.set(random.nextInt(5)));
    }
  }

  private Map<String, double[]> state() {
    Map<String, double[]> state = new LinkedHashMap<>();
    for (StateEntry entry : model.state().entries()) {
      String name = entry.name();
      Tensor tensor = model.state().tensors().get(name);
      state.put(
          name,
          tensor == null
              ? new double[] {model.state().counter(name).get()}
              : tensor.toDoubleArray());
    }
    return state;
  }

  /** How far the input reaches: mostly 2, sometimes tiny or large. */
  private double spread() {
    return chance(0.8) ? 2 : Math.pow(10, random.nextInt(7) - 3);
  }

  private Tensor[] random(int batch, List<TensorSpec> specs, double spread) {
    return specs.stream().map(spec -> random(batch, spec, spread)).toArray(Tensor[]::new);
  }

  private Tensor random(int batch, TensorSpec spec, double spread) {
    int[] sample = spec.shape();
    int[] shape = new int[sample.length + 1];
    shape[0] = batch;
    System.arraycopy(sample, 0, shape, 1, sample.length);
    Tensor tensor = Tensor.zeros(spec.dtype(), shape);
    if (spec.isIndices()) {
      Arrays.setAll(tensor.intArray(), i -> random.nextInt(spec.limit()));
    } else {
      fill(tensor, spread);
    }
    return tensor;
  }

  /** Through a copy, as parameters may be packed. */
  private void fill(Tensor tensor, double spread) {
    double[] values = new double[tensor.size()];
    Arrays.setAll(values, i -> spread * (2 * random.nextDouble() - 1));
    if (tensor.dtype() == DType.FLOAT64) {
      tensor.copyFrom(Tensor.of(values, tensor.shape()));
      return;
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    tensor.copyFrom(Tensor.of(floats, tensor.shape()));
  }

  private boolean chance(double probability) {
    return random.nextDouble() < probability;
  }
}
