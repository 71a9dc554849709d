package dev.tenon.processor.ir;

import dev.tenon.processor.ir.Accumulator.Replace;
import dev.tenon.processor.ir.Accumulator.Sum;
import dev.tenon.processor.ir.Expr.AccumulatorValue;
import dev.tenon.processor.ir.Expr.IndexValue;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Expr.Scalar;
import dev.tenon.processor.ir.Expr.Unary;
import dev.tenon.processor.ir.Expr.UnaryOp;
import dev.tenon.processor.ir.Expr.Uniform;
import dev.tenon.processor.ir.HostScalar.Kind;
import dev.tenon.processor.ir.Store.Mode;
import dev.tenon.processor.ir.Tensor.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rules that hold for every nest and every program that a layer writes. They find our own mistakes,
 * never the user's: a broken rule is an exception.
 *
 * <p>For a nest:
 *
 * <ul>
 *   <li>axes and accumulators have unique names, and indices use the nest's own axes;
 *   <li>every index has as many parts as its tensor has dimensions; of a batched tensor the first
 *       part is the batch axis itself (a load may also read sample 0), and no other index of a
 *       tensor uses the batch axis;
 *   <li>loads that are never outside, and stores that replace, are inside for every point;
 *   <li>a store that replaces writes every element of its tensor exactly once;
 *   <li>a nest reads a tensor that it replaces only at the element it is about to write, and never
 *       one that it adds to;
 *   <li>initial values and stores behind accumulators use parallel axes only; initial values and
 *       terms of sums read no accumulators;
 *   <li>only nests with accumulators repair, and all of their stores do;
 *   <li>what is looked up is an int, at an index that is not looked up, and no store that replaces
 *       is at an index that is;
 *   <li>types agree.
 * </ul>
 *
 * <p>For a program: nothing is read before it is written, nothing but gradients, values and, in the
 * forward, running statistics is written, every parameter that is read gets its gradient, and
 * evaluation shares no value with training.
 */
public final class NestVerifier {

  private final Nest nest;
  private final Map<String, ElementType> accumulators = new HashMap<>();
  private final List<String> violations = new ArrayList<>();

  /** Whether a store may write a part of a tensor, the rest of which other nests write. */
  private final boolean mayWriteSlices;

  private NestVerifier(Nest nest, boolean mayWriteSlices) {
    this.nest = nest;
    this.mayWriteSlices = mayWriteSlices;
  }

  /**
   * Checks a whole program.
   *
   * @throws IllegalStateException if any rule is broken, with all that are
   */
  public static void verify(Program program) {
    List<String> violations = new ArrayList<>();
    for (List<Step> steps : List.of(program.forward(), program.backward(), program.predict())) {
      for (Step step : steps) {
        step.nest().ifPresent(nest -> violations.addAll(violations(nest, true)));
      }
    }
    violations.addAll(violations(program));
    if (!violations.isEmpty()) {
      throw new IllegalStateException("Broken rules:\n" + String.join("\n", violations));
    }
  }

  /** The broken rules of one nest, one line each. */
  public static List<String> violations(Nest nest) {
    return violations(nest, false);
  }

  private static List<String> violations(Nest nest, boolean mayWriteSlices) {
    NestVerifier verifier = new NestVerifier(nest, mayWriteSlices);
    verifier.check();
    return List.copyOf(verifier.violations);
  }

  private void check() {
    checkAxes();
    for (Accumulator accumulator : nest.accumulators()) {
      if (accumulators.put(accumulator.name(), accumulator.type()) != null) {
        violate("two accumulators are named " + accumulator.name());
      }
    }
    for (Accumulator accumulator : nest.accumulators()) {
      checkAccumulator(accumulator);
    }
    if (nest.stores().isEmpty()) {
      violate("there is no store");
    }
    checkRepairs();
    nest.lookups().forEach(this::checkLookup);
    nest.stores().forEach(this::checkStore);
    checkReadsOfWritten();
  }

  private void checkRepairs() {
    if (nest.repairs()
        && (nest.accumulators().isEmpty()
            || nest.stores().stream().anyMatch(store -> store.mode() != Mode.REPAIR))) {
      violate("what repairs are sums, and stores that repair are among themselves");
    }
  }

  private void checkAxes() {
    Set<String> names = new HashSet<>();
    int batches = 0;
    for (Axis axis : nest.axes()) {
      if (!names.add(axis.name())) {
        violate("two axes are named " + axis.name());
      }
      batches += axis.isBatch() ? 1 : 0;
    }
    for (Lookup lookup : nest.lookups()) {
      if (!names.add(lookup.axis().name())) {
        violate("two axes are named " + lookup.axis().name());
      }
    }
    if (batches > 1) {
      violate("there are " + batches + " batch axes");
    }
  }

  /** A value that is looked up is one int at each point of the stores, and no further lookup. */
  private void checkLookup(Lookup lookup) {
    Expr value = lookup.value();
    checkExpr(value, storeAxes(), false);
    if (value.type() != ElementType.INT || !lookup.axis().isFixed()) {
      violate(lookup.axis() + " is looked up in " + value + " of " + value.type());
    }
    if (Exprs.count(value, this::isAtLookedUpIndex) > 0) {
      violate(lookup.axis() + " is looked up at an index that is looked up itself");
    }
  }

  private boolean isAtLookedUpIndex(Expr expr) {
    return expr instanceof Load load && load.index().stream().anyMatch(this::isLookedUp);
  }

  private boolean isLookedUp(Affine index) {
    return nest.lookups().stream().anyMatch(lookup -> index.uses(lookup.axis()));
  }

  private void checkAccumulator(Accumulator accumulator) {
    checkExpr(accumulator.init(), nest.parallel(), false);
    boolean isSum = accumulator.fold() instanceof Sum;
    Expr folded =
        accumulator.fold() instanceof Sum sum ? sum.term() : ((Replace) accumulator.fold()).next();
    checkExpr(folded, nest.axes(), !isSum);
    if (folded.type() != accumulator.type()) {
      violate(
          "accumulator "
              + accumulator.name()
              + " of "
              + accumulator.type()
              + " gathers "
              + folded.type());
    }
  }

  private void checkStore(Store store) {
    List<Axis> axes = storeAxes();
    Tensor tensor = store.tensor();
    checkExpr(store.value(), axes, true);
    if (store.value().type() != tensor.type()) {
      violate("store of " + store.value().type() + " into " + tensor + " of " + tensor.type());
    }
    if (!checkIndex("store into " + tensor, tensor, store.index(), axes)) {
      return;
    }
    if (tensor.isBatched() && !isBatchAxis(store.index().get(0))) {
      violate("store into " + tensor + " at sample " + store.index().get(0));
    }
    if (store.mode() != Mode.ADD) {
      if (store.index().stream().anyMatch(this::isLookedUp)) {
        violate("store into " + tensor + " may meet an element twice where it is looked up");
        return;
      }
      checkInside("store into " + tensor, tensor, store.index());
      checkOnceEach(store, axes);
    }
  }

  /** Axes whose points run the stores. */
  private List<Axis> storeAxes() {
    return nest.accumulators().isEmpty() ? nest.axes() : nest.parallel();
  }

  private void checkExpr(Expr expr, List<Axis> axes, boolean mayReadAccumulators) {
    if (expr instanceof Load load) {
      checkLoad(load, axes);
    } else if (expr instanceof AccumulatorValue value) {
      if (!mayReadAccumulators) {
        violate("accumulator " + value.name() + " is read where it has no value yet");
      } else if (accumulators.get(value.name()) != value.type()) {
        violate("no accumulator " + value.name() + " of " + value.type());
      }
    } else if (expr instanceof IndexValue value) {
      checkAxesOf("index value " + value.index(), value.index(), axes);
    } else if (expr instanceof Uniform uniform) {
      checkAxesOf("random number " + uniform.index(), uniform.index(), axes);
      if (uniform.key().kind() != Kind.RANDOM_KEY) {
        violate("random numbers of " + uniform.key());
      }
    } else if (expr instanceof Scalar scalar) {
      if (scalar.scalar().kind() == Kind.RANDOM_KEY) {
        violate("a random key is read as a number");
      }
    } else if (expr instanceof Unary unary
        && unary.op() != UnaryOp.NEGATE
        && !unary.type().isReal()) {
      violate(unary.op() + " of an int");
    }
    Exprs.children(expr).forEach(child -> checkExpr(child, axes, mayReadAccumulators));
  }

  private void checkLoad(Load load, List<Axis> axes) {
    Tensor tensor = load.tensor();
    String what = "load of " + tensor;
    if (!checkIndex(what, tensor, load.index(), axes)) {
      return;
    }
    if (tensor.isBatched()) {
      Affine sample = load.index().get(0);
      if (!isBatchAxis(sample) && !sample.equals(Affine.ZERO)) {
        violate(what + " at sample " + sample);
      }
    }
    if (load.outside() == Outside.NEVER) {
      checkInside(what, tensor, load.index());
    } else if (!tensor.type().isReal()) {
      violate(what + " of " + tensor.type() + " has no padding");
    }
  }

  /** Whether the index can be looked at further. */
  private boolean checkIndex(String what, Tensor tensor, List<Affine> index, List<Axis> axes) {
    if (index.size() != tensor.rank()) {
      violate(what + " with " + index.size() + " indices");
      return false;
    }
    boolean right = true;
    for (int dim = 0; dim < index.size(); dim++) {
      right &= checkAxesOf(what, index.get(dim), axes);
      boolean batchDim = dim == 0 && tensor.isBatched();
      for (Axis axis : index.get(dim).terms().keySet()) {
        if (axis.isBatch() && !batchDim) {
          violate(what + " uses the batch axis in dimension " + dim);
          right = false;
        }
      }
    }
    return right;
  }

  private boolean checkAxesOf(String what, Affine index, List<Axis> axes) {
    for (Axis axis : index.terms().keySet()) {
      boolean lookedUp = nest.lookups().stream().anyMatch(lookup -> lookup.axis().equals(axis));
      if (!axes.contains(axis) && !lookedUp) {
        violate(what + " uses axis " + axis + ", which has no value there");
        return false;
      }
    }
    return true;
  }

  private void checkInside(String what, Tensor tensor, List<Affine> index) {
    for (int dim = tensor.isBatched() ? 1 : 0; dim < index.size(); dim++) {
      long min = index.get(dim).constant();
      long max = min;
      for (Map.Entry<Axis, Integer> term : index.get(dim).terms().entrySet()) {
        long span = (long) term.getValue() * (term.getKey().extent() - 1);
        min += Math.min(0, span);
        max += Math.max(0, span);
      }
      if (min < 0 || max >= tensor.dims().get(dim)) {
        violate(what + " reaches from " + min + " to " + max + " in dimension " + dim);
      }
    }
  }

  /**
   * That the points of the axes and the elements of the tensor match one to one: the index tells
   * any two points apart, and there are as many points as elements.
   */
  private void checkOnceEach(Store store, List<Axis> axes) {
    Tensor tensor = store.tensor();
    Set<Axis> used = new HashSet<>();
    for (Affine part : store.index()) {
      if (!isMixedRadix(part)) {
        violate("store into " + tensor + " may meet an element twice at " + part);
        return;
      }
      for (Axis axis : part.terms().keySet()) {
        used.add(axis);
      }
    }
    long points = 1;
    for (Axis axis : axes) {
      if (axis.extent() != 1 && !used.contains(axis)) {
        violate("store into " + tensor + " does not depend on axis " + axis);
        return;
      }
      points *= axis.isBatch() ? 1 : axis.extent();
    }
    long elements = 1;
    for (int dim : tensor.dims()) {
      elements *= dim == Axis.BATCH ? 1 : dim;
    }
    if (points != elements && !(mayWriteSlices && Slice.of(store).isPresent())) {
      violate("store into " + tensor + " writes " + points + " of " + elements + " elements");
    }
  }

  /** Whether each axis steps over all that the finer ones reach, like the digits of a number. */
  private static boolean isMixedRadix(Affine index) {
    List<Map.Entry<Axis, Integer>> terms = new ArrayList<>(index.terms().entrySet());
    terms.removeIf(term -> term.getKey().extent() == 1);
    terms.sort(
        (a, b) -> Long.compare(Math.abs((long) a.getValue()), Math.abs((long) b.getValue())));
    long reach = 0;
    for (Map.Entry<Axis, Integer> term : terms) {
      long step = Math.abs((long) term.getValue());
      if (step <= reach) {
        return false;
      }
      reach += step * (term.getKey().extent() - 1L);
    }
    return true;
  }

  private void checkReadsOfWritten() {
    for (Store store : nest.stores()) {
      for (Load load : nest.loads()) {
        boolean same = load.tensor().equals(store.tensor());
        if (same && store.mode() == Mode.ADD) {
          violate(store.tensor() + " is read and added to");
        } else if (same && !load.index().equals(store.index())) {
          violate(store.tensor() + " is replaced and read at another element");
        }
      }
    }
  }

  private static boolean isBatchAxis(Affine index) {
    return index.constant() == 0
        && index.terms().size() == 1
        && index.terms().firstKey().isBatch()
        && index.coefficient(index.terms().firstKey()) == 1;
  }

  private void violate(String what) {
    violations.add(nest.layer() + "." + nest.name() + ": " + what);
  }

  /** The broken rules between the nests of a program. */
  private static List<String> violations(Program program) {
    List<String> violations = new ArrayList<>();
    Set<Tensor> training = new HashSet<>(program.ends().inputs());
    Slices slices = new Slices(violations);
    follow(program.forward(), training, true, slices);
    requireWritten("the forward", program.ends().outputs(), training, violations);
    training.addAll(program.ends().outputGradients());
    follow(program.backward(), training, false, slices);
    requireWritten("the backward", program.ends().inputGradients(), training, violations);
    Set<String> withGradients =
        training.stream()
            .flatMap(tensor -> tensor.parameter().stream())
            .collect(Collectors.toSet());
    for (Tensor parameter : parameters(program.forward())) {
      if (!withGradients.contains(parameter.name())) {
        violations.add("the backward does not write the gradient of " + parameter);
      }
    }
    Set<Tensor> evaluation = new HashSet<>(program.ends().predictInputs());
    follow(program.predict(), evaluation, false, slices);
    requireWritten("the evaluation", program.ends().predictOutputs(), evaluation, violations);
    for (Tensor tensor : evaluation) {
      if (training.contains(tensor)) {
        violations.add("training and evaluation share " + tensor);
      }
    }
    return violations;
  }

  private static void follow(
      List<Step> steps, Set<Tensor> written, boolean mayMeasure, Slices slices) {
    List<String> violations = slices.violations;
    for (Step step : steps) {
      if (step.nest().isEmpty()) {
        continue;
      }
      Nest nest = step.nest().get();
      String where = nest.layer() + "." + nest.name() + ": ";
      for (Load load : nest.loads()) {
        boolean given =
            load.tensor().role() == Role.PARAMETER || load.tensor().role() == Role.RUNNING_STAT;
        if (!given && !written.contains(load.tensor())) {
          violations.add(where + load.tensor() + " is read before it is written");
        }
      }
      for (Store store : nest.stores()) {
        Role role = store.tensor().role();
        if (role == Role.PARAMETER || (role == Role.RUNNING_STAT && !mayMeasure)) {
          violations.add(where + "writes " + store.tensor());
        }
        if (role == Role.RUNNING_STAT) {
          continue;
        }
        if (store.mode() == Mode.SET && !slices.complete(where, store)) {
          continue;
        }
        if (written.add(store.tensor()) && store.mode() != Mode.SET) {
          violations.add(
              where
                  + store.tensor()
                  + (store.mode() == Mode.ADD ? " is added to" : " is repaired")
                  + " before it is written");
        }
      }
    }
  }

  /**
   * The part of a tensor that a store writes: from and to along each dimension.
   *
   * @param from first index, also for the batch, where it is 0
   * @param to index behind the last; the size of the batch stands for its end
   */
  private record Slice(List<Integer> from, List<Integer> to) {
    /** Empty unless it is a range of neighbours along each dimension. */
    static Optional<Slice> of(Store store) {
      List<Integer> from = new ArrayList<>();
      List<Integer> to = new ArrayList<>();
      for (Affine index : store.index()) {
        if (index.terms().size() > 1
            || index.terms().values().stream().anyMatch(coefficient -> coefficient != 1)) {
          return Optional.empty();
        }
        from.add(index.constant());
        int extent = index.isConstant() ? 1 : index.terms().firstKey().extent();
        to.add(extent == Axis.BATCH ? extent : index.constant() + extent);
      }
      return Optional.of(new Slice(from, to));
    }

    boolean isWhole(Tensor tensor) {
      return from.stream().allMatch(f -> f == 0) && to.equals(tensor.dims());
    }

    boolean overlaps(Slice other) {
      for (int d = 0; d < from.size(); d++) {
        boolean apart = to.get(d) <= other.from.get(d) || other.to.get(d) <= from.get(d);
        if (apart && to.get(d) != Axis.BATCH) {
          return false;
        }
      }
      return true;
    }

    long elements() {
      long elements = 1;
      for (int d = 0; d < from.size(); d++) {
        elements *= to.get(d) == Axis.BATCH ? 1 : to.get(d) - from.get(d);
      }
      return elements;
    }
  }

  /** The tensors that several nests write, a slice each, which must not meet. */
  private static final class Slices {
    private final Map<Tensor, List<Slice>> written = new HashMap<>();
    private final List<String> violations;

    Slices(List<String> violations) {
      this.violations = violations;
    }

    /** Takes note of a store, and says whether the whole tensor has been written with it. */
    boolean complete(String where, Store store) {
      Tensor tensor = store.tensor();
      Optional<Slice> slice = Slice.of(store).filter(s -> !s.isWhole(tensor));
      if (slice.isEmpty()) {
        return true;
      }
      List<Slice> before = written.computeIfAbsent(tensor, t -> new ArrayList<>());
      if (before.stream().anyMatch(slice.get()::overlaps)) {
        violations.add(where + "a slice of " + tensor + " is written twice");
      }
      before.add(slice.get());
      long elements = 1;
      for (int dim : tensor.dims()) {
        elements *= dim == Axis.BATCH ? 1 : dim;
      }
      return before.stream().mapToLong(Slice::elements).sum() == elements;
    }
  }

  private static Set<Tensor> parameters(List<Step> steps) {
    Set<Tensor> parameters = new HashSet<>();
    for (Step step : steps) {
      step.nest().stream()
          .flatMap(nest -> nest.loads().stream())
          .map(Load::tensor)
          .filter(tensor -> tensor.role() == Role.PARAMETER)
          .forEach(parameters::add);
    }
    return parameters;
  }

  private static void requireWritten(
      String who, List<Tensor> tensors, Set<Tensor> written, List<String> violations) {
    for (Tensor tensor : tensors) {
      if (!written.contains(tensor)) {
        violations.add(who + " does not write " + tensor);
      }
    }
  }
}
