package dev.tenon.processor.plan.backend;

import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.plan.schedule.PlannedProgram;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import java.util.List;
import java.util.function.Predicate;

/**
 * One way to run networks, or to show them. Everything that the planner and the renderers need to
 * know of it, they ask here; nobody compares it with another one.
 */
public sealed interface BackEnd {
  /** What it is called in messages: {@code vectors}. */
  String name();

  /** Whether it can compute with numbers of this type. */
  boolean computes(ElementType real);

  /**
   * Starts to plan one network.
   *
   * @param fits whether every method of a nest's code stays within its budget
   */
  Planning start(Predicate<ScheduledNest> fits);

  /** One whose nests become methods, which the renderers write as Java. */
  non-sealed interface Code extends BackEnd {
    @Override
    CodePlanning start(Predicate<ScheduledNest> fits);

    /** What one core does. */
    Speed speed();

    /**
     * Values that a vector of its code runs through at most; 1 if its code has no vectors. Code
     * with vectors needs the constants that describe them, and is chosen when the program starts.
     */
    int lanes();

    /** What its classes are called, and what stands at their heads. */
    Words words();
  }

  /** One that shows what it has made of a network. */
  non-sealed interface Text extends BackEnd {
    /** The lines for a program after all passes. */
    List<String> write(PlannedProgram program);
  }

  /**
   * Words of generated classes.
   *
   * @param program how the name of the program ends: {@code PlainProgram}
   * @param kernels how the names of the kernels end: {@code Kernels}
   * @param how how a network runs: {@code on plain Java}
   * @param loops Javadoc of the kernels, as a format with one place, for the model
   * @param state Javadoc of the method that declares the state
   */
  record Words(String program, String kernels, String how, String loops, String state) {}
}
