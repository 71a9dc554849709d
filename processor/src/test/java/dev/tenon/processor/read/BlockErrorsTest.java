package dev.tenon.processor.read;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What is said about blocks and their uses. */
final class BlockErrorsTest {
  private static final String BASIC =
      """
      @Block
      interface Basic {
        int OUT = Block.FIRST;
        int STRIDE = Block.SECOND;
        @Conv2d(out = OUT, kernel = 3, stride = STRIDE, padding = 1, bias = false) Weighted conv1();
        @BatchNorm2d BatchNorm bn1();
      }
      """;

  @Test
  void aTypeThatIsNoBlock() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"@Use" [UseValue] @Use on first: Comparable is no block. Put @Block on Comparable.
          @Use(Comparable.class) Layer first();
          @ReLU Layer relu();
        }
        """,
        """
        @Block
        abstract class Half {
          @ReLU abstract Layer relu();
        }
        """,
        """
        @Network(input = {3, 8, 8})
        interface OtherNet {
          // expect@"@Use" [UseValue] @Use on first: a block is an interface, but Half is a class. Write `interface Half`.
          @Use(Half.class) Half first();
        }
        """,
        """
        @Block
        interface Empty {}
        """,
        """
        @Network(input = {3, 8, 8})
        interface EmptyNet {
          // expect@"@Use" [UseValue] @Use on first: Empty has no layers. Declare them in the block.
          @Use(Empty.class) Empty first();
        }
        """);
  }

  @Test
  void sizesMustBeThoseOfTheBlock() {
    assertDiagnostics(
        BASIC,
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"{16}" [UseSizes] @Use on first: Basic has 2 sizes (OUT, STRIDE), but here is 1. Write a number for each, in this order.
          @Use(value = Basic.class, sizes = {16}) Basic first();
          // expect@"@Use" [UseSizes] @Use on second: Basic has 2 sizes (OUT, STRIDE), but here are 0.
          @Use(Basic.class) Basic second();
        }
        """);
  }

  @Test
  void repeatMustBePositive() {
    assertDiagnostics(
        BASIC,
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"0" [UseRepeat] @Use on first: repeat must be at least 1, but is 0.
          @Use(value = Basic.class, sizes = {16, 1}, repeat = 0) java.util.List<Basic> first();
        }
        """);
  }

  @Test
  void theMethodReturnsTheBlock() {
    assertDiagnostics(
        BASIC,
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect [UseReturnType] @Use on first: returns Layer, but the block is shown as Basic. Write `Basic first();`.
          @Use(value = Basic.class, sizes = {16, 1}) Layer first();
          // expect [UseReturnType] @Use on second: returns Basic, but 2 blocks are shown as List<Basic>. Write `List<Basic> second();`.
          @Use(value = Basic.class, sizes = {16, 1}, repeat = 2) Basic second();
          // expect [UseReturnType] @Use on third: returns List<Layer>, but the block is shown as Basic.
          @Use(value = Basic.class, sizes = {16, 1}) java.util.List<Layer> third();
        }
        """);
  }

  @Test
  void aBlockCannotUseItself() {
    assertDiagnostics(
        """
        @Block
        interface One {
          @Use(Two.class) Two two();
        }
        """,
        """
        @Block
        interface Two {
          @ReLU Layer relu();
          // expect@"@Use" [BlockCycle] @Use on one: a block cannot use itself: One -> Two -> One. Use another block here.
          @Use(One.class) One one();
        }
        """,
        """
        @Network(input = {3, 8, 8})
        interface Net {
          @Use(One.class) One one();
        }
        """);
  }

  @Test
  void aSizeThatThereIsNot() {
    assertDiagnostics(
        """
        @Block
        interface Odd {
          int OUT = Block.FIRST;
          int IN = Block.SECOND;
          // expect@".THIRD" [BlockSize] @Linear on first: out is made of a size that Odd does not have, or in a way that cannot be told. Use one of its sizes (OUT, IN), times or divided by a small number, or with a small number added.
          @Linear(out = Block.THIRD) Weighted first();
          // expect [BlockSize] @Linear on second: out is made of
          @Linear(out = OUT + IN) Weighted second();
        }
        """,
        """
        @Network(input = 4)
        interface Net {
          @Use(value = Odd.class, sizes = {3, 4}) Odd odd();
          // expect [BlockSize] @Linear on head: out is made of a block's size, but Net is a network. Write the number.
          @Linear(out = Block.FIRST) Weighted head();
        }
        """);
  }

  @Test
  void names() {
    assertDiagnostics(
        BASIC,
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@""layer 1"" [NamePath] @Name on first: "layer 1" is no name: it has parts of letters, digits and underscores with dots between them. Write "layer1.0", for example.
          @Name("layer 1") @ReLU Layer first();
          @Use(value = Basic.class, sizes = {16, 1}) Basic basic();
          // expect@""basic.bn1"" [NameTaken] @Name on second: there are two layers called basic.bn1. Give one of them another name with @Name.
          @Name("basic.bn1") @ReLU Layer second();
          // expect@""basic"" [NameTaken] @Name on third: basic and basic.bn1 cannot both be layers, as one holds the other. Give one of them another name with @Name.
          @Name("basic") @ReLU Layer third();
        }
        """);
  }

  /** However often the block is used. */
  @Test
  void aMistakeInABlockIsOneError() {
    assertDiagnostics(
        """
        @Block
        interface Wrong {
          int OUT = Block.FIRST;
          // expect@"0" [Conv2dRange] @Conv2d on layer1.0.conv: kernel must be at least 1, but is 0.
          @Conv2d(out = OUT, kernel = 0) Weighted conv();
          // expect [DropoutRange] @Dropout on layer1.0.drop: p must lie between 0 and 1, but is 2.0.
          @Dropout(p = 2) Layer drop();
        }
        """,
        """
        @Network(input = {3, 8, 8})
        interface Net {
          @Use(value = Wrong.class, sizes = 16, repeat = 3) java.util.List<Wrong> layer1();
          @Use(value = Wrong.class, sizes = 16) Wrong layer2();
        }
        """);
  }

  /** The numbers of the use, and the way through its layers. */
  @Test
  void shapesAreThoseOfTheUse() {
    assertDiagnostics(
        """
        @Block
        interface Sum {
          int OUT = Block.FIRST;
          @Conv2d(out = OUT, kernel = 3, padding = 1) Weighted conv();
          // expect [AddShapes] @Add on second.sum: second.conv gives 6x8x8 and first.sum gives 3x8x8, but its inputs must have one shape.
          //   input 3x8x8
          //   first.conv @Conv2d(out = 3, kernel = 3, padding = 1) -> 3x8x8
          //   first.sum @Add from first.conv, the input -> 3x8x8
          //   second.conv is
          //   second.conv @Conv2d(out = 6, kernel = 3, padding = 1) -> 6x8x8
          //   first.sum is above
          //   > second.sum @Add from second.conv, first.sum
          @From({"conv", Block.INPUT}) @Add Layer sum();
        }
        """,
        """
        @Network(input = {3, 8, 8})
        interface Net {
          @Use(value = Sum.class, sizes = 3) Sum first();
          @Use(value = Sum.class, sizes = 6) Sum second();
        }
        """);
  }

  @Test
  void aLayerAndABlockOnOneMethod() {
    assertDiagnostics(
        BASIC,
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"@ReLU" [LayerStacked] @ReLU on first: one method is one layer or one block, but here is @Use as well.
          @Use(value = Basic.class, sizes = {16, 1}) @ReLU Basic first();
        }
        """);
  }
}
