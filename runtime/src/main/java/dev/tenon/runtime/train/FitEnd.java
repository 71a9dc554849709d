package dev.tenon.runtime.train;

import java.util.Optional;

/**
 * How a fit ended, as listeners are told.
 *
 * @param history its epochs, and why it ended
 * @param failure the exception that ended it, if one did
 */
public record FitEnd(History history, Optional<Throwable> failure) {
  /**
   * Why it ended.
   *
   * @return {@link EndReason#FAILED} if there is a failure
   */
  public EndReason reason() {
    return history.reason();
  }
}
