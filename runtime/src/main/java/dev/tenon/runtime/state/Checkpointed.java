package dev.tenon.runtime.state;

/**
 * Remembers something between the steps of a training run that a checkpoint must carry: an
 * optimiser its averages, a listener the numbers that it has drawn. What is written is small or as
 * large as the parameters; files, progress bars and the like are not for a checkpoint.
 *
 * <pre>{@code
 * public void write(CheckpointSection section) {
 *   section.put("seen", seen);
 * }
 *
 * public void read(CheckpointSection section) {
 *   seen = section.integer("seen");
 * }
 * }</pre>
 */
public interface Checkpointed {
  /**
   * Writes down what it remembers. Changes nothing.
   *
   * @param section where to; tensors are not copied, so they stay as they are until this returns
   * @throws UnsupportedOperationException if it cannot be saved; no file is written then
   */
  void write(CheckpointSection section);

  /**
   * Takes over what {@link #write} wrote, instead of what it remembers now.
   *
   * @param section what there is; its tensors may be kept
   * @throws IllegalArgumentException if something is missing or does not fit, best before anything
   *     has changed
   */
  void read(CheckpointSection section);
}
