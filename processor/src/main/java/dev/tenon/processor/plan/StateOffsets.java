package dev.tenon.processor.plan;

import dev.tenon.processor.graph.Network;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.layer.StateSpec;
import dev.tenon.processor.layer.StateSpec.Kind;
import dev.tenon.processor.plan.schedule.MemoryFormat;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Where each entry of the state lies in the model's flat arrays, in declaration order. A back end
 * may want an entry in an order of its own.
 */
public final class StateOffsets {
  /**
   * One entry.
   *
   * @param name path in the state dictionary
   * @param offset first element in the flat array of its kind; for a counter, its number
   * @param packing the order of its elements, unless it is that of the dimensions
   */
  public record Entry(String name, StateSpec spec, int offset, Optional<PackedOrder> packing) {
    /** As every layer of its kind has it: under its name there, at no place. */
    private Entry ofAnyLayer() {
      return new Entry(spec.name(), spec, 0, packing);
    }
  }

  /**
   * An order of elements, as {@code dev.tenon.runtime.internal.layout.Packing} has it.
   *
   * @param sizes extents of the packed array
   * @param axes for each of them, the axis that it belongs to
   * @param steps for each of them, how far one step along it goes on that axis
   */
  public record PackedOrder(List<Integer> sizes, List<Integer> axes, List<Integer> steps) {
    public PackedOrder {
      sizes = List.copyOf(sizes);
      axes = List.copyOf(axes);
      steps = List.copyOf(steps);
    }

    int size() {
      return sizes.stream().reduce(1, Math::multiplyExact);
    }

    /**
     * The order of a format.
     *
     * @param view the sizes that the format speaks of: those of the entry, or more of them, with
     *     the same product
     */
    static Optional<PackedOrder> of(StateSpec spec, MemoryFormat format, List<Integer> view) {
      List<Integer> axisOf = new ArrayList<>();
      List<Integer> stepOf = new ArrayList<>();
      int more = view.size() - spec.dims().size();
      int viewed = viewed(spec.dims(), view);
      for (int axis = 0; axis < spec.dims().size(); axis++) {
        int rest = spec.dims().get(axis);
        int dims = axis == viewed ? 1 + more : 1;
        for (int i = 0; i < dims; i++) {
          rest /= Math.max(1, view.get(axisOf.size()));
          axisOf.add(axis);
          stepOf.add(Math.max(1, rest));
        }
      }
      List<Integer> sizes = new ArrayList<>();
      List<Integer> axes = new ArrayList<>();
      List<Integer> steps = new ArrayList<>();
      for (MemoryFormat.Part part : format.parts()) {
        sizes.add(part.extent());
        axes.add(axisOf.get(part.dim()));
        steps.add(part.step() * stepOf.get(part.dim()));
      }
      PackedOrder order = new PackedOrder(sizes, axes, steps);
      boolean same =
          format.parts().stream()
                  .map(MemoryFormat.Part::dim)
                  .toList()
                  .equals(IntStream.range(0, view.size()).boxed().toList())
              && order.size() == spec.count();
      return same ? Optional.empty() : Optional.of(order);
    }

    /**
     * The axis that a view cuts into several. Sizes of 1 leave a choice, in which the last one is
     * right: what is flattened is what a weight is multiplied with.
     */
    private static int viewed(List<Integer> dims, List<Integer> view) {
      int more = view.size() - dims.size();
      for (int axis = dims.size() - 1; axis >= 0; axis--) {
        int end = axis + 1 + more;
        boolean fits =
            dims.subList(0, axis).equals(view.subList(0, axis))
                && dims.subList(axis + 1, dims.size()).equals(view.subList(end, view.size()))
                && view.subList(axis, end).stream().reduce(1, Math::multiplyExact)
                    == (int) dims.get(axis);
        if (fits) {
          return axis;
        }
      }
      throw new IllegalArgumentException(view + " is no view of " + dims);
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Integer> offsets = new HashMap<>();

  /** All in the order of their dimensions. */
  StateOffsets(Network network) {
    this(network, (name, spec) -> Optional.empty());
  }

  /**
   * Lays the entries out.
   *
   * @param orders the order of an entry, by its name
   */
  StateOffsets(Network network, BiFunction<String, StateSpec, Optional<PackedOrder>> orders) {
    Map<Kind, Integer> next = new EnumMap<>(Kind.class);
    for (Network.Node node : network.nodes()) {
      for (StateSpec spec : node.layer().state()) {
        String name = node.name() + "." + spec.name();
        Optional<PackedOrder> order =
            spec.kind() == Kind.COUNTER ? Optional.empty() : orders.apply(name, spec);
        add(name, spec, order, next);
      }
    }
    network.ownState().forEach(spec -> add(spec.name(), spec, Optional.empty(), next));
  }

  private void add(
      String name, StateSpec spec, Optional<PackedOrder> order, Map<Kind, Integer> next) {
    int offset = next.getOrDefault(spec.kind(), 0);
    int size =
        spec.kind() == Kind.COUNTER
            ? 1
            : order.map(PackedOrder::size).orElseGet(() -> Math.toIntExact(spec.count()));
    next.put(spec.kind(), Math.addExact(offset, size));
    entries.add(new Entry(name, spec, offset, order));
    offsets.put(name, offset);
  }

  /** All entries in the order of the state dictionary. */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** The entries of each layer that has any, as every layer of its kind has them. */
  Map<String, List<Entry>> byLayer(Network network) {
    Map<String, List<Entry>> all = new HashMap<>();
    int next = 0;
    for (Network.Node node : network.nodes()) {
      int count = node.layer().state().size();
      all.put(
          node.name(),
          entries.subList(next, next + count).stream().map(Entry::ofAnyLayer).toList());
      next += count;
    }
    return all;
  }

  /** First element of the entry, or number of the counter, of this name. */
  public int offset(String name) {
    return offsets.get(name);
  }

  /**
   * First element of a tensor: a gradient lies in its array where its parameter does in another.
   */
  int offset(Tensor tensor) {
    return offset(tensor.entry());
  }
}
