package dev.tenon.runtime.typed;

import java.util.Locale;

/**
 * How far predicted numbers are from the true ones, in the unit of the label.
 *
 * @param component the label's component, such as {@code euro}
 * @param mae mean absolute error
 * @param rmse root of the mean squared error
 * @param r2 share of the variance of the true numbers that is predicted: 1 for predictions without
 *     error, 0 for those that are as good as the mean, negative for worse ones. Where all true
 *     numbers are the same it is 1 without error and 0 with any, as in scikit-learn; NaN for fewer
 *     than two samples
 */
public record NumberErrors(String component, double mae, double rmse, double r2) {
  /** Of one column of true and predicted numbers. */
  static NumberErrors of(String component, int column, double[][] actual, double[][] predicted) {
    int count = actual.length;
    if (count == 0) {
      return new NumberErrors(component, Double.NaN, Double.NaN, Double.NaN);
    }
    double mean = 0;
    for (double[] row : actual) {
      mean += row[column] / count;
    }
    double off = 0;
    double squares = 0;
    double spread = 0;
    for (int i = 0; i < count; i++) {
      double error = predicted[i][column] - actual[i][column];
      double around = actual[i][column] - mean;
      off += Math.abs(error);
      squares += error * error;
      spread += around * around;
    }
    double r2 =
        count < 2 ? Double.NaN : spread == 0 ? (squares == 0 ? 1 : 0) : 1 - squares / spread;
    return new NumberErrors(component, off / count, Math.sqrt(squares / count), r2);
  }

  /** Returns all in one line. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s: MAE %.6g, RMSE %.6g, R2 %.4f", component, mae, rmse, r2);
  }
}
