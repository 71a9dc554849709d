package dev.tenon.processor.plan;

import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.plan.backend.Pass;
import dev.tenon.processor.plan.backend.Planning;
import dev.tenon.processor.plan.schedule.PlannedProgram;
import dev.tenon.processor.plan.schedule.PlannedProgram.PlannedStep;
import dev.tenon.processor.plan.schedule.Stretch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the passes of a back end and tells of each what it changed. */
final class PassTrace {
  private static final String INDENT = "    ";

  private PassTrace() {}

  /** A line for each pass, and under it the nests that went, came and changed. */
  static List<String> of(PlannedProgram program, Planning planning) {
    List<String> lines = new ArrayList<>();
    PlannedProgram before = program;
    for (Pass pass : planning.passes()) {
      PlannedProgram after = pass.run(before, (layer, decision) -> {});
      lines.addAll(change(pass.name(), before, after));
      before = after;
    }
    return lines;
  }

  private static List<String> change(String pass, PlannedProgram before, PlannedProgram after) {
    List<String> lines = new ArrayList<>();
    add(lines, phase("forward", before.forward(), after.forward()));
    add(lines, phase("backward", before.backward(), after.backward()));
    add(lines, phase("predict", before.predict(), after.predict()));
    int from = before.nests().size();
    int to = after.nests().size();
    String nests = from + (from == to ? " nests" : " nests -> " + to);
    lines.add(0, pass + ": " + (lines.isEmpty() ? "no change" : nests));
    return lines;
  }

  private static void add(List<String> lines, List<String> more) {
    more.forEach(line -> lines.add(INDENT + line));
  }

  private static List<String> phase(String phase, List<Stretch> before, List<Stretch> after) {
    Map<String, PlannedStep> old = byName(before);
    Map<String, PlannedStep> made = byName(after);
    List<String> lines = new ArrayList<>();
    tell(lines, phase + " without", old.keySet().stream().filter(n -> !made.containsKey(n)));
    tell(lines, phase + " with", made.keySet().stream().filter(n -> !old.containsKey(n)));
    tell(
        lines,
        phase + " changed",
        old.keySet().stream()
            .filter(made::containsKey)
            .filter(name -> !nest(old.get(name)).equals(nest(made.get(name)))));
    tell(
        lines,
        phase + " scheduled",
        made.keySet().stream()
            .filter(name -> made.get(name).open().isEmpty())
            .filter(name -> !old.containsKey(name) || old.get(name).open().isPresent()));
    for (Stretch stretch : after) {
      if (stretch.items().isPresent()) {
        tell(lines, phase + " together", stretch.nests().stream().map(PassTrace::name));
      }
    }
    return lines;
  }

  private static void tell(List<String> lines, String what, Stream<String> names) {
    String all = names.collect(Collectors.joining(", "));
    if (!all.isEmpty()) {
      lines.add(what + " " + all);
    }
  }

  private static Nest nest(PlannedStep step) {
    return step.work().orElseThrow().nest();
  }

  /** The steps with nests; of several with one name, which run under different conditions, all. */
  private static Map<String, PlannedStep> byName(List<Stretch> stretches) {
    Map<String, PlannedStep> steps = new LinkedHashMap<>();
    for (PlannedStep step : PlannedProgram.steps(stretches)) {
      if (step.work().isPresent()) {
        String name = name(nest(step));
        for (int i = 2; steps.containsKey(name); i++) {
          name = name(nest(step)) + " " + i;
        }
        steps.put(name, step);
      }
    }
    return steps;
  }

  private static String name(Nest nest) {
    return nest.layer().isEmpty() ? nest.name() : nest.layer() + "." + nest.name();
  }
}
