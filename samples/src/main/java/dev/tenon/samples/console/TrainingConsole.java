package dev.tenon.samples.console;

import dev.tenon.runtime.train.Dataset;
import dev.tenon.runtime.train.EpochReport;
import dev.tenon.runtime.train.Evaluation;
import dev.tenon.runtime.train.Trainer;
import dev.tenon.runtime.train.TrainingListener;
import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Prints a line after an epoch: its loss and time, and the accuracy on the test data, or the loss
 * where there are no classes. On a terminal a bar shows how far the epoch is and vanishes when its
 * line comes; in a log or on a terminal without cursor there is no bar. Must be closed, in case
 * training ends within an epoch.
 *
 * @param <T> type of the targets
 */
public final class TrainingConsole<T> implements TrainingListener, AutoCloseable {
  /**
   * Whether there is a cursor to move. A console of JDK 22 to 24 may be no terminal; the bar
   * notices that itself and then prints plainly.
   */
  @SuppressWarnings("SystemConsoleNull")
  private static final boolean TERMINAL =
      System.console() != null
          && System.getenv("CI") == null
          && !System.getenv().getOrDefault("TERM", "dumb").equals("dumb");

  private static final int BAR_WIDTH = 79;

  private final PrintWriter out;
  private final Trainer<T> trainer;
  private final Dataset<T> test;
  private final int everyEpochs;
  private long epochStart = System.nanoTime();
  private ProgressBar bar;

  /**
   * A console for one fit that starts now.
   *
   * @param out where lines go
   * @param trainer what is watched
   * @param test data to judge the network by, after an epoch
   * @param everyEpochs prints every so many epochs, and the first and the last
   */
  public TrainingConsole(PrintWriter out, Trainer<T> trainer, Dataset<T> test, int everyEpochs) {
    this.out = out;
    this.trainer = trainer;
    this.test = test;
    this.everyEpochs = everyEpochs;
  }

  @Override
  public void onBatch(int epoch, int batch, int batches, double loss) {
    if (!TERMINAL) {
      return;
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("  epoch " + epoch)
              .setInitialMax(batches)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              // Not the library's own consumer: that loads native code, which newer JDKs warn of.
              .setConsumer(
                  new DelegatingProgressBarConsumer(
                      text -> System.err.print("\r" + text), BAR_WIDTH))
              .build();
    }
    bar.stepTo(batch);
  }

  @Override
  public void onEpoch(EpochReport report) {
    close();
    double seconds = (System.nanoTime() - epochStart) / 1e9;
    if (report.epoch() == 1
        || report.epoch() % everyEpochs == 0
        || report.epoch() == report.epochs()) {
      Evaluation evaluation = trainer.evaluate(test);
      out.printf(
          Locale.ROOT,
          "  epoch %3d/%d   loss %.4f   test %s   %5.3f s%n",
          report.epoch(),
          report.epochs(),
          report.loss(),
          evaluation.hasAccuracy()
              ? String.format(Locale.ROOT, "accuracy %6.2f %%", 100 * evaluation.accuracy())
              : String.format(Locale.ROOT, "loss %.4f", evaluation.loss()),
          seconds);
      out.flush();
    }
    epochStart = System.nanoTime();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
      System.err.print("\r" + " ".repeat(BAR_WIDTH) + "\r");
    }
  }
}
