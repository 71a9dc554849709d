package dev.tenon.processor.write;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import org.junit.jupiter.api.Test;

/** On an error in a network, the code that uses its model has nothing to complain about. */
class ModelStubTest {
  /** As builds with Error Prone do: bodies are checked although there are errors. */
  private static Compiled assertCheckedToTheEnd(String... sources) {
    Compiled compiled =
        CompilerHarness.with(new TenonProcessor())
            .options("--should-stop=ifError=FLOW")
            .run(sources);
    return assertDiagnostics(compiled, sources);
  }

  private static final String USE =
      """
      class Use {
        NetModel model = NetModel.create(42);
        Net asNet = model;
        SingleModel asModel = model;
        Tensor step(Tensor x) {
          Parameter weight = model.fc1().weight();
          model.backward(model.forward(x));
          return model.predict(x);
        }
      }
      """;

  /** Whatever is wrong with a record or with the layers, its model takes and gives its types. */
  @Test
  void javaTypesAtTheEnds() {
    assertCheckedToTheEnd(
        """
        enum Kind { OAK, BEECH }
        """,
        """
        // expect [ComponentType] name of Tree
        record Tree(float height, String name) {}
        """,
        """
        record Size2(float width, float height) {}
        """,
        """
        @Network(features = Tree.class, labels = Kind.class)
        interface Net {
          @Linear(out = 3) Weighted head();
        }
        """,
        """
        @Network(features = Size2.class, labels = Size2.class)
        interface Numbers {
          // expect [LabelsShape]
          @Linear(out = 3) Weighted head();
        }
        """,
        """
        package test;
        import dev.tenon.runtime.typed.Classification;
        import java.util.List;

        class UseOfTypes {
          Classification<Kind> guess(NetModel model, List<Tree> trees, List<Kind> kinds) {
            model.fit(trees, kinds, 3);
            return model.predict(trees.get(0));
          }

          Size2 guess(NumbersModel model, Size2 size) {
            return model.predict(size);
          }
        }
        """);
  }

  @Test
  void interfaceNetwork() {
    Compiled compiled =
        assertCheckedToTheEnd(
            """
            @Network(input = {4})
            public interface Net {
              // expect@"5" [LinearIn]
              @Linear(in = 5, out = 3) Weighted fc1();
            }
            """,
            USE);
    assertThat(compiled.generated("test.NetModel"))
        .isEqualTo(
            """
            package test;

            /** Stands in for the model of {@code Net}, which did not compile. */
            public abstract class NetModel implements Net, dev.tenon.runtime.model.SingleModel {
              private NetModel() {}

              public static NetModel create(long seed) {
                throw new java.lang.IllegalStateException("Net did not compile; see the errors of the build.");
              }

              public static NetModel load(java.nio.file.Path path) throws java.io.IOException {
                throw new java.lang.IllegalStateException("Net did not compile; see the errors of the build.");
              }
            }
            """);
  }

  @Test
  void abstractClassNetwork() {
    assertCheckedToTheEnd(
        """
        @Network(input = {4})
        abstract class Net {
          protected Net() {}
          // expect@"0" [LinearRange]
          @Linear(out = 0) abstract Weighted fc1();
        }
        """,
        USE);
  }

  @Test
  void wrongSignatures() {
    assertCheckedToTheEnd(
        """
        @Network(input = {4})
        interface Net {
          @Linear(out = 3) Weighted fc1();
          // expect [LayerReturnType]
          @Linear(out = 3) Layer fc2();
          // expect [LayerParameters]
          // expect [LayerThrows]
          @ReLU Layer relu1(int x) throws Exception;
          // expect [LayerMissing]
          <T> T other();
        }
        """,
        USE);
  }

  @Test
  void layerNamedAsAMethodOfTheModel() {
    assertCheckedToTheEnd(
        """
        @Network(input = {4})
        interface Net {
          // expect [LayerName]
          @Linear(out = 3) Weighted name();
        }
        """,
        """
        class Use {
          NetModel model = NetModel.create(1);
          Weighted layer = model.name();
        }
        """);
  }

  @Test
  void typesThatCannotBeExtended() {
    assertCheckedToTheEnd(
        """
        class Outer {
          // expect [NetworkInner]
          @Network(input = {4}) abstract class Inner {
            @Linear(out = 3) abstract Weighted fc1();
          }
          // expect [NetworkPrivate]
          @Network(input = {4}) private interface Private {
            @Linear(out = 3) Weighted fc1();
          }
          // expect [NetworkGeneric]
          @Network(input = {4}) interface Generic<T> {
            @Linear(out = 3) Weighted fc1();
          }
          // expect [NetworkKind]
          @Network(input = {4}) static class Concrete {}
          // expect [NetworkKind]
          @Network(input = {4}) record Data(int x) {}
          // expect [NetworkConstructor]
          @Network(input = {4}) abstract static class NoConstructor {
            NoConstructor(int x) {}
            @Linear(out = 3) abstract Weighted fc1();
          }
          SingleModel[] all = {
            Outer_InnerModel.create(1),
            Outer_PrivateModel.create(1),
            Outer_GenericModel.create(1),
            Outer_ConcreteModel.create(1),
            Outer_DataModel.create(1),
            Outer_NoConstructorModel.create(1)
          };
        }
        """);
  }

  @Test
  void unnamedPackage() {
    Compiled compiled =
        assertCheckedToTheEnd(
            """
            import dev.tenon.annotations.*;
            import dev.tenon.runtime.layer.*;
            @Network(input = {4})
            interface Net {
              // expect@"5" [LinearIn]
              @Linear(in = 5, out = 3) Weighted fc1();
            }
            class Use {
              Weighted layer = NetModel.create(1).fc1();
            }
            """);
    assertThat(compiled.generated("NetModel"))
        .doesNotContain("package ")
        .doesNotContain("public a");
  }

  @Test
  void nestedNetwork() {
    Compiled compiled =
        assertCheckedToTheEnd(
            """
            public class Outer {
              public interface Middle {
                @Network(input = {4})
                interface Net {
                  // expect@"5" [LinearIn]
                  @Linear(in = 5, out = 3) Weighted fc1();
                }
              }
              Middle.Net net = Outer_Middle_NetModel.create(1);
            }
            """);
    assertThat(compiled.generated("test.Outer_Middle_NetModel"))
        .contains("public abstract class Outer_Middle_NetModel implements Outer.Middle.Net");
  }
}
