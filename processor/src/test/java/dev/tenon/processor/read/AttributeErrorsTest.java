package dev.tenon.processor.read;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layers.LayerTypes;
import dev.tenon.processor.testing.CompilerHarness;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attributes that are missing and attributes that do not exist: one error each, whoever tells. */
class AttributeErrorsTest {
  @Test
  void requiredAttributesThatAreNotWritten() {
    assertDiagnostics(
        """
        @Network(input = 4)
        interface Net {
          // expect@"@Linear" [AttributeMissing] @Linear on fc1: out is missing, which has no default.
          //   Write `@Linear(out = ...)`.
          @Linear Weighted fc1();
          // Its input is not known, so nothing is said about it.
          @Linear(in = 7, out = 3) Weighted fc2();
          // expect@"@Softmax" [AttributeMissing] @Softmax on probabilities: axis is missing
          @Softmax() Layer probabilities();
        }
        """,
        """
        @Network(input = {3, 8, 8})
        interface Several {
          // expect@"@Conv2d" [AttributeMissing] @Conv2d on conv: out and kernel are missing, which have no
          //   default. Write `@Conv2d(out = ..., kernel = ...)`.
          @Conv2d(stride = 2) Weighted conv();
          // expect@"@Elementwise" [AttributeMissing] Write `@Elementwise(function = ..., derivative = ...)`.
          @Elementwise(type = Math.class) Layer squared();
        }
        """,
        """
        @Network
        interface Values {
          // expect@"@Input" [AttributeMissing] @Input on a: its value is missing, which has no default.
          //   Write `@Input(...)`.
          @Input Layer a();
          // expect@"@From" [AttributeMissing]
          @Linear(out = 3) @From Weighted b();
          // expect@"@Name" [AttributeMissing]
          @Linear(out = 3) @Name Weighted c();
          // expect@"@Use" [AttributeMissing]
          @Use Values d();
        }
        """);
  }

  /** However often the block is used. */
  @Test
  void requiredAttributesInABlock() {
    assertDiagnostics(
        """
        @Block
        interface Hidden {
          // expect@"@Linear" [AttributeMissing]
          @Linear Weighted fc();
        }
        """,
        """
        @Network(input = 4)
        interface Net {
          @Use(Hidden.class) Hidden first();
          @Use(Hidden.class) Hidden second();
        }
        """);
  }

  @Test
  void sizeOfAnArrayThatIsNotWritten() {
    assertDiagnostics(
        """
        // expect@"values" [ComponentSize] how many elements the float[] has is not known
        record Sample(@Size float[] values) {}
        """,
        """
        @Network(features = Sample.class)
        interface Net {
          @Linear(out = 3) Weighted head();
        }
        """);
  }

  @Test
  void valuesWithoutTheNameOfTheirAttribute() {
    assertDiagnostics(
        """
        @Network(input = {3, 8, 8})
        interface Net {
          // expect@"@Conv2d" [AttributeUnknown] @Conv2d on conv: a value stands here without the name of its
          //   attribute. Write `@Conv2d(out = ..., kernel = ...)`.
          // expect@"16" [javac] cannot find symbol
          @Conv2d(16) Weighted conv();
          // expect@"@Linear" [AttributeUnknown] Write `out = 32`.
          // expect@"32" [javac] cannot find symbol
          @Linear(32) Weighted head();
          // expect@"@Dropout" [AttributeUnknown] Write `p = 0.1`.
          // expect@"0.1" [javac] cannot find symbol
          @Dropout(0.1) Layer dropout();
          // expect@"@BatchNorm1d" [AttributeUnknown] Its attributes are features, eps, momentum
          // expect@"8" [javac] cannot find symbol
          @BatchNorm1d(8) BatchNorm bn();
        }
        """);
  }

  @Test
  void attributesThatDoNotExist() {
    assertDiagnostics(
        """
        // expect@"@Network" [AttributeUnknown] @Network on Net: there is no attribute inputs. Write
        //   `input = 4`.
        // expect@"inputs" [javac] cannot find symbol
        @Network(inputs = 4)
        interface Net {
          // expect@"@Linear" [AttributeUnknown] @Linear on fc1: there is no attribute Out. Write `out = 32`.
          // expect@"Out" [javac] cannot find symbol
          @Linear(Out = 32) Weighted fc1();
          // expect@"@ReLU" [AttributeUnknown] there is no attribute inplace. Write `@ReLU`: it has no
          //   attributes.
          // expect@"inplace" [javac] cannot find symbol
          @ReLU(inplace = true) Layer relu();
        }
        """);
  }

  /** Every layer there is, with a slip in each of its attributes: the stub is there each time. */
  @ParameterizedTest
  @MethodSource("layers")
  void whateverAttributeIsMisspeltTheModelIsNotMissing(Class<?> annotation) {
    List<String> slips = new ArrayList<>(List.of("", "(7)", "(unknown = 7)"));
    for (Method attribute : annotation.getDeclaredMethods()) {
      slips.add("(" + attribute.getName() + "s = 7)");
    }
    StringBuilder source = new StringBuilder("class Users {\n");
    for (int i = 0; i < slips.size(); i++) {
      source.append(
          """
            @Network(input = {4, 8, 8})
            interface Net%1$d {
              @%2$s%3$s Layer layer();
            }
            Object model%1$d = Users_Net%1$dModel.create(1);
          """
              .formatted(i, annotation.getSimpleName(), slips.get(i)));
    }
    String messages = CompilerHarness.compile(source.append("}\n").toString()).messages();
    assertThat(messages).doesNotContain("Model");
    // One for each slip, or one that says what is missing.
    assertThat(messages.split("cannot find symbol", -1).length - 1)
        .as(messages)
        .isBetween(slips.size() - 2, slips.size() - 1);
  }

  static Stream<Class<?>> layers() throws ClassNotFoundException {
    List<Class<?>> layers = new ArrayList<>();
    for (LayerType type : LayerTypes.all()) {
      layers.add(Class.forName("dev.tenon.annotations." + type.annotation()));
    }
    return layers.stream();
  }

  /** In a language without a class for each, that is what one expects of a layer. */
  @Test
  void layersOnFields() {
    assertDiagnostics(
        """
        @Network(input = 4)
        abstract class Net {
          // expect@"@Linear" [LayerOnField] @Linear on fc: a layer is a method, which the generated model
          //   implements, but this is a field. Write `abstract Weighted fc();`.
          @Linear(out = 3) Weighted fc;
          @Linear(in = 7, out = 3) abstract Weighted head();
        }
        """,
        """
        @Network(input = 4)
        interface Constant {
          // expect@"@Linear" [LayerOnField] Write `Weighted fc();`.
          @Linear(out = 3) Weighted fc = null;
          @Linear(in = 7, out = 3) Weighted head();
        }
        """,
        """
        @Network(input = 4)
        interface UsesIt {
          // expect@"@Use" [UseValue] a layer is a method, but the block Hidden has the field fc. Write
          //   `Weighted fc();` there.
          @Use(Hidden.class) Hidden hidden();
        }
        """,
        """
        @Block
        interface Hidden {
          @Linear(out = 3) Weighted fc = null;
          @ReLU Layer relu();
        }
        """,
        """
        class NoNetwork {
          // expect@"@Linear" [LayerWithoutNetwork] @Linear on fc
          @Linear(out = 3) Weighted fc;
        }
        """,
        """
        @Network(input = 4)
        // expect@"enum" [NetworkKind] a network is an interface or an abstract class, but Kind is an enum
        enum Kind {
          @Linear(out = 3) ONE
        }
        """);
  }

  @Test
  void annotationsOfTheSameNameFromElsewhere() {
    String[] sources = {
      """
        package test;
        import dev.tenon.annotations.Network;
        import dev.tenon.runtime.layer.Weighted;
        @Network(input = 4)
        interface Net {
          // expect@"fc" [LayerMissing] @Network on Net: fc() is no layer, as the @Linear on it is
          //   test.Linear. Write `@dev.tenon.annotations.Linear`, or import that one.
          @Linear(out = 3) Weighted fc();
        }
        """,
      """
        package test;
        @interface Linear {
          int out();
        }
        """
    };
    assertDiagnostics(
        CompilerHarness.with(new TenonProcessor()).options("-Xlint:-processing").run(sources),
        sources);
  }
}
