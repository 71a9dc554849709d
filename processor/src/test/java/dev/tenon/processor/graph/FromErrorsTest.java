package dev.tenon.processor.graph;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What is said about the way in which layers read each other. */
final class FromErrorsTest {
  @Test
  void aNameThatNoLayerHas() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @Linear(out = 4) Weighted hidden();
          @ReLU Layer relu1();
          // expect@""hiden"" [FromUnknown] @Add on sum: @From names hiden, but there is no such layer. Did you mean hidden?
          @From({"relu1", "hiden"}) @Add Layer sum();
        }
        """);
  }

  @Test
  void aNameThatIsLikeNoOther() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @Linear(out = 4) Weighted hidden();
          @ReLU Layer relu1();
          // expect@""shortcut"" [FromUnknown] @From names shortcut, but there is no such layer. Above are hidden, relu1.
          @From("shortcut") @ReLU Layer relu2();
        }
        """);
  }

  @Test
  void theFirstLayerReadsTheInput() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          // expect [FromUnknown] there is no such layer. The first layer reads Network.INPUT.
          @From("x") @Linear(out = 4) Weighted hidden();
        }
        """);
  }

  @Test
  void aLayerThatStandsBelow() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @Linear(out = 4) Weighted first();
          // expect@""second"" [FromBelow] @Add on sum: reads second, which stands below it. Layers run in the order in which they stand: move second above sum.
          @From({"first", "second"}) @Add Layer sum();
          @From("first") @Linear(out = 4) Weighted second();
          @From({"sum", "second"}) @Multiply Layer product();
        }
        """);
  }

  @Test
  void aCycle() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @Linear(out = 4) Weighted first();
          // expect@""last"" [FromCycle] @Add on sum: reads last, which is made of its own output: sum -> second -> last -> sum. A layer reads layers above it, and no network has a cycle.
          @From({"first", "last"}) @Add Layer sum();
          @Linear(out = 4) Weighted second();
          @ReLU Layer last();
        }
        """);
  }

  @Test
  void aLayerThatReadsItself() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @Linear(out = 4) Weighted first();
          // expect@""sum"" [FromCycle] @Add on sum: reads itself. A layer reads
          @From({"first", "sum"}) @Add Layer sum();
        }
        """);
  }

  @Test
  void aJoinWithoutNames() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @Linear(out = 4) Weighted first();
          @ReLU Layer relu();
          // expect@"@Add" [FromCount] @Add on sum: joins two layers or more, but no @From names them. Write @From({"relu", "first"}), for example.
          @Add Layer sum();
        }
        """);
  }

  @Test
  void aJoinOfOne() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @Linear(out = 4) Weighted first();
          // expect@""first"" [FromCount] @Concat on both: joins two layers or more, but @From names one, first. Write @From({"first", "the input"}), for example.
          @From("first") @Concat Layer both();
        }
        """);
  }

  @Test
  void severalForALayerThatReadsOne() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @Linear(out = 4) Weighted first();
          @From(Network.INPUT) @Linear(out = 4) Weighted second();
          // expect@""second"" [FromCount] @ReLU on relu: reads one layer, but @From names 2. Join them first, with @Add, @Multiply or @Concat.
          @From({"first", "second"}) @ReLU Layer relu();
        }
        """);
  }

  @Test
  void noNames() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          // expect@"{}" [FromCount] @Linear on first: @From names no layer. Name one, or remove @From to read the layer above.
          @From({}) @Linear(out = 4) Weighted first();
          // expect@"{}" [FromCount] @Add on sum: @From names no layer. Name two or more.
          @From({}) @Add Layer sum();
        }
        """);
  }

  @Test
  void aLayerThatNobodyReads() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @Linear(out = 4) Weighted first();
          // expect@"@Linear" [LayerUnread] @Linear on dead: nobody reads it: relu below it reads first, and the network's output is relu. Name it in a @From, or remove it.
          @Linear(out = 7) Weighted dead();
          @From("first") @ReLU Layer relu();
        }
        """);
  }

  @Test
  void fromWithoutALayer() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @Linear(out = 4) Weighted first();
          // expect@"@From" [LayerAlone] @From on helper: says something about a layer, but here is none. Put it on an abstract method with a layer's annotation, or remove it.
          @From("first") default int helper() {
            return 1;
          }
        }
        """);
  }

  @Test
  void fromInATypeThatIsNoNetwork() {
    assertDiagnostics(
        """
        interface Net {
          // expect@"@From" [LayerWithoutNetwork] @From on first: a layer belongs to a network, but Net is none.
          @From("x") int first();
        }
        """);
  }

  /** A branch that is wrong does not hide what is wrong with the other one. */
  @Test
  void branchesAreCheckedApart() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect [BatchNorm2dChannels] channels = 4, but its input has 3 channels
          @BatchNorm2d(channels = 4) BatchNorm bn1();
          @ReLU Layer relu1();
          // expect [BatchNorm2dChannels] channels = 5, but its input has 3 channels
          @From(Network.INPUT) @BatchNorm2d(channels = 5) BatchNorm bn2();
          @From({"relu1", "bn2"}) @Add Layer sum();
        }
        """);
  }

  /** The trace follows what a layer reads, not what stands above it. */
  @Test
  void theTraceFollowsTheLayersThatAreRead() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          @Conv2d(out = 4, kernel = 3, padding = 1) Weighted conv1();
          @Conv2d(out = 6, kernel = 3, padding = 1) Weighted conv2();
          // expect@"5" [BatchNorm2dChannels] @BatchNorm2d on bn: channels = 5, but its input has 4 channels.
          //   input 3x8x8
          //   conv1 @Conv2d(out = 4, kernel = 3, padding = 1) -> 4x8x8
          //   > bn @BatchNorm2d(channels = 5) from conv1
          //   Set channels = 4 here, or out = 5 on conv1.
          @From("conv1") @BatchNorm2d(channels = 5) BatchNorm bn();
          @From({"conv2", "bn"}) @Concat Layer both();
        }
        """);
  }

  /** What would be wrong elsewhere is not proposed. */
  @Test
  void noChangeIsProposedThatWouldNotFitTheOtherReader() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          @Conv2d(out = 4, kernel = 3, padding = 1) Weighted conv1();
          @BatchNorm2d(channels = 4) BatchNorm bn1();
          // expect [BatchNorm2dChannels] channels = 5, but its input has 4 channels.
          //   input 3x8x8
          //   conv1 @Conv2d(out = 4, kernel = 3, padding = 1) -> 4x8x8
          //   > bn2 @BatchNorm2d(channels = 5) from conv1
          //   Set channels = 4 here.
          @From("conv1") @BatchNorm2d(channels = 5) BatchNorm bn2();
          @From({"bn1", "bn2"}) @Add Layer sum();
        }
        """);
  }

  /** A bias is pointless only if nothing but a batch norm reads it. */
  @Test
  void aBiasThatSomebodyElseReadsIsNotPointless() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          @Conv2d(out = 4, kernel = 3, padding = 1) Weighted conv1();
          @BatchNorm2d BatchNorm bn();
          @From({"bn", "conv1"}) @Add Layer sum();
        }
        """);
  }

  @Test
  void anEmptyNameIsNone() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @ReLU Layer relu();
          // expect [FromUnknown] @ReLU on last: a name in @From is empty. Above are relu.
          @From({""}) @ReLU Layer last();
        }
        """);
  }
}
