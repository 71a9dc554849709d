package dev.tenon.processor.plan.vector;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Exprs;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Program;
import dev.tenon.processor.ir.Step;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.rewrite.Contraction;
import dev.tenon.processor.plan.schedule.MemoryFormat;
import dev.tenon.processor.plan.schedule.PhysicalNest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Programs that can leave images as users give them, channels first: those that only normalise,
 * activate and the like, element by element or channel by channel. Vectors then run along the
 * pixels of a channel, and nothing is copied on the way in and out. All spatial axes become one.
 */
final class ChannelsFirst {
  private ChannelsFirst() {}

  /** The program over tensors of one spatial axis; empty if it needs its channels last. */
  static Optional<Program> of(Program program) {
    boolean fits =
        program.ends().all().stream().allMatch(ChannelsFirst::isImage)
            && Stream.of(program.forward(), program.backward(), program.predict())
                .flatMap(List::stream)
                .flatMap(step -> step.nest().stream())
                .allMatch(ChannelsFirst::fits);
    return fits
        ? Optional.of(
            new Program(
                flat(program.ends()),
                flat(program.forward()),
                flat(program.backward()),
                flat(program.predict())))
        : Optional.empty();
  }

  /** Whether a nest goes element by element or channel by channel, and nowhere else. */
  private static boolean fits(Nest nest) {
    Optional<List<Axis>> spatial = spatial(nest);
    return spatial.isPresent()
        && !Contraction.is(nest)
        && nest.lookups().isEmpty()
        && nest.tensors().stream().allMatch(t -> !hasPixels(t) || isImage(t))
        && nest.loads().stream().allMatch(load -> load.outside() == Outside.NEVER)
        && nest.stores().stream().allMatch(store -> store.mode() == Store.Mode.SET)
        && moved(nest).stream().allMatch(index -> runsThroughPixels(index, spatial.get()));
  }

  /** The indices in which one axis takes the place of the spatial ones. */
  private static List<Affine> moved(Nest nest) {
    List<Affine> moved = new ArrayList<>();
    UnaryOperator<Affine> note =
        index -> {
          moved.add(index);
          return index;
        };
    nest.loads().forEach(load -> index(load.tensor(), load.index(), note));
    nest.stores().forEach(store -> index(store.tensor(), store.index(), note));
    nest.withValues(
        node ->
            !(node instanceof Load) && Exprs.children(node).isEmpty()
                ? Exprs.mapIndices(node, note)
                : node);
    return moved;
  }

  /** Whether an index is the number of the pixel, some times, and something else. */
  private static boolean runsThroughPixels(Affine index, List<Axis> spatial) {
    Map<Axis, Integer> pitch = pitch(spatial);
    return spatial.isEmpty()
        || spatial.stream()
            .allMatch(axis -> index.coefficient(axis) == unit(index, spatial) * pitch.get(axis));
  }

  private static int unit(Affine index, List<Axis> spatial) {
    return index.coefficient(spatial.get(spatial.size() - 1));
  }

  /** For each axis, how many pixels one step along it goes. */
  private static Map<Axis, Integer> pitch(List<Axis> spatial) {
    Map<Axis, Integer> pitch = new HashMap<>();
    int step = 1;
    for (int i = spatial.size() - 1; i >= 0; i--) {
      pitch.put(spatial.get(i), step);
      step *= spatial.get(i).extent();
    }
    return pitch;
  }

  /** Whether it has pixels: a batched tensor of floats with whole vectors of them. */
  private static boolean isImage(Tensor tensor) {
    return tensor.isBatched()
        && tensor.rank() >= 3
        && tensor.type() == ElementType.FLOAT
        && tensor.role() == Role.VALUE
        && pixels(tensor) % MemoryFormat.LANES == 0;
  }

  private static boolean hasPixels(Tensor tensor) {
    return tensor.isBatched() && tensor.rank() >= 3;
  }

  private static int pixels(Tensor tensor) {
    return tensor.dims().subList(2, tensor.rank()).stream().reduce(1, Math::multiplyExact);
  }

  private static Program.Ends flat(Program.Ends ends) {
    return new Program.Ends(
        flatAll(ends.inputs()),
        flatAll(ends.outputs()),
        flatAll(ends.outputGradients()),
        flatAll(ends.inputGradients()),
        flatAll(ends.predictInputs()),
        flatAll(ends.predictOutputs()));
  }

  private static List<Tensor> flatAll(List<Tensor> tensors) {
    return tensors.stream().map(ChannelsFirst::flat).toList();
  }

  private static Tensor flat(Tensor tensor) {
    return hasPixels(tensor)
        ? tensor.withDims(List.of(Axis.BATCH, tensor.dims().get(1), pixels(tensor)))
        : tensor;
  }

  private static List<Step> flat(List<Step> steps) {
    return steps.stream()
        .map(step -> step.nest().map(nest -> step.withNest(flat(nest))).orElse(step))
        .toList();
  }

  private static Nest flat(Nest nest) {
    List<Axis> spatial = spatial(nest).orElseThrow();
    if (spatial.isEmpty()) {
      return withTensors(nest, index -> index);
    }
    Axis pixel =
        new Axis(
            String.join("", spatial.stream().map(Axis::name).toList()),
            spatial.stream().mapToInt(Axis::extent).reduce(1, Math::multiplyExact));
    UnaryOperator<Affine> move =
        index ->
            index
                .substitute(axis -> spatial.contains(axis) ? Affine.ZERO : Affine.of(axis))
                .plus(pixel, unit(index, spatial));
    Nest moved = withTensors(nest, move);
    return new Nest(
        nest.layer(),
        nest.name(),
        nest.summary(),
        replaced(nest.parallel(), spatial, pixel),
        replaced(nest.reduction(), spatial, pixel),
        moved.lookups(),
        moved.accumulators(),
        moved.stores());
  }

  /**
   * The axes over pixels, the same for all images of the nest, and all parallel or none; empty if
   * there are others.
   */
  private static Optional<List<Axis>> spatial(Nest nest) {
    List<Axis> spatial = List.of();
    List<List<Affine>> indices = new ArrayList<>();
    nest.loads().stream()
        .filter(load -> hasPixels(load.tensor()))
        .forEach(load -> indices.add(load.index()));
    nest.stores().stream()
        .filter(store -> hasPixels(store.tensor()))
        .forEach(store -> indices.add(store.index()));
    for (List<Affine> index : indices) {
      List<Affine> place = index.subList(2, index.size());
      if (place.stream().allMatch(Affine.ZERO::equals)) {
        continue;
      }
      List<Axis> axes = new ArrayList<>();
      for (Affine at : place) {
        if (at.constant() != 0 || at.terms().size() != 1) {
          return Optional.empty();
        }
        axes.add(at.terms().firstKey());
      }
      if (!spatial.isEmpty() && !spatial.equals(axes)) {
        return Optional.empty();
      }
      spatial = axes;
    }
    boolean together =
        nest.parallel().containsAll(spatial) || nest.reduction().containsAll(spatial);
    return together ? Optional.of(spatial) : Optional.empty();
  }

  private static List<Axis> replaced(List<Axis> axes, List<Axis> spatial, Axis pixel) {
    List<Axis> result = new ArrayList<>(axes);
    if (result.removeAll(spatial)) {
      result.add(pixel);
    }
    return result;
  }

  private static Nest withTensors(Nest nest, UnaryOperator<Affine> move) {
    Nest values =
        nest.withValues(
            node -> {
              if (node instanceof Load load) {
                return new Load(
                    flat(load.tensor()), index(load.tensor(), load.index(), move), load.outside());
              }
              return Exprs.children(node).isEmpty() ? Exprs.mapIndices(node, move) : node;
            });
    List<Store> stores = new ArrayList<>();
    for (Store store : values.stores()) {
      stores.add(
          new Store(
              flat(store.tensor()),
              index(store.tensor(), store.index(), move),
              store.value(),
              store.mode()));
    }
    return new Nest(
        nest.layer(),
        nest.name(),
        nest.summary(),
        nest.parallel(),
        nest.reduction(),
        values.lookups(),
        values.accumulators(),
        stores);
  }

  private static List<Affine> index(Tensor tensor, List<Affine> index, UnaryOperator<Affine> move) {
    if (!hasPixels(tensor)) {
      return index.stream().map(move).toList();
    }
    Affine place =
        PhysicalNest.linear(
            tensor.dims().subList(2, tensor.rank()), index.subList(2, index.size()));
    return List.of(index.get(0), index.get(1), move.apply(place));
  }
}
