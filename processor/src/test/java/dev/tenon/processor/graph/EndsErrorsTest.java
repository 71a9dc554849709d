package dev.tenon.processor.graph;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What is said about inputs and outputs that are declared by name. */
final class EndsErrorsTest {
  @Test
  void anInputIsDeclaredOnce() {
    assertDiagnostics(
        """
        // expect@"4" [NetworkInput] @Network on Net: input is the shape of the only input, but numbers declares one with a name of its own. Remove input here, or the declared inputs.
        @Network(input = 4)
        interface Net {
          @Input(4) Layer numbers();
          @Linear(out = 4) Weighted hidden();
        }
        """);
  }

  @Test
  void thereIsAnInput() {
    assertDiagnostics(
        """
        // expect@"@Network" [NetworkInput] @Network on Net: has no input. Write the shape of one sample
        @Network
        interface Net {
          @Linear(out = 4) Weighted hidden();
        }
        """);
  }

  @Test
  void shapesOfInputs() {
    assertDiagnostics(
        """
        @Network
        interface Net {
          // expect@"{}" [NetworkInput] @Input on none: the shape has no axis, but needs at least 1.
          @Input({}) Layer none();
          // expect@"{3, 0}" [NetworkInput] @Input on zero: every size of the shape must be at least 1, but one is 0.
          @Input({3, 0}) Layer zero();
          // expect@"{1, 2, 3, 4}" [NetworkInput] @IndexInput on many: the shape has 4 axes, but can have at most 3.
          @IndexInput({1, 2, 3, 4}) Layer many();
          @From({"none", "zero"}) @Add Layer sum();
          @From("many") @ReLU Layer relu();
          @From({"sum", "relu"}) @Add Layer all();
        }
        """);
  }

  @Test
  void everyInputIsRead() {
    assertDiagnostics(
        """
        @Network
        interface Net {
          @Input(4) Layer numbers();
          // expect@"@Input" [InputUnread] @Input on more: no layer reads it. Name it in a @From, or remove it.
          @Input(4) Layer more();
          @From("numbers") @Linear(out = 4) Weighted hidden();
        }
        """);
  }

  @Test
  void namedInputsAreReadByName() {
    assertDiagnostics(
        """
        @Network
        interface Net {
          // expect@"@Linear" [FromUnknown] @Linear on first: reads what stands above it, but nothing does. Move an input above it, or name one in @From.
          @Linear(out = 4) Weighted first();
          @Input(4) Layer numbers();
          // expect@".INPUT" [FromUnknown] @Linear on second: @From names Network.INPUT, but the network's inputs have names of their own. Name one of them: numbers.
          @From(Network.INPUT) @Linear(out = 4) Weighted second();
          // expect@""number"" [FromUnknown] @Add on sum: @From names number, but there is no such layer. Did you mean numbers?
          @From({"number", "second"}) @Add Layer sum();
        }
        """);
  }

  @Test
  void whatIsRightBesidesAnInput() {
    assertDiagnostics(
        """
        @Network
        interface Net {
          // expect@"@ReLU" [LayerStacked] @ReLU on numbers: an input is no layer, and @Input is all that is said about it. Move one of them to a method of its own, or remove it.
          @Input(4) @ReLU Layer numbers();
          // expect@"weights" [LayerReturnType] @Input on weights: returns Weighted, but an input is shown as Layer. Write `Layer weights();`.
          @Input(4) Weighted weights();
          // expect@"predict" [LayerName] @Input on predict: the generated model has a method predict() of its own.
          @Input(4) Layer predict();
          @From({"numbers", "weights", "predict"}) @Add Layer sum();
        }
        """);
  }

  @Test
  void aBlockHasOneOfEach() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @Use(Inner.class) Inner inner();
        }
        @Block
        interface Inner {
          // expect@"@Input" [BlockEnds] @Input on numbers: a block has one input, which its first layer reads. Remove it; other layers of the block read its input as Block.INPUT.
          @Input(4) Layer numbers();
          // expect@"@Output" [BlockEnds] @Output on relu: a block has one output, its last layer. Remove @Output; a network may put it on the @Use of the block.
          @Output @ReLU Layer relu();
          @ReLU Layer second();
        }
        """);
  }

  @Test
  void indicesAreNoNumbers() {
    assertDiagnostics(
        """
        @Network
        interface Net {
          @IndexInput(4) Layer colours();
          // expect@"@Linear" [LayerIndices] @Linear on hidden: works on real numbers, but colours gives indices. Put an @Embedding between them, or declare colours with @Input.
          @Linear(out = 4) Weighted hidden();
        }
        """);
  }

  @Test
  void whatNoOutputIsMadeOf() {
    assertDiagnostics(
        """
        @Network
        interface Net {
          @Input(4) Layer numbers();
          @Output @Linear(out = 4) Weighted first();
          @Output @From("numbers") @Linear(out = 3) Weighted second();
          // expect@"@ReLU" [LayerUnread] @ReLU on dead: nobody reads it: the network's outputs are first, second. Name it in a @From, put @Output on it, or remove it.
          @ReLU Layer dead();
        }
        """);
  }

  @Test
  void shapesShowTheWayFromEachInput() {
    assertDiagnostics(
        """
        @Network
        interface Net {
          @Input({3, 8, 8}) Layer image();
          @GlobalAvgPool Layer pool();
          @Input(5) Layer numbers();
          // expect@""numbers"" [AddShapes] @Add on sum: pool gives 3 and numbers gives 5, but its inputs must have one shape.
          @From({"pool", "numbers"}) @Add Layer sum();
        }
        """);
  }

  @Test
  void methodsOfTheGeneratedModel() {
    assertDiagnostics(
        """
        @Network
        interface Net {
          @Input(4) Layer one();
          @Input(4) Layer two();
          @From({"one", "two"}) @Add Layer sum();
          // expect@"predict" [NetworkMethod] @Network on Net: the generated model has a method predict(dev.tenon.runtime.Tensor,dev.tenon.runtime.Tensor) of its own, and here is another. Give it another name.
          default Tensor predict(Tensor one, Tensor two) {
            return one;
          }
        }
        """);
  }
}
