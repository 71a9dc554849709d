package dev.tenon.samples.lesson;

import static dev.tenon.runtime.loss.Losses.meanSquaredError;
import static dev.tenon.runtime.optim.Optimizers.sgd;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.layer.BatchNorm;
import dev.tenon.runtime.loss.Loss;
import dev.tenon.runtime.optim.Optimizer;
import dev.tenon.samples.console.GeneratedSources;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a batch norm does, step by step, on numbers small enough to check by hand. */
@Command(name = "lesson", description = "Batch normalisation in five minutes.")
public final class Lesson implements Callable<Integer> {
  private static final int TRAINING_STEPS = 200;

  @Spec private CommandSpec spec;

  /** Read by picocli only. */
  @SuppressWarnings("UnusedVariable")
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows this and ends.")
  private boolean help;

  private PrintWriter out;

  /**
   * Runs the lesson.
   *
   * @param args the options; {@code --help} lists them
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Lesson()).execute(args));
  }

  @Override
  public Integer call() {
    out = spec.commandLine().getOut();
    FourFeaturesModel model = FourFeaturesModel.create(1);
    training(model);
    evaluation(model);
    momentum();
    eps();
    setScaleAndShift();
    learnScaleAndShift();
    refusedBatch(model);
    networkThatDoesNotCompile();
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private void training(FourFeaturesModel model) {
    title("1. Training: normalise by the batch");
    say("A batch of three samples with four features each:");
    Tensor batch = batch();
    print("batch", batch);
    say("FourFeatures is one layer, @BatchNorm1d(features = 4). Its forward takes from every");
    say("column its mean and divides by the square root of its variance plus eps (1e-5). The");
    say("variance is divided by 3 here, the number of samples: 2/3.");
    print("model.forward(batch)", model.forward(batch));
    say("Each column has mean 0 and variance 1 now. On the way the layer moved its running");
    say("statistics a tenth (momentum = 0.1) of the way from 0 and 1 to those of the batch:");
    say("means 2 3 4 5, and variances 1 1 1 1, here divided by 2: samples minus one.");
    printStatistics(model.bn());
    say("javac wrote the code that did this: " + GeneratedSources.of(model.getClass()));
  }

  private void evaluation(FourFeaturesModel model) {
    title("2. Evaluation: normalise by the running statistics");
    Tensor batch = batch();
    say("predict does not look at the batch's own mean and variance. So a sample gives the same");
    say("whatever it is batched with, and a batch of one is fine. After one batch the running");
    say("statistics are still far from the data:");
    print("model.predict(batch)", model.predict(batch));
    for (int step = 0; step < TRAINING_STEPS; step++) {
      model.forward(batch);
    }
    say("After two hundred more training batches they have arrived:");
    printStatistics(model.bn());
    print("model.predict(batch)", model.predict(batch));
    say("Not 1.2247, because the running variance is the one divided by 2. predict changes");
    say("nothing: there is no mode to switch, and none to forget.");
  }

  private void momentum() {
    title("3. Momentum: how fast the running statistics move");
    SlowStatisticsModel model = SlowStatisticsModel.create(1);
    model.forward(batch());
    say("With momentum = 0.05 the same first batch moves them half as far:");
    printStatistics(model.bn());
  }

  private void eps() {
    title("4. Epsilon: no division by zero");
    Tensor constant = Tensor.of(new float[] {1, 7, 3, 4, 2, 7, 4, 5, 3, 7, 5, 6}, 3, 4);
    say("The second feature of this batch is constant, its variance 0. It becomes 0:");
    print("batch", constant);
    print("model.forward(batch)", FourFeaturesModel.create(1).forward(constant));
    say("A larger eps shrinks everything. With eps = 1 it is 1 / sqrt(2/3 + 1) for all others:");
    print("model.forward(batch)", LargeEpsModel.create(1).forward(constant));
  }

  private void setScaleAndShift() {
    title("5. Scale and shift: what the layer learns");
    FourFeaturesModel model = FourFeaturesModel.create(1);
    BatchNorm bn = model.bn();
    say("The normalised value is multiplied by a weight, 1 at first, and a bias is added, 0 at");
    say("first. Both can be set. The weights 1 2 3 4 and the bias 10 for all:");
    for (int feature = 0; feature < 4; feature++) {
      bn.weight().set(feature + 1, feature);
    }
    bn.bias().value().fill(10);
    print("model.forward(batch)", model.forward(batch()));
  }

  private void learnScaleAndShift() {
    say("And both are learnt. The target is 2 * normalised + 3, the loss is the mean squared");
    say("error, and a step is forward, loss, backward, optimizer.step():");
    out.println();
    FourFeaturesModel model = FourFeaturesModel.create(1);
    Tensor batch = batch();
    Tensor target = batch();
    double[] rows = {-1.224735, 0, 1.224735};
    for (int i = 0; i < target.size(); i++) {
      target.set(2 * rows[i / 4] + 3, i / 4, i % 4);
    }
    Loss<Tensor> loss = meanSquaredError();
    Optimizer optimizer = sgd(0.5).create(model.state());
    Tensor gradient = Tensor.zeros(model.dtype(), 3, 4);
    for (int step = 0; step < TRAINING_STEPS; step++) {
      double value = loss.forwardBackward(model.forward(batch), target, gradient);
      model.backward(gradient);
      optimizer.step();
      if (step == 0 || step == 9 || step == TRAINING_STEPS - 1) {
        out.printf(Locale.ROOT, "    step %3d   loss %.4f%n", step + 1, value);
      }
    }
    printTitled("model.bn().weight()", model.bn().weight().value());
    print("model.bn().bias()", model.bn().bias().value());
  }

  private void refusedBatch(FourFeaturesModel model) {
    title("6. What cannot work at run time");
    say("One sample has no variance. Training on a batch of one is refused, and nothing has");
    say("changed then:");
    try {
      model.forward(Tensor.of(new float[] {1, 2, 3, 4}, 1, 4));
      throw new IllegalStateException("The batch of one was accepted.");
    } catch (IllegalArgumentException e) {
      out.println();
      wrapped(e.getMessage()).forEach(line -> out.println("    " + line));
    }
  }

  private void networkThatDoesNotCompile() {
    title("7. What cannot work at all");
    say("Sizes are checked while the network is compiled. This one has a slip:");
    out.println();
    Javac.source("Mistaken.java")
        .lines()
        .dropWhile(line -> !line.startsWith("@"))
        .forEach(line -> out.println("    " + line));
    out.println();
    say("javac on it, just now:");
    out.println();
    Javac.compile("Mistaken.java")
        .ifPresentOrElse(
            printed -> printed.lines().forEach(line -> out.println("    " + line)),
            () -> say("(this Java has no compiler; start the lesson with a JDK to see)"));
  }

  /** Columns with means 2 3 4 5, each with the biased variance 2/3 and the unbiased one 1. */
  private static Tensor batch() {
    return Tensor.of(new float[] {1, 2, 3, 4, 2, 3, 4, 5, 3, 4, 5, 6}, 3, 4);
  }

  private void title(String text) {
    out.println();
    out.println(text);
    out.println();
  }

  private void say(String line) {
    out.println("  " + line);
  }

  private void printStatistics(BatchNorm bn) {
    printTitled("model.bn().runningMean()", bn.runningMean().value());
    print("model.bn().runningVar()", bn.runningVar().value());
  }

  /** Prints a vector or a matrix with four decimals. */
  private void print(String what, Tensor values) {
    printTitled(what, values);
    out.println();
  }

  private void printTitled(String what, Tensor values) {
    out.println();
    out.println("    " + what);
    double[] all = values.toDoubleArray();
    int columns = values.dim(values.rank() - 1);
    for (int i = 0; i < all.length; i++) {
      // Adding 0 turns a minus zero, which is only rounding, into 0.
      double value = Math.round(all[i] * 1e4) / 1e4 + 0.0;
      out.printf(Locale.ROOT, "    %8.4f", value);
      if ((i + 1) % columns == 0) {
        out.println();
      }
    }
  }

  /** A text in lines of at most 84 characters, broken between words. */
  private static List<String> wrapped(String text) {
    return text.replaceAll("(.{1,84})(?: |$)", "$1\n").lines().toList();
  }
}
