package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes images larger (or smaller), by repeating pixels or by interpolating between them.
 *
 * <p>Along an axis of {@code I} elements that becomes one of {@code O}, {@code r} is {@code 1 /
 * scale} if a scale is given, and {@code I / O} if a size is. {@link Mode#NEAREST} gives {@code
 * y[i] = x[min(floor(i r), I - 1)]}. {@link Mode#BILINEAR} interpolates between the two neighbours
 * of {@code min(max((i + 1/2) r - 1/2, 0), I - 1)}, or, with {@link #alignCorners}, of {@code i (I
 * - 1) / (O - 1)}.
 *
 * <p><b>Shapes:</b> images, {@code [batch, channels, height, width]}; the output has the height and
 * width {@code floor(height * scale)}, {@code floor(width * scale)}, or {@link #size}. The layer
 * has no state; the method returns {@code Layer}.
 *
 * <p><b>PyTorch equivalent:</b> {@code torch.nn.Upsample}. Positions are computed in double
 * precision there and here, but for the nearest pixel PyTorch uses float32, which for some sizes
 * misses a whole number.
 *
 * <p><b>Compile-time errors:</b> neither {@link #scale} nor {@link #size}, or both; values that are
 * not positive; more than two; {@link #alignCorners} without interpolation; an input that is no
 * image; an empty or too large output.
 *
 * <pre>{@code
 * @Upsample(scale = 2, mode = Upsample.Mode.BILINEAR) Layer up();
 * }</pre>
 */
@Documented
// TYPE and FIELD too: javac would only reject a layer there; the processor explains the remedy.
@Target({ElementType.METHOD, ElementType.TYPE, ElementType.FIELD})
@Retention(RetentionPolicy.CLASS)
public @interface Upsample {

  /** How new pixels come from old ones. */
  enum Mode {
    /** Each is a copy of one. */
    NEAREST,
    /** Each is a weighted mean of four. */
    BILINEAR
  }

  /**
   * Factors of the sizes; PyTorch's {@code scale_factor}.
   *
   * @return one value for height and width, or {height, width}; empty by default
   */
  double[] scale() default {};

  /**
   * Sizes of the output.
   *
   * @return one value for height and width, or {height, width}; empty by default
   */
  int[] size() default {};

  /**
   * How new pixels come from old ones.
   *
   * @return {@link Mode#NEAREST} by default
   */
  Mode mode() default Mode.NEAREST;

  /**
   * Whether the centres of the corner pixels of input and output are the same points, rather than
   * their outer corners.
   *
   * @return false by default
   */
  boolean alignCorners() default false;
}
