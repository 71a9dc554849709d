package dev.tenon.processor.layers.norm;

import static dev.tenon.processor.ir.ElementType.DOUBLE;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Scalar;
import dev.tenon.processor.ir.HostScalar;
import dev.tenon.processor.layer.Lowering;
import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Which values of a tensor share a mean and a variance, and which share a learnt scale and shift.
 *
 * @param shape per-sample shape, channels first
 * @param axes axes over all values of a batch, the batch first
 * @param index where in the tensor the value at these axes lies
 * @param owners the axes that tell means apart; the other axes run over the values of one mean
 * @param learnt which scale and shift belong to the value at these axes
 * @param learntSizes the sizes of scale and shift
 */
public record Scope(
    Shape shape,
    List<Axis> axes,
    List<Affine> index,
    List<Axis> owners,
    List<Affine> learnt,
    List<Integer> learntSizes) {
  public Scope {
    axes = List.copyOf(axes);
    index = List.copyOf(index);
    owners = List.copyOf(owners);
    learnt = List.copyOf(learnt);
    learntSizes = List.copyOf(learntSizes);
  }

  /** One mean for each channel, over batch and space. */
  public static Scope ofBatch(Shape shape) {
    List<Axis> axes = Lowering.axes(shape);
    return perChannel(shape, axes, axes.subList(1, 2));
  }

  /** One mean for each channel of each sample, over space. */
  public static Scope ofInstance(Shape shape) {
    List<Axis> axes = Lowering.axes(shape);
    return perChannel(shape, axes, axes.subList(0, 2));
  }

  private static Scope perChannel(Shape shape, List<Axis> axes, List<Axis> owners) {
    return new Scope(
        shape,
        axes,
        indices(axes),
        owners,
        List.of(Affine.of(axes.get(1))),
        List.of(shape.channels()));
  }

  /** One mean for each group of channels of each sample; one scale for each channel. */
  public static Scope ofGroups(Shape shape, int groups) {
    int inGroup = shape.channels() / groups;
    Axis g = new Axis("g", groups);
    Axis k = new Axis("c", inGroup);
    List<Axis> axes = new ArrayList<>(Lowering.axes(shape));
    List<Affine> index = new ArrayList<>(indices(axes));
    Affine channel = Affine.of(k);
    axes.set(1, k);
    if (groups > 1) {
      axes.add(1, g);
      channel = channel.plus(g, inGroup);
    }
    index.set(1, channel);
    return new Scope(
        shape,
        axes,
        index,
        groups > 1 ? axes.subList(0, 2) : axes.subList(0, 1),
        List.of(channel),
        List.of(shape.channels()));
  }

  /** One mean for all values of the last axes; one scale for each of them. */
  public static Scope ofTrailing(Shape shape, int trailing) {
    List<Axis> axes = Lowering.axes(shape);
    int leading = axes.size() - trailing;
    List<Axis> last = axes.subList(leading, axes.size());
    return new Scope(
        shape,
        axes,
        indices(axes),
        axes.subList(0, leading),
        indices(last),
        last.stream().map(Axis::extent).toList());
  }

  private static List<Affine> indices(List<Axis> axes) {
    return axes.stream().map(Affine::of).toList();
  }

  /** The axes over the values of one mean. */
  List<Axis> values() {
    return axes.stream().filter(axis -> !owners.contains(axis)).toList();
  }

  /** The axes that tell scales apart. */
  List<Axis> learntAxes() {
    return axes.stream().filter(axis -> learnt.stream().anyMatch(part -> part.uses(axis))).toList();
  }

  /** Whether all values of one mean have the same scale. */
  boolean learntOncePerOwner() {
    return owners.containsAll(learntAxes());
  }

  /** Whether a mean belongs to one sample. */
  boolean isPerSample() {
    return owners.get(0).isBatch();
  }

  Integer[] ownerSizes() {
    return owners.stream().map(Axis::extent).toArray(Integer[]::new);
  }

  Affine[] place() {
    return index.toArray(Affine[]::new);
  }

  /** Where the first of the values of one mean lies. */
  Affine[] first() {
    return index.stream()
        .map(part -> part.substitute(axis -> owners.contains(axis) ? Affine.of(axis) : Affine.ZERO))
        .toArray(Affine[]::new);
  }

  /** Number of values of one mean at hand. */
  Expr count() {
    return valuesIn(HostScalar.BATCH);
  }

  /** Number of values of one mean in the whole batch, {@code M}. */
  Expr totalCount() {
    return valuesIn(HostScalar.TOTAL_BATCH);
  }

  /** Number of values of one mean that one sample brings. */
  int valuesPerSample() {
    // The number of values of the shape fits an int, so its parts do.
    return values().stream()
        .filter(axis -> !axis.isBatch())
        .mapToInt(Axis::extent)
        .reduce(1, Math::multiplyExact);
  }

  private Expr valuesIn(HostScalar samples) {
    Expr size = Expr.constant(DOUBLE, valuesPerSample());
    if (isPerSample()) {
      return size;
    }
    Expr batch = new Scalar(samples);
    return valuesPerSample() == 1 ? batch : Expr.multiply(batch, size);
  }
}
