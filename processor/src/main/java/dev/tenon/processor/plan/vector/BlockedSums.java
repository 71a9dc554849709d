package dev.tenon.processor.plan.vector;

import dev.tenon.processor.code.CamelCase;
import dev.tenon.processor.ir.Accumulator;
import dev.tenon.processor.ir.Accumulator.Sum;
import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Binary;
import dev.tenon.processor.ir.Expr.BinaryOp;
import dev.tenon.processor.ir.Expr.Cast;
import dev.tenon.processor.ir.Expr.Comparison;
import dev.tenon.processor.ir.Expr.Constant;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Expr.Select;
import dev.tenon.processor.ir.Expr.Unary;
import dev.tenon.processor.ir.Exprs;
import dev.tenon.processor.ir.HostScalar;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.rewrite.Contraction;
import dev.tenon.processor.plan.rewrite.NestRewrite;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Cuts a sum over a batch into sums over blocks, which vectors of floats do, and the sum of those,
 * in double precision. A block has at most {@link #MOST_VALUES} values, so what a float loses in it
 * stays below the rounding of the values themselves; which values form a block depends on the
 * shapes alone.
 *
 * <p>Sums of {@code d = x - shift} and of {@code d^2}, the moments of a batch normalisation, take
 * in each block its own first value for the shift: values far away from the others then cost
 * precision in their own block only. With the shift {@code s} of a block, its sums {@code a} and
 * {@code q} and its number of values {@code m}, and the shift {@code k} of the nest,
 *
 * <pre>
 * sum of (x - k)   = sum over blocks of  a + m * (s - k)
 * sum of (x - k)^2 = sum over blocks of  q + 2 * (s - k) * a + m * (s - k)^2
 * </pre>
 *
 * <p>Floats end at 3.4e38, which the square of 2e19 is beyond, and squares of less than 1e-22 are
 * 0. A sum that became infinite, or no number, shows in what is stored of it, and the last of the
 * nests then does the sum once more as the layer wrote it, in doubles, for the channels that have
 * such a sum. (A layer that asks for a sum in floats, as a convolution does of its bias's gradient,
 * gets what they give.) Products that are too small for floats are told by their sum, which is
 * small as well: then {@code NaN} is stored first. They matter only where nothing is added to the
 * variance that is as much larger as an {@code eps} usually is.
 */
public final class BlockedSums {
  /** Values that are summed in floats. */
  private static final int MOST_VALUES = 1024;

  /** Samples with fewer values than this are summed together. */
  private static final int FEWEST_VALUES = 16;

  /** Values of a block that holds several samples. */
  private static final int VALUES_OF_SAMPLES = 128;

  /** Values of a block when vectors run along the pixels: each lane sums a part of them. */
  private static final int VALUES_OF_LANES = 8192;

  /** What a product of floats is on average, at least, so that it keeps its precision. */
  private static final double SMALLEST_PRODUCT = 0x1p-100;

  private final Nest nest;

  /** Whether the layer asks for doubles. */
  private final boolean inDoubles;

  /** Whether products that vanish in floats matter. */
  private final boolean smallMatters;

  /** The axes that tell blocks apart: samples, or rows of samples, or groups of samples. */
  private final List<Axis> blocks;

  /** The axes inside of a block. */
  private final List<Axis> inside;

  private BlockedSums(Nest nest, boolean smallMatters, List<Axis> blocks, List<Axis> inside) {
    this.nest = nest;
    this.inDoubles = nest.accumulators().stream().allMatch(a -> a.type() == ElementType.DOUBLE);
    this.smallMatters = smallMatters && inDoubles;
    this.blocks = blocks;
    this.inside = inside;
  }

  /**
   * The nests that replace a sum over the batch; empty for anything else.
   *
   * @param smallMatters whether products that vanish in floats matter
   * @param channelsFirst whether vectors run along the pixels of a channel, and each lane sums its
   *     part
   */
  public static Optional<List<Nest>> of(Nest nest, boolean smallMatters, boolean channelsFirst) {
    boolean sums =
        !nest.accumulators().isEmpty()
            && nest.parallel().size() == 1
            && nest.parallel().get(0).isFixed()
            && nest.reduction().stream().anyMatch(Axis::isBatch)
            && nest.accumulators().stream().allMatch(a -> a.fold() instanceof Sum && isZero(a))
            && !Contraction.is(nest);
    if (!sums) {
      return Optional.empty();
    }
    List<Axis> others = nest.reduction().stream().filter(axis -> !axis.isBatch()).toList();
    Axis batch = nest.reduction().stream().filter(Axis::isBatch).findFirst().orElseThrow();
    long values = product(others);
    List<Axis> blocks = new ArrayList<>();
    List<Axis> inside = new ArrayList<>(others);
    if (channelsFirst && values > 1) {
      blocks.add(Axis.blocks((int) Math.max(1, VALUES_OF_LANES / values)));
      inside.add(0, batch);
      return new BlockedSums(nest, smallMatters, blocks, inside).nests();
    }
    if (values < FEWEST_VALUES) {
      blocks.add(Axis.blocks((int) ((VALUES_OF_SAMPLES + values - 1) / values)));
      inside.add(0, batch);
    } else {
      blocks.add(batch);
      while (product(inside) > MOST_VALUES && inside.size() > 1) {
        blocks.add(inside.remove(0));
      }
    }
    if (product(inside) > MOST_VALUES) {
      return Optional.empty();
    }
    return new BlockedSums(nest, smallMatters, blocks, inside).nests();
  }

  /** The same sums in floats; empty if they read doubles. */
  static Optional<Nest> inFloats(Nest nest) {
    Nest.Builder builder =
        Nest.of(nest.layer(), nest.name(), nest.summary())
            .over(nest.parallel())
            .reduce(nest.reduction());
    for (Accumulator accumulator : nest.accumulators()) {
      Optional<Expr> init = toFloat(accumulator.init());
      Optional<Expr> term =
          accumulator.fold() instanceof Sum sum ? toFloat(sum.term()) : Optional.empty();
      if (init.isEmpty() || term.isEmpty()) {
        return Optional.empty();
      }
      builder.sum(accumulator.name(), init.get(), term.get());
    }
    for (Store store : nest.stores()) {
      Expr value =
          store.value() instanceof Cast cast && cast.type() == ElementType.FLOAT
              ? cast.operand()
              : store.value();
      Optional<Expr> inFloats =
          toFloat(
              NestRewrite.accumulators(
                  value,
                  name ->
                      Expr.cast(
                          ElementType.DOUBLE, new Expr.AccumulatorValue(name, ElementType.FLOAT))));
      if (inFloats.isEmpty()) {
        return Optional.empty();
      }
      builder.store(new Store(store.tensor(), store.index(), inFloats.get(), store.mode()));
    }
    return Optional.of(builder.build());
  }

  private static boolean isZero(Accumulator accumulator) {
    return accumulator.init() instanceof Constant constant && constant.value() == 0;
  }

  private static long product(List<Axis> axes) {
    return axes.stream().filter(Axis::isFixed).mapToLong(Axis::extent).reduce(1, (a, b) -> a * b);
  }

  private Axis channel() {
    return nest.parallel().get(0);
  }

  private Optional<List<Nest>> nests() {
    Optional<Moments> moments = Moments.of(nest);
    List<Axis> over = new ArrayList<>(blocks);
    over.add(channel());
    Nest.Builder partial =
        Nest.of(nest.layer(), nest.name() + "Blocks", nest.summary() + "\nin blocks, in floats")
            .over(over)
            .reduce(inside);
    Nest.Builder total =
        Nest.of(nest.layer(), nest.name(), nest.summary() + "\nof all blocks, in doubles")
            .over(channel())
            .reduce(blocks);
    Map<String, Load> sums = new LinkedHashMap<>();
    for (Accumulator accumulator : nest.accumulators()) {
      sums.put(accumulator.name(), sum(accumulator.name(), over));
    }
    if (moments.isPresent()) {
      addMoments(partial, total, moments.get(), sums);
    } else {
      for (Accumulator accumulator : nest.accumulators()) {
        Optional<Expr> term = toFloat(((Sum) accumulator.fold()).term());
        if (term.isEmpty()) {
          return Optional.empty();
        }
        partial.sum(accumulator.name(), zero(ElementType.FLOAT), term.get());
        total.sum(accumulator.name(), zero(ElementType.DOUBLE), wide(sums.get(accumulator.name())));
      }
    }
    sums.forEach(
        (name, load) ->
            partial.store(
                new Store(
                    load.tensor(),
                    load.index(),
                    new Expr.AccumulatorValue(name, ElementType.FLOAT),
                    Store.Mode.SET)));
    for (Store store : nest.stores()) {
      total.store(
          new Store(
              store.tensor(),
              store.index(),
              unlessTooSmall(
                  NestRewrite.accumulators(
                      store.value(),
                      name ->
                          Expr.cast(
                              typeOf(name), new Expr.AccumulatorValue(name, ElementType.DOUBLE)))),
              store.mode()));
    }
    List<Nest> nests = new ArrayList<>(List.of(partial.build(), total.build()));
    if (inDoubles) {
      nests.add(repair(nest));
    }
    return Optional.of(nests);
  }

  /** The value, or NaN if a sum of products is so small that they lost their precision. */
  private Expr unlessTooSmall(Expr value) {
    Expr result = value;
    for (Accumulator accumulator : smallMatters ? nest.accumulators() : List.<Accumulator>of()) {
      if (((Sum) accumulator.fold()).term() instanceof Binary product
          && product.op() == BinaryOp.MULTIPLY) {
        Expr sum = new Expr.AccumulatorValue(accumulator.name(), ElementType.DOUBLE);
        Expr smallest =
            Expr.multiply(
                new Expr.Scalar(HostScalar.BATCH),
                Expr.constant(ElementType.DOUBLE, SMALLEST_PRODUCT * product(nest.reduction())));
        result =
            Expr.select(
                Comparison.LESS,
                Expr.max(sum, new Unary(Expr.UnaryOp.NEGATE, sum)),
                smallest,
                Expr.constant(value.type(), Double.NaN),
                result);
      }
    }
    return result;
  }

  /** The nest as the layer wrote it, where what others have stored for it is not finite. */
  static Nest repair(Nest nest) {
    Nest.Builder builder =
        Nest.of(
                nest.layer(),
                nest.name() + "Again",
                nest.summary() + "\nin doubles, where it is not finite")
            .over(nest.parallel())
            .reduce(nest.reduction());
    for (Accumulator accumulator : nest.accumulators()) {
      builder.sum(accumulator.name(), accumulator.init(), ((Sum) accumulator.fold()).term());
    }
    for (Store store : nest.stores()) {
      builder.store(new Store(store.tensor(), store.index(), store.value(), Store.Mode.REPAIR));
    }
    return builder.build();
  }

  private ElementType typeOf(String accumulator) {
    return nest.accumulators().stream()
        .filter(a -> a.name().equals(accumulator))
        .findFirst()
        .orElseThrow()
        .type();
  }

  /** The sums of a block. */
  private Load sum(String accumulator, List<Axis> over) {
    Tensor tensor =
        new Tensor(
            nest.layer(),
            CamelCase.join(nest.name(), accumulator),
            ElementType.FLOAT,
            Role.VALUE,
            over.stream().map(Axis::extent).toList());
    return new Load(tensor, over.stream().map(Affine::of).toList(), Expr.Outside.NEVER);
  }

  // -------------------------------------------------------------------------------- moments

  /** Sums of {@code x - shift} and of its square. */
  private record Moments(String sum, String squares, Load x, Expr shift) {
    static Optional<Moments> of(Nest nest) {
      if (nest.accumulators().size() != 2) {
        return Optional.empty();
      }
      Expr first = ((Sum) nest.accumulators().get(0).fold()).term();
      Expr second = ((Sum) nest.accumulators().get(1).fold()).term();
      if (first instanceof Binary difference
          && difference.op() == BinaryOp.SUBTRACT
          && difference.left() instanceof Cast cast
          && cast.operand() instanceof Load x
          && x.type() == ElementType.FLOAT
          && second instanceof Binary square
          && square.op() == BinaryOp.MULTIPLY
          && square.left().equals(first)
          && square.right().equals(first)
          && isInvariant(difference.right(), nest.reduction())) {
        return Optional.of(
            new Moments(
                nest.accumulators().get(0).name(),
                nest.accumulators().get(1).name(),
                x,
                difference.right()));
      }
      return Optional.empty();
    }

    private static boolean isInvariant(Expr expr, List<Axis> reduction) {
      if (expr instanceof Load load
          && load.index().stream().anyMatch(i -> reduction.stream().anyMatch(i::uses))) {
        return false;
      }
      return Exprs.children(expr).stream().allMatch(child -> isInvariant(child, reduction));
    }
  }

  private void addMoments(
      Nest.Builder partial, Nest.Builder total, Moments moments, Map<String, Load> sums) {
    Expr first = firstOfBlock(moments.x());
    Expr d = Expr.subtract(moments.x(), ifFinite(first));
    partial.sum(moments.sum(), zero(ElementType.FLOAT), d);
    partial.sum(moments.squares(), zero(ElementType.FLOAT), Expr.multiply(d, d));

    Expr count = count();
    Expr distance = Expr.subtract(wide(ifFinite(first)), moments.shift());
    Expr sum = wide(sums.get(moments.sum()));
    Expr moved = Expr.multiply(count, distance);
    total.sum(moments.sum(), zero(ElementType.DOUBLE), Expr.add(sum, moved));
    Expr twice = Expr.multiply(Expr.constant(ElementType.DOUBLE, 2), distance);
    total.sum(
        moments.squares(),
        zero(ElementType.DOUBLE),
        Expr.add(
            Expr.add(wide(sums.get(moments.squares())), Expr.multiply(twice, sum)),
            Expr.multiply(moved, distance)));
  }

  /** The first value of a block. */
  private Load firstOfBlock(Load x) {
    return new Load(
        x.tensor(),
        x.index().stream()
            .map(
                index ->
                    index.substitute(
                        axis -> {
                          if (!inside.contains(axis)) {
                            return Affine.of(axis);
                          }
                          return axis.isBatch()
                              ? Affine.of(blocks.get(0)).times(blocks.get(0).blockNumber())
                              : Affine.ZERO;
                        }))
            .toList(),
        x.outside());
  }

  /** The value if it is finite, else 0: both NaN - NaN and inf - inf are NaN. */
  private static Expr ifFinite(Expr value) {
    return Expr.select(
        Comparison.EQUAL,
        Expr.subtract(value, value),
        zero(ElementType.FLOAT),
        value,
        zero(ElementType.FLOAT));
  }

  /** Values in a block; the last group of samples may be smaller. */
  private Expr count() {
    Expr values = Expr.constant(ElementType.DOUBLE, (double) product(inside));
    Axis block = blocks.get(0);
    if (!block.isBlocks()) {
      return values;
    }
    Expr rest =
        Expr.subtract(
            new Expr.Scalar(HostScalar.BATCH),
            Expr.cast(
                ElementType.DOUBLE,
                new Expr.IndexValue(Affine.of(block).times(block.blockNumber()))));
    Expr samples = Expr.min(Expr.constant(ElementType.DOUBLE, block.blockNumber()), rest);
    return product(inside) == 1 ? samples : Expr.multiply(values, samples);
  }

  // ---------------------------------------------------------------------------------- parts

  /** The same in floats: casts to double dropped. Empty if it reads doubles. */
  private static Optional<Expr> toFloat(Expr expr) {
    if (expr.type() == ElementType.FLOAT) {
      return Optional.of(expr);
    }
    if (expr instanceof Cast cast && cast.operand().type() == ElementType.FLOAT) {
      return Optional.of(cast.operand());
    }
    if (expr instanceof Constant constant) {
      return Optional.of(Expr.constant(ElementType.FLOAT, constant.value()));
    }
    if (expr instanceof Unary unary) {
      return toFloat(unary.operand()).map(operand -> new Unary(unary.op(), operand));
    }
    if (expr instanceof Binary binary) {
      return toFloat(binary.left())
          .flatMap(
              left -> toFloat(binary.right()).map(right -> new Binary(binary.op(), left, right)));
    }
    if (expr instanceof Select select && select.left().type() != ElementType.DOUBLE) {
      return toFloat(select.whenTrue())
          .flatMap(
              yes ->
                  toFloat(select.whenFalse())
                      .map(no -> new Select(select.op(), select.left(), select.right(), yes, no)));
    }
    return Optional.empty();
  }

  private static Expr wide(Expr expr) {
    return Expr.cast(ElementType.DOUBLE, expr);
  }

  private static Expr zero(ElementType type) {
    return Expr.constant(type, 0);
  }
}
