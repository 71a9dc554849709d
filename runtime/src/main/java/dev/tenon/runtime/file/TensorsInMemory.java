package dev.tenon.runtime.file;

import dev.tenon.runtime.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Weights that are tensors already. */
final class TensorsInMemory implements Source {
  private final Map<String, Tensor> tensors;

  TensorsInMemory(Map<String, Tensor> tensors) {
    this.tensors = new LinkedHashMap<>(tensors);
  }

  @Override
  public String origin() {
    return "Weights";
  }

  @Override
  public String format() {
    return "in memory";
  }

  @Override
  public List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  @Override
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  @Override
  public WeightInfo info(String name) {
    Tensor tensor = tensors.get(name);
    ElementType type = ElementType.of(tensor.dtype());
    long[] shape = new long[tensor.rank()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = tensor.dim(axis);
    }
    return new WeightInfo(name, type.name(), shape, (long) tensor.size() * type.bytes());
  }

  @Override
  public Map<String, String> metadata() {
    return new LinkedHashMap<>();
  }

  @Override
  public Reader open() {
    return new Reader() {
      @Override
      public Tensor read(String name) {
        return tensors.get(name);
      }

      @Override
      public void copy(String name, OutputStream out) throws IOException {
        Elements.write(tensors.get(name), out);
      }

      @Override
      public void close() {
        // Nothing was opened.
      }
    };
  }
}
