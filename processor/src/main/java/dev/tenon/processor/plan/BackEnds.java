package dev.tenon.processor.plan;

import dev.tenon.processor.plan.backend.BackEnd;
import dev.tenon.processor.plan.plain.PlainBackEnd;
import dev.tenon.processor.plan.vector.VectorBackEnd;
import java.util.List;

/** The back ends that there are. A new one is its package and its line here. */
public final class BackEnds {
  /** Java alone, for any machine. */
  public static final BackEnd PLAIN = new PlainBackEnd();

  private BackEnds() {}

  /**
   * {@code jdk.incubator.vector}.
   *
   * @param winograd whether it may compute convolutions by Winograd's way
   */
  public static BackEnd vectors(boolean winograd) {
    return new VectorBackEnd(winograd);
  }

  /** Those whose code is rendered, in classes of their own; the preferred ones last. */
  public static List<BackEnd> rendered() {
    return List.of(PLAIN, vectors(true));
  }
}
