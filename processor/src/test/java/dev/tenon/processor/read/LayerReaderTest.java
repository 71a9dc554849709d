package dev.tenon.processor.read;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.processor.layers.LayerTypes;
import dev.tenon.processor.testing.CompilerHarness;
import org.junit.jupiter.api.Test;

/** The error catalogue of a network's methods. */
class LayerReaderTest {
  @Test
  void twoLayersOnOneMethod() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"@ReLU" [LayerStacked] @ReLU on fc1: one method is one layer, but here are 2
          //   (@Linear, @ReLU). Leave @Linear and move @ReLU to a method of its own, such as
          //   `Layer relu1();`.
          @Linear(out = 3) @ReLU Weighted fc1();
          @Linear(out = 2) Weighted fc2();
        }
        """);
  }

  @Test
  void aMovedLayerGetsANameThatIsFree() {
    assertDiagnostics(
        """
        @Network(input = {4})
        abstract class Net {
          // expect@"@BatchNorm1d" [LayerStacked] such as `BatchNorm bn3();`
          @Linear(out = 3) @BatchNorm1d abstract Weighted fc1();
          @BatchNorm1d abstract BatchNorm bn1();
          @BatchNorm1d abstract BatchNorm bn2();
        }
        """);
  }

  @Test
  void parameters() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"@Linear" [LayerParameters] @Linear on fc1: a layer's method has no parameters,
          //   but fc1(int,float) has 2. Write `fc1()`; sizes stand in the annotation.
          @Linear(out = 3) Weighted fc1(int in, float scale);
        }
        """,
        """
        @Network(input = {4})
        abstract class ClassNet {
          // expect [LayerParameters] fc1(int) has 1
          @Linear(out = 3) abstract Weighted fc1(int in);
        }
        """);
  }

  @Test
  void body() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"@Linear" [LayerNotAbstract] @Linear on fc1: a layer's method is abstract, but
          //   fc1() has a body. Remove the body, and `default` or `static` with it.
          @Linear(out = 3) default Weighted fc1() { return null; }
          // expect [LayerNotAbstract] @ReLU on relu1
          @ReLU static Layer relu1() { return null; }
        }
        """,
        """
        @Network(input = {4})
        abstract class ClassNet {
          // expect [LayerNotAbstract] @Linear on fc1
          @Linear(out = 3) Weighted fc1() { return null; }
        }
        """);
  }

  @Test
  void abstractMethodThatIsNoLayer() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"fc1" [LayerMissing] @Network on Net: fc1() is abstract and no layer, so the
          //   generated model cannot implement it. Say which layer it is (@Conv1d, @Conv2d,
          //   @Conv3d, @ConvTranspose2d, @Embedding, @Linear, @Scale), or give it a body.
          Weighted fc1();
          // expect [LayerMissing] other(int) is abstract and no layer
          int other(int x);
          @Linear(out = 2) Weighted fc2();
          default int fine() { return 1; }
        }
        """,
        """
        @Network(input = {4})
        abstract class ClassNet {
          @Linear(out = 2) abstract Weighted fc1();
          // expect@"bn1" [LayerMissing] Say which layer it is (@BatchNorm1d, @BatchNorm2d, @BatchNorm3d)
          protected abstract BatchNorm bn1();
        }
        """);
  }

  @Test
  void typeParameters() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"@Linear" [LayerGeneric] @Linear on fc1: a layer's method has no type
          //   parameters, but here is <A, B>. Remove them.
          @Linear(out = 3) <A, B> Weighted fc1();
        }
        """);
  }

  @Test
  void throwsClause() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"@Linear" [LayerThrows] @Linear on fc1: a layer's method throws nothing, but
          //   here is throws java.lang.InterruptedException. Remove it.
          @Linear(out = 3) Weighted fc1() throws InterruptedException;
        }
        """);
  }

  @Test
  void twoLayersOfOneName() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          @Linear(out = 3) Weighted fc();
          // expect@"@Linear" [LayerOverloaded] @Linear on fc: a layer's name is its method's name,
          //   but fc stands here twice. Write `fc2()`.
          @Linear(out = 3) Weighted fc(int second);
          @ReLU Layer fc1();
        }
        """);
  }

  @Test
  void nameOfTheGeneratedModels() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"state" [LayerName] @Linear on state: the generated model has a method state()
          //   of its own. Call the layer state1, for example.
          @Linear(out = 3) Weighted state();
          // expect@"forward" [LayerName] @ReLU on forward
          @ReLU Layer forward();
          // expect@"create" [LayerName] @ReLU on create
          @ReLU Layer create();
          // expect@"notifyAll" [LayerName] Call the layer notifyAll1
          @ReLU Layer notifyAll();
          @ReLU Layer state2();
        }
        """,
        """
        @Network(input = {4})
        abstract class ClassNet {
          // expect@"clone" [LayerName] @ReLU on clone
          @ReLU public abstract Layer clone();
          // expect@"parameterCount" [LayerName] @ReLU on parameterCount
          @ReLU abstract Layer parameterCount();
        }
        """);
  }

  @Test
  void layerThatTheProcessorDoesNotKnow() {
    String source =
        """
        @Network(input = {4})
        interface Net {
          // expect@"@ReLU" [LayerUnknown] @ReLU on relu1: this processor has no such layer. Use
          //   tenon-annotations and tenon-processor of the same version.
          @ReLU Layer relu1();
        }
        """;
    TenonProcessor older =
        new TenonProcessor(
            LayerTypes.all().stream().filter(type -> !type.annotation().equals("ReLU")).toList(),
            (network, report) -> {
              throw new AssertionError("wrong networks are not generated");
            });
    assertDiagnostics(CompilerHarness.with(older).run(source), source);
  }

  @Test
  void wrongReturnType() {
    assertDiagnostics(
        """
        @Network(input = {4})
        interface Net {
          // expect@"fc1" [LayerReturnType] @Linear on fc1: returns Layer, but the state of a
          //   @Linear is shown as Weighted. Write `Weighted fc1();`.
          @Linear(out = 3, bias = false) Layer fc1();
          // expect@"bn1" [LayerReturnType] @BatchNorm1d on bn1: returns void
          @BatchNorm1d void bn1();
          // expect@"relu1" [LayerReturnType] @ReLU on relu1: returns int[]
          @ReLU int[] relu1();
        }
        """,
        """
        @Network(input = {4})
        abstract class ClassNet {
          @Linear(out = 3) public abstract Weighted fc1();
          // expect [LayerReturnType] Write `Layer relu1();`
          @ReLU protected abstract Weighted relu1();
        }
        """);
  }

  @Test
  void returnTypeOfTheSameNameFromElsewhere() {
    assertDiagnostics(
        """
        package other;
        public class Weighted {}
        """,
        """
        package test;
        import dev.tenon.annotations.*;
        @Network(input = {4})
        interface Net {
          // expect@"fc1" [LayerReturnType] returns other.Weighted, but the state of a @Linear is
          //   shown as dev.tenon.runtime.layer.Weighted. Import dev.tenon.runtime.layer.Weighted.
          @Linear(out = 3) other.Weighted fc1();
        }
        """);
  }
}
