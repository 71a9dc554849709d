package dev.tenon.runtime.train;

/** Why a fit ended. */
public enum EndReason {
  /** All epochs were trained. */
  COMPLETED,
  /** The metric had not become better for as long as {@link FitOptions#stopEarly} waits. */
  STOPPED_EARLY,
  /** {@link Trainer#stop} or {@link FitContext#stop} was called. */
  STOPPED,
  /** The thread was interrupted; its flag is still set. */
  INTERRUPTED,
  /** An exception ended it. */
  FAILED
}
