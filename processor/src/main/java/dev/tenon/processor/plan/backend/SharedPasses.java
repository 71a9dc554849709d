package dev.tenon.processor.plan.backend;

import dev.tenon.processor.plan.rewrite.DisjointStores;
import dev.tenon.processor.plan.rewrite.Fusion;
import dev.tenon.processor.plan.schedule.PlannedProgram;

/** Passes that are of use to any back end. */
public final class SharedPasses {
  private SharedPasses() {}

  /** {@link DisjointStores}: additions that never meet become plain stores. */
  public static Pass disjointStores() {
    return Pass.ofProgram("DisjointStores", DisjointStores::of);
  }

  /**
   * {@link Fusion}: maps move into their neighbours.
   *
   * @param lanes values that a vector runs through along channels; 1 for numbers one by one
   */
  public static Pass fusion(int lanes) {
    return Pass.deciding(
        "Fusion",
        (program, decisions) -> {
          Fusion.Result fused = Fusion.of(program.program(), lanes);
          fused.decisions().forEach(decision -> decisions.add(decision.layer(), decision.text()));
          return PlannedProgram.of(fused.program());
        });
  }
}
