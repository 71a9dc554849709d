package dev.tenon.runtime.train;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.state.CheckpointSection;
import java.util.ArrayList;
import java.util.List;

/** Reports of epochs in a checkpoint: a tensor for each of their numbers, with a row for each. */
final class SavedReports {
  private static final String COUNTS = "counts";
  private static final String VALUES = "values";
  private static final String VALIDATION = "validation";
  private static final String CONFUSION = "confusion";
  private static final String OUTPUTS = "outputs";

  private SavedReports() {}

  static void write(CheckpointSection section, List<EpochReport> reports) {
    int size = reports.size();
    long[] counts = new long[4 * size];
    double[] values = new double[3 * size];
    for (int i = 0; i < size; i++) {
      EpochReport report = reports.get(i);
      counts[4 * i] = report.epoch();
      counts[4 * i + 1] = report.epochs();
      counts[4 * i + 2] = report.batches();
      counts[4 * i + 3] = report.samples();
      values[3 * i] = report.loss();
      values[3 * i + 1] = report.learningRate();
      values[3 * i + 2] = report.gradientNorm();
    }
    section.put(COUNTS, Tensor.of(counts, size, 4));
    section.put(VALUES, Tensor.of(values, size, 3));
    if (size > 0 && reports.get(0).validated()) {
      writeEvaluations(
          section.section(VALIDATION), reports.stream().map(EpochReport::validation).toList());
    }
  }

  /** The reports of a network that has so many outputs. */
  static List<EpochReport> read(CheckpointSection section, int outputs) {
    int size = rows(section);
    long[] counts = section.tensor(COUNTS, DType.INT64, size, 4).toLongArray();
    double[] values = section.tensor(VALUES, DType.FLOAT64, size, 3).toDoubleArray();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] < 0 || counts[i] > Integer.MAX_VALUE) {
        throw section.wrong(COUNTS, "must have counts, but " + counts[i] + " is none");
      }
    }
    List<Evaluation> evaluations =
        section.contains(VALIDATION)
            ? readEvaluations(section.section(VALIDATION), size, outputs)
            : List.of();
    List<EpochReport> reports = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      reports.add(
          new EpochReport(
              (int) counts[4 * i],
              (int) counts[4 * i + 1],
              (int) counts[4 * i + 2],
              (int) counts[4 * i + 3],
              values[3 * i],
              values[3 * i + 1],
              values[3 * i + 2],
              evaluations.isEmpty() ? null : evaluations.get(i)));
    }
    return reports;
  }

  private static int rows(CheckpointSection section) {
    Tensor counts = section.anyTensor(COUNTS);
    if (counts.rank() != 2) {
      throw section.wrong(COUNTS, "must have rows and columns, but is " + counts.describe());
    }
    return counts.dim(0);
  }

  private static void writeEvaluations(CheckpointSection section, List<Evaluation> evaluations) {
    int size = evaluations.size();
    long[] counts = new long[3 * size];
    double[] losses = new double[size];
    for (int i = 0; i < size; i++) {
      Evaluation evaluation = evaluations.get(i);
      counts[3 * i] = evaluation.samples();
      counts[3 * i + 1] = evaluation.labels();
      counts[3 * i + 2] = evaluation.correct();
      losses[i] = evaluation.loss();
    }
    section.put(COUNTS, Tensor.of(counts, size, 3));
    section.put(VALUES, Tensor.of(losses, size));
    // All are of one network, so they are of one form.
    Evaluation first = evaluations.get(0);
    if (first.hasConfusion()) {
      section.put(CONFUSION, confusions(evaluations));
    }
    for (int output = 0; output < first.outputs().size(); output++) {
      int number = output;
      writeEvaluations(
          section.section(OUTPUTS).section(Integer.toString(output)),
          evaluations.stream().map(e -> e.outputs().get(number)).toList());
    }
  }

  private static Tensor confusions(List<Evaluation> evaluations) {
    int classes = evaluations.get(0).confusion().classes();
    long[] counts = new long[Math.multiplyExact(evaluations.size(), classes * classes)];
    int at = 0;
    for (Evaluation evaluation : evaluations) {
      for (int label = 0; label < classes; label++) {
        for (int prediction = 0; prediction < classes; prediction++) {
          counts[at++] = evaluation.confusion().count(label, prediction);
        }
      }
    }
    return Tensor.of(counts, evaluations.size(), classes, classes);
  }

  private static List<Evaluation> readEvaluations(
      CheckpointSection section, int size, int outputCount) {
    long[] counts = section.tensor(COUNTS, DType.INT64, size, 3).toLongArray();
    double[] losses = section.tensor(VALUES, DType.FLOAT64, size).toDoubleArray();
    List<ConfusionMatrix> confusions =
        section.contains(CONFUSION) ? readConfusions(section, size) : List.of();
    List<List<Evaluation>> outputs = new ArrayList<>();
    CheckpointSection each = section.section(OUTPUTS);
    for (int i = 0; outputCount > 1 && i < outputCount; i++) {
      outputs.add(readEvaluations(each.section(Integer.toString(i)), size, 1));
    }
    List<Evaluation> evaluations = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      if (counts[3 * i] < 0 || counts[3 * i] > Integer.MAX_VALUE) {
        throw section.wrong(COUNTS, "must have counts, but " + counts[3 * i] + " is none");
      }
      int row = i;
      evaluations.add(
          new Evaluation(
              (int) counts[3 * i],
              losses[i],
              counts[3 * i + 1],
              counts[3 * i + 2],
              outputs.stream().map(output -> output.get(row)).toList(),
              confusions.isEmpty() ? null : confusions.get(i)));
    }
    return evaluations;
  }

  private static List<ConfusionMatrix> readConfusions(CheckpointSection section, int size) {
    Tensor tensor = section.anyTensor(CONFUSION);
    int classes = tensor.rank() == 3 ? tensor.dim(1) : 0;
    long[] counts = section.tensor(CONFUSION, DType.INT64, size, classes, classes).toLongArray();
    List<ConfusionMatrix> matrices = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < size; i++) {
      long[][] matrix = new long[classes][classes];
      for (long[] row : matrix) {
        for (int prediction = 0; prediction < classes; prediction++) {
          row[prediction] = counts[at++];
        }
      }
      try {
        matrices.add(ConfusionMatrix.of(matrix));
      } catch (IllegalArgumentException e) {
        throw section.wrong(CONFUSION, "must have counts: " + e.getMessage());
      }
    }
    return matrices;
  }
}
