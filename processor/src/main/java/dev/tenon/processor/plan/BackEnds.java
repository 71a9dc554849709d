package dev.tenon.processor.plan;

import dev.tenon.processor.plan.backend.BackEnd;
import dev.tenon.processor.plan.listing.ListingBackEnd;
import dev.tenon.processor.plan.plain.PlainBackEnd;
import dev.tenon.processor.plan.vector.VectorBackEnd;
import java.util.List;

/** The back ends that there are. A new one is its package and its line here. */
public final class BackEnds {
  /** Java alone, for any machine. */
  public static final BackEnd.Code PLAIN = new PlainBackEnd();

  /** The loops of each layer, to read. */
  public static final BackEnd LISTING = new ListingBackEnd();

  private BackEnds() {}

  /**
   * {@code jdk.incubator.vector}.
   *
   * @param winograd whether it may compute convolutions by Winograd's way
   */
  public static BackEnd.Code vectors(boolean winograd) {
    return new VectorBackEnd(winograd);
  }

  /** Those whose code is rendered, in classes of their own; the preferred ones last. */
  public static List<BackEnd.Code> rendered() {
    return List.of(PLAIN, vectors(true));
  }
}
