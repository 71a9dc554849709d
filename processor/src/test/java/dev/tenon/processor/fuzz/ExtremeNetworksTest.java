package dev.tenon.processor.fuzz;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Networks that nobody means, each of which once kept the compiler busy or made it fail. */
class ExtremeNetworksTest {
  @Test
  void aBillionBlocksAreOneError() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          // expect@"1000000000" [NetworkTooManyLayers] more than 2000 layers
          @Use(value = Step.class, repeat = 1000000000) java.util.List<Step> steps();
        }
        @Block interface Step { @ReLU Layer relu(); }
        """);
  }

  @Test
  void repeatsOfRepeatsAreCountedTogether() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @ReLU Layer first();
          // expect [NetworkTooManyLayers] @Use on c: with it the network has more than 2000 layers
          @Use(C.class) C c();
          @ReLU Layer last();
        }
        @Block interface A { @ReLU Layer relu(); }
        @Block interface B { @Use(value = A.class, repeat = 1000) java.util.List<A> a(); }
        @Block interface C { @Use(value = B.class, repeat = 1000) java.util.List<B> b(); }
        """);
  }

  @Test
  void fiveThousandLayersAreOneError() {
    String layers =
        IntStream.range(0, 5000)
            .mapToObj(i -> "@ReLU Layer relu" + i + "();")
            .collect(Collectors.joining("\n"));
    assertThat(CompilerHarness.compile("@Network(input = 4) interface Net {" + layers + "}"))
        .extracting(Compiled::onlyMessage)
        .asString()
        .startsWith("[NetworkTooManyLayers] @ReLU on relu2000: ");
  }

  @Test
  void everyLayerWrongIsAnErrorForEach() {
    String layers =
        IntStream.range(0, 1500)
            .mapToObj(i -> "@Conv2d(in = 99, out = 3, kernel = 1) Weighted conv" + i + "();")
            .collect(Collectors.joining("\n"));
    Compiled compiled =
        CompilerHarness.compile("@Network(input = {3, 8, 8}) interface Net {" + layers + "}");
    assertThat(compiled.diagnostics()).hasSize(1);
    assertThat(compiled.messages()).contains("[Conv2dChannels] @Conv2d on conv0: in = 99");
  }

  /** There are more ways through these joins than can be followed one by one. */
  @Test
  void aCycleIsFoundAmongCountlessWays() {
    String joins =
        IntStream.range(2, 60)
            .mapToObj(i -> "@From({\"j%d\", \"j%d\"}) @Add Layer j%d();".formatted(i - 1, i - 2, i))
            .collect(Collectors.joining("\n"));
    String source =
        """
        @Network(input = 4) interface Net {
          @ReLU Layer j0();
          @From({"j0", "END"}) @Add Layer j1();
          JOINS
          @From("START") @ReLU Layer last();
        }
        """
            .replace("JOINS", joins);
    assertThat(
            CompilerHarness.compile(source.replace("END", "last").replace("START", "j59"))
                .messages())
        .contains("[FromCycle] @Add on j1: reads last, which is made of its own output: j1 -> ")
        .contains(" -> last -> j1.");
    assertThat(
            CompilerHarness.compile(
                    source
                        .replace("END", "last")
                        .replace("START", "j0")
                        .replace("j59();", "end();"))
                .messages())
        .contains("[FromBelow] @Add on j1: reads last, which stands below it.");
  }

  @Test
  void ofManyNamesTheNearestAreListed() {
    String layers =
        IntStream.range(0, 100)
            .mapToObj(i -> "@ReLU Layer layer" + i + "();")
            .collect(Collectors.joining("\n"));
    assertThat(
            CompilerHarness.compile(
                    "@Network(input = 4) interface Net {"
                        + layers
                        + "@From(\"somethingElse\") @ReLU Layer last(); }")
                .onlyMessage())
        .endsWith(
            "Above are 92 others, layer92, layer93, layer94, layer95, layer96, layer97, layer98,"
                + " layer99.");
  }

  @Test
  void aNumberInANameMayBeLarge() {
    assertThat(
            CompilerHarness.compile(
                    """
                    @Block interface Step { @Linear(out = 4) Weighted fc(); }
                    @Network(input = 4)
                    interface Net {
                      @Name("steps.99999999999")
                      @Use(value = Step.class, repeat = 2) java.util.List<Step> steps();
                    }
                    """)
                .generated("test.NetModel"))
        .contains("steps.99999999999.fc", "steps.100000000000.fc");
  }

  @Test
  void aSizeOfABlockMayComeToMoreThanAnIntHolds() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          @Use(value = Wide.class, sizes = 2000000000) Wide wide();
        }
        @Block interface Wide {
          int OUT = Block.FIRST;
          // expect@"* OUT" [BlockSize] out comes to 8000000000 with the sizes that a use gives
          @Linear(out = 4 * OUT) Weighted fc();
        }
        """,
        """
        @Network(input = 4)
        interface Negative {
          // expect@"-2147483648" [LinearRange] out must be at least 1, but is -2147483648.
          @Linear(out = -2147483648) Weighted fc();
        }
        """);
  }

  @Test
  void anAnnotationOnSomethingElseIsJavacsAffair() {
    for (String source :
        new String[] {
          "class Holder { @Network(input = 4) int field; @Network(input = 4) void method() {} }",
          "class Holder { @ReLU int field; void method(@Linear(out = 3) int parameter) {} }",
          "@interface Holder { @ReLU int value(); }",
          "class Holder { @ReLU Holder() {} }",
          "record Holder(@ReLU int component) {}",
          "enum Holder { @ReLU CONSTANT }",
          "interface Holder<@ReLU T> { <@Network(input = 4) U> void method(); }",
        }) {
      Compiled compiled = CompilerHarness.compile(source);
      assertThat(compiled.succeeded()).as(source).isFalse();
      assertThat(compiled.messages()).as(source).doesNotContain("InternalError", "Exception");
    }
  }

  /** Kernels are not written out place by place when they are this large. */
  @Test
  void aLargeKernelIsNotMuchSource() {
    Compiled compiled =
        CompilerHarness.compile(
            """
            @Network(input = {3, 200, 200})
            interface Net {
              @Conv2d(out = 2, kernel = 100, bias = false) Weighted conv();
              @Conv2d(out = 2, kernel = 3, stride = 33) Weighted strided();
            }
            """);
    assertThat(compiled.messages()).isEmpty();
    assertThat(compiled.generated("test.NetKernels").length()).isLessThan(100_000);
  }
}
