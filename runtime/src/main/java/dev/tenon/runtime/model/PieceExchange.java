package dev.tenon.runtime.model;

/**
 * How the pieces of a batch learn of each other: sums and counts in, totals out. Every piece has an
 * exchange of its own; all pieces make the same calls in the same order. {@code
 * dev.tenon.runtime.parallel.PieceGroup} joins the threads of a process; an implementation over a
 * network joins machines.
 */
public interface PieceExchange {
  /**
   * Which piece this is. Piece 0 leads: it alone moves the running statistics and counters.
   *
   * @return from 0 on
   */
  int index();

  /**
   * The sizes of all pieces of the batch that begins. Called once at the start of every forward;
   * waits for the other pieces if it has to ask them.
   *
   * @param batch samples in this piece, 0 or more
   * @return the samples in each piece, by index; only read
   */
  int[] sizes(int batch);

  /**
   * Adds up over all pieces, in the order of their indices, so that the result is the same in all
   * of them and at every run. Waits until all pieces have called.
   *
   * @param values what this piece has gathered; takes the totals
   */
  void sum(double[] values);

  /**
   * Whether batch normalisations normalise by the statistics of the whole batch. If not, each piece
   * normalises on its own, moves the running statistics itself, and {@link #sum} is not called; the
   * pieces then must not run at the same time.
   *
   * @return true by default
   */
  default boolean synchronises() {
    return true;
  }
}
