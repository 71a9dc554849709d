package dev.tenon.benchmarks.workload;

/**
 * A job whose answer was compared with the reference's.
 *
 * @param job ready to be measured
 * @param error the largest, as a part of the largest value of its array
 */
public record Checked(Job job, double error) implements AutoCloseable {
  /**
   * Starts a job and checks it.
   *
   * @throws IllegalStateException if the answer is wrong
   * @throws Exception whatever the engine throws
   */
  public static Checked start(Contender contender, Problem problem, int threads) throws Exception {
    Job job = contender.start(problem, threads);
    try {
      Answer right = Reference.answer(problem, contender.nesterov());
      return new Checked(job, job.answer().requireCloseTo(right, problem));
    } catch (Exception e) {
      job.close();
      throw e;
    }
  }

  @Override
  public void close() {
    job.close();
  }
}
