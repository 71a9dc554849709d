package dev.tenon.processor.plan;

import dev.tenon.processor.code.CamelCase;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.plan.Plan.Buffer;
import dev.tenon.processor.plan.schedule.Layout;
import dev.tenon.processor.plan.schedule.MemoryFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Gives every value a buffer. Values that are never needed at the same time and have the same rows
 * share one.
 */
final class BufferPlanner {
  /** When a tensor is needed, in moments of the timeline, and how it lies. */
  private static final class Life {
    final Tensor tensor;
    final Rows rows;
    int from;
    int to;

    Life(Tensor tensor, Rows rows, int from) {
      this.tensor = tensor;
      this.rows = rows;
      this.from = from;
      this.to = from;
    }
  }

  private record Rows(
      ElementType type,
      int perSample,
      int rows,
      int length,
      Optional<Axis> per,
      Optional<MemoryFormat> format,
      List<Integer> dims) {}

  private final Function<Tensor, Layout> layouts;
  private final Predicate<String> keptZero;
  private final Predicate<Tensor> borrowed;
  private final Set<String> fieldNames = new HashSet<>();
  private final List<Buffer> buffers = new ArrayList<>();
  private final Map<String, Integer> bufferOf = new HashMap<>();

  /**
   * Prepares for one program.
   *
   * @param layouts how each tensor lies
   * @param keptZero whether what is never written of a tensor must read as zero
   * @param borrowed whether a tensor is a user's, and needs no buffer
   * @param reservedNames names that fields must not take
   */
  BufferPlanner(
      Function<Tensor, Layout> layouts,
      Predicate<String> keptZero,
      Predicate<Tensor> borrowed,
      Set<String> reservedNames) {
    this.layouts = layouts;
    this.borrowed = borrowed;
    this.keptZero = keptZero;
    this.fieldNames.addAll(reservedNames);
  }

  /**
   * Plans one timeline.
   *
   * @param moments the nests in the order in which they run, those that run together in one list
   * @param heldFromStart tensors that are filled before the first moment
   * @param heldFrom tensors that the caller fills before the moment of this number
   * @param heldToEnd tensors that are read behind the last moment
   */
  void plan(
      List<List<Nest>> moments,
      boolean predict,
      List<Tensor> heldFromStart,
      Map<Tensor, Integer> heldFrom,
      List<Tensor> heldToEnd) {
    Map<String, Life> lives = new LinkedHashMap<>();
    heldFromStart.forEach(tensor -> touch(lives, tensor, -1));
    for (int i = 0; i < moments.size(); i++) {
      int now = i;
      heldFrom.forEach(
          (tensor, at) -> {
            if (at == now) {
              touch(lives, tensor, now - 1);
            }
          });
      for (Nest nest : moments.get(i)) {
        nest.loads().forEach(load -> touch(lives, load.tensor(), now));
        nest.stores().forEach(store -> touch(lives, store.tensor(), now));
      }
    }
    heldFrom.keySet().forEach(tensor -> touch(lives, tensor, heldFrom.get(tensor) - 1));
    heldToEnd.forEach(tensor -> touch(lives, tensor, moments.size()));
    assign(lives, predict);
  }

  private void touch(Map<String, Life> lives, Tensor tensor, int now) {
    if (tensor.isState()) {
      return;
    }
    Life life = lives.computeIfAbsent(tensor.name(), name -> new Life(tensor, rows(tensor), now));
    life.from = Math.min(life.from, now);
    life.to = Math.max(life.to, now);
  }

  private Rows rows(Tensor tensor) {
    if (layouts.apply(tensor) instanceof Layout.Formatted formatted) {
      Optional<Axis> per =
          MemoryFormat.leading(tensor) == 0
              ? Optional.empty()
              : Optional.of(MemoryFormat.leadingAxis(tensor));
      return new Rows(
          tensor.type(),
          0,
          0,
          formatted.format().length(),
          per,
          Optional.of(formatted.format()),
          tensor.dims());
    }
    if (layouts.apply(tensor) instanceof Layout.Rows layout) {
      int leading = product(tensor.dims().subList(0, layout.leading()));
      int length = product(tensor.dims().subList(layout.leading(), tensor.rank()));
      return tensor.isBatched()
          ? rows(tensor.type(), leading, 0, length)
          : rows(tensor.type(), 0, leading, length);
    }
    return rows(tensor.type(), 0, 0, product(tensor.dims()));
  }

  private static Rows rows(ElementType type, int perSample, int rows, int length) {
    return new Rows(type, perSample, rows, length, Optional.empty(), Optional.empty(), List.of());
  }

  private static int product(List<Integer> dims) {
    return dims.stream().filter(d -> d != Axis.BATCH).reduce(1, Math::multiplyExact);
  }

  private void assign(Map<String, Life> lives, boolean predict) {
    List<Life> ordered = new ArrayList<>(lives.values());
    ordered.sort(Comparator.comparingInt((Life life) -> life.from));
    Map<Rows, List<Integer>> shared = new HashMap<>();
    Map<Integer, Integer> busyUntil = new HashMap<>();
    for (Life life : ordered) {
      boolean fixedSize = life.rows.perSample() == 0 && life.rows.per().isEmpty();
      boolean alone = keptZero.test(life.tensor.name()) || fixedSize || borrowed.test(life.tensor);
      List<Integer> candidates =
          alone ? List.of() : shared.computeIfAbsent(life.rows, rows -> new ArrayList<>());
      Integer free =
          candidates.stream().filter(b -> busyUntil.get(b) < life.from).findFirst().orElse(null);
      if (free == null) {
        free = buffers.size();
        buffers.add(
            new Buffer(
                fieldName(life.tensor.name()),
                life.rows.type(),
                life.rows.perSample(),
                life.rows.rows(),
                life.rows.length(),
                life.rows.per(),
                borrowed.test(life.tensor),
                alone,
                predict,
                List.of()));
        if (!alone) {
          candidates.add(free);
        }
      }
      busyUntil.put(free, life.to);
      bufferOf.put(life.tensor.name(), free);
      Buffer old = buffers.get(free);
      List<Tensor> tenants = new ArrayList<>(old.tenants());
      tenants.add(life.tensor);
      buffers.set(
          free,
          new Buffer(
              old.name(),
              old.type(),
              old.rowsPerSample(),
              old.rows(),
              old.length(),
              old.per(),
              old.borrowed(),
              old.alone(),
              predict,
              tenants));
    }
  }

  private String fieldName(String tensor) {
    String base = CamelCase.of(tensor);
    String name = base;
    for (int i = 2; !fieldNames.add(name); i++) {
      name = base + i;
    }
    return name;
  }

  List<Buffer> buffers() {
    return List.copyOf(buffers);
  }

  /** The buffer that a tensor lives in. */
  Buffer of(Tensor tensor) {
    return buffers.get(bufferOf.get(tensor.name()));
  }
}
