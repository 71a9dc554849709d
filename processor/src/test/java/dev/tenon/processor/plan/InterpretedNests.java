package dev.tenon.processor.plan;

import dev.tenon.processor.ir.HostScalar;
import dev.tenon.processor.ir.KernelInterpreter;
import dev.tenon.processor.ir.KernelInterpreter.Rounding;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.runtime.random.Randoms;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Nests run by the interpreter, outside of any network. */
public final class InterpretedNests {
  private final int batch;
  private final Map<Tensor, double[]> memory = new TreeMap<>(Comparator.comparing(Tensor::name));

  public InterpretedNests(int batch) {
    this.batch = batch;
  }

  /** Gives a tensor its values. */
  public InterpretedNests with(Tensor tensor, double... values) {
    memory.put(tensor, values.clone());
    return this;
  }

  /** Gives a tensor floats between -1 and 1 that its name decides. */
  public InterpretedNests withFloats(Tensor tensor) {
    double[] values = new double[KernelInterpreter.count(tensor, batch)];
    long key = tensor.name().hashCode();
    Arrays.setAll(values, i -> (float) (2 * Randoms.uniformDouble(key, i) - 1));
    return with(tensor, values);
  }

  /** Runs the nests in double precision. */
  public InterpretedNests run(List<Nest> nests) {
    return run(nests, Rounding.NONE);
  }

  /** Runs the nests, each operation rounded. */
  public InterpretedNests run(List<Nest> nests, Rounding rounding) {
    new KernelInterpreter(batch, new BatchOnly(batch), memory, rounding)
        .run(nests.stream().map(Step.class::cast).toList());
    return this;
  }

  public double[] get(Tensor tensor) {
    return memory.get(tensor);
  }

  private record BatchOnly(int batch) implements KernelInterpreter.Host {
    @Override
    public double number(HostScalar scalar) {
      if (scalar.kind() != HostScalar.Kind.BATCH) {
        throw new IllegalArgumentException(scalar + " belongs to a network");
      }
      return batch;
    }

    @Override
    public long key(HostScalar scalar) {
      throw new IllegalArgumentException(scalar + " belongs to a network");
    }

    @Override
    public void increment(String counter) {
      throw new IllegalArgumentException(counter + " belongs to a network");
    }
  }
}
