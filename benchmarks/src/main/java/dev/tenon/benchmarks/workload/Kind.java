package dev.tenon.benchmarks.workload;

/** What one unit of work is. */
public enum Kind {
  /** Forward in training mode, cross entropy, backward, one step of SGD with momentum. */
  TRAINING_STEP,
  /** Forward in training mode, then backward from a given gradient to parameters and input. */
  FORWARD_BACKWARD,
  /** Forward in evaluation mode. */
  INFERENCE
}
