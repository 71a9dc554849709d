package dev.tenon.processor.fuzz;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.model.SingleModel;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.tools.Diagnostic;
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

  @Test
  void recordsAndBlocksAreNestedAHundredDeep() {
    String records =
        "@Network(features = R0.class) interface Net { @Linear(out = 3) Weighted fc(); }\n"
            + chain(1500, "record R%d(R%d r) {}", "record R%d(float x) {}");
    assertThat(errors(CompilerHarness.compile(records)))
        .containsExactly(
            "[ComponentType] @Network on Net: records stand within records more than 100 deep: R0"
                + " holds R1, and so on to R100. Put the values into fewer records.");
    String blocks =
        "@Network(input = 3) interface Net { @Use(B0.class) B0 b(); }\n"
            + chain(
                1000,
                "@Block interface B%d { @Use(B%2$d.class) B%2$d b(); }",
                "@Block interface B%d { @ReLU Layer relu(); }");
    assertThat(errors(CompilerHarness.compile(blocks)))
        .containsExactly(
            "[UseValue] @Use on b: blocks stand within blocks more than 100 deep: B0 uses B1, and"
                + " so on to B100. Put the layers into fewer blocks.");
    String deep =
        "@Network(features = R0.class) interface Net { @Linear(out = 3) Weighted fc(); }\n"
            + chain(100, "record R%d(R%d r) {}", "record R%d(float x) {}");
    assertThat(CompilerHarness.compile(deep).succeeded()).isTrue();
  }

  /** Without warnings of javac's of several types in one file. */
  private static List<String> errors(Compiled compiled) {
    return compiled.diagnostics().stream()
        .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
        .map(diagnostic -> diagnostic.getMessage(Locale.ROOT))
        .toList();
  }

  /** Types each of which names the next. */
  private static String chain(int count, String inner, String last) {
    return IntStream.range(0, count)
        .mapToObj(i -> i < count - 1 ? inner.formatted(i, i + 1) : last.formatted(i))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  @Test
  void aLayerJoinsFiveHundred() {
    assertThat(CompilerHarness.compile(join("Add", 3000)).onlyMessage())
        .isEqualTo(
            "[FromCount] @Add on j: joins at most 500 layers, but @From names 3000. Join some of"
                + " them first, and then what comes of that.");
  }

  /** Each is a choice between what the one before gives; there are countless ways through. */
  @Test
  void sixtyActivationsInARow() throws ReflectiveOperationException {
    String layers =
        IntStream.range(0, 60)
            .mapToObj(i -> "@ReLU Layer relu" + i + "();")
            .collect(Collectors.joining("\n"));
    Compiled compiled =
        CompilerHarness.compile("@Network(input = 2) interface Net {" + layers + "}");
    SingleModel model = model(compiled);
    Tensor input = Tensor.of(new float[] {-3, 0.5f}, 1, 2);
    assertThat(model.predict(input).floatArray()).containsExactly(0, 0.5f);
    assertThat(model.forward(input).floatArray()).containsExactly(0, 0.5f);
    Tensor one = Tensor.of(new float[] {1, 1}, 1, 2);
    assertThat(model.backwardToInput(one).floatArray()).containsExactly(0, 1);
  }

  /** More than a method has arguments for, and more than one expression is made of. */
  @Test
  void joinsOfManyAreSumsAndProductsOfAll() throws ReflectiveOperationException {
    double x = 0.9;
    double b = 1 / (1 + Math.exp(-x));
    double db = b * (1 - b);
    assertJoin("Add", 300, x, 150 * x + 150 * b, 150 + 150 * db);
    double a19 = Math.pow(x, 19);
    double b19 = Math.pow(b, 19);
    assertJoin("Multiply", 40, x, a19 * x * b19 * b, 20 * a19 * b19 * (b + x * db));
  }

  private static void assertJoin(String layer, int count, double x, double y, double dx)
      throws ReflectiveOperationException {
    SingleModel model = model(CompilerHarness.compile(join(layer, count)));
    Tensor input = Tensor.of(new double[] {x}, 1, 1);
    assertThat(model.predict(input).toDoubleArray()[0]).isCloseTo(y, withPercentage(1e-9));
    assertThat(model.forward(input).toDoubleArray()[0]).isCloseTo(y, withPercentage(1e-9));
    Tensor one = Tensor.of(new double[] {1}, 1, 1);
    assertThat(model.backwardToInput(one).toDoubleArray()[0]).isCloseTo(dx, withPercentage(1e-9));
  }

  private static SingleModel model(Compiled compiled) throws ReflectiveOperationException {
    Method create =
        compiled.load().loadClass("test.NetModel").getDeclaredMethod("create", long.class);
    create.setAccessible(true);
    return (SingleModel) create.invoke(null, 1L);
  }

  private static String join(String layer, int count) {
    String names =
        IntStream.range(0, count)
            .mapToObj(i -> i % 2 == 0 ? "\"a\"" : "\"b\"")
            .collect(Collectors.joining(", "));
    return "@Network(input = 1, precision = Precision.FLOAT64) interface Net { @ReLU Layer a();"
        + " @From(Network.INPUT) @Sigmoid Layer b(); @From({"
        + names
        + "}) @"
        + layer
        + " Layer j(); }";
  }

  /** A method takes 254 tensors; what has more takes them in arrays. */
  @Test
  void threeHundredInputsAndOutputsComeInArrays() {
    String inputs =
        IntStream.range(0, 300)
            .mapToObj(i -> "@Input(1) Layer i" + i + "();")
            .collect(Collectors.joining(" "));
    String names =
        IntStream.range(0, 300).mapToObj(i -> "\"i" + i + "\"").collect(Collectors.joining(", "));
    Compiled several =
        CompilerHarness.compile(
            "@Network interface Net { "
                + inputs
                + " @From({"
                + names
                + "}) @Concat(axis = 1) Layer all(); }");
    assertThat(several.messages()).isEmpty();
    assertThat(several.generated("test.NetModel"))
        .contains("Tensor[] forward(Tensor[] inputs)")
        .doesNotContain("Tensor i0,", "InputGradients");
    // The stub of a wrong one is no mistake more.
    assertThat(
            CompilerHarness.compile("@Network interface Net { " + inputs + " @ReLU Layer l(); }")
                .messages())
        .doesNotContain("too many parameters");
  }
}
