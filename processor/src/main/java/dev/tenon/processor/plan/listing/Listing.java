package dev.tenon.processor.plan.listing;

import dev.tenon.processor.ir.Accumulator;
import dev.tenon.processor.ir.Accumulator.Replace;
import dev.tenon.processor.ir.Accumulator.Sum;
import dev.tenon.processor.ir.Lookup;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.plan.schedule.PlannedProgram;
import dev.tenon.processor.plan.schedule.PlannedProgram.PlannedStep;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import dev.tenon.processor.plan.schedule.ScheduledNest.Loop;
import dev.tenon.processor.plan.schedule.Stretch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes scheduled loops as pseudocode, layer by layer:
 *
 * <pre>
 *     fc
 *         forward: y[n, o] = bias[o] + sum over i of x[n, i] w[o, i]
 *             for n &lt; N, o &lt; 3
 *                 sum = bias[o]
 *                 for i &lt; 4
 *                     sum += input[n, i] * weight[o, i]
 *                 output[n, o] = sum
 * </pre>
 */
final class Listing {
  private static final String INDENT = "    ";

  private final Map<String, List<String>> ofLayer = new LinkedHashMap<>();

  Listing(PlannedProgram program) {
    add(program.forward());
    add(program.backward());
    add(program.predict());
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    ofLayer.forEach(
        (layer, own) -> {
          lines.add(layer);
          own.forEach(line -> lines.add(INDENT + line));
        });
    return lines;
  }

  private void add(List<Stretch> stretches) {
    for (PlannedStep step : PlannedProgram.steps(stretches)) {
      List<String> lines = ofLayer.computeIfAbsent(step.layer(), layer -> new ArrayList<>());
      if (step.work().isPresent()) {
        add(lines, step.work().get().ready().orElseThrow(), when(step.condition()));
      } else {
        lines.add(host(step.host().orElseThrow()) + when(step.condition()));
      }
    }
  }

  private static String when(Step.Condition condition) {
    return switch (condition) {
      case ALWAYS -> "";
      case NOT_FROZEN -> ", unless its statistics are frozen";
      case FROZEN -> ", while its statistics are frozen";
    };
  }

  private static String host(Step step) {
    if (step instanceof Step.Join join) {
      return "join "
          + join.tensors().stream().map(tensor -> tensor.word()).collect(Collectors.joining(", "))
          + " of all pieces of the batch";
    }
    return "count the batch";
  }

  private static void add(List<String> lines, ScheduledNest scheduled, String when) {
    Nest nest = scheduled.nest();
    String[] summary = nest.summary().split("\n", -1);
    lines.add(nest.name() + when + ": " + summary[0]);
    for (int i = 1; i < summary.length; i++) {
      lines.add(INDENT + INDENT + summary[i]);
    }
    Expressions expressions = new Expressions(nest.layer());
    boolean sums = !nest.accumulators().isEmpty();
    List<Loop> outer = new ArrayList<>();
    List<Loop> inner = new ArrayList<>();
    for (Loop loop : scheduled.schedule().loops()) {
      (sums && nest.reduction().contains(loop.axis()) ? inner : outer).add(loop);
    }
    String indent = open(lines, outer, INDENT);
    for (Lookup lookup : nest.lookups()) {
      lines.add(indent + lookup.axis().name() + " = " + expressions.text(lookup.value()));
    }
    for (Accumulator accumulator : nest.accumulators()) {
      lines.add(indent + accumulator.name() + " = " + expressions.text(accumulator.init()));
    }
    String within = open(lines, inner, indent);
    for (Accumulator accumulator : nest.accumulators()) {
      lines.add(
          within
              + accumulator.name()
              + (accumulator.fold() instanceof Sum sum
                  ? " += " + expressions.text(sum.term())
                  : " = " + expressions.text(((Replace) accumulator.fold()).next())));
    }
    for (Store store : nest.stores()) {
      lines.add(indent + store(store, expressions));
    }
  }

  /** The head of some loops, and the indent of what is in them. */
  private static String open(List<String> lines, List<Loop> loops, String indent) {
    if (loops.isEmpty()) {
      return indent;
    }
    lines.add(
        indent
            + "for "
            + loops.stream()
                .map(loop -> spaced(loop.axis().toString()))
                .collect(Collectors.joining(", ")));
    return indent + INDENT;
  }

  /** {@code n < N}. */
  private static String spaced(String axis) {
    return axis.replace("<", " < ");
  }

  private static String store(Store store, Expressions expressions) {
    String target = expressions.element(store.tensor(), store.index());
    String value = expressions.text(store.value());
    return switch (store.mode()) {
      case SET -> target + " = " + value;
      case ADD -> target + " += " + value;
      case REPAIR -> target + " = " + value + " where that is not finite";
    };
  }
}
