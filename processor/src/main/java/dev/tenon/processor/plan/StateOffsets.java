package dev.tenon.processor.plan;

import dev.tenon.processor.graph.Network;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateSpec.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where each entry of the state lies in the model's flat arrays, in declaration order. */
public final class StateOffsets {
  /**
   * One entry.
   *
   * @param name path in the state dictionary
   * @param offset first element in the flat array of its kind; for a counter, its number
   */
  public record Entry(String name, StateSpec spec, int offset) {}

  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Integer> offsets = new HashMap<>();

  StateOffsets(Network network) {
    Map<Kind, Integer> next = new EnumMap<>(Kind.class);
    for (Network.Node node : network.nodes()) {
      for (StateSpec spec : node.layer().state()) {
        String name = node.name() + "." + spec.name();
        int offset = next.getOrDefault(spec.kind(), 0);
        int size = spec.kind() == Kind.COUNTER ? 1 : Math.toIntExact(spec.count());
        next.put(spec.kind(), Math.addExact(offset, size));
        entries.add(new Entry(name, spec, offset));
        offsets.put(name, offset);
        // A gradient lies in its array where its parameter lies in the other.
        offsets.put(name + ".gradient", offset);
      }
    }
  }

  /** All entries in the order of the state dictionary. */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** First element of the tensor, or number of the counter, of this name. */
  public int offset(String name) {
    return offsets.get(name);
  }
}
