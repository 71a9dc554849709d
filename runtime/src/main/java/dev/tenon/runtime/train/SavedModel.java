package dev.tenon.runtime.train;

import dev.tenon.runtime.Counter;
import dev.tenon.runtime.Parameter;
import dev.tenon.runtime.RunningStat;
import dev.tenon.runtime.State;
import dev.tenon.runtime.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** A copy of a model's parameters, running statistics and counters, by their names. */
final class SavedModel {
  private final State state;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private final long[] counts;

  /** Allocates; saves what is there now. */
  SavedModel(State state) {
    this.state = state;
    for (Parameter parameter : state.parameters()) {
      tensors.put(parameter.name(), like(parameter.value()));
    }
    for (RunningStat stat : state.runningStats()) {
      tensors.put(stat.name(), like(stat.value()));
    }
    counts = new long[state.counterList().size()];
    save();
  }

  private static Tensor like(Tensor value) {
    return Tensor.zeros(value.dtype(), value.shape());
  }

  void save() {
    for (Parameter parameter : state.parameters()) {
      tensors.get(parameter.name()).copyFrom(parameter.value());
    }
    for (RunningStat stat : state.runningStats()) {
      tensors.get(stat.name()).copyFrom(stat.value());
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] = state.counterList().get(i).get();
    }
  }

  void restore() {
    for (Parameter parameter : state.parameters()) {
      parameter.value().copyFrom(tensors.get(parameter.name()));
    }
    for (RunningStat stat : state.runningStats()) {
      stat.value().copyFrom(tensors.get(stat.name()));
    }
    for (int i = 0; i < counts.length; i++) {
      Counter counter = state.counterList().get(i);
      counter.set(counts[i]);
    }
  }
}
