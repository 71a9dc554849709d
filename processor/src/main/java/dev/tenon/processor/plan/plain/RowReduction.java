package dev.tenon.processor.plan.plain;

import dev.tenon.processor.code.CamelCase;
import dev.tenon.processor.ir.Accumulator;
import dev.tenon.processor.ir.Accumulator.Sum;
import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Exprs;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.rewrite.NestRewrite;
import dev.tenon.processor.plan.schedule.ScheduledNest.Loop;
import dev.tenon.processor.plan.schedule.ScheduledNest.Schedule;
import dev.tenon.processor.plan.schedule.Work;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plans sums down the columns of rows, such as the statistics of a batch norm over features: whole
 * rows are added to a row of sums, so that memory is read in order.
 */
final class RowReduction {
  private final Layouts layouts;

  RowReduction(Layouts layouts) {
    this.layouts = layouts;
  }

  Optional<List<Work>> plan(Nest nest) {
    if (nest.accumulators().isEmpty()
        || nest.reduction().isEmpty()
        || nest.parallel().isEmpty()
        || nest.parallel().stream().anyMatch(Axis::isBatch)
        || !nest.accumulators().stream().allMatch(a -> a.fold() instanceof Sum)) {
      return Optional.empty();
    }
    Axis lane = nest.parallel().get(nest.parallel().size() - 1);
    boolean alongRows =
        nest.loads().stream()
            .filter(load -> load.tensor().isBatched())
            .filter(load -> load.index().stream().anyMatch(i -> i.uses(nest.reduction().get(0))))
            .allMatch(
                load ->
                    layouts.isRowOfLastAxis(load.tensor())
                        && load.index().get(load.index().size() - 1).equals(Affine.of(lane)));
    return alongRows ? Optional.of(works(nest, lane)) : Optional.empty();
  }

  private List<Work> works(Nest nest, Axis lane) {
    Affine[] at = nest.parallel().stream().map(Affine::of).toArray(Affine[]::new);
    List<Integer> dims = nest.parallel().stream().map(Axis::extent).toList();
    Nest.Builder start =
        Nest.of(nest.layer(), nest.name() + "Start", "the sums start from their first value")
            .over(nest.parallel());
    Nest.Builder sums =
        Nest.of(nest.layer(), nest.name(), nest.summary())
            .over(nest.parallel())
            .reduce(nest.reduction());
    Map<String, Tensor> rows = new LinkedHashMap<>();
    Map<Expr, Tensor> fixed = new LinkedHashMap<>();
    for (Accumulator accumulator : nest.accumulators()) {
      Tensor row = own(nest, accumulator.name(), accumulator.init(), dims);
      rows.put(accumulator.name(), row);
      start.store(Store.set(row, accumulator.init(), at));
      Expr term = hoisted(nest, lane, ((Sum) accumulator.fold()).term(), dims, at, fixed);
      sums.store(Store.add(row, term, at));
    }
    fixed.forEach((expr, tensor) -> start.store(Store.set(tensor, expr, at)));
    Nest.Builder finish =
        Nest.of(nest.layer(), nest.name() + "Finish", "what follows from the finished sums")
            .over(nest.parallel());
    for (Store store : nest.stores()) {
      finish.store(
          new Store(
              store.tensor(),
              store.index(),
              NestRewrite.accumulators(store.value(), name -> Expr.load(rows.get(name), at)),
              store.mode()));
    }
    List<Loop> loops = new ArrayList<>();
    for (int i = 0; i < nest.reduction().size(); i++) {
      loops.add(
          i == nest.reduction().size() - 1
              ? Loop.unrolled(nest.reduction().get(i), DenseContraction.TILE_ROWS)
              : Loop.plain(nest.reduction().get(i)));
    }
    int tileFrom = loops.size();
    nest.parallel().forEach(axis -> loops.add(Loop.plain(axis)));
    Nest sum =
        sums.build()
            .withNamesOf(nest, v -> hoisted(nest, lane, v, dims, at, new LinkedHashMap<>(fixed)));
    Nest last =
        finish
            .build()
            .withNamesOf(
                nest, v -> NestRewrite.accumulators(v, name -> Expr.load(rows.get(name), at)));
    return List.of(
        Work.general(start.build().withNamesOf(nest, v -> v)),
        Work.scheduled(sum, new Schedule(loops, tileFrom, Integer.MAX_VALUE)),
        Work.general(last));
  }

  /** Computes what does not change along the reduction once, in front of it. */
  private static Expr hoisted(
      Nest nest, Axis lane, Expr expr, List<Integer> dims, Affine[] at, Map<Expr, Tensor> fixed) {
    boolean invariant =
        indices(expr).stream().noneMatch(i -> nest.reduction().stream().anyMatch(i::uses));
    boolean simple = expr instanceof Load || Exprs.children(expr).isEmpty();
    if (invariant && !simple && indices(expr).stream().anyMatch(i -> i.uses(lane))) {
      Tensor row =
          fixed.computeIfAbsent(
              expr, e -> own(nest, nest.names().getOrDefault(e, unnamed(fixed)), e, dims));
      return Expr.load(row, at);
    }
    if (expr instanceof Expr.Binary binary) {
      return new Expr.Binary(
          binary.op(),
          hoisted(nest, lane, binary.left(), dims, at, fixed),
          hoisted(nest, lane, binary.right(), dims, at, fixed));
    }
    return expr;
  }

  private static String unnamed(Map<Expr, Tensor> fixed) {
    return "fixed" + (fixed.isEmpty() ? "" : fixed.size() + 1);
  }

  private static List<Affine> indices(Expr expr) {
    List<Affine> all = new ArrayList<>();
    Exprs.mapIndices(
        expr,
        index -> {
          all.add(index);
          return index;
        });
    return all;
  }

  private static Tensor own(Nest nest, String name, Expr like, List<Integer> dims) {
    return new Tensor(
        nest.layer(), CamelCase.join(nest.name(), name), like.type(), Role.VALUE, dims);
  }
}
