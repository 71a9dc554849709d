package dev.tenon.processor.plan.vector;

import static dev.tenon.processor.plan.vector.Winograd.A;
import static dev.tenon.processor.plan.vector.Winograd.A2;
import static dev.tenon.processor.plan.vector.Winograd.B;
import static dev.tenon.processor.plan.vector.Winograd.B2;
import static dev.tenon.processor.plan.vector.Winograd.POINTS;
import static dev.tenon.processor.plan.vector.Winograd.TAPS;
import static dev.tenon.processor.plan.vector.Winograd.TILE;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.schedule.PhysicalNest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An image in tiles at the six points of {@link Winograd}: {@code [n, c, e, row..., tile]}.
 *
 * @param owner the nest that reads the image
 * @param image how it does: {@code [n, c, rows..., place + tap + constant]}
 * @param first the pixel that tile 0 begins with
 * @param width places of windows along a row
 * @param channel the axis over the channels of the image
 */
record WinogradTiles(Nest owner, Load image, int first, int width, Axis channel) {
  /**
   * Tiles with as many outputs each.
   *
   * @param axis over the tiles, if there are several
   */
  record Part(String suffix, Optional<Axis> axis, int firstTile, int outputs) {
    Affine index() {
      return axis.map(Affine::of).orElse(Affine.ZERO).plus(firstTile);
    }
  }

  int count() {
    return (width + TILE - 1) / TILE;
  }

  /** Whole tiles and what is left. */
  List<Part> parts() {
    int whole = width / TILE;
    List<Part> parts = new ArrayList<>();
    if (whole > 0) {
      parts.add(new Part("", axis(whole), 0, TILE));
    }
    if (width % TILE > 0) {
      parts.add(new Part("Rest", axis(1), whole, width % TILE));
    }
    return parts;
  }

  /** All tiles, where it does not matter how many outputs they have. */
  Part all() {
    return new Part("", axis(count()), 0, TILE);
  }

  private static Optional<Axis> axis(int extent) {
    return extent == 1 ? Optional.empty() : Optional.of(new Axis("t", extent));
  }

  Tensor tensor() {
    List<Integer> dims = new ArrayList<>(image.tensor().dims().subList(0, 2));
    dims.add(POINTS);
    rowAxes().forEach(axis -> dims.add(axis.extent()));
    dims.add(count());
    return new Tensor(owner.layer(), owner.name() + "Tiles", ElementType.FLOAT, Role.VALUE, dims);
  }

  /** What stands in the image's place at one of the points. */
  Load load(Affine point, Affine tile) {
    List<Affine> from = image.index();
    List<Affine> index = new ArrayList<>(from.subList(0, 2));
    index.add(point);
    for (Affine row : from.subList(2, from.size() - 1)) {
      index.add(row.plus((int) -PhysicalNest.minimum(row)));
    }
    index.add(tile);
    return new Load(tensor(), index, Outside.NEVER);
  }

  /** Axes over all that is read along the spatial dimensions but the last. */
  private List<Axis> rowAxes() {
    List<Affine> index = image.index();
    return IntStream.range(2, index.size() - 1)
        .mapToObj(d -> new Axis("q" + d, reach(index.get(d))))
        .toList();
  }

  private static int reach(Affine index) {
    return (int) (PhysicalNest.maximum(index) - PhysicalNest.minimum(index) + 1);
  }

  /** Fills the tiles. */
  Nest nest(Part part) {
    List<Affine> from = image.index();
    Axis batch = from.get(0).terms().firstKey();
    List<Axis> rows = rowAxes();
    List<Axis> over = new ArrayList<>(List.of(batch, channel));
    over.addAll(rows);
    part.axis().ifPresent(over::add);
    Expr[] d = new Expr[POINTS];
    for (int l = 0; l < part.outputs() + TAPS - 1; l++) {
      List<Affine> index = new ArrayList<>(from.subList(0, 2));
      for (int i = 0; i < rows.size(); i++) {
        index.add(Affine.of(rows.get(i)).plus((int) PhysicalNest.minimum(from.get(2 + i))));
      }
      index.add(part.index().times(TILE).plus(first + l));
      d[l] = new Load(image.tensor(), index, Outside.ZERO);
    }
    Expr evenA = sum(d[4], scaled(-B2, d[2]));
    Expr oddA = sum(scaled(A, d[3]), scaled(-A * B2, d[1]));
    Expr evenB = sum(d[4], scaled(-A2, d[2]));
    Expr oddB = sum(scaled(B, d[3]), scaled(-B * A2, d[1]));
    List<Expr> v = new ArrayList<>();
    v.add(sum(sum(d[4], scaled(-(A2 + B2), d[2])), scaled(A2 * B2, d[0])));
    v.add(sum(evenA, oddA));
    v.add(difference(evenA, oddA));
    v.add(sum(evenB, oddB));
    v.add(difference(evenB, oddB));
    v.add(sum(sum(d[5], scaled(-(A2 + B2), d[3])), scaled(A2 * B2, d[1])));
    Nest.Builder builder =
        Nest.of(
                owner.layer(),
                owner.name() + "Tiles" + part.suffix(),
                "tiles of " + image.tensor().name() + " at the six points of Winograd's F(4, 3)")
            .over(over);
    for (int e = 0; e < POINTS; e++) {
      List<Affine> index = new ArrayList<>(from.subList(0, 2));
      index.add(Affine.constant(e));
      rows.forEach(axis -> index.add(Affine.of(axis)));
      index.add(part.index());
      builder.store(new Store(tensor(), index, v.get(e), Store.Mode.SET));
    }
    return builder.build();
  }

  // ------------------------------------------------------------------- values that may be zero

  /** Null, here and below, stands for zero: a pixel that no output of the tile depends on. */
  static Expr scaled(double factor, Expr value) {
    return value == null ? null : Expr.multiply(Expr.constant(ElementType.FLOAT, factor), value);
  }

  static Expr sum(Expr left, Expr right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    return Expr.add(left, right);
  }

  static Expr difference(Expr left, Expr right) {
    if (left == null) {
      return scaled(-1, right);
    }
    return right == null ? left : Expr.subtract(left, right);
  }
}
