package dev.tenon.annotations;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a network: one interface or abstract class, one abstract method without parameters per
 * layer. The annotation of a method says which layer it is; its name is the layer's name in
 * messages, in the generated code and in the state dictionary; source order is data order, each
 * layer reading the output of the one above it unless {@link From} names others. The last layer is
 * the network's output, unless {@link Output} says which are.
 *
 * <pre>{@code
 * @Network(input = {1, 8, 8})
 * public interface DigitsNet {
 *   @Conv2d(out = 16, kernel = 3, padding = 1, bias = false) Weighted conv();
 *   @BatchNorm2d BatchNorm bn();
 *   @ReLU Layer relu();
 *   @GlobalAvgPool Layer pool();
 *   @Linear(out = 10) Weighted head();
 * }
 * }</pre>
 *
 * <p>For {@code DigitsNet} the processor writes {@code DigitsNetModel} into the same package, a
 * final class that implements {@code DigitsNet}: the parameters and running statistics, the forward
 * and backward pass of training, the forward pass of evaluation and the state dictionary, all
 * compiled for these shapes. Nested types join their names with {@code _}: {@code Outer.Net} gives
 * {@code Outer_NetModel}.
 *
 * <p><b>The return type</b> of a method is the run-time view of the layer's state, in {@code
 * dev.tenon.runtime}: {@code Weighted} for {@link Linear} and the convolutions, {@code BatchNorm}
 * for the batch norms, {@code Layer} for layers without state.
 *
 * <p><b>Shapes.</b> {@link #input} is the shape of one sample. The size of a batch is a run-time
 * number and never written here. The shape after every layer follows from the one before it and is
 * computed and checked while the network is compiled.
 *
 * <p><b>Java types.</b> {@link #features} takes the place of {@link #input}: a record, whose
 * components are the values of a sample. {@link #labels} says what the outputs mean: an enum, a
 * boolean, or a record. With both, the model takes and gives these types ({@code
 * dev.tenon.runtime.typed.TypedModel}):
 *
 * <pre>{@code
 * record Iris(float sepalLength, float sepalWidth, float petalLength, float petalWidth) {}
 *
 * enum Species { SETOSA, VERSICOLOR, VIRGINICA }
 *
 * @Network(features = Iris.class, labels = Species.class)
 * interface IrisNet {
 *   @Linear(out = 16) Weighted hidden();
 *   @ReLU Layer relu();
 *   @Linear(out = 3) Weighted head();
 * }
 * }</pre>
 *
 * <p><b>Two networks.</b> {@link #inputFrom} names another network, whose output is this one's
 * input.
 *
 * <p><b>PyTorch equivalent:</b> an {@code nn.Sequential} with named members; with {@link From}, a
 * module with a {@code forward} method.
 *
 * <p><b>Compile-time errors:</b> a type that is neither an interface nor an abstract class; a
 * network without a layer; a layer method that has parameters, is not abstract, or returns another
 * type than its layer's; an abstract method without a layer; two layers on one method, or a layer
 * on the type itself (javac does not keep the order of such annotations); an {@link #input} without
 * axes or with a size below 1, or beside an {@link Input}, or neither; a shape with more elements
 * than an {@code int} can count; {@link #features}, {@link #labels} or another network that the
 * layers do not fit. All mistakes of a network are reported in one build, each one once, at the
 * value that is wrong.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.CLASS)
public @interface Network {

  /**
   * Names the network's input in a {@link From}, if it has no name of its own. No layer can have
   * this name.
   */
  String INPUT = "the input";

  /**
   * Shape of one sample, without the batch: {@code {features}}, {@code {channels, length}} or
   * {@code {channels, height, width}}. Every size is at least 1. Left out where {@link Input} and
   * {@link IndexInput} declare inputs with names of their own, and where {@link #features} or
   * {@link #inputFrom} says it.
   *
   * @return the sizes, outermost axis first; none by default
   */
  int[] input() default {};

  /**
   * A record that is the input. Its components, in their order, are the values of a sample: numbers
   * ({@code float}, {@code double}, {@code int}, {@code long}, {@code short}, {@code byte}) as they
   * are, a {@code boolean} as 1 or 0, an enum as one value for each constant (1 for the one that it
   * is, 0 for the others), {@code float[]} and {@code double[]} with {@link Size}, and other
   * records, whose values stand in their place. {@link Ignore} leaves a component out. The input's
   * shape is {@code [values]}.
   *
   * <p>A component that a {@link From} names is an input of its own and not in {@link #INPUT}: an
   * enum gives the number of its constant, for an {@link Embedding}, everything else its values, of
   * shape {@code [values]}. Components of records within the record have names with dots, such as
   * {@code "home.region"}; a layer of the same name goes first.
   *
   * @return a record; {@code void} by default, which is none
   */
  Class<?> features() default void.class;

  /**
   * What the outputs mean. An enum: one score for each constant, in the order of their declaration.
   * {@code boolean.class}: one score, whose sigmoid is the probability of true. A record of
   * booleans: one such score for each. A record of numbers (also of arrays with {@link Size}, and
   * of records): the values themselves. Scores are what {@code crossEntropy()} and {@code
   * binaryCrossEntropyWithLogits()} take, so no {@link Softmax} or {@link Sigmoid} stands at the
   * end.
   *
   * @return {@code void} by default, which says nothing
   */
  Class<?> labels() default void.class;

  /**
   * Whether numbers among the {@link #features} are normalised: each less the mean that it has in
   * the training set, divided by its standard deviation there. The state keeps both, as {@code
   * features.mean} and {@code features.std}; {@code fit} and {@code normalizeBy} set them. Booleans
   * and enums stay 0 or 1.
   *
   * <p>{@link #labels} that are a record of numbers are normalised as well, by {@code labels.mean}
   * and {@code labels.std}: the network learns them in standard deviations from their mean, and
   * predictions and errors are in their own units again. Where an activation is the last layer,
   * such as {@link Sigmoid}, its outputs are the labels as they are.
   *
   * @return false by default
   */
  boolean normalize() default false;

  /**
   * Another network, whose output is this one's input, such as the encoder of a decoder. Its output
   * shape is this network's input shape; an {@link #input} that is written as well must be the
   * same. The other network may come compiled, from a library.
   *
   * @return an interface or abstract class with {@link Network}; {@code void} by default, which is
   *     none
   */
  Class<?> inputFrom() default void.class;

  /**
   * Type of the numbers in data, parameters and gradients.
   *
   * @return {@link Precision#FLOAT32} by default
   */
  Precision precision() default Precision.FLOAT32;
}
