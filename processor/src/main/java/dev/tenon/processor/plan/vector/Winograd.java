package dev.tenon.processor.plan.vector;

import dev.tenon.processor.ir.Affine;
import dev.tenon.processor.ir.Axis;
import dev.tenon.processor.ir.ElementType;
import dev.tenon.processor.ir.Expr;
import dev.tenon.processor.ir.Expr.Load;
import dev.tenon.processor.ir.Expr.Outside;
import dev.tenon.processor.ir.Exprs;
import dev.tenon.processor.ir.Nest;
import dev.tenon.processor.ir.Store;
import dev.tenon.processor.ir.Tensor;
import dev.tenon.processor.ir.Tensor.Role;
import dev.tenon.processor.plan.rewrite.Contraction;
import dev.tenon.processor.plan.rewrite.NestRewrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rewrites a convolution, whose kernel is 3 wide and does not skip pixels, as Winograd's F(4, 3)
 * along the rows of pixels: four neighbouring outputs take six multiplications for each channel and
 * row of the kernel where they would take twelve.
 *
 * <p>The outputs {@code y[j] = sum_s g[s] * d[j + s]} are the coefficients of a product of
 * polynomials, seen backwards. With {@code a = 3/4} and {@code b = 3/2}, and the values of
 * polynomials at the points 0, a, -a, b, -b and infinity,
 *
 * <pre>
 * u = G g:     u0 = g0 / (a^2 b^2)                v = B d: v0 = d4 - (a^2 + b^2) d2 + a^2 b^2 d0
 *     u1, u2 = (g0 +- a g1 + a^2 g2) / (2 a^2 (a^2 - b^2))  v1, v2 = d4 - b^2 d2 +- a (d3 - b^2 d1)
 *     u3, u4 = (g0 +- b g1 + b^2 g2) / (2 b^2 (b^2 - a^2))  v3, v4 = d4 - a^2 d2 +- b (d3 - a^2 d1)
 *     u5 = g2                                         v5 = d5 - (a^2 + b^2) d3 + a^2 b^2 d1
 *
 * m = sum over channels and rows of the kernel of u * v, for each of the six points
 *
 * y0 = m0 + (m1 + m2) + (m3 + m4)       y1 = a (m1 - m2) + b (m3 - m4)
 * y2 = a^2 (m1 + m2) + b^2 (m3 + m4)    y3 = a^3 (m1 - m2) + b^3 (m3 - m4) + m5
 * </pre>
 *
 * These points make for small errors and their powers are exact floats. The sums of products are
 * what {@link VectorScheduler} makes register tiles of: for each point, matrices as long as those
 * of the convolution itself. F(2x2, 3x3) in two dimensions would take 2.25 times fewer
 * multiplications instead of 2 times, but what it keeps in memory between the steps is four times
 * as large as the image, here it is one and a half times as large.
 */
public final class Winograd {
  /** Outputs of a tile. */
  static final int TILE = 4;

  /** Places of the kernel along a row. */
  static final int TAPS = 3;

  /** Sums for each tile, and pixels that a tile reads. */
  static final int POINTS = TILE + TAPS - 1;

  /**
   * How much larger than pixel times weight the intermediate values are that cancel in an output:
   * the largest element of {@code |A| |G| |B|}. For the points 0, +-1, +-2 it would be 10.7.
   */
  static final double ERROR_FACTOR = 6;

  static final double A = 0.75;
  static final double B = 1.5;
  static final double A2 = A * A;
  static final double B2 = B * B;

  /** One over the product of the differences between {@code a} and the other points. */
  static final double AT_A = 1 / (2 * A2 * (A2 - B2));

  /** The same for {@code b}. */
  static final double AT_B = 1 / (2 * B2 * (B2 - A2));

  /** The same for 0. */
  static final double AT_ZERO = 1 / (A2 * B2);

  /** Channels on either side from which on it is faster. */
  private static final int FEWEST_CHANNELS = 16;

  /** A convolution as this class wants it. */
  private record Convolution(
      Nest nest, Load image, Load weight, Axis place, Axis tap, boolean flipped) {
    Store store() {
      return nest.stores().get(0);
    }

    int width() {
      return place.extent();
    }

    /** Reduction axes besides the taps that are transformed, the channels first. */
    List<Axis> summed() {
      List<Axis> axes = new ArrayList<>(nest.reduction());
      axes.remove(tap);
      axes.remove(channel());
      axes.add(0, channel());
      return axes;
    }

    Axis channel() {
      return image.index().get(1).terms().firstKey();
    }

    /** The axis over the channels of the output. */
    Axis out() {
      return nest.parallel().stream().filter(axis -> uses(weight, axis)).findFirst().orElseThrow();
    }

    /** Where in the image tile 0 begins. */
    int first() {
      int constant = image.index().get(image.index().size() - 1).constant();
      return flipped ? constant - (TAPS - 1) : constant;
    }
  }

  private final Convolution conv;
  private final Nest nest;
  private final Axis point = new Axis("e", POINTS);
  private final Tensor weights;
  private final WinogradTiles tiles;
  private final Tensor products;

  private Winograd(Convolution conv) {
    this.conv = conv;
    this.nest = conv.nest();
    List<Axis> summed = conv.summed();
    List<Integer> dims = new ArrayList<>(List.of(conv.out().extent(), conv.channel().extent()));
    dims.add(POINTS);
    summed.subList(1, summed.size()).forEach(axis -> dims.add(axis.extent()));
    this.weights = tensor("Weights", dims);
    this.tiles = new WinogradTiles(nest, conv.image(), conv.first(), conv.width(), conv.channel());
    List<Integer> productDims = new ArrayList<>(conv.store().tensor().dims().subList(0, 2));
    productDims.add(POINTS);
    rows().forEach(axis -> productDims.add(axis.extent()));
    productDims.add(tiles.count());
    this.products = tensor("Products", productDims);
  }

  private Tensor tensor(String suffix, List<Integer> dims) {
    return new Tensor(nest.layer(), nest.name() + suffix, ElementType.FLOAT, Role.VALUE, dims);
  }

  /**
   * What replaces a convolution.
   *
   * @param weights the transformed weights; vectors run along its first dimension
   * @param nests in their order
   */
  public record Result(Tensor weights, List<Nest> nests) {}

  /** The nests that replace a convolution; empty for anything else, and where they are slower. */
  static Optional<Result> of(Nest nest) {
    return convolution(nest).filter(Winograd::isWorthIt).map(conv -> new Winograd(conv).result());
  }

  /** The same, faster or not. */
  public static Optional<Result> rewrite(Nest nest) {
    return convolution(nest).map(conv -> new Winograd(conv).result());
  }

  /**
   * Whether the products are worth the transforms around them. Measured on one core of a Zen 5 with
   * vectors of 16 lanes and JDK 17, in ms for 32 samples: forward, and a whole step, of which the
   * gradient of the weights is direct in any case. Copies of the user's tensors are included.
   *
   * <pre>
   * channels, pixels    forward: direct, tiles    step: direct, tiles
   * 16 to 16, 32x32              1.34    1.01           3.76    3.47
   * 32 to 32, 16x16              1.09    0.63           3.42    2.51
   * 32 to 32, 7x7                0.181   0.143          0.515   0.489
   * 32 to 32, 5x5                0.085   0.083          0.266   0.280
   * 64 to 64, 8x8                0.91    0.52           2.92    2.08
   * 64 to 64, 4x4                0.198   0.127          0.777   0.602
   * 128 to 128, 8x8              3.43    2.17           11.6    9.18
   * 16 to 32, 14x14              0.411   0.315          1.36    1.55
   * 32 to 8, 16x16               0.51    0.46           1.81    1.85
   * 8 to 32, 16x16               0.29    0.42           1.27    1.46
   * </pre>
   *
   * <p>A single sample of small images, such as 64 channels of 4x4 pixels, can take a third longer:
   * the weights are transformed for each call.
   */
  private static boolean isWorthIt(Convolution conv) {
    int tiles = (conv.width() + TILE - 1) / TILE;
    // Two tiles on five pixels would save a fifth only.
    boolean fills = conv.width() >= TILE && 10 * POINTS * tiles <= 7 * TAPS * conv.width();
    // With few channels what a tile wastes at the end of a row decides.
    int fewest = conv.width() % TILE == 0 ? FEWEST_CHANNELS : 2 * FEWEST_CHANNELS;
    return fills && conv.channel().extent() >= fewest && conv.out().extent() >= fewest;
  }

  /** Recognises {@code sum of image[n, c, ..., x +- s + constant] * weight[..., s]}. */
  private static Optional<Convolution> convolution(Nest nest) {
    Optional<Contraction> contraction = Contraction.of(nest);
    if (contraction.isEmpty()
        || contraction.get().store().mode() != Store.Mode.SET
        || contraction.get().store().tensor().type() != ElementType.FLOAT
        || nest.accumulators().get(0).type() != ElementType.FLOAT) {
      return Optional.empty();
    }
    Load left = contraction.get().left();
    Load right = contraction.get().right();
    Load weight = left.tensor().role() == Role.PARAMETER ? left : right;
    Load image = weight.equals(left) ? right : left;
    int rank = image.tensor().rank();
    if (weight.tensor().role() != Role.PARAMETER
        || !image.tensor().isBatched()
        || rank < 3
        || !isChannel(image.index().get(1), nest)
        || nest.parallel().stream().filter(axis -> uses(weight, axis)).count() != 1
        || nest.parallel().stream().anyMatch(axis -> uses(weight, axis) && uses(image, axis))) {
      return Optional.empty();
    }
    Affine along = image.index().get(rank - 1);
    List<Axis> places = along.terms().keySet().stream().filter(nest.parallel()::contains).toList();
    List<Axis> taps = along.terms().keySet().stream().filter(nest.reduction()::contains).toList();
    if (places.size() != 1 || taps.size() != 1 || along.terms().size() != 2) {
      return Optional.empty();
    }
    Axis place = places.get(0);
    Axis tap = taps.get(0);
    boolean fits =
        along.coefficient(place) == 1
            && Math.abs(along.coefficient(tap)) == 1
            && tap.extent() == TAPS
            && place.isFixed()
            && image.index().subList(0, rank - 1).stream().noneMatch(i -> i.uses(tap))
            && image.index().subList(0, rank - 1).stream().noneMatch(i -> i.uses(place))
            && nest.reduction().stream().allMatch(Axis::isFixed)
            && nest.reduction().stream().allMatch(axis -> uses(weight, axis));
    return fits
        ? Optional.of(new Convolution(nest, image, weight, place, tap, along.coefficient(tap) < 0))
        : Optional.empty();
  }

  private static boolean isChannel(Affine index, Nest nest) {
    return index.terms().size() == 1
        && index.equals(Affine.of(index.terms().firstKey()))
        && nest.reduction().contains(index.terms().firstKey());
  }

  private static boolean uses(Load load, Axis axis) {
    return load.index().stream().anyMatch(index -> index.uses(axis));
  }

  private Result result() {
    List<Nest> nests = new ArrayList<>();
    nests.add(weightsNest());
    tiles.parts().forEach(part -> nests.add(tiles.nest(part)));
    nests.add(productsNest());
    tiles.parts().forEach(part -> nests.add(outputNest(part)));
    return new Result(weights, nests);
  }

  // -------------------------------------------------------------------------------- transforms

  private Nest weightsNest() {
    List<Axis> over = new ArrayList<>(List.of(conv.out()));
    over.addAll(conv.summed());
    List<Expr> g = new ArrayList<>();
    for (int s = 0; s < TAPS; s++) {
      int at = conv.flipped() ? TAPS - 1 - s : s;
      g.add(
          Exprs.mapIndices(
              conv.weight(),
              index ->
                  index.substitute(
                      a -> a.equals(conv.tap()) ? Affine.constant(at) : Affine.of(a))));
    }
    Expr evenA =
        Expr.add(WinogradTiles.scaled(AT_A, g.get(0)), WinogradTiles.scaled(A2 * AT_A, g.get(2)));
    Expr oddA = WinogradTiles.scaled(A * AT_A, g.get(1));
    Expr evenB =
        Expr.add(WinogradTiles.scaled(AT_B, g.get(0)), WinogradTiles.scaled(B2 * AT_B, g.get(2)));
    Expr oddB = WinogradTiles.scaled(B * AT_B, g.get(1));
    List<Expr> u =
        List.of(
            WinogradTiles.scaled(AT_ZERO, g.get(0)),
            Expr.add(evenA, oddA),
            Expr.subtract(evenA, oddA),
            Expr.add(evenB, oddB),
            Expr.subtract(evenB, oddB),
            g.get(2));
    Nest.Builder builder =
        Nest.of(
                nest.layer(),
                nest.name() + "Weights",
                "the weight at the six points of Winograd's F(4, 3)")
            .over(over);
    for (int e = 0; e < POINTS; e++) {
      builder.store(new Store(weights, weightIndex(Affine.constant(e)), u.get(e), Store.Mode.SET));
    }
    return builder.build();
  }

  /** {@code [k, c, e, r...]}: points then lie outermost in the panels. */
  private List<Affine> weightIndex(Affine at) {
    List<Affine> index = new ArrayList<>(List.of(Affine.of(conv.out())));
    conv.summed().forEach(axis -> index.add(Affine.of(axis)));
    index.add(2, at);
    return index;
  }

  // -------------------------------------------------------------------------------------- sums

  /** The axes over the output besides batch, channels and the one that is cut into tiles. */
  private List<Axis> rows() {
    List<Affine> index = conv.store().index();
    return nest.parallel().stream()
        .filter(axis -> !axis.equals(conv.place()))
        .filter(axis -> index.subList(2, index.size()).stream().anyMatch(i -> i.uses(axis)))
        .toList();
  }

  private List<Affine> productIndex(Affine at, Affine tile) {
    List<Affine> index = new ArrayList<>(conv.store().index().subList(0, 2));
    index.add(at);
    rows().forEach(axis -> index.add(Affine.of(axis)));
    index.add(tile);
    return index;
  }

  private Nest productsNest() {
    WinogradTiles.Part all = tiles.all();
    List<Axis> over = over(all.axis());
    over.add(2, point);
    Load v = tiles.load(Affine.of(point), all.index());
    Load u = new Load(weights, weightIndex(Affine.of(point)), Outside.NEVER);
    return Nest.of(
            nest.layer(),
            nest.name() + "Products",
            nest.summary() + "\nby Winograd's F(4, 3): products at the six points")
        .over(over)
        .reduce(conv.summed())
        .sum("sum", Expr.constant(ElementType.FLOAT, 0), Expr.multiply(v, u))
        .store(
            new Store(
                products,
                productIndex(Affine.of(point), all.index()),
                new Expr.AccumulatorValue("sum", ElementType.FLOAT),
                Store.Mode.SET))
        .build();
  }

  private List<Axis> over(Optional<Axis> tile) {
    List<Axis> over = new ArrayList<>();
    nest.parallel()
        .forEach(
            axis ->
                over.addAll(axis.equals(conv.place()) ? tile.stream().toList() : List.of(axis)));
    return over;
  }

  private Nest outputNest(WinogradTiles.Part part) {
    Nest.Builder builder =
        Nest.of(
                nest.layer(),
                nest.name() + part.suffix(),
                nest.summary() + "\nby Winograd's F(4, 3): tiles of 4 from six products each")
            .over(over(part.axis()));
    List<Expr> m = new ArrayList<>();
    for (int e = 0; e < POINTS; e++) {
      m.add(new Load(products, productIndex(Affine.constant(e), part.index()), Outside.NEVER));
    }
    Expr plusA = Expr.add(m.get(1), m.get(2));
    Expr minusA = Expr.subtract(m.get(1), m.get(2));
    Expr plusB = Expr.add(m.get(3), m.get(4));
    Expr minusB = Expr.subtract(m.get(3), m.get(4));
    List<Expr> y =
        List.of(
            Expr.add(m.get(0), Expr.add(plusA, plusB)),
            Expr.add(WinogradTiles.scaled(A, minusA), WinogradTiles.scaled(B, minusB)),
            Expr.add(WinogradTiles.scaled(A2, plusA), WinogradTiles.scaled(B2, plusB)),
            Expr.add(
                Expr.add(
                    WinogradTiles.scaled(A2 * A, minusA), WinogradTiles.scaled(B2 * B, minusB)),
                m.get(5)));
    Expr init = nest.accumulators().get(0).init();
    boolean startsAtZero = init instanceof Expr.Constant constant && constant.value() == 0;
    for (int j = 0; j < part.outputs(); j++) {
      Affine place = part.index().times(TILE).plus(j);
      Expr sum = startsAtZero ? y.get(j) : Expr.add(y.get(j), init);
      Expr value =
          Exprs.mapIndices(
              NestRewrite.accumulators(conv.store().value(), name -> sum),
              index -> moved(index, place));
      builder.store(
          new Store(
              conv.store().tensor(),
              conv.store().index().stream().map(index -> moved(index, place)).toList(),
              value,
              Store.Mode.SET));
    }
    return builder.build();
  }

  private Affine moved(Affine index, Affine place) {
    return index.substitute(axis -> axis.equals(conv.place()) ? place : Affine.of(axis));
  }
}
