package dev.tenon.processor.ir;

/** Which of a program's three sequences of steps a nest runs in. */
public enum Phase {
  /** The training forward. */
  FORWARD,
  /** The gradients. */
  BACKWARD,
  /** The evaluation forward. */
  EVALUATION
}
