package dev.tenon.processor.plan.vector;

import dev.tenon.processor.code.CamelCase;
import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.rewrite.NestRewrite;
import dev.tenon.processor.plan.schedule.AxisCollapse;
import dev.tenon.processor.plan.schedule.MemoryFormat;
import dev.tenon.processor.plan.schedule.PhysicalNest;
import dev.tenon.processor.plan.schedule.PlannedProgram;
import dev.tenon.processor.plan.schedule.PlannedProgram.PlannedStep;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import dev.tenon.processor.plan.schedule.ScheduledNest.Loop;
import dev.tenon.processor.plan.schedule.ScheduledNest.Schedule;
import dev.tenon.processor.plan.schedule.Stretch;
import dev.tenon.processor.plan.schedule.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The copies between the user's tensors, which are channels first, and the tensors that kernels
 * work on. A tensor that lies as users have it needs none: kernels work on the user's own array.
 *
 * <p>A copy is a nest like any other, so threads share it, and it runs together with the kernels
 * around it, sample by sample. Its inner loop runs along the positions of a row for a few channels
 * at once: as many as there can be streams of memory without one throwing another out of the first
 * cache.
 */
final class EdgeCopies {
  /** What the names of the user's tensors begin with. */
  private static final String USERS = "users";

  /** Channels at a time: half a line of the cache on the one side, as many lines on the other. */
  private static final int CHANNELS = 8;

  /** Positions before the next channels follow: what they touch stays in the first cache. */
  private static final int POSITIONS = 64;

  private static final int FEWEST_POSITIONS = 16;

  private static final List<String> SPATIAL = List.of("z", "y", "x");

  private final VectorFormats formats;

  EdgeCopies(VectorFormats formats) {
    this.formats = formats;
  }

  /**
   * A program between tensors of the user's.
   *
   * @param program scheduled, as the formats are
   */
  PlannedProgram around(PlannedProgram program) {
    List<PlannedStep> forward = new ArrayList<>(PlannedProgram.steps(program.forward()));
    List<PlannedStep> backward = new ArrayList<>(PlannedProgram.steps(program.backward()));
    List<PlannedStep> predict = new ArrayList<>(PlannedProgram.steps(program.predict()));
    Set<Tensor> readBackward =
        backward.stream()
            .flatMap(step -> step.work().stream())
            .flatMap(work -> work.nest().loads().stream())
            .map(Expr.Load::tensor)
            .collect(Collectors.toSet());
    Program.Ends of = program.ends();
    List<Tensor> inputs = in(of.inputs(), "input", forward);
    List<Tensor> outputGradients = in(of.outputGradients(), "outputGradient", backward);
    List<Tensor> predictInputs = in(of.predictInputs(), "predictInput", predict);
    List<Tensor> outputs = out(of.outputs(), "output", readBackward, forward);
    List<Tensor> inputGradients = out(of.inputGradients(), "inputGradient", Set.of(), backward);
    List<Tensor> predictions = out(of.predictOutputs(), "prediction", Set.of(), predict);
    return new PlannedProgram(
        new Program.Ends(
            inputs, outputs, outputGradients, inputGradients, predictInputs, predictions),
        Stretch.eachAlone(forward),
        Stretch.eachAlone(backward),
        Stretch.eachAlone(predict));
  }

  private boolean liesAsUsersHaveIt(Tensor tensor) {
    return formats.of(tensor).equals(MemoryFormat.rowMajor(tensor));
  }

  private List<Tensor> in(List<Tensor> tensors, String end, List<PlannedStep> steps) {
    List<Tensor> users = new ArrayList<>();
    // Each copy goes to the front, so the last one comes first.
    for (int i = tensors.size() - 1; i >= 0; i--) {
      users.add(0, in(tensors.get(i), numbered(end, i), steps));
    }
    return users;
  }

  private List<Tensor> out(
      List<Tensor> tensors, String end, Set<Tensor> kept, List<PlannedStep> steps) {
    List<Tensor> users = new ArrayList<>();
    for (int i = 0; i < tensors.size(); i++) {
      Tensor tensor = tensors.get(i);
      users.add(out(tensor, numbered(end, i), kept.contains(tensor), steps));
    }
    return users;
  }

  private static String numbered(String end, int index) {
    return index == 0 ? end : end + (index + 1);
  }

  /** Copies a tensor of the user's in, if need be, before the steps; gives the user's. */
  private Tensor in(Tensor tensor, String end, List<PlannedStep> steps) {
    if (liesAsUsersHaveIt(tensor) || steps.isEmpty()) {
      return tensor;
    }
    Tensor users = users(tensor, end);
    String name = CamelCase.of(CamelCase.join("load", end));
    steps.add(0, copy(steps.get(0).layer(), name, "from", users, tensor));
    return users;
  }

  /**
   * Copies a tensor out to the user's, if need be, behind the steps.
   *
   * @param isKept whether it has to stay as it is, whatever the user does with what he got
   */
  private Tensor out(Tensor tensor, String end, boolean isKept, List<PlannedStep> steps) {
    if ((liesAsUsersHaveIt(tensor) && !isKept) || steps.isEmpty()) {
      return tensor;
    }
    Tensor users = users(tensor, end);
    String name = CamelCase.of(CamelCase.join("store", end));
    steps.add(copy(steps.get(steps.size() - 1).layer(), name, "to", tensor, users));
    return users;
  }

  private Tensor users(Tensor tensor, String end) {
    String name = CamelCase.of(CamelCase.join(USERS, end));
    Tensor users = new Tensor("", name, tensor.type(), tensor.role(), tensor.dims());
    formats.setRowMajor(users);
    return users;
  }

  private PlannedStep copy(String layer, String name, String way, Tensor from, Tensor to) {
    Axis channel = new Axis("c", from.rank() > 1 ? from.dims().get(1) : 1);
    List<Axis> axes = new ArrayList<>(List.of(Axis.batch()));
    for (int d = 1; d < from.rank(); d++) {
      axes.add(
          d == 1
              ? channel
              : new Axis(SPATIAL.get(SPATIAL.size() - from.rank() + d), from.dims().get(d)));
    }
    Affine[] index = axes.stream().map(Affine::of).toArray(Affine[]::new);
    Nest nest =
        Nest.of(layer, name, "a copy, " + way + " channels first")
            .over(axes)
            .store(Store.set(to, Expr.load(from, index), index))
            .build();
    Work work = Work.ready(nest, schedule(nest, channel));
    return PlannedStep.of(work, Step.Condition.ALWAYS);
  }

  /**
   * Its loops.
   *
   * @param channel the axis of the channels; it may be joined to others, or have one point only
   */
  private ScheduledNest schedule(Nest nest, Axis channel) {
    PhysicalNest physical = AxisCollapse.of(PhysicalNest.of(nest, formats));
    Nest collapsed = physical.nest();
    List<Axis> axes = collapsed.parallel();
    Axis last = axes.get(axes.size() - 1);
    List<Loop> loops = new ArrayList<>();
    if (!axes.contains(channel) || last.equals(channel)) {
      axes.forEach(axis -> loops.add(Loop.plain(axis)));
      return new ScheduledNest(
          collapsed, physical.storeBounds(), new Schedule(loops, loops.size(), Integer.MAX_VALUE));
    }
    int positions = positions(last.extent());
    Axis inner = last;
    if (positions < last.extent()) {
      Axis outer = new Axis(last.name() + "Block", last.extent() / positions);
      inner = new Axis(last.name(), positions);
      collapsed = NestRewrite.splitAxis(collapsed, last, outer, inner);
    }
    Set<Axis> placed = Set.of(channel, inner);
    collapsed.parallel().stream()
        .filter(axis -> !placed.contains(axis))
        .forEach(axis -> loops.add(Loop.plain(axis)));
    loops.add(Loop.unrolled(channel, CHANNELS));
    loops.add(Loop.plain(inner));
    return new ScheduledNest(
        collapsed, physical.storeBounds(), new Schedule(loops, loops.size(), Integer.MAX_VALUE));
  }

  /** Positions of a row that are done at a time. */
  private static int positions(int row) {
    return IntStream.iterate(Math.min(row, POSITIONS), p -> p >= FEWEST_POSITIONS, p -> p - 1)
        .filter(p -> row % p == 0)
        .findFirst()
        .orElse(row);
  }
}
