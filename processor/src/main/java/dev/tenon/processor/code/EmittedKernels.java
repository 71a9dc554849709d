package dev.tenon.processor.code;

import dev.tenon.processor.code.KernelEmitter.Kernel;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Uniform;
import dev.tenon.processor.ir.HostScalar;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The code of nests, each emitted once: nests that differ in nothing but the layer that they belong
 * to have the same code. A deep network repeats its layers, and writing out their loops is most of
 * what planning costs.
 */
public final class EmittedKernels {
  private final String name;
  private final Map<String, Integer> layerNumbers;
  private final Map<ScheduledNest, Emitted> known = new HashMap<>();

  /**
   * Prepares for a network.
   *
   * @param name name of the first method of every kernel
   * @param layerNumbers the place of each layer among all
   */
  public EmittedKernels(String name, Map<String, Integer> layerNumbers) {
    this.name = name;
    this.layerNumbers = layerNumbers;
  }

  /**
   * The code of a nest.
   *
   * @param number the same for the same code
   * @param kernel the code, with the comment of this nest and the tensors of this nest
   * @param longest estimated bytes of its longest method
   */
  public record Emitted(int number, Kernel kernel, int longest) {
    boolean isWithinBudget() {
      return longest <= BytecodeEstimate.BUDGET;
    }
  }

  /** Emits a nest, unless that has been done for one like it. */
  public Emitted emit(ScheduledNest scheduled) {
    int own = layerNumbers.get(scheduled.nest().layer());
    // Inputs have names too, and lie before all layers.
    KernelNames names =
        KernelEmitter.names(scheduled, other -> layerNumbers.getOrDefault(other, -1) < own);
    ScheduledNest key = anonymous(scheduled, names);
    Emitted same = known.get(key);
    if (same == null) {
      Kernel kernel = KernelEmitter.emit(scheduled, name, names);
      int longest = kernel.methods().stream().mapToInt(BytecodeEstimate::of).max().orElse(0);
      Emitted emitted = new Emitted(known.size(), kernel, longest);
      known.put(key, emitted);
      return emitted;
    }
    return new Emitted(same.number(), same.kernel().of(scheduled.nest()), same.longest());
  }

  /** Whether every method of a nest's code stays within its budget. */
  public boolean fits(ScheduledNest scheduled) {
    return emit(scheduled).isWithinBudget();
  }

  /** The nest with the names that its tensors have in the code, and without what is not in it. */
  private static ScheduledNest anonymous(ScheduledNest scheduled, KernelNames names) {
    UnaryOperator<Expr> withoutLayers =
        node -> {
          if (node instanceof Expr.Scalar scalar) {
            return new Expr.Scalar(new HostScalar(scalar.scalar().kind(), ""));
          }
          return node instanceof Uniform uniform
              ? new Uniform(new HostScalar(uniform.key().kind(), ""), uniform.index())
              : node;
        };
    Nest nest =
        scheduled
            .nest()
            .withTensors(t -> t.anonymous(names.of(t)))
            .withValues(withoutLayers)
            .named("", "", "");
    return new ScheduledNest(nest, scheduled.storeBounds(), scheduled.schedule());
  }
}
