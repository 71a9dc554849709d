package dev.tenon.processor.plan.backend;

import dev.tenon.processor.plan.schedule.PlannedProgram;

/** A pass from what it is called and what it does. */
record NamedPass(String name, Change change) implements Pass {
  @Override
  public PlannedProgram run(PlannedProgram program, Decisions decisions) {
    return change.apply(program, decisions);
  }
}
