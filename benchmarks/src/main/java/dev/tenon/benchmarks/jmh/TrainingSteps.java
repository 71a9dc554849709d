package dev.tenon.benchmarks.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Forward, cross entropy, backward and SGD with momentum of whole networks. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TrainingSteps {
  /** What; {@code -p workload=...} chooses. */
  @Param({"train-mlp-64", "train-mlp-256", "train-lenet-64", "train-tiny-16"})
  public String workload;

  /** Who; {@code -p contender=...} chooses. */
  @Param({"tenon", "djl", "deeplearning4j"})
  public String contender;

  /** On how many threads. */
  @Param({"1"})
  public int threads;

  private Measured measured;

  /** Starts and checks. */
  @Setup
  public void start() throws Exception {
    measured = new Measured(contender, workload, threads);
  }

  /** One unit of work. */
  @Benchmark
  public void run() throws Exception {
    measured.run();
  }

  /** Lets go of native memory. */
  @TearDown
  public void stop() {
    measured.close();
  }
}
