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

/**
 * Programs that can leave images as users give them, channels first: those that only normalise,
 * activate and the like, element by element or channel by channel. Vectors then run along the
 * pixels of a channel, and nothing is copied on the way in and out. All spatial axes become one.
 */
final class ChannelsFirst {
  /** A program that cannot. */
  private static final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unfit() {
      super("reads its neighbours", null, false, false);
    }
  }

  private ChannelsFirst() {}

  /** The program over tensors of one spatial axis; empty if it needs its channels last. */
  static Optional<Program> of(Program program) {
    if (!program.ends().all().stream().allMatch(ChannelsFirst::isImage)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Program(
              flat(program.ends()),
              flat(program.forward()),
              flat(program.backward()),
              flat(program.predict())));
    } catch (Unfit unfit) {
      return Optional.empty();
    }
  }

  /** Whether it has pixels: a batched tensor of floats with whole vectors of them. */
  private static boolean isImage(Tensor tensor) {
    return tensor.isBatched()
        && tensor.rank() >= 3
        && tensor.type() == ElementType.FLOAT
        && tensor.role() == Role.VALUE
        && pixels(tensor) % MemoryFormat.LANES == 0;
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
    if (!tensor.isBatched() || tensor.rank() < 3) {
      return tensor;
    }
    if (!isImage(tensor)) {
      throw new Unfit();
    }
    return tensor.withDims(List.of(Axis.BATCH, tensor.dims().get(1), pixels(tensor)));
  }

  private static List<Step> flat(List<Step> steps) {
    return steps.stream()
        .map(step -> step.nest().map(nest -> step.withNest(flat(nest))).orElse(step))
        .toList();
  }

  private static Nest flat(Nest nest) {
    if (Contraction.is(nest) || !nest.lookups().isEmpty()) {
      throw new Unfit();
    }
    List<Axis> spatial = spatial(nest);
    if (spatial.isEmpty()) {
      return withTensors(nest, index -> index);
    }
    Axis pixel =
        new Axis(
            String.join("", spatial.stream().map(Axis::name).toList()),
            spatial.stream().mapToInt(Axis::extent).reduce(1, Math::multiplyExact));
    Map<Axis, Integer> pitch = new HashMap<>();
    int step = 1;
    for (int i = spatial.size() - 1; i >= 0; i--) {
      pitch.put(spatial.get(i), step);
      step *= spatial.get(i).extent();
    }
    Axis last = spatial.get(spatial.size() - 1);
    UnaryOperator<Affine> move =
        index -> {
          int unit = index.coefficient(last);
          for (Axis axis : spatial) {
            if (index.coefficient(axis) != unit * pitch.get(axis)) {
              throw new Unfit();
            }
          }
          return index
              .substitute(axis -> spatial.contains(axis) ? Affine.ZERO : Affine.of(axis))
              .plus(pixel, unit);
        };
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

  /** The axes over pixels, the same for all images of the nest, and all parallel or none. */
  private static List<Axis> spatial(Nest nest) {
    List<Axis> spatial = List.of();
    List<List<Affine>> indices = new ArrayList<>();
    nest.loads().stream()
        .filter(load -> load.tensor().isBatched() && load.tensor().rank() >= 3)
        .forEach(load -> indices.add(load.index()));
    nest.stores().stream()
        .filter(store -> store.tensor().isBatched() && store.tensor().rank() >= 3)
        .forEach(store -> indices.add(store.index()));
    for (List<Affine> index : indices) {
      List<Affine> place = index.subList(2, index.size());
      if (place.stream().allMatch(Affine.ZERO::equals)) {
        continue;
      }
      List<Axis> axes = new ArrayList<>();
      for (Affine at : place) {
        if (at.constant() != 0 || at.terms().size() != 1) {
          throw new Unfit();
        }
        axes.add(at.terms().firstKey());
      }
      if (!spatial.isEmpty() && !spatial.equals(axes)) {
        throw new Unfit();
      }
      spatial = axes;
    }
    boolean together =
        nest.parallel().containsAll(spatial) || nest.reduction().containsAll(spatial);
    if (!together) {
      throw new Unfit();
    }
    return spatial;
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
                if (load.outside() != Outside.NEVER) {
                  throw new Unfit();
                }
                return new Load(
                    flat(load.tensor()), index(load.tensor(), load.index(), move), load.outside());
              }
              return Exprs.children(node).isEmpty() ? Exprs.mapIndices(node, move) : node;
            });
    List<Store> stores = new ArrayList<>();
    for (Store store : values.stores()) {
      if (store.mode() != Store.Mode.SET) {
        throw new Unfit();
      }
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
    if (!tensor.isBatched() || tensor.rank() < 3) {
      return index.stream().map(move).toList();
    }
    Affine place =
        PhysicalNest.linear(
            tensor.dims().subList(2, tensor.rank()), index.subList(2, index.size()));
    return List.of(index.get(0), index.get(1), move.apply(place));
  }
}
