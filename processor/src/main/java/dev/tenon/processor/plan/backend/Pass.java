package dev.tenon.processor.plan.backend;

import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.plan.schedule.PlannedProgram;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * One thing that is done to a program between what a network computes and what a back end runs. It
 * still computes the same.
 */
public interface Pass {
  /** What it is called where it is explained: the name of the class that does it. */
  String name();

  /**
   * Runs it.
   *
   * @param program what the passes before it have made
   * @param decisions takes what is worth telling of a layer
   */
  PlannedProgram run(PlannedProgram program, Decisions decisions);

  /** A pass that has nothing to tell. */
  static Pass of(String name, UnaryOperator<PlannedProgram> change) {
    return new NamedPass(name, (program, decisions) -> change.apply(program));
  }

  /** A pass that has. */
  static Pass deciding(String name, Change change) {
    return new NamedPass(name, change);
  }

  /** A pass over what is computed, before anything is scheduled. */
  static Pass ofProgram(String name, UnaryOperator<Program> change) {
    return of(name, program -> PlannedProgram.of(change.apply(program.program())));
  }

  /** A pass that puts nests in the place of each nest that is not scheduled yet. */
  static Pass ofNests(String name, Function<Nest, List<Nest>> change) {
    return of(name, program -> program.withNests(change));
  }

  /** What {@link #run} does. */
  interface Change {
    /** Runs it. */
    PlannedProgram apply(PlannedProgram program, Decisions decisions);
  }
}
