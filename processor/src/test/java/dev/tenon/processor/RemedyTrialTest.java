package dev.tenon.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a message suggests makes the network right, as a user would see who does it; and a change
 * that does not is not suggested.
 */
final class RemedyTrialTest {
  /** What is guessed of a vector whose layer says nothing of channels. */
  private static final String ONE_CHANNEL = " for (sequences|images|volumes) of one channel";

  /** A network with a mistake, what its message says, and the network as it says. */
  static List<Arguments> suggested() {
    return List.of(
        arguments(
            "@Network(input = 7) interface Net { @Linear(in = 5, out = 2) Weighted head(); }",
            "Set in = 7 here.",
            "@Network(input = 7) interface Net { @Linear(in = 7, out = 2) Weighted head(); }"),
        arguments(
            "@Network(input = {3, 8, 8}) interface Net {"
                + " @Conv2d(out = 32, kernel = 3, bias = false) Weighted conv();"
                + " @BatchNorm2d(channels = 16) BatchNorm bn(); }",
            "Set channels = 32 here, or out = 16 on conv.",
            "@Network(input = {3, 8, 8}) interface Net {"
                + " @Conv2d(out = 16, kernel = 3, bias = false) Weighted conv();"
                + " @BatchNorm2d(channels = 16) BatchNorm bn(); }"),
        arguments(
            "@Network(input = {3, 8, 8}) interface Net { @Linear(out = 10) Weighted head(); }",
            "Put @Flatten before it to work on all 192 values, or write in = 8 to work on the last"
                + " axis.",
            "@Network(input = {3, 8, 8}) interface Net {"
                + " @Flatten Layer flat(); @Linear(out = 10) Weighted head(); }"),
        arguments(
            "@Network(input = {3, 8, 8}) interface Net { @Linear(in = 192, out = 10) Weighted"
                + " head(); }",
            "Put @Flatten before it: it gives the 192 values of a sample as one axis.",
            "@Network(input = {3, 8, 8}) interface Net {"
                + " @Flatten Layer flat(); @Linear(in = 192, out = 10) Weighted head(); }"),
        arguments(
            "@Network(input = {3, 8, 8}) interface Net { @BatchNorm1d BatchNorm bn(); }",
            "Use @BatchNorm2d.",
            "@Network(input = {3, 8, 8}) interface Net { @BatchNorm2d BatchNorm bn(); }"),
        arguments(
            "@Network(input = {3, 8}) interface Net {"
                + " @Conv2d(out = 4, kernel = 3, padding = 1) Weighted conv(); }",
            "Use @Conv1d.",
            "@Network(input = {3, 8}) interface Net {"
                + " @Conv1d(out = 4, kernel = 3, padding = 1) Weighted conv(); }"),
        arguments(
            "@Network(input = 8) interface Net { @Conv2d(out = 4, kernel = 3) Weighted conv(); }",
            "  Use @Linear for vectors.",
            "@Network(input = 8) interface Net { @Linear(out = 4) Weighted conv(); }"),
        arguments(
            "@Network(input = 8) interface Net { @Dropout2d Layer drop();"
                + " @Linear(out = 2) Weighted head(); }",
            "Use @Dropout, which drops single elements.",
            "@Network(input = 8) interface Net { @Dropout Layer drop();"
                + " @Linear(out = 2) Weighted head(); }"),
        arguments(
            "@Network(input = 784) interface Net { @LayerNorm(shape = {28, 28}) Norm norm();"
                + " @Conv1d(out = 4, kernel = 3) Weighted conv(); }",
            "Set shape = 784 here, or put @Reshape({28, 28}) before it.",
            "@Network(input = 784) interface Net { @Reshape({28, 28}) Layer image();"
                + " @LayerNorm(shape = {28, 28}) Norm norm();"
                + " @Conv1d(out = 4, kernel = 3) Weighted conv(); }"),
        arguments(
            "@Network(features = Net.Digit.class) interface Net {"
                + " record Digit(@Size(784) float[] pixels) {}"
                + " @Conv2d(out = 4, kernel = 3) Weighted conv(); @ReLU Layer relu();"
                + " @MaxPool2d(kernel = 2) Layer pool(); }",
            "  Put @Reshape({1, 28, 28}) before it for images of one channel.",
            "@Network(features = Net.Digit.class) interface Net {"
                + " record Digit(@Size(784) float[] pixels) {} @Reshape({1, 28, 28}) Layer image();"
                + " @Conv2d(out = 4, kernel = 3) Weighted conv(); @ReLU Layer relu();"
                + " @MaxPool2d(kernel = 2) Layer pool(); }"),
        arguments(
            "@Network(input = {3, 8, 8}) interface Net {"
                + " @Flatten Layer flat(); @MaxPool2d(kernel = 2) Layer pool();"
                + " @Linear(out = 10) Weighted head(); }",
            "Put it before the layer that flattens.",
            "@Network(input = {3, 8, 8}) interface Net {"
                + " @MaxPool2d(kernel = 2) Layer pool(); @Flatten Layer flat();"
                + " @Linear(out = 10) Weighted head(); }"),
        arguments(
            "@Network(input = 8) interface Net {"
                + " @GlobalAvgPool Layer pool(); @Linear(out = 10) Weighted head(); }",
            "Leave it out: the input already has one value per channel.",
            "@Network(input = 8) interface Net { @Linear(out = 10) Weighted head(); }"),
        arguments(
            "@Network(input = 8) interface Net {"
                + " @BatchNorm1d(affine = false, bias = true) BatchNorm bn(); }",
            "Leave out bias, or affine = false.",
            "@Network(input = 8) interface Net { @BatchNorm1d(bias = true) BatchNorm bn(); }"),
        arguments(
            "@Network(input = 8) interface Net { @ReLU Layer relu1();"
                + " @From({\"rellu1\", Network.INPUT}) @Add Layer sum(); }",
            "Did you mean relu1?",
            "@Network(input = 8) interface Net { @ReLU Layer relu1();"
                + " @From({\"relu1\", Network.INPUT}) @Add Layer sum(); }"),
        arguments(
            "@Network(input = 8) interface Net { @ReLU Layer relu(); @Add Layer sum(); }",
            "Write @From({\"relu\", \"the input\"}), for example.",
            "@Network(input = 8) interface Net { @ReLU Layer relu();"
                + " @From({\"relu\", \"the input\"}) @Add Layer sum(); }"),
        arguments(
            "@Network(input = 8) interface Net { @ReLU Layer relu();"
                + " @From({\"relu\", \"tanh\"}) @Add Layer sum();"
                + " @From(\"the input\") @Tanh Layer tanh(); @From(\"sum\") @ReLU Layer out(); }",
            "Layers run in the order in which they stand: move tanh above sum.",
            "@Network(input = 8) interface Net { @ReLU Layer relu();"
                + " @From(\"the input\") @Tanh Layer tanh();"
                + " @From({\"relu\", \"tanh\"}) @Add Layer sum();"
                + " @From(\"sum\") @ReLU Layer out(); }"),
        arguments(
            "@Network(input = 8) interface Net { @ReLU Layer relu(); @Tanh Layer tanh();"
                + " @From(\"relu\") @Linear(out = 2) Weighted head(); }",
            "Name it in a @From, or remove it.",
            "@Network(input = 8) interface Net { @ReLU Layer relu();"
                + " @From(\"relu\") @Linear(out = 2) Weighted head(); }"),
        arguments(
            "@Network(input = {3, 8, 8}) interface Net { @MaxPool2d(kernel = {1, 2}) Layer pool();"
                + " @From({\"pool\", Network.INPUT}) @Concat Layer both(); }",
            "Set axis = 3, or make their sizes equal there.",
            "@Network(input = {3, 8, 8}) interface Net { @MaxPool2d(kernel = {1, 2}) Layer pool();"
                + " @From({\"pool\", Network.INPUT}) @Concat(axis = 3) Layer both(); }"),
        arguments(
            "@Network(input = {3, 8, 8}) interface Net { @GlobalAvgPool Layer pool();"
                + " @From({\"pool\", Network.INPUT}) @Concat Layer both(); }",
            "Flatten the one with more axes.",
            "@Network(input = {3, 8, 8}) interface Net { @GlobalAvgPool Layer pool();"
                + " @From(Network.INPUT) @Flatten Layer flat();"
                + " @From({\"pool\", \"flat\"}) @Concat Layer both(); }"),
        arguments(
            "@Network(input = 4, labels = Net.Kind.class) interface Net { enum Kind { A, B, C }"
                + " @Linear(out = 4) Weighted head(); }",
            "Set out = 3 here, or give Kind 4 constants.",
            "@Network(input = 4, labels = Net.Kind.class) interface Net { enum Kind { A, B, C }"
                + " @Linear(out = 3) Weighted head(); }"),
        arguments(
            "@Network(input = {3, 8, 8}, labels = Net.Kind.class) interface Net {"
                + " enum Kind { A, B, C } @ReLU Layer relu(); }",
            "Put @Flatten and @Linear(out = 3) behind it.",
            "@Network(input = {3, 8, 8}, labels = Net.Kind.class) interface Net {"
                + " enum Kind { A, B, C } @ReLU Layer relu();"
                + " @Flatten Layer flat(); @Linear(out = 3) Weighted head(); }"),
        arguments(
            "@Network(features = Net.Iris.class) interface Net {"
                + " record Iris(float a, float b, float c, float d) {}"
                + " @Linear(in = 5, out = 2) Weighted head(); }",
            "Set in = 4 here, or give Iris 5 values.",
            "@Network(features = Net.Iris.class) interface Net {"
                + " record Iris(float a, float b, float c, float d, float e) {}"
                + " @Linear(in = 5, out = 2) Weighted head(); }"),
        arguments(
            "@Network(input = 4, labels = Net.Kind.class) interface Net { enum Kind { A, B, C }"
                + " @Linear(out = 3) Weighted head(); @Softmax(axis = 1) Layer soft(); }",
            "Remove soft.",
            "@Network(input = 4, labels = Net.Kind.class) interface Net { enum Kind { A, B, C }"
                + " @Linear(out = 3) Weighted head(); }"),
        arguments(
            "@Network(input = 4) interface Net { @Linear(out = 3) Weighted head();"
                + " @Softmax(axis = 1) Layer soft(); }",
            "Remove soft, or make it a @LogSoftmax and train by negativeLogLikelihood().",
            "@Network(input = 4) interface Net { @Linear(out = 3) Weighted head();"
                + " @LogSoftmax(axis = 1) Layer soft(); }"),
        arguments(
            "@Network(input = 4) interface Net { @Dropout Layer drop(); @BatchNorm1d BatchNorm"
                + " bn(); @Linear(out = 3) Weighted head(); }",
            "Put drop behind bn.",
            "@Network(input = 4) interface Net { @BatchNorm1d BatchNorm bn(); @Dropout Layer"
                + " drop(); @Linear(out = 3) Weighted head(); }"),
        arguments(
            "@Network(input = 4) interface Net { @Linear(out = 8) Weighted fc1();"
                + " @Linear(out = 3) Weighted fc2(); }",
            "Put an activation, such as @ReLU, behind fc1, or remove it.",
            "@Network(input = 4) interface Net { @Linear(out = 8) Weighted fc1(); @ReLU Layer"
                + " relu(); @Linear(out = 3) Weighted fc2(); }"));
  }

  @ParameterizedTest
  @MethodSource("suggested")
  void whatIsSuggestedMakesTheNetworkRight(String wrong, String remedy, String right) {
    assertThat(message(wrong)).endsWith(remedy);
    Compiled done = CompilerHarness.compile(right);
    assertThat(done.diagnostics()).isEmpty();
  }

  /** A layer that works on axes, a vector, what the message says of it, and sizes that do. */
  static List<Arguments> ofVectors() {
    return List.of(
        arguments("@Conv1d(out = 4, kernel = 3) Weighted", 40, "{1, 40}", "{1, 40}", ONE_CHANNEL),
        arguments("@Conv1d(in = 8, out = 4, kernel = 3) Weighted", 40, "{8, 5}", "{8, 5}", ""),
        arguments(
            "@Conv2d(out = 4, kernel = 3) Weighted",
            784,
            "{1, 28, 28}",
            "{1, 28, 28}",
            ONE_CHANNEL),
        arguments(
            "@Conv2d(out = 4, kernel = 3) Weighted",
            3072,
            "{3, 32, 32}",
            "{3, 32, 32}",
            " for images of three channels"),
        arguments(
            "@Conv2d(in = 16, out = 4, kernel = 3) Weighted", 784, "{16, 7, 7}", "{16, 7, 7}", ""),
        arguments(
            "@Conv2d(in = 2, out = 4, kernel = 3) Weighted",
            40,
            "{2, height, width}",
            "{2, 4, 5}",
            ", with sizes whose product is 40"),
        arguments(
            "@Conv3d(out = 4, kernel = 3) Weighted",
            64,
            "{1, 4, 4, 4}",
            "{1, 4, 4, 4}",
            ONE_CHANNEL),
        arguments(
            "@ConvTranspose2d(in = 32, out = 4, kernel = 4) Weighted",
            1568,
            "{32, 7, 7}",
            "{32, 7, 7}",
            ""),
        arguments("@MaxPool1d(kernel = 2) Layer", 40, "{1, 40}", "{1, 40}", ONE_CHANNEL),
        arguments("@MaxPool2d(kernel = 2) Layer", 784, "{1, 28, 28}", "{1, 28, 28}", ONE_CHANNEL),
        arguments("@MaxPool3d(kernel = 2) Layer", 27, "{1, 3, 3, 3}", "{1, 3, 3, 3}", ONE_CHANNEL),
        arguments("@AvgPool1d(kernel = 2) Layer", 40, "{1, 40}", "{1, 40}", ONE_CHANNEL),
        arguments("@AvgPool2d(kernel = 2) Layer", 784, "{1, 28, 28}", "{1, 28, 28}", ONE_CHANNEL),
        arguments(
            "@AvgPool3d(kernel = 2) Layer",
            60,
            "{channels, depth, height, width}",
            "{1, 3, 4, 5}",
            ", with sizes whose product is 60"),
        arguments("@AdaptiveAvgPool1d(out = 2) Layer", 40, "{1, 40}", "{1, 40}", ONE_CHANNEL),
        arguments("@AdaptiveAvgPool2d(out = 2) Layer", 16, "{1, 4, 4}", "{1, 4, 4}", ONE_CHANNEL),
        arguments(
            "@AdaptiveAvgPool3d(out = 2) Layer", 27, "{1, 3, 3, 3}", "{1, 3, 3, 3}", ONE_CHANNEL),
        arguments("@BatchNorm2d BatchNorm", 784, "{1, 28, 28}", "{1, 28, 28}", ONE_CHANNEL),
        arguments("@BatchNorm2d(channels = 16) BatchNorm", 784, "{16, 7, 7}", "{16, 7, 7}", ""),
        arguments("@BatchNorm3d(channels = 2) BatchNorm", 16, "{2, 2, 2, 2}", "{2, 2, 2, 2}", ""),
        arguments("@InstanceNorm1d(channels = 8) InstanceNorm", 40, "{8, 5}", "{8, 5}", ""),
        arguments("@InstanceNorm2d InstanceNorm", 784, "{1, 28, 28}", "{1, 28, 28}", ONE_CHANNEL),
        arguments("@InstanceNorm3d InstanceNorm", 27, "{1, 3, 3, 3}", "{1, 3, 3, 3}", ONE_CHANNEL),
        arguments("@Dropout2d Layer", 784, "{1, 28, 28}", "{1, 28, 28}", ONE_CHANNEL),
        arguments("@Upsample(scale = 2) Layer", 784, "{1, 28, 28}", "{1, 28, 28}", ONE_CHANNEL));
  }

  @ParameterizedTest
  @MethodSource("ofVectors")
  void aVectorIsGivenItsAxes(String layer, int values, String written, String sizes, String more) {
    String network = "@Network(input = " + values + ") interface Net { %s" + layer + " l(); }";
    String message = message(network.formatted(""));
    Matcher says =
        Pattern.compile("(?s).*[pP]ut @Reshape\\((.*?)\\) before it([^.]*?)(, or use .*)?\\.")
            .matcher(message);
    assertThat(says.matches()).as(message).isTrue();
    assertThat(says.group(1)).isEqualTo(written);
    assertThat(says.group(2)).matches(more);
    Compiled done =
        CompilerHarness.compile(network.formatted("@Reshape(" + sizes + ") Layer axes(); "));
    assertThat(done.diagnostics()).isEmpty();
  }

  /** Where nothing else helps, the message says at least which layer makes axes. */
  @Test
  void theLayerThatMakesAxesIsNamedWhereItsSizesAreUnknown() {
    assertThat(
            message("@Network(input = 7) interface Net { @MaxPool2d(kernel = 2) Layer pool(); }"))
        .endsWith("  @Reshape makes several axes of one.");
    assertThat(
            message(
                "@Network(input = 7) interface Net {"
                    + " @Upsample(scale = {0.5, 2}) Layer up(); }"))
        .endsWith("  @Reshape makes several axes of one.");
  }

  /** A second mistake behind the first, which no change of the first would mend or make. */
  @Test
  void anotherMistakeBehindIsNoReasonNotToSuggest() {
    Compiled compiled =
        CompilerHarness.compile(
            """
            @Network(features = Net.Tree.class, labels = Net.Kind.class)
            interface Net {
              record Tree(float height, float girth) {}
              enum Kind { OAK, BEECH }
              @Linear(in = 3, out = 16) Weighted hidden();
              @ReLU Layer relu();
              @Linear(out = 3) Weighted head();
            }
            """);
    assertThat(compiled.onlyMessage()).endsWith("Set in = 2 here, or give Tree 3 values.");
  }

  /** A network with a mistake, and what would not mend it. */
  static Stream<Arguments> notSuggested() {
    return Stream.of(
        // Three groups do not divide eight channels.
        arguments(
            "@Network(input = {8, 8, 8}) interface Net {"
                + " @Conv2d(in = 6, out = 6, kernel = 3, groups = 3) Weighted conv(); }",
            "in = 8"),
        // Nor do they divide eight outputs.
        arguments(
            "@Network(input = {3, 8, 8}) interface Net {"
                + " @Conv2d(in = 3, out = 6, kernel = 3, groups = 3, bias = false) Weighted conv();"
                + " @BatchNorm2d(channels = 8) BatchNorm bn(); }",
            "out = 8"),
        // What stands behind works on images.
        arguments(
            "@Network(input = {3, 8, 8}) interface Net {"
                + " @Linear(out = 10) Weighted fc(); @MaxPool2d(kernel = 2) Layer pool(); }",
            "@Flatten before"),
        // What stands behind works on vectors.
        arguments(
            "@Network(input = {3, 8, 8}) interface Net { @Linear(out = 10) Weighted fc();"
                + " @Dropout Layer drop(); @Linear(in = 10, out = 10) Weighted fc2();"
                + " @BatchNorm1d BatchNorm bn(); @ReLU Layer relu(); }",
            "in = 8"),
        // Its channels are written, and are wrong as well.
        arguments(
            "@Network(input = {3, 8, 8}) interface Net {"
                + " @BatchNorm1d(features = 4) BatchNorm bn(); }",
            "BatchNorm2d."),
        // Nothing flattens.
        arguments(
            "@Network(input = 8) interface Net { @MaxPool2d(kernel = 2) Layer pool(); }",
            "flattens"),
        // Without it there would be no layer.
        arguments(
            "@Network(input = 8) interface Net { @GlobalAvgPool Layer pool(); }", "Leave it out"),
        // The kernel is too large for what is left.
        arguments(
            "@Network(input = {3, 2}) interface Net {"
                + " @Conv2d(out = 4, kernel = 3) Weighted conv(); }",
            "Conv1d."),
        // What stands behind wants what the stride gives.
        arguments(
            "@Network(input = {3, 8, 8}) interface Net {"
                + " @Conv2d(out = 4, kernel = 3, stride = 2, padding = Conv2d.SAME) Weighted conv();"
                + " @Flatten Layer flat(); @Linear(in = 64, out = 2) Weighted head(); }",
            "Leave out stride"),
        // A momentum that is out of range would be the next mistake.
        arguments(
            "@Network(input = 8) interface Net {"
                + " @BatchNorm1d(momentum = 2, cumulative = true) BatchNorm bn(); }",
            "or cumulative"),
        // The name is like one of another shape.
        arguments(
            "@Network(input = 8) interface Net { @Linear(out = 4) Weighted head1();"
                + " @ReLU Layer relu();"
                + " @From({\"head\", Network.INPUT}) @Add Layer sum(); }",
            "mean"),
        // The two layers above have different shapes.
        arguments(
            "@Network(input = 8) interface Net { @Linear(out = 4) Weighted a();"
                + " @ReLU Layer b(); @Linear(out = 2) Weighted c(); @Add Layer sum(); }",
            "Write"),
        // Above its reader, it would read what has another shape.
        arguments(
            "@Network(input = 8) interface Net { @Linear(out = 4) Weighted a();"
                + " @From({\"a\", \"c\"}) @Add Layer sum();"
                + " @From(\"a\") @Linear(out = 3) Weighted b(); @ReLU Layer c();"
                + " @From({\"b\", \"c\"}) @Add Layer out(); }",
            "move c"),
        // Then nobody reads the layer above it.
        arguments(
            "@Network(input = 8) interface Net { @ReLU Layer relu(); @Tanh Layer tanh();"
                + " @From(Network.INPUT) @Linear(out = 2) Weighted head(); }",
            "remove"),
        // Along the axis where they differ there is nothing to read on.
        arguments(
            "@Network(input = {3, 8, 8}) interface Net { @MaxPool2d(kernel = {1, 2}) Layer pool();"
                + " @From({\"pool\", Network.INPUT}) @Concat Layer both();"
                + " @BatchNorm2d BatchNorm bn(); @MaxPool2d(kernel = {8, 13}) Layer last(); }",
            "axis = 3"),
        // A record of five values is one too many for the other layer that reads it.
        arguments(
            "@Network(features = Net.Iris.class) interface Net {"
                + " record Iris(float a, float b, float c, float d) {}"
                + " @Linear(in = 5, out = 2) Weighted one();"
                + " @From(Network.INPUT) @Linear(in = 4, out = 2) Weighted two();"
                + " @From({\"one\", \"two\"}) @Add Layer sum(); }",
            "give Iris"),
        // What stands between says the size as well.
        arguments(
            "@Network(input = 4, labels = Net.Kind.class) interface Net { enum Kind { A, B, C }"
                + " @Linear(out = 4, bias = false) Weighted head();"
                + " @BatchNorm1d(features = 4) BatchNorm bn(); @ReLU Layer relu(); }",
            "out = 3 here"),
        // Another batch norm stands behind the first.
        arguments(
            "@Network(input = 4) interface Net { @Dropout Layer drop(); @BatchNorm1d BatchNorm"
                + " bn(); @ReLU Layer relu(); @BatchNorm1d BatchNorm bn2(); @ReLU Layer relu2(); }",
            "Put drop"));
  }

  @ParameterizedTest
  @MethodSource("notSuggested")
  void whatWouldNotIsNotSuggested(String wrong, String notSaid) {
    Compiled compiled = CompilerHarness.compile(wrong);
    assertThat(compiled.diagnostics()).isNotEmpty();
    assertThat(compiled.diagnostics())
        .allSatisfy(
            diagnostic -> assertThat(diagnostic.getMessage(Locale.ROOT)).doesNotContain(notSaid));
  }

  /** A layer of a block is changed at all of its uses. */
  @ParameterizedTest
  @MethodSource("usesOfABlock")
  void aBlockIsChangedWhereverItIsUsed(String second, String remedy) {
    String source =
        """
        @Network(input = 4)
        interface Net {
          @Use(Inner.class) Inner first();
          %s
          @Use(Inner.class) Inner second();

          @Block
          interface Inner {
            @BatchNorm1d(features = 5) BatchNorm bn();
          }
        }
        """
            .formatted(second);
    Matcher says =
        Pattern.compile("(?s).*bn: features = 5.*?(Set [^\\n]*)?").matcher(message(source));
    assertThat(says.matches()).isTrue();
    assertThat(says.group(1) == null ? "" : says.group(1)).isEqualTo(remedy);
  }

  static List<Arguments> usesOfABlock() {
    return List.of(
        arguments("@ReLU Layer relu();", "Set features = 4 here."),
        arguments("@Linear(out = 5) Weighted fc();", ""));
  }

  private static String message(String source) {
    return CompilerHarness.compile(source).onlyMessage();
  }
}
