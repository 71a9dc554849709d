package dev.tenon.processor.reference;

import dev.tenon.processor.graph.Lowerings;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.ir.HostScalar;
import dev.tenon.processor.ir.HostScalar.Kind;
import dev.tenon.processor.ir.KernelInterpreter;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.NestVerifier;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Step.Conditional;
import dev.tenon.processor.ir.Step.Increment;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.layer.BoundLayer;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateSpec.Init.Distribution;
import dev.tenon.runtime.random.Randoms;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A network that runs on the interpreter: what a generated model does, in double precision and in
 * the simplest way.
 */
public final class ReferenceModel implements KernelInterpreter.Host {
  private final Network network;
  private final Program program;
  private final Map<String, Tensor> state = new LinkedHashMap<>();
  private final Map<Tensor, double[]> values = new LinkedHashMap<>();
  private final Map<String, Long> counters = new LinkedHashMap<>();
  private final long seed = 42;
  private long steps;
  private int batch;
  private Map<Tensor, double[]> memory = Map.of();
  private Set<String> frozen = Set.of();
  private boolean evaluation;
  private KernelInterpreter.Rounding rounding = KernelInterpreter.Rounding.NONE;

  /** A model whose parameters and statistics have the values that do not depend on a seed. */
  public ReferenceModel(Network network) {
    this.network = network;
    this.program = Lowerings.lower(network);
    NestVerifier.verify(program);
    for (Network.Node node : network.nodes()) {
      for (StateSpec spec : node.layer().state()) {
        String name = node.name() + "." + spec.name();
        if (spec.kind() == StateSpec.Kind.COUNTER) {
          counters.put(name, 0L);
        } else {
          Role role = spec.kind() == StateSpec.Kind.PARAMETER ? Role.PARAMETER : Role.RUNNING_STAT;
          Tensor tensor = new Tensor(node.name(), spec.name(), network.real(), role, spec.dims());
          double[] initial = new double[KernelInterpreter.count(tensor, 0)];
          Arrays.fill(
              initial, spec.init().kind() == Distribution.CONSTANT ? spec.init().value() : 0);
          state.put(name, tensor);
          values.put(tensor, initial);
        }
      }
    }
  }

  public Network network() {
    return network;
  }

  public Program program() {
    return program;
  }

  /** Names of all parameters, in order. */
  public List<String> parameters() {
    return state.values().stream()
        .filter(tensor -> tensor.role() == Role.PARAMETER)
        .map(Tensor::name)
        .toList();
  }

  /** Names of the whole state, without order. */
  public Set<String> stateNames() {
    Set<String> names = new TreeSet<>(state.keySet());
    names.addAll(counters.keySet());
    return names;
  }

  /** A parameter or running statistic itself, or a copy of a counter. */
  public double[] state(String name) {
    return counters.containsKey(name)
        ? new double[] {counters.get(name)}
        : values.get(state.get(name));
  }

  /** Replaces a parameter, running statistic or counter. */
  public void load(String name, double[] newValues) {
    if (counters.containsKey(name)) {
      counters.put(name, (long) newValues[0]);
    } else {
      double[] present = state(name);
      if (present.length != newValues.length) {
        throw new IllegalArgumentException(
            name + " has " + present.length + " values, not " + newValues.length);
      }
      System.arraycopy(newValues, 0, present, 0, present.length);
    }
  }

  /** The training forward. The number of samples follows from the number of values. */
  public double[] forward(double[] x) {
    return forward(List.of(x)).get(0);
  }

  /** The same with values for each input, and for each output. */
  public List<double[]> forward(List<double[]> xs) {
    return forward(xs, false);
  }

  /** The forward of an evaluation that {@link #backward} can follow. */
  public double[] forwardEvaluation(double[] x) {
    return forwardEvaluation(List.of(x)).get(0);
  }

  /** The same with values for each input, and for each output. */
  public List<double[]> forwardEvaluation(List<double[]> xs) {
    return forward(xs, true);
  }

  private List<double[]> forward(List<double[]> xs, boolean isEvaluation) {
    evaluation = isEvaluation;
    memory = run(program.forward(), program.ends().inputs(), xs);
    return results(program.ends().outputs());
  }

  /** The backward of the last forward: gives dL/dx and leaves the gradients of the parameters. */
  public double[] backward(double[] outputGradient) {
    return backward(List.of(outputGradient)).get(0);
  }

  /** The same with a gradient for each output, and for each input of real numbers. */
  public List<double[]> backward(List<double[]> outputGradients) {
    List<Tensor> tensors = program.ends().outputGradients();
    for (int i = 0; i < tensors.size(); i++) {
      memory.put(tensors.get(i), outputGradients.get(i).clone());
    }
    run(program.backward());
    return results(program.ends().inputGradients());
  }

  /** Goes on to the next training step, which has other random numbers. */
  public void nextStep() {
    steps++;
  }

  /** dL/dparameter of the last backward. */
  public double[] gradient(String parameter) {
    for (Map.Entry<Tensor, double[]> entry : memory.entrySet()) {
      if (entry.getKey().parameter().equals(Optional.of(parameter))) {
        return entry.getValue();
      }
    }
    throw new IllegalStateException("no gradient of " + parameter);
  }

  /** The evaluation forward. */
  public double[] predict(double[] x) {
    return predict(List.of(x)).get(0);
  }

  /** The same with values for each input, and for each output. */
  public List<double[]> predict(List<double[]> xs) {
    memory = run(program.predict(), program.ends().predictInputs(), xs);
    return results(program.ends().predictOutputs());
  }

  private Map<Tensor, double[]> run(List<Step> steps, List<Tensor> inputs, List<double[]> xs) {
    batch = xs.get(0).length / Math.toIntExact(network.input().count());
    memory = new HashMap<>(values);
    for (int i = 0; i < inputs.size(); i++) {
      memory.put(inputs.get(i), xs.get(i).clone());
    }
    run(steps);
    return memory;
  }

  /** As a generated model does, runs no nest for an empty batch: gradients are zero. */
  private void run(List<Step> steps) {
    if (batch > 0) {
      new KernelInterpreter(batch, this, memory, rounding).run(steps);
      return;
    }
    for (Step step : steps) {
      Step bare = step instanceof Conditional conditional ? conditional.step() : step;
      if (bare instanceof Increment increment) {
        if (step.condition().holds(isFrozen(step.layer()))) {
          increment(increment.counter());
        }
      } else if (bare instanceof Nest nest) {
        for (Store store : nest.stores()) {
          memory.computeIfAbsent(
              store.tensor(), tensor -> new double[KernelInterpreter.count(tensor, 0)]);
        }
      }
    }
  }

  /** Freezes the statistics of these layers and of no others. */
  public void freeze(Set<String> layers) {
    frozen = Set.copyOf(layers);
  }

  /** Rounds the results of all operations from now on. */
  public void round(KernelInterpreter.Rounding by) {
    rounding = by;
  }

  @Override
  public boolean isFrozen(String layer) {
    return evaluation || frozen.contains(layer);
  }

  private List<double[]> results(List<Tensor> tensors) {
    return tensors.stream().map(tensor -> memory.get(tensor).clone()).toList();
  }

  @Override
  public double number(HostScalar scalar) {
    if (scalar.kind() == Kind.BATCH || scalar.kind() == Kind.TOTAL_BATCH) {
      return batch;
    }
    for (Network.Node node : network.nodes()) {
      if (node.name().equals(scalar.layer())) {
        if (scalar.kind() == Kind.DROP_PROBABILITY) {
          return evaluation ? 0 : node.layer().dropProbability().orElseThrow();
        }
        BoundLayer.AverageFactor factor = node.layer().averageFactor().orElseThrow();
        return factor.counter().isEmpty()
            ? factor.momentum()
            : 1.0 / counters.get(node.name() + "." + factor.counter());
      }
    }
    throw new IllegalArgumentException("no layer for " + scalar);
  }

  @Override
  public long key(HostScalar scalar) {
    for (int i = 0; i < network.nodes().size(); i++) {
      if (network.nodes().get(i).name().equals(scalar.layer())) {
        return Randoms.key(seed, steps, i);
      }
    }
    throw new IllegalArgumentException("no layer for " + scalar);
  }

  @Override
  public void increment(String counter) {
    counters.merge(counter, 1L, Long::sum);
  }
}
