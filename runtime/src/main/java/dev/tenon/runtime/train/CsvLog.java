package dev.tenon.runtime.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Writes a table of the epochs, as RFC 4180 has it: UTF-8, a header, lines that end in CR LF. Each
 * epoch is on disk when its listeners have been told. Numbers are written in full, as {@link
 * Double#toString(double)} does; what there is not is empty.
 *
 * <pre>
 * epoch,batches,samples,loss,learning_rate,gradient_norm,validation_loss,validation_accuracy
 * </pre>
 */
public final class CsvLog implements TrainingListener {
  private static final String HEADER =
      "epoch,batches,samples,loss,learning_rate,gradient_norm,validation_loss,validation_accuracy";
  private static final String END_OF_LINE = "\r\n";

  private final Path file;
  private final boolean appends;

  private CsvLog(Path file, boolean appends) {
    this.file = file;
    this.appends = appends;
  }

  /**
   * Writes into a file, which every fit begins anew. A fit that goes on with a checkpoint begins
   * with the epochs before it.
   *
   * @param file in a folder that exists
   * @return a listener
   */
  public static CsvLog to(Path file) {
    return new CsvLog(Objects.requireNonNull(file, "file"), false);
  }

  /**
   * Goes on after what the file has; the header comes first if it has nothing.
   *
   * @return a changed copy
   */
  public CsvLog append() {
    return new CsvLog(file, true);
  }

  /**
   * {@inheritDoc}
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  @Override
  public void onStart(FitContext fit) {
    try {
      boolean empty = !appends || Files.notExists(file) || Files.size(file) == 0;
      if (empty) {
        Files.writeString(file, HEADER + END_OF_LINE);
        // What a killed process may have written after its last checkpoint comes again.
        fit.reports().forEach(this::onEpoch);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  @Override
  public void onEpoch(EpochReport report) {
    boolean validated = report.validated();
    String line =
        String.join(
            ",",
            Integer.toString(report.epoch()),
            Integer.toString(report.batches()),
            Integer.toString(report.samples()),
            number(report.loss()),
            number(report.learningRate()),
            number(report.gradientNorm()),
            validated ? number(report.validation().loss()) : "",
            validated && report.validation().hasAccuracy()
                ? number(report.validation().accuracy())
                : "");
    try (Writer out =
        Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND)) {
      out.write(line);
      out.write(END_OF_LINE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }
}
