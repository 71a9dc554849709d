package dev.tenon.processor.plan.vector;

import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.plan.backend.BackEnd;
import dev.tenon.processor.plan.backend.CodePlanning;
import dev.tenon.processor.plan.backend.Speed;
import dev.tenon.processor.plan.schedule.MemoryFormat;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import java.util.function.Predicate;

/** {@code jdk.incubator.vector}, for networks of floats. Runs where a JVM has that module. */
public final class VectorBackEnd implements BackEnd.Code {
  private static final BackEnd.Words WORDS =
      new BackEnd.Words(
          "VectorProgram",
          "VectorKernels",
          "in vectors",
          "The layers of {@link $T} in vectors, a class for each different one. A tensor of"
              + "\nimages is one array, channels last, with a border of zeros where a layer reads beyond"
              + "\nit; channels are padded to a multiple of "
              + MemoryFormat.LANES
              + ". Weights lie in panels of as many\noutput channels.\n",
          "The state with its initial values, laid out as the kernels want it.\n");

  private final boolean winograd;

  /**
   * The back end.
   *
   * @param winograd whether it may compute convolutions by Winograd's way
   */
  public VectorBackEnd(boolean winograd) {
    this.winograd = winograd;
  }

  @Override
  public String name() {
    return "vectors";
  }

  @Override
  public boolean computes(ElementType real) {
    return real == ElementType.FLOAT;
  }

  @Override
  public CodePlanning start(Predicate<ScheduledNest> fits) {
    return new VectorPlanning(winograd, fits);
  }

  /** Register tiles reach 60 to 200 operations on one core, sums and maps 40 to 100 bytes. */
  @Override
  public Speed speed() {
    return new Speed(80, 50);
  }

  @Override
  public int lanes() {
    return MemoryFormat.LANES;
  }

  @Override
  public BackEnd.Words words() {
    return WORDS;
  }
}
