package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a block: layers without an input shape, which {@link Use} places into networks and other
 * blocks. It is written like a {@link Network}, as an interface.
 *
 * <pre>{@code
 * @Block
 * public interface BasicBlock {
 *   int OUT = Block.FIRST;
 *   int STRIDE = Block.SECOND;
 *
 *   @Conv2d(out = OUT, kernel = 3, stride = STRIDE, padding = 1, bias = false) Weighted conv1();
 *   @BatchNorm2d BatchNorm bn1();
 *   @ReLU Layer relu1();
 *   @Conv2d(out = OUT, kernel = 3, padding = 1, bias = false) Weighted conv2();
 *   @BatchNorm2d BatchNorm bn2();
 *   @From({"bn2", Block.INPUT}) @Add Layer sum();
 *   @ReLU Layer relu2();
 * }
 * }</pre>
 *
 * <p><b>Sizes</b> that follow from the input are left out as in a network. Others are constants of
 * the block, {@code int OUT = Block.FIRST;}: each use gives its own numbers, in this order. A size
 * stands wherever an annotation takes an {@code int}, also multiplied or divided by a number, or
 * with a small one added: {@code out = 4 * OUT}. Two sizes cannot be combined; give what they make
 * as a third.
 *
 * <p>The first layer reads the input of the block, as does whoever names {@link #INPUT}; the last
 * one is what the block gives. Names in a {@link From} are those of the block's own layers.
 *
 * <p><b>PyTorch equivalent:</b> an {@code nn.Module} that is used in others.
 *
 * <p><b>Compile-time errors:</b> are reported for a block where a network uses it, with the shapes
 * that flow there.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface Block {

  /** Names the input of the block in a {@link From}. */
  String INPUT = Network.INPUT;

  /** Stands for the first of the {@link Use#sizes}. */
  int FIRST = -16_789_504;

  /** Stands for the second of the {@link Use#sizes}. */
  int SECOND = -16_838_656;

  /** Stands for the third of the {@link Use#sizes}. */
  int THIRD = -16_928_768;

  /** Stands for the fourth of the {@link Use#sizes}. */
  int FOURTH = -17_027_072;

  /** Stands for the fifth of the {@link Use#sizes}. */
  int FIFTH = -17_248_256;

  /** Stands for the sixth of the {@link Use#sizes}. */
  int SIXTH = -17_281_024;

  /** Stands for the seventh of the {@link Use#sizes}. */
  int SEVENTH = -17_600_512;

  /** Stands for the eighth of the {@link Use#sizes}. */
  int EIGHTH = -18_116_608;
}
