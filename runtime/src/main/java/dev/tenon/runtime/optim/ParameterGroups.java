package dev.tenon.runtime.optim;

import dev.tenon.runtime.state.CheckpointSection;
import dev.tenon.runtime.state.Parameter;
import dev.tenon.runtime.state.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Other options for some of the parameters, such as no weight decay for normalisations:
 *
 * <pre>{@code
 * groups(sgd(0.1).weightDecay(5e-4)).with(norms(model), sgd(0.1))
 * }</pre>
 *
 * <p>Each parameter belongs to the first group that takes it, and to the rest if none does. A
 * schedule moves the learning rate of the rest, and those of the groups in proportion, as PyTorch's
 * do.
 */
public final class ParameterGroups implements OptimizerSpec {
  private static final String NAME = "ParameterGroups";

  private record Group(Predicate<Parameter> which, OptimizerSpec spec) {}

  private final OptimizerSpec rest;
  private final List<Group> groups;

  ParameterGroups(OptimizerSpec rest) {
    this(rest, List.of());
  }

  private ParameterGroups(OptimizerSpec rest, List<Group> groups) {
    this.rest = rest;
    this.groups = groups;
  }

  /**
   * Adds a group.
   *
   * @param which its parameters, of those that no group before takes
   * @param spec how they are optimised
   * @return a changed copy
   */
  public ParameterGroups with(Predicate<Parameter> which, OptimizerSpec spec) {
    Objects.requireNonNull(which, "which");
    Objects.requireNonNull(spec, "spec");
    List<Group> more = new ArrayList<>(groups);
    more.add(new Group(which, spec));
    return new ParameterGroups(rest, List.copyOf(more));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a group takes no parameter, or leaves none to the rest
   */
  @Override
  public Optimizer create(State state) {
    Options.withParameters(NAME, state);
    List<Optimizer> optimizers = new ArrayList<>();
    Predicate<Parameter> taken = parameter -> false;
    for (int i = 0; i < groups.size(); i++) {
      Predicate<Parameter> which = groups.get(i).which().and(taken.negate());
      optimizers.add(create(groups.get(i).spec(), state.only(which), "group " + (i + 1)));
      taken = taken.or(which);
    }
    Optimizer main = create(rest, state.only(taken.negate()), "the rest");
    return new Together(main, optimizers.toArray(Optimizer[]::new));
  }

  private static Optimizer create(OptimizerSpec spec, State part, String which) {
    if (part.parameters().isEmpty()) {
      throw new IllegalArgumentException(NAME + ": no parameter belongs to " + which + ".");
    }
    return spec.create(part);
  }

  /** Returns the optimisers of the groups and of the rest. */
  @Override
  public String toString() {
    return "ParameterGroups(rest = "
        + rest
        + groups.stream().map(group -> ", " + group.spec()).collect(Collectors.joining())
        + ")";
  }

  private static final class Together implements Optimizer {
    private final Optimizer main;
    private final Optimizer[] others;
    private final double mainRate;
    private final double[] rates;

    Together(Optimizer main, Optimizer[] others) {
      this.main = main;
      this.others = others;
      this.mainRate = main.learningRate();
      this.rates = new double[others.length];
      for (int i = 0; i < rates.length; i++) {
        rates[i] = others[i].learningRate();
      }
    }

    @Override
    public void step() {
      main.step();
      for (Optimizer other : others) {
        other.step();
      }
    }

    @Override
    public double learningRate() {
      return main.learningRate();
    }

    @Override
    public void learningRate(double newRate) {
      Options.notNegative(NAME, "learningRate", newRate);
      for (int i = 0; i < others.length; i++) {
        if (!Double.isFinite(rate(i, newRate))) {
          throw new IllegalArgumentException(
              NAME
                  + ": a learning rate of "
                  + newRate
                  + " in the place of "
                  + mainRate
                  + " gives group "
                  + (i + 1)
                  + ", which started at "
                  + rates[i]
                  + ", a rate of "
                  + rate(i, newRate)
                  + ".");
        }
      }
      main.learningRate(newRate);
      for (int i = 0; i < others.length; i++) {
        others[i].learningRate(rate(i, newRate));
      }
    }

    /**
     * Rates that are equal stay so to the last bit, and from a rate of 0 there is no proportion.
     */
    private double rate(int group, double newRate) {
      boolean same = mainRate == rates[group] || mainRate == 0;
      return same ? newRate : rates[group] * (newRate / mainRate);
    }

    @Override
    public long stepCount() {
      return main.stepCount();
    }

    @Override
    public void write(CheckpointSection section) {
      main.write(section.section("rest"));
      for (int i = 0; i < others.length; i++) {
        others[i].write(group(section, i));
      }
    }

    @Override
    public void read(CheckpointSection section) {
      main.read(section.section("rest"));
      for (int i = 0; i < others.length; i++) {
        others[i].read(group(section, i));
      }
    }

    private static CheckpointSection group(CheckpointSection section, int group) {
      return section.section("group " + (group + 1));
    }

    @Override
    public String toString() {
      return main + Arrays.stream(others).map(other -> "; " + other).collect(Collectors.joining());
    }
  }
}
