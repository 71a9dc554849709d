package dev.tenon.benchmarks.workload;

import dev.tenon.runtime.model.SingleModel;
import java.util.function.LongFunction;

/**
 * Something to measure.
 *
 * @param name on the command line and in the table
 * @param kind what one unit of work is
 * @param network what is computed
 * @param batch samples at once
 * @param model creates the network as Tenon compiled it, from a seed
 */
public record Workload(
    String name, Kind kind, NetworkSpec network, int batch, LongFunction<SingleModel> model) {
  /** Floating-point operations of one unit of work; 0 for what is bound by memory alone. */
  public double flops() {
    return network.flops(kind, batch);
  }

  /** The number of input values. */
  public int inputSize() {
    return Math.multiplyExact(batch, NetworkSpec.size(network.input()));
  }

  /** The number of output values. */
  public int outputSize() {
    return Math.multiplyExact(batch, NetworkSpec.size(network.output()));
  }

  /**
   * Bytes that a batch norm alone has to move through the level of memory that its maps live in:
   * the forward reads twice and writes once, the backward reads both its inputs twice and writes
   * once.
   */
  public double batchNormBytes() {
    return 8.0 * Float.BYTES * inputSize();
  }

  @Override
  public String toString() {
    return name;
  }
}
