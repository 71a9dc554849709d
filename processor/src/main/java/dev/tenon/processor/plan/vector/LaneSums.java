package dev.tenon.processor.plan.vector;

import dev.tenon.processor.code.CamelCase;
import dev.tenon.processor.ir.Accumulator;
import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.rewrite.NestRewrite;
import dev.tenon.processor.plan.schedule.MemoryFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Sums along memory: each of the {@link MemoryFormat#LANES} places of a block has a sum of its own,
 * and these are added one after the other. The vector API can add the lanes of a vector, but leaves
 * the order open, so its sums have other bits in the interpreter than in compiled code; and a sum
 * for each place is the same however many lanes a vector has.
 */
final class LaneSums {
  private LaneSums() {}

  /**
   * The sums of each place, then the sums of those.
   *
   * @param along the axis that is summed along, of whole blocks
   */
  static List<Nest> of(Nest nest, Axis along) {
    Axis block =
        new Axis(CamelCase.join(along.name(), "block"), along.extent() / MemoryFormat.LANES);
    Axis place = new Axis("place", MemoryFormat.LANES);
    Nest split = NestRewrite.splitAxis(nest, along, block, place);

    List<Axis> parallel = new ArrayList<>(nest.parallel());
    // Channels first, as there may be one block of samples only to share among threads.
    parallel.sort(Comparator.comparingInt(axis -> axis.isFixed() ? 0 : 1));
    List<Axis> places = new ArrayList<>(nest.parallel());
    places.add(place);
    List<Axis> reduction = new ArrayList<>(split.reduction());
    reduction.remove(place);

    Nest.Builder each =
        Nest.of(
                nest.layer(),
                CamelCase.join(nest.name(), "places"),
                nest.summary() + "\nof each of " + MemoryFormat.LANES + " places")
            .over(places)
            .reduce(reduction);
    Nest.Builder total =
        Nest.of(nest.layer(), nest.name(), nest.summary() + "\nof all places, in their order")
            .over(parallel)
            .reduce(place);
    for (Accumulator accumulator : split.accumulators()) {
      Load sums = sums(nest, accumulator.name(), places);
      Expr zero = Expr.constant(ElementType.FLOAT, 0);
      each.sum(accumulator.name(), zero, ((Accumulator.Sum) accumulator.fold()).term());
      each.store(
          new Store(
              sums.tensor(),
              sums.index(),
              new Expr.AccumulatorValue(accumulator.name(), ElementType.FLOAT),
              Store.Mode.SET));
      total.sum(accumulator.name(), zero, sums);
    }
    nest.stores().forEach(total::store);
    return List.of(each.build(), total.build());
  }

  private static Load sums(Nest nest, String accumulator, List<Axis> places) {
    Tensor tensor =
        new Tensor(
            nest.layer(),
            CamelCase.join(CamelCase.join(nest.name(), "places"), accumulator),
            ElementType.FLOAT,
            Role.VALUE,
            places.stream().map(Axis::extent).toList());
    return new Load(tensor, places.stream().map(Affine::of).toList(), Expr.Outside.NEVER);
  }
}
