package dev.tenon.processor.read;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is said about Java types at a network's ends. */
final class EndErrorsTest {
  private static final String IRIS =
      """
      record Iris(float sepalLength, float sepalWidth, float petalLength, float petalWidth) {}
      """;

  private static final String SPECIES =
      """
      enum Species { SETOSA, VERSICOLOR, VIRGINICA }
      """;

  @Test
  void featuresAreARecord() {
    assertDiagnostics(
        """
        // expect@".class" [FeaturesType] @Network on Net: features are a record, but String is a class.
        @Network(features = String.class)
        interface Net {
          @Linear(out = 2) Weighted head();
        }
        """,
        """
        // expect@".class" [FeaturesType] features are a record, but int is a primitive type.
        @Network(features = int.class)
        interface IntNet {
          @Linear(out = 2) Weighted head();
        }
        """,
        """
        // expect@".class" [FeaturesType] features are a record, but float[] is an array.
        @Network(features = float[].class)
        interface ArrayNet {
          @Linear(out = 2) Weighted head();
        }
        """,
        """
        record Pair<T>(int first, T second) {}
        """,
        """
        // expect@".class" [FeaturesType] Pair has type parameters, so what its values are depends on where it is used.
        @Network(features = Pair.class)
        interface PairNet {
          @Linear(out = 2) Weighted head();
        }
        """,
        """
        class Outer {
          private record Secret(int value) {}

          // expect@".class" [FeaturesType] the generated model cannot see Secret, because it is private.
          @Network(features = Secret.class)
          interface SecretNet {
            @Linear(out = 2) Weighted head();
          }
        }
        """);
  }

  @Test
  void labelsAreAnEnumABooleanOrARecord() {
    assertDiagnostics(
        """
        // expect@".class" [LabelsType] labels are an enum, a record or boolean, but String is a class. Write an enum
        @Network(input = 4, labels = String.class)
        interface Net {
          @Linear(out = 2) Weighted head();
        }
        """,
        """
        // expect@".class" [LabelsType] but Boolean is a class. Write `boolean.class`.
        @Network(input = 4, labels = Boolean.class)
        interface BooleanNet {
          @Linear(out = 1) Weighted head();
        }
        """,
        """
        enum Nothing {}
        """,
        """
        // expect@".class" [TypeEmpty] Nothing has no constants, so there is nothing to predict.
        @Network(input = 4, labels = Nothing.class)
        interface NothingNet {
          @Linear(out = 1) Weighted head();
        }
        """);
  }

  @Test
  void componentsAreValues() {
    assertDiagnostics(
        """
        enum Empty {}
        """,
        """
        package test;
        import java.util.List;
        import dev.tenon.annotations.*;

        record All(
            // expect@"name" [ComponentType] name of All: a component is a number, a boolean, an enum, a record, float[] or double[], but this is String. Make it one of these, or leave it out with @Ignore.
            String name,
            // expect@"boxed" [ComponentType] boxed of All: a component is a number, a boolean, an enum, a record, float[] or double[], but this is Integer. Write `int`;
            Integer boxed,
            // expect@"letter" [ComponentType] but this is char.
            char letter,
            // expect@"many" [ComponentType] but this is List
            List<Float> many,
            // expect@"counts" [ComponentType] counts of All: an array is float[] or double[], but the component is int[]. Write float[], with @Size.
            @Size(3) int[] counts,
            // expect@"matrix" [ComponentType] matrix of All: an array is float[] or double[], but the component is float[][]. Write one float[]
            @Size(3) float[][] matrix,
            // expect@"open" [ComponentSize] open of All: how many elements the float[] has is not known when the network is compiled. Write `@Size(n) float[] open`
            float[] open,
            // expect@"none" [ComponentSize] none of All: @Size must be at least 1, but is 0.
            @Size(0) double[] none,
            // expect@"age" [ComponentSize] age of All: @Size is for arrays, but the component is int. Remove @Size.
            @Size(2) int age,
            // expect@"empty" [TypeEmpty] empty of All: the enum Empty has no constants, so there is no value.
            Empty empty,
            // expect@"self" [ComponentType] self of All: the record holds itself, so its values have no end.
            All self) {}
        """,
        """
        @dev.tenon.annotations.Network(features = All.class)
        interface Net {
          @dev.tenon.annotations.Linear(out = 2) dev.tenon.runtime.layer.Weighted head();
        }
        """,
        // The same record once more: it is one mistake for both.
        """
        @dev.tenon.annotations.Network(features = All.class)
        interface OtherNet {
          @dev.tenon.annotations.Linear(out = 2) dev.tenon.runtime.layer.Weighted head();
        }
        """);
  }

  @Test
  void recordsHaveComponents() {
    assertDiagnostics(
        """
        // expect@"record" [TypeEmpty] Nothing: the record has no components, so there is no value in it.
        record Nothing() {}
        """,
        """
        @Network(features = Nothing.class)
        interface Net {
          @Linear(out = 2) Weighted head();
        }
        """,
        """
        // expect@"record" [TypeEmpty] Ignored: the record has no components that are not left out
        record Ignored(@Ignore String name) {}
        """,
        """
        @Network(features = Ignored.class)
        interface IgnoredNet {
          @Linear(out = 2) Weighted head();
        }
        """);
  }

  @Test
  void labelsAreNumbersOrBooleans() {
    assertDiagnostics(
        SPECIES,
        """
        // expect@"record" [LabelsMixed] Mixed: labels are numbers or booleans, but here are both; their losses differ.
        record Mixed(float price, boolean sold) {}
        """,
        """
        @Network(input = 4, labels = Mixed.class)
        interface Net {
          @Linear(out = 7) Weighted head();
        }
        """,
        """
        // expect@"species" [ComponentType] species of Holder: labels are a record of numbers or of booleans, but the component is the enum Species. Write `labels = Species.class`
        record Holder(Species species) {}
        """,
        """
        @Network(input = 4, labels = Holder.class)
        interface HolderNet {
          @Linear(out = 7) Weighted head();
        }
        """,
        """
        // expect@"name" [LabelsIgnore] name of Named: a prediction is a Named, so no component can be left out.
        record Named(float price, @Ignore String name) {}
        """,
        """
        @Network(input = 4, labels = Named.class)
        interface NamedNet {
          @Linear(out = 7) Weighted head();
        }
        """);
  }

  @Test
  void theInputIsSaidOnce() {
    assertDiagnostics(
        IRIS,
        """
        // expect@"4" [NetworkInputs] @Network on Net: features and input both say what the input is. Remove input
        @Network(input = 4, features = Iris.class)
        interface Net {
          @Linear(in = 9, out = 2) Weighted head();
        }
        """,
        """
        // expect@".class" [NetworkInputs] @Network on Second: features and inputFrom both say what the input is. Remove inputFrom
        @Network(inputFrom = Net.class, features = Iris.class)
        interface Second {
          @Linear(out = 2) Weighted head();
        }
        """,
        """
        // expect [NetworkInput] @Network on None: has no input.
        @Network
        interface None {
          @Linear(out = 2) Weighted head();
        }
        """);
  }

  @Test
  void onlyNumbersAreNormalised() {
    assertDiagnostics(
        """
        record Flags(boolean a, boolean b) {}
        """,
        """
        // expect@"true" [NetworkNormalize] @Network on Net: no component of Flags is a number, and nothing else is normalised.
        @Network(features = Flags.class, normalize = true)
        interface Net {
          @Linear(out = 2) Weighted head();
        }
        """,
        """
        // expect@"true" [NetworkNormalize] @Network on Tensors: numbers of a record are normalised, but there are no features.
        @Network(input = 4, normalize = true)
        interface Tensors {
          @Linear(out = 2) Weighted head();
        }
        """);
  }

  @Test
  void theFirstLayerTakesTheRecordsValues() {
    assertDiagnostics(
        IRIS,
        """
        @Network(features = Iris.class)
        interface Net {
          // expect@"5" [LinearIn] @Linear on hidden: in = 5, but its input has 4 features.
          //   input 4, the values of Iris
          //   > hidden @Linear(in = 5, out = 16)
          //   Set in = 4 here, or give Iris 5 values.
          @Linear(in = 5, out = 16) Weighted hidden();
          @Linear(out = 3) Weighted head();
        }
        """);
  }

  @Test
  void theOutputsAreThoseOfTheLabels() {
    assertDiagnostics(
        SPECIES,
        """
        @Network(input = 4, labels = Species.class)
        interface Net {
          // expect@"4" [LabelsShape] @Linear on head: the network gives 4 values, but Species has 3 constants, and each gets a score.
          //   input 4
          //   > head @Linear(out = 4)
          //   Set out = 3 here, or give Species 4 constants.
          @Linear(out = 4) Weighted head();
        }
        """,
        """
        @Network(input = {3, 8, 8}, labels = Species.class)
        interface Images {
          @Conv2d(out = 4, kernel = 3) Weighted conv();
          // expect@"@ReLU" [LabelsShape] @ReLU on relu: the network gives 4x6x6, but Species has 3 constants, and each gets a score.
          //   input 3x8x8
          //   conv @Conv2d(out = 4, kernel = 3) -> 4x6x6
          //   > relu @ReLU
          //   Put @Flatten and @Linear(out = 3) behind it.
          @ReLU Layer relu();
        }
        """,
        """
        record Tags(boolean a, boolean b) {}
        """,
        """
        @Network(input = 4, labels = Tags.class)
        interface TagNet {
          // expect@"3" [LabelsShape] @Linear on head: the network gives 3 values, but Tags has 2 booleans, and each gets a score.
          @Linear(out = 3) Weighted head();
          @ReLU Layer relu();
        }
        """,
        """
        record Price(float value) {}
        """,
        """
        @Network(input = 4, labels = Price.class)
        interface PriceNet {
          // expect@"@ReLU" [LabelsShape] @ReLU on relu: the network gives 4 values, but Price has 1 value.
          //   input 4
          //   > relu @ReLU
          //   Put @Linear(out = 1) behind it.
          @ReLU Layer relu();
        }
        """,
        """
        @Network(input = 4, labels = boolean.class)
        interface BooleanNet {
          // expect@"2" [LabelsShape] the network gives 2 values, but labels = boolean.class takes 1, the score of true.
          @Linear(out = 2) Weighted head();
        }
        """,
        // A change that would not lead to a network is not suggested.
        """
        @Network(input = 4, labels = boolean.class)
        interface Pinned {
          // expect@"2" [LabelsShape] Put @Linear(out = 1) behind it.
          @Linear(out = 2, bias = false) Weighted head();
          @BatchNorm1d(features = 2) BatchNorm bn();
        }
        """);
  }

  @Test
  void labelsTakeScores() {
    assertDiagnostics(
        SPECIES,
        """
        @Network(input = 4, labels = Species.class)
        interface Net {
          @Linear(out = 3) Weighted head();
          // expect@"@Softmax" [LabelsActivation] @Softmax on out: gives probabilities, but labels = Species.class takes scores
          @Softmax(axis = 1) Layer out();
        }
        """,
        """
        @Network(input = 4, labels = boolean.class)
        interface BooleanNet {
          @Linear(out = 1) Weighted head();
          // expect@"@Sigmoid" [LabelsActivation] @Sigmoid on out: gives probabilities, but labels = boolean.class takes scores
          @Sigmoid Layer out();
        }
        """);
  }

  /** What the model has of its own is in the way of the network's methods. */
  @Test
  void methodsOfTheModelAreTaken() {
    assertDiagnostics(
        IRIS,
        SPECIES,
        """
        @Network(features = Iris.class, labels = Species.class)
        interface Net {
          // expect [LayerName] the generated model has a method featureType() of its own.
          @Linear(out = 3) Weighted featureType();

          // expect [NetworkMethod] the generated model has a method predict(test.Iris) of its own, and here is another.
          default int predict(Iris iris) {
            return 0;
          }
        }
        """,
        // Without a record there is no such method.
        """
        @Network(input = 4)
        interface Other {
          @Linear(out = 3) Weighted featureType();

          default int predict(Iris iris) {
            return 0;
          }
        }
        """);
  }

  @Test
  void recordsWithinRecordsHaveAnEnd() {
    String deep =
        IntStream.range(0, 40)
            .mapToObj(i -> "record R" + i + "(R" + (i + 1) + " a, R" + (i + 1) + " b) {}\n")
            .collect(Collectors.joining("", "", "record R40(int value) {}\n"));
    assertDiagnostics(
        deep,
        """
        // expect@".class" [ComponentType] R0 has more than 10000 components, those of its records among them.
        @Network(features = R0.class)
        interface Net {
          @Linear(out = 2) Weighted head();
        }
        """,
        """
        record Long1(@Size(2147483647) float[] a, @Size(2) float[] b) {}
        """,
        """
        // expect@".class" [NetworkTooLarge] @Network on LongNet: Long1 has 2147483649 values
        @Network(features = Long1.class)
        interface LongNet {
          @Linear(out = 2) Weighted head();
        }
        """);
  }

  @Test
  void theModelUsesTheTypesByTheirNames() {
    Compiled compiled =
        CompilerHarness.compile(
            IRIS,
            SPECIES,
            """
            @Network(features = Iris.class, labels = Species.class)
            interface Net {
              @Linear(out = 3) Weighted head();
            }
            """);

    assertThat(compiled.messages()).isEmpty();
    assertThat(compiled.generated("test.NetModel"))
        .contains(
            "implements Net, SingleModel, TypedModel<Iris, Species, Classification<Species>, int[]>");
    assertThat(compiled.generated("test.NetEnds"))
        .contains(
            """
              private static void writeFeatures(Iris value, Row row) {
                row.number(value.sepalLength());
                row.number(value.sepalWidth());
                row.number(value.petalLength());
                row.number(value.petalWidth());
              }
            """);
  }

  /** With inputs and outputs that have names, types say what the only one of them is. */
  @Test
  void severalInputsAndOutputs() {
    assertDiagnostics(
        IRIS,
        SPECIES,
        """
        // expect@".class" [NetworkInputs] @Network on Net: features says what the only input is, but size declares one with a name of its own. Remove features
        @Network(features = Iris.class)
        interface Net {
          @Input(4) Layer size();
          @Linear(out = 2) Weighted head();
        }
        """,
        """
        // expect@".class" [LabelsOutputs] @Network on Two: labels say what the only output means, but there are 2: first, second.
        @Network(input = 4, labels = Species.class)
        interface Two {
          @Output @Linear(out = 3) Weighted first();
          @Output @Linear(out = 3) Weighted second();
        }
        """,
        """
        // expect@".class" [InputFromNetwork] @Network on After: the input is one output, but Right has 2: first, second. Declare an @Input for each
        @Network(inputFrom = Right.class)
        interface After {
          @Linear(out = 3) Weighted head();
        }
        """,
        """
        @Network(features = Iris.class)
        interface Right {
          @Output @Linear(out = 3) Weighted first();
          @Output @Linear(out = 3) Weighted second();
        }
        """,
        """
        @Network(labels = Species.class)
        interface Sum {
          @Input(4) Layer left();
          @Input(4) Layer right();
          @From({"left", "right"}) @Add Layer sum();
          @Output @Linear(out = 3) Weighted head();
        }
        """);
  }

  @Test
  void aTypeIsNamedAsItIsWritten() {
    assertDiagnostics(
        """
        @Network(features = Net.Sample.class)
        interface Net {
          record Sample(
              // expect [ComponentType] but this is List<Float>.
              java.util.List<Float> values) {}
          @Linear(out = 2) Weighted fc();
        }
        """);
  }
}
