package dev.tenon.runtime.train;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.state.CheckpointSection;
import dev.tenon.runtime.state.State;
import java.util.LinkedHashMap;
import java.util.Map;

/** A copy of everything that a state remembers, by its names. */
final class SavedModel {
  private final Map<String, Tensor> state;
  private final Map<String, Tensor> copies = new LinkedHashMap<>();

  /** Allocates; saves what is there now. */
  SavedModel(State state) {
    this.state = state.tensors();
    this.state.forEach((name, value) -> copies.put(name, value.copy()));
  }

  void save() {
    state.forEach((name, value) -> copies.get(name).copyFrom(value));
  }

  void restore() {
    state.forEach((name, value) -> value.copyFrom(copies.get(name)));
  }

  void write(CheckpointSection section) {
    copies.forEach(section::put);
  }

  /** Takes over what was written; shapes and types are those of the state. */
  void read(CheckpointSection section) {
    state.forEach(
        (name, value) ->
            copies.get(name).copyFrom(section.tensor(name, value.dtype(), value.shape())));
  }
}
