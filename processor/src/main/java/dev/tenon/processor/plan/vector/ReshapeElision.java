package dev.tenon.processor.plan.vector;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Exprs;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.schedule.MemoryFormat;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Removes flattenings, and what makes several axes of one: whoever reads or writes the flat tensor,
 * a value or a gradient, reads or writes the other one instead, along as many axes as that has. The
 * weights next to it become tensors of more dimensions, the same numbers in the same order, so that
 * they can be laid out like the tensor.
 */
final class ReshapeElision {
  /**
   * What is left.
   *
   * @param views the sizes of the state tensors that have become tensors of more dimensions
   */
  record Result(Program program, Map<String, List<Integer>> views) {}

  /** A copy between a tensor and its flattened form. */
  private record Reshape(Tensor flat, Tensor full, int dim, List<Axis> axes, Affine merged) {}

  private final Program program;
  private final List<List<Step>> phases = new ArrayList<>();
  private final Map<String, List<Integer>> views = new HashMap<>();

  private ReshapeElision(Program program) {
    this.program = program;
    phases.add(new ArrayList<>(program.forward()));
    phases.add(new ArrayList<>(program.backward()));
    phases.add(new ArrayList<>(program.predict()));
  }

  static Result of(Program program) {
    ReshapeElision elision = new ReshapeElision(program);
    elision.run();
    return new Result(
        new Program(
            program.ends(), elision.phases.get(0), elision.phases.get(1), elision.phases.get(2)),
        elision.views);
  }

  /** All copies of one flattening have to go together: they share the weights. */
  private void run() {
    Set<String> tried = new HashSet<>();
    while (true) {
      Optional<String> layer =
          phases.stream()
              .flatMap(List::stream)
              .filter(step -> reshape(step).isPresent())
              .map(Step::layer)
              .filter(name -> !tried.contains(name))
              .findFirst();
      if (layer.isEmpty()) {
        return;
      }
      tried.add(layer.get());
      elide(layer.get());
    }
  }

  private void elide(String layer) {
    if (phases.get(0).stream().anyMatch(step -> step.layer().equals(layer) && leavesLanes(step))) {
      return;
    }
    List<List<Step>> changed = new ArrayList<>();
    Map<String, List<Integer>> changedViews = new HashMap<>(views);
    for (List<Step> phase : phases) {
      changed.add(new ArrayList<>(phase));
    }
    for (List<Step> phase : phases) {
      for (Step step : phase) {
        Optional<Reshape> reshape = reshape(step).filter(r -> step.layer().equals(layer));
        if (reshape.isPresent() && !replace(changed, step, reshape.get(), changedViews)) {
          return;
        }
      }
    }
    // A weight is a view everywhere or nowhere.
    for (List<Step> phase : changed) {
      for (Step step : phase) {
        boolean mixed =
            step.nest().stream()
                .flatMap(nest -> tensors(nest).stream())
                .anyMatch(
                    t ->
                        changedViews.containsKey(t.entry())
                            && !changedViews.get(t.entry()).equals(t.dims()));
        if (mixed) {
          return;
        }
      }
    }
    for (int i = 0; i < phases.size(); i++) {
      phases.set(i, changed.get(i));
    }
    views.putAll(changedViews);
  }

  /**
   * Whether a copy of the forward makes channels that do not fill their lanes. Who computes the
   * vector fills them, and would compute as much for lanes that hold nothing, which costs more than
   * the copy.
   */
  private boolean leavesLanes(Step step) {
    return reshape(step)
        .filter(reshape -> reshape.dim() == 1)
        .map(Reshape::full)
        .filter(full -> step.nest().orElseThrow().stores().get(0).tensor().equals(full))
        .filter(full -> full.dims().get(1) % MemoryFormat.LANES != 0)
        .isPresent();
  }

  private static List<Tensor> tensors(Nest nest) {
    List<Tensor> tensors = new ArrayList<>();
    nest.loads().forEach(load -> tensors.add(load.tensor()));
    nest.stores().forEach(store -> tensors.add(store.tensor()));
    return tensors;
  }

  /** The copy that a step makes, if it is one of a tensor into another shape, whole. */
  private Optional<Reshape> reshape(Step step) {
    if (step.condition() != Step.Condition.ALWAYS || step.nest().isEmpty()) {
      return Optional.empty();
    }
    Nest nest = step.nest().get();
    if (!nest.reduction().isEmpty()
        || nest.stores().size() != 1
        || nest.stores().get(0).mode() != Store.Mode.SET
        || !(nest.stores().get(0).value() instanceof Load load)
        || load.outside() != Outside.NEVER
        || load.tensor().isState()) {
      return Optional.empty();
    }
    Store store = nest.stores().get(0);
    return reshape(nest, store.tensor(), store.index(), load.tensor(), load.index())
        .or(() -> reshape(nest, load.tensor(), load.index(), store.tensor(), store.index()));
  }

  private Optional<Reshape> reshape(
      Nest nest, Tensor flat, List<Affine> flatIndex, Tensor full, List<Affine> fullIndex) {
    boolean plain =
        fullIndex.size() == nest.parallel().size()
            && fullIndex.stream().allMatch(i -> i.constant() == 0 && i.terms().size() == 1);
    boolean visible = program.ends().all().contains(flat);
    if (!plain || visible || flat.rank() >= full.rank()) {
      return Optional.empty();
    }
    for (int d = 1; d < flatIndex.size(); d++) {
      Affine merged = flatIndex.get(d);
      if (merged.terms().size() > 1) {
        int end = d + merged.terms().size();
        if (flat.rank() - 1 + merged.terms().size() != full.rank() || end > fullIndex.size()) {
          return Optional.empty();
        }
        List<Axis> axes =
            fullIndex.subList(d, end).stream().map(index -> index.terms().firstKey()).toList();
        return isRowMajor(axes, merged)
            ? Optional.of(new Reshape(flat, full, d, axes, merged))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static List<Affine> indices(List<Axis> axes) {
    return axes.stream().map(Affine::of).toList();
  }

  private static boolean isRowMajor(List<Axis> axes, Affine merged) {
    int step = 1;
    for (int i = axes.size() - 1; i >= 0; i--) {
      if (merged.coefficient(axes.get(i)) != step) {
        return false;
      }
      step *= axes.get(i).extent();
    }
    return true;
  }

  /** Takes one copy out; false if somebody reads the flattened tensor in a way of their own. */
  private static boolean replace(
      List<List<Step>> phases, Step copy, Reshape reshape, Map<String, List<Integer>> views) {
    for (List<Step> phase : phases) {
      phase.remove(copy);
      for (int i = 0; i < phase.size(); i++) {
        Step step = phase.get(i);
        if (step.nest().isEmpty() || !touches(step.nest().get(), reshape.flat())) {
          continue;
        }
        Optional<Nest> split = split(step.nest().get(), reshape, views);
        if (split.isEmpty()) {
          return false;
        }
        phase.set(i, step.withNest(split.get()));
      }
    }
    return true;
  }

  private static boolean touches(Nest nest, Tensor tensor) {
    return tensors(nest).contains(tensor);
  }

  private static Optional<Nest> split(
      Nest nest, Reshape reshape, Map<String, List<Integer>> views) {
    Tensor flat = reshape.flat();
    int size = flat.dims().get(reshape.dim());
    Axis axis = null;
    for (List<Affine> index : indicesOf(nest, flat)) {
      Affine at = index.get(reshape.dim());
      boolean whole =
          at.constant() == 0
              && at.terms().size() == 1
              && at.coefficient(at.terms().firstKey()) == 1
              && at.terms().firstKey().extent() == size
              && (axis == null || axis.equals(at.terms().firstKey()));
      if (!whole) {
        return Optional.empty();
      }
      axis = at.terms().firstKey();
    }
    Axis old = axis;
    List<Axis> axes = new ArrayList<>();
    for (Axis part : reshape.axes()) {
      boolean taken = nest.axes().stream().anyMatch(a -> a.name().equals(part.name()));
      axes.add(taken ? new Axis(part.name() + "Of" + old.name(), part.extent()) : part);
    }
    Affine merged = Affine.ZERO;
    for (int i = 0; i < axes.size(); i++) {
      merged = merged.plus(axes.get(i), reshape.merged().coefficient(reshape.axes().get(i)));
    }
    Affine place = merged;
    UnaryOperator<Affine> move = i -> i.substitute(a -> a.equals(old) ? place : Affine.of(a));
    List<Store> stores = new ArrayList<>();
    for (Store store : nest.stores()) {
      Tensor tensor = viewed(store.tensor(), store.index(), reshape, old, axes, views);
      stores.add(
          new Store(
              tensor,
              moved(store.tensor(), tensor, store.index(), old, axes, move),
              store.value(),
              store.mode()));
    }
    Nest inner =
        nest.withValues(
            node -> {
              if (node instanceof Load load) {
                Tensor tensor = viewed(load.tensor(), load.index(), reshape, old, axes, views);
                return new Load(
                    tensor,
                    moved(load.tensor(), tensor, load.index(), old, axes, move),
                    load.outside());
              }
              return Exprs.children(node).isEmpty() ? Exprs.mapIndices(node, move) : node;
            });
    List<Store> finished = new ArrayList<>();
    for (int i = 0; i < stores.size(); i++) {
      Store store = stores.get(i);
      finished.add(
          new Store(store.tensor(), store.index(), inner.stores().get(i).value(), store.mode()));
    }
    return Optional.of(
        new Nest(
            nest.layer(),
            nest.name(),
            nest.summary(),
            replace(nest.parallel(), old, axes),
            replace(nest.reduction(), old, axes),
            inner.lookups(),
            inner.accumulators(),
            finished));
  }

  private static List<List<Affine>> indicesOf(Nest nest, Tensor tensor) {
    List<List<Affine>> all = new ArrayList<>();
    nest.loads().stream()
        .filter(load -> load.tensor().equals(tensor))
        .forEach(load -> all.add(load.index()));
    nest.stores().stream()
        .filter(store -> store.tensor().equals(tensor))
        .forEach(store -> all.add(store.index()));
    return all;
  }

  /** What stands in the place of a tensor: the full one, or a state tensor of more dimensions. */
  private static Tensor viewed(
      Tensor tensor,
      List<Affine> index,
      Reshape reshape,
      Axis old,
      List<Axis> axes,
      Map<String, List<Integer>> views) {
    if (tensor.equals(reshape.flat())) {
      return reshape.full();
    }
    int dim = dimOf(index, old);
    if (!tensor.isState() || dim < 0 || !index.get(dim).equals(Affine.of(old))) {
      return tensor;
    }
    List<Integer> dims = new ArrayList<>(tensor.dims());
    dims.remove(dim);
    dims.addAll(dim, axes.stream().map(Axis::extent).toList());
    views.put(tensor.entry(), dims);
    return tensor.withDims(dims);
  }

  private static List<Affine> moved(
      Tensor before,
      Tensor after,
      List<Affine> index,
      Axis old,
      List<Axis> axes,
      UnaryOperator<Affine> move) {
    if (before.equals(after)) {
      return index.stream().map(move).toList();
    }
    List<Affine> longer = new ArrayList<>(index);
    int dim = dimOf(index, old);
    longer.remove(dim);
    longer.addAll(dim, indices(axes));
    return longer;
  }

  private static int dimOf(List<Affine> index, Axis axis) {
    for (int d = 0; d < index.size(); d++) {
      if (index.get(d).uses(axis)) {
        return d;
      }
    }
    return -1;
  }

  private static List<Axis> replace(List<Axis> axes, Axis old, List<Axis> by) {
    List<Axis> result = new ArrayList<>();
    axes.forEach(axis -> result.addAll(axis.equals(old) ? by : Collections.singletonList(axis)));
    return result;
  }
}
