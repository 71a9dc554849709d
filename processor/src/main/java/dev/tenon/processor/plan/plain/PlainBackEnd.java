package dev.tenon.processor.plan.plain;

import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.plan.backend.BackEnd;
import dev.tenon.processor.plan.backend.CodePlanning;
import dev.tenon.processor.plan.backend.Speed;
import dev.tenon.processor.plan.schedule.ScheduledNest;
import java.util.function.Predicate;

/** Java alone, which the just-in-time compiler makes fast. Runs anywhere. */
public final class PlainBackEnd implements BackEnd.Code {
  private static final BackEnd.Words WORDS =
      new BackEnd.Words(
          "PlainProgram",
          "Kernels",
          "on plain Java",
          "The layers of {@link $T}, a class for each different one. A tensor of images is"
              + "\nan array with one row a channel of a sample, a tensor of features one with a row a"
              + "\nsample.\n",
          "The state with its initial values.\n");

  @Override
  public String name() {
    return "plain Java";
  }

  @Override
  public boolean computes(ElementType real) {
    return true;
  }

  @Override
  public CodePlanning start(Predicate<ScheduledNest> fits) {
    return new PlainPlanning(fits);
  }

  /**
   * Loops that C2 vectorises reach 10 to 50 operations, others 1 to 2; sums and maps move 10 to 50
   * bytes.
   */
  @Override
  public Speed speed() {
    return new Speed(6, 12);
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public BackEnd.Words words() {
    return WORDS;
  }
}
