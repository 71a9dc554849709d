package dev.tenon.runtime.train;

/** By what a fit tells which epoch is best: of the validation data, where there are any. */
public enum Metric {
  /** The mean loss; lower is better. */
  LOSS {
    @Override
    double of(EpochReport report) {
      return report.validated() ? report.validation().loss() : report.loss();
    }

    @Override
    boolean isBetter(double value, double best, double by) {
      return value < best - by;
    }
  },
  /** The accuracy of the validation data; higher is better. */
  ACCURACY {
    @Override
    double of(EpochReport report) {
      return report.validation().accuracy();
    }

    @Override
    boolean isBetter(double value, double best, double by) {
      return value > best + by;
    }
  };

  abstract double of(EpochReport report);

  abstract boolean isBetter(double value, double best, double by);
}
