package dev.tenon.processor.read;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.processor.testing.CompilerHarness;
import dev.tenon.processor.testing.SourceGenerator;
import org.junit.jupiter.api.Test;

/** What javac reports by itself is not reported twice, and nothing is made of it. */
class UnresolvedTest {
  /** Whether javac itself says that nobody claims an unresolved annotation depends on the JDK. */
  private static void assertSilent(String... sources) {
    assertDiagnostics(
        CompilerHarness.with(new TenonProcessor()).options("-Xlint:-processing").run(sources),
        sources);
  }

  @Test
  void returnTypeThatDoesNotExist() {
    assertSilent(
        """
        @Network(input = {4})
        // The stub comes in the last round, as another processor might have written the type.
        // expect [javac] 'test.NetModel' created in the last round
        interface Net {
          // expect@"Weigthed" [javac] cannot find symbol
          @Linear(out = 3) Weigthed fc1();
          // expect@"7" [LinearIn] in = 7, but its input has 3 features
          @Linear(in = 7, out = 3) Weighted fc2();
        }
        """);
  }

  @Test
  void layerAnnotationThatIsNotImported() {
    assertSilent(
        """
        package test;
        import dev.tenon.annotations.Network;
        import dev.tenon.annotations.Linear;
        import dev.tenon.runtime.layer.*;
        // expect [javac] 'test.NetModel' created in the last round
        @Network(input = {4}) interface Net {
          // expect@"BatchNorm1d" [javac] cannot find symbol
          // expect [LayerMisspelt] @BatchNorm1d on bn1: there is no such annotation here. Import
          //   dev.tenon.annotations.BatchNorm1d.
          @BatchNorm1d BatchNorm bn1();
          // Its input is not known, so nothing is said about it.
          @Linear(in = 7, out = 3) Weighted fc1();
          // expect@"0" [LinearRange]
          @Linear(out = 0) Weighted fc2();
        }
        """,
        """
        package test;
        import dev.tenon.annotations.Network;
        import dev.tenon.annotations.Linear;
        import dev.tenon.runtime.layer.*;
        // expect [javac] 'test.ClassNetModel' created in the last round
        @Network(input = {4}) abstract class ClassNet {
          // expect@"BatchNorm1d" [javac] cannot find symbol
          // expect [LayerMisspelt] @BatchNorm1d on bn1: there is no such annotation here. Import
          //   dev.tenon.annotations.BatchNorm1d.
          @BatchNorm1d abstract BatchNorm bn1();
        }
        """);
  }

  /** One network alone: nothing else is looked up between the rounds. */
  @Test
  void layerAnnotationThatIsMisspelt() {
    assertSilent(
        """
        // expect [javac] 'test.NetModel' created in the last round
        @Network(input = {4}) interface Net {
          // expect@"Relu" [javac] cannot find symbol
          // expect [LayerMisspelt] @Relu on relu: there is no such annotation here. Did you mean @ReLU, of
          //   dev.tenon.annotations?
          @Relu Layer relu();
        }
        """);
  }

  @Test
  void networkAnnotationThatIsNotImported() {
    assertSilent(
        """
        package test;
        import dev.tenon.annotations.Linear;
        import dev.tenon.runtime.layer.Weighted;
        // expect@"Network" [javac] cannot find symbol
        @Network(input = {4}) interface Net {
          @Linear(out = 3) Weighted fc1();
        }
        """);
  }

  @Test
  void valueThatDoesNotExist() {
    assertSilent(
        """
        @Network(input = {4})
        interface Net {
          // expect@"WIDTH" [javac] cannot find symbol
          @Linear(out = WIDTH) Weighted fc1();
          @Linear(in = 7, out = 3) Weighted fc2();
        }
        """,
        """
        // expect@"DEPTH" [javac] cannot find symbol
        @Network(input = {DEPTH, 8, 8})
        interface InputNet {
          @Linear(in = 7, out = 3) Weighted fc1();
        }
        """,
        """
        // expect@".FLOAT16" [javac]
        @Network(input = 4, precision = Precision.FLOAT16)
        interface PrecisionNet {
          @Linear(in = 4, out = 3) Weighted fc1();
        }
        """);
  }

  @Test
  void valueThatIsMissingOrOfAnotherType() {
    assertSilent(
        """
        // expect@"true" [javac] incompatible types
        @Network(input = true)
        interface Net {
          @Linear Weighted fc1();
          // expect@"true" [javac] incompatible types
          @Linear(out = true) Weighted fc2();
          @Linear(in = 7, out = 3) Weighted fc3();
        }
        """);
  }

  @Test
  void componentThatDoesNotExist() {
    assertSilent(
        """
        record Sample(
            float size,
            // expect@"Missing" [javac] cannot find symbol
            Missing kind,
            // expect@"WIDTH" [javac] cannot find symbol
            @Size(WIDTH) float[] values) {}
        """,
        """
        @Network(features = Sample.class)
        // expect [javac] 'test.NetModel' created in the last round
        interface Net {
          @Linear(in = 2, out = 3) Weighted head();
        }
        """,
        """
        // expect@"Nowhere" [javac] cannot find symbol
        @Network(inputFrom = Nowhere.class)
        // expect [javac] 'test.OtherModel' created in the last round
        interface Other {
          @Linear(in = 2, out = 3) Weighted head();
        }
        """);
  }

  @Test
  void supertypeThatDoesNotExist() {
    assertSilent(
        """
        @Network(input = {4})
        // expect@"Missing" [javac] cannot find symbol
        // expect [javac] 'test.NetModel' created in the last round
        interface Net extends Missing {
          @Linear(out = 3) Weighted fc1();
        }
        """);
  }

  @Test
  void typesThatAnotherProcessorWritesInTheSameRound() {
    String source =
        """
        @Network(input = {4})
        interface Net extends Generated {
          // expect@"7" [LinearIn] in = 7, but its input has 4 features
          @Linear(in = 7, out = Generated.WIDTH) Weighted fc1();
        }
        """;
    assertDiagnostics(
        CompilerHarness.with(
                new SourceGenerator(
                    "test.Generated", "package test; interface Generated { int WIDTH = 3; }"))
            .and(new TenonProcessor())
            .run(source),
        source);
  }

  /**
   * A component of a record, or the network whose output is the input, is written in this round.
   */
  @Test
  void endsThatAnotherProcessorWritesInTheSameRound() {
    String record =
        """
        record Sample(float size, Written kind) {}
        """;
    String network =
        """
        @Network(features = Sample.class)
        interface Net {
          // expect@"7" [LinearIn] in = 7, but its input has 3 features
          @Linear(in = 7, out = 5) Weighted fc1();
        }
        """;
    assertDiagnostics(
        CompilerHarness.with(
                new SourceGenerator("test.Written", "package test; enum Written { A, B }"))
            .and(new TenonProcessor())
            .run(record, network),
        record,
        network);

    String decoder =
        """
        @Network(inputFrom = Encoder.class)
        interface Decoder {
          // expect@"7" [LinearIn] in = 7, but its input has 5 features
          @Linear(in = 7, out = 5) Weighted fc1();
        }
        """;
    assertDiagnostics(
        CompilerHarness.with(
                new SourceGenerator(
                    "test.Encoder",
                    """
                    package test;
                    import dev.tenon.annotations.*;
                    import dev.tenon.runtime.layer.*;
                    @Network(input = 4)
                    interface Encoder {
                      @Linear(out = 5) Weighted code();
                    }
                    """))
            .and(new TenonProcessor())
            .run(decoder),
        decoder);
  }
}
