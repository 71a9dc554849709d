package dev.tenon.processor.plan.schedule;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * In which order the values of a tensor lie in one flat array. Vectors run along whatever lies
 * innermost, so images lie channels last, with a halo of zeros that takes the place of padding, and
 * weights lie in panels of {@link #LANES} output channels.
 *
 * @param parts the axes of memory, outermost first; the batch, if there is one, lies in front
 * @param before elements of halo before the first one, for each dimension of the tensor
 */
public record MemoryFormat(List<Part> parts, List<Integer> before) {
  /** Channels are padded to a multiple of this, the lanes of the widest vectors there are. */
  public static final int LANES = 16;

  /**
   * One axis of memory: {@code extent} groups of {@code step} elements of a dimension.
   *
   * @param dim number of the dimension in the tensor
   */
  public record Part(int dim, int step, int extent) {}

  public MemoryFormat {
    parts = List.copyOf(parts);
    before = List.copyOf(before);
  }

  /** The order of the dimensions. */
  public static MemoryFormat rowMajor(Tensor tensor) {
    return rowMajor(tensor.dims());
  }

  /** The same for these sizes. */
  static MemoryFormat rowMajor(List<Integer> dims) {
    List<Part> parts = new ArrayList<>();
    for (int d = !dims.isEmpty() && dims.get(0) < 0 ? 1 : 0; d < dims.size(); d++) {
      parts.add(new Part(d, 1, dims.get(d)));
    }
    return new MemoryFormat(parts, Collections.nCopies(dims.size(), 0));
  }

  /**
   * Channels last.
   *
   * @param before halo before each dimension
   * @param after halo behind each dimension
   * @param padded whether the channels are padded to whole vectors
   */
  public static MemoryFormat channelsLast(
      Tensor tensor, List<Integer> before, List<Integer> after, boolean padded) {
    List<Part> parts = new ArrayList<>();
    int channel = leading(tensor);
    for (int d = channel + 1; d < tensor.rank(); d++) {
      parts.add(new Part(d, 1, before.get(d) + tensor.dims().get(d) + after.get(d)));
    }
    int channels = tensor.dims().get(channel);
    parts.add(new Part(channel, 1, padded ? padded(channels) : channels));
    return new MemoryFormat(parts, before);
  }

  /** Panels of vectors along one dimension; the others in between, the first two of them last. */
  public static MemoryFormat panels(Tensor tensor, int dim) {
    int lead = leading(tensor);
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(dim, LANES, padded(tensor.dims().get(dim)) / LANES));
    for (int d = lead + 2; d < tensor.rank(); d++) {
      addUnless(parts, tensor, d, dim);
    }
    for (int d = lead; d < Math.min(lead + 2, tensor.rank()); d++) {
      addUnless(parts, tensor, d, dim);
    }
    parts.add(new Part(dim, 1, LANES));
    return new MemoryFormat(parts, none(tensor));
  }

  private static void addUnless(List<Part> parts, Tensor tensor, int d, int dim) {
    if (d != dim) {
      parts.add(new Part(d, 1, tensor.dims().get(d)));
    }
  }

  public static List<Integer> none(Tensor tensor) {
    return Collections.nCopies(tensor.rank(), 0);
  }

  /** 1 if the first dimension depends on the batch, else 0. */
  public static int leading(Tensor tensor) {
    return !tensor.dims().isEmpty() && tensor.dims().get(0) < 0 ? 1 : 0;
  }

  /** The axis over the first dimension of a tensor that depends on the batch. */
  public static Axis leadingAxis(Tensor tensor) {
    return new Axis("n", tensor.dims().get(0));
  }

  /** The next multiple of {@link #LANES}. */
  public static int padded(int size) {
    return Math.addExact(size, LANES - 1) / LANES * LANES;
  }

  /** Elements, of one sample if the tensor is batched. */
  public int length() {
    return parts.stream().mapToInt(Part::extent).reduce(1, Math::multiplyExact);
  }

  /** How many elements of a dimension there is room for. */
  public int room(int dim) {
    return parts.stream()
        .filter(part -> part.dim() == dim)
        .mapToInt(Part::extent)
        .reduce(1, Math::multiplyExact);
  }

  /** Whether a dimension has a halo. */
  boolean hasHalo() {
    return before.stream().anyMatch(b -> b > 0);
  }

  /** The size of the groups that a dimension is cut into, or 0. */
  public int groupsOf(int dim) {
    return parts.stream()
        .filter(part -> part.dim() == dim && part.step() > 1)
        .mapToInt(Part::step)
        .findFirst()
        .orElse(0);
  }

  /** Where an element lies; empty if the index cannot be cut into the parts. */
  public Optional<Affine> place(Tensor tensor, List<Affine> index) {
    Affine place = leading(tensor) == 1 ? index.get(0) : Affine.ZERO;
    for (Part part : parts) {
      Affine at = index.get(part.dim()).plus(before.get(part.dim()));
      Optional<Affine> component = component(at, part);
      if (component.isEmpty()) {
        return Optional.empty();
      }
      place = place.times(part.extent()).plus(component.get());
    }
    return Optional.of(place);
  }

  private Optional<Affine> component(Affine at, Part part) {
    int group = groupsOf(part.dim());
    if (group == 0) {
      return Optional.of(at);
    }
    Affine high = Affine.constant(Math.floorDiv(at.constant(), group));
    Affine low = Affine.constant(Math.floorMod(at.constant(), group));
    for (Map.Entry<Axis, Integer> term : at.terms().entrySet()) {
      if (term.getValue() % group == 0) {
        high = high.plus(term.getKey(), term.getValue() / group);
      } else {
        low = low.plus(term.getKey(), term.getValue());
      }
    }
    long most = low.constant();
    for (Map.Entry<Axis, Integer> term : low.terms().entrySet()) {
      if (term.getValue() < 0 || !term.getKey().isFixed()) {
        return Optional.empty();
      }
      most += (long) term.getValue() * (term.getKey().extent() - 1);
    }
    if (most >= group) {
      return Optional.empty();
    }
    return Optional.of(part.step() == 1 ? low : high);
  }

  @Override
  public String toString() {
    return parts.stream()
        .map(
            part ->
                part.step() == 1
                    ? "d" + part.dim() + "<" + part.extent()
                    : "d" + part.dim() + "/" + part.step() + "<" + part.extent())
        .collect(Collectors.joining(" "));
  }
}
