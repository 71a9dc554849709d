package dev.tenon.processor.read;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** The error catalogue of the annotated type. */
class NetworkReaderTest {
  /** Each of the two alone is no matter. */
  @Test
  void namesThatHideTypesAndTheirPackages() {
    assertDiagnostics(
        """
        // expect@"interface" [NetworkHidesPackage] @Network on Around: generated code cannot name
        //   dev.tenon.runtime.Tensor, as a type Tensor and a type dev hide it here. Rename one of
        //   them.
        @Network(input = 4) interface Around {
          interface dev {}
          interface Tensor {}
          @Linear(out = 2) Weighted head();
        }
        """);
    assertDiagnostics(
        """
        // expect@"interface" [NetworkHidesPackage] generated code cannot name test.AroundModel, as a
        //   type AroundModel and a type test hide it here.
        @Network(input = 4) interface Around {
          interface test {}
          interface AroundModel {}
          @Linear(out = 2) Weighted head();
        }
        """);
  }

  /** Names of files have at most 255 bytes. */
  @Test
  void namesThatAreTooLong() {
    String longest = "N".repeat(229);
    assertDiagnostics(
        "@Network(input = 4) interface " + longest + " { @Linear(out = 2) Weighted head(); }");
    assertDiagnostics(
        "// expect@\"interface\" [NetworkNameLength] the files of generated classes begin with its\n"
            + "//   name, which has 230 bytes; file systems leave room for 229. Shorten it.\n"
            + "@Network(input = 4) interface "
            + longest
            + "N { @Linear(out = 2) Weighted head(); }");
  }

  @Test
  void kind() {
    assertDiagnostics(
        """
        // expect@"class" [NetworkKind] @Network on Net: a network is an interface or an abstract
        //   class, but Net is a concrete class. Write `interface Net`.
        @Network(input = {4}) class Net {
          @Linear(out = 3) Weighted fc1() { return null; }
        }
        """,
        """
        // expect [NetworkKind] but EnumNet is an enum. Write `interface EnumNet`.
        @Network(input = {4}) enum EnumNet {}
        """,
        """
        // expect [NetworkKind] but RecordNet is a record
        @Network(input = {4}) record RecordNet(int x) {}
        """,
        """
        // expect [NetworkKind] but AnnotationNet is an annotation
        @Network(input = {4}) @interface AnnotationNet {}
        """);
  }

  @Test
  void typeParameters() {
    assertDiagnostics(
        """
        // expect [NetworkGeneric] @Network on Net: a network has no type parameters, but Net has
        //   <A, B>. Remove them; shapes are numbers in the annotations.
        @Network(input = {4}) interface Net<A, B> {
          @Linear(out = 3) Weighted fc1();
        }
        """,
        """
        // expect [NetworkGeneric] ClassNet has <T>
        @Network(input = {4}) abstract class ClassNet<T> {
          @Linear(out = 3) abstract Weighted fc1();
        }
        """);
  }

  @Test
  void privateType() {
    assertDiagnostics(
        """
        class Outer {
          // expect [NetworkPrivate] @Network on Net: the generated model cannot see Net, because it
          //   is private. Remove `private`.
          @Network(input = {4}) private interface Net {
            @Linear(out = 3) Weighted fc1();
          }
          private static class Hidden {
            // expect [NetworkPrivate] because Hidden is private
            @Network(input = {4}) abstract static class Net {
              @Linear(out = 3) abstract Weighted fc1();
            }
          }
        }
        """);
  }

  @Test
  void innerClass() {
    assertDiagnostics(
        """
        class Outer {
          // expect [NetworkInner] @Network on Net: an inner class belongs to an object of Outer,
          //   which the generated model does not have. Write `static abstract class Net`, or make
          //   it an interface.
          @Network(input = {4}) abstract class Net {
            @Linear(out = 3) abstract Weighted fc1();
          }
        }
        """);
  }

  @Test
  void sealedType() {
    assertDiagnostics(
        """
        // expect [NetworkSealed] @Network on Net: Net is sealed, so the generated model cannot
        //   implement it. Remove `sealed`.
        @Network(input = {4}) sealed interface Net {
          @Linear(out = 3) Weighted fc1();
          final class Only implements Net {
            @Override public Weighted fc1() { return null; }
          }
        }
        """);
  }

  @Test
  void constructor() {
    assertDiagnostics(
        """
        // expect [NetworkConstructor] @Network on Net: the generated model calls a constructor
        //   without parameters, and Net has none that is accessible and throws nothing. Add
        //   `Net() {}`, or make it an interface.
        @Network(input = {4}) abstract class Net {
          Net(int size) {}
          private Net() {}
          @Linear(out = 3) abstract Weighted fc1();
        }
        """);
  }

  @Test
  void noLayers() {
    assertDiagnostics(
        """
        // expect [NetworkEmpty] @Network on Net: has no layers. Declare each as an abstract method
        //   with its annotation, such as `@Linear(out = 10) Weighted head();`.
        @Network(input = {4}) interface Net {
          default int fine() { return 1; }
        }
        """,
        """
        // expect [NetworkEmpty] @Network on ClassNet: has no layers
        @Network(input = {4}) abstract class ClassNet {}
        """);
  }

  @Test
  void layerOnTheType() {
    assertDiagnostics(
        """
        @Network(input = {4})
        // expect@"@BatchNorm1d" [LayerOnType] @BatchNorm1d on Net: a layer on the type has no place
        //   among the layers. Move it to a method of its own.
        @BatchNorm1d(features = 5)
        // expect@"@ReLU" [LayerOnType] @ReLU on Net
        @ReLU
        interface Net {
          @Linear(in = 7, out = 3) Weighted fc1();
        }
        """,
        """
        @Network(input = {4})
        // expect [LayerOnType] @ReLU on OnlyThere
        @ReLU abstract class OnlyThere {}
        """);
  }

  @Test
  void inheritedMethods() {
    assertDiagnostics(
        """
        interface Base {
          int size(int x);
          void other();
          default void fine() {}
          String toString();
        }
        """,
        """
        // expect [NetworkInherited] @Network on Net: the generated model cannot implement what Net
        //   inherits from Base: size(), other(). Implement it in Net as a `default` method, or do
        //   not extend Base.
        @Network(input = {4}) interface Net extends Base {
          @Linear(out = 3) Weighted fc1();
        }
        """,
        """
        // expect [NetworkInherited] what ClassNet inherits from Base: size(). Implement it in
        //   ClassNet, or do not extend Base.
        @Network(input = {4}) abstract class ClassNet implements Base {
          @Linear(out = 3) abstract Weighted fc1();
          @Override public void other() {}
        }
        """);
  }

  @Test
  void inheritedLayers() {
    assertDiagnostics(
        """
        interface Stem {
          @Linear(out = 3) Weighted fc1();
        }
        """,
        """
        // expect [NetworkInherited] @Network on Net: layers are not inherited, but Stem declares
        //   fc1(). Declare them in Net itself.
        @Network(input = {4}) interface Net extends Stem {
          @ReLU Layer relu1();
        }
        """);
  }

  @Test
  void aNetworkMayExtendModel() {
    assertDiagnostics(
        """
        @Network(input = {4}) interface Net extends SingleModel {
          @Linear(out = 3) Weighted fc1();
          default Tensor twice(Tensor x) { return predict(predict(x)); }
        }
        """,
        """
        @Network(input = {4}) abstract class ClassNet implements SingleModel {
          @Linear(out = 3) abstract Weighted fc1();
          static ClassNet create(long seed) { return null; }
          public static ClassNet load(java.nio.file.Path path) throws java.io.IOException {
            return null;
          }
          static void load(String path) {}
        }
        """);
  }

  @Test
  void methodsInTheWay() {
    assertDiagnostics(
        """
        interface Base {
          default int parameterCount() { return 0; }
        }
        """,
        """
        // expect [NetworkMethod] @Network on Net: the generated model has a method
        //   parameterCount() of its own, and Base brings another. Give it another name.
        @Network(input = {4}) interface Net extends Base {
          @Linear(out = 3) Weighted fc1();
          // expect@"name" [NetworkMethod] a method name() of its own, and here is another
          default String name() { return "net"; }
          // expect@"predict" [NetworkMethod] predict(dev.tenon.runtime.Tensor)
          default Tensor predict(Tensor x) { return x; }
          default Tensor predict(float[] x) { return null; }
          static int dtype() { return 1; }
          private int[] inputShape() { return null; }
        }
        """,
        """
        @Network(input = {4}) abstract class ClassNet {
          @Linear(out = 3) abstract Weighted fc1();
          // expect@"create" [NetworkMethod] create(long)
          ClassNet create(long seed) { return this; }
          // expect@"layers" [NetworkMethod] layers()
          static int layers() { return 1; }
          // expect@"load" [NetworkMethod] load(java.nio.file.Path)
          static ClassNet load(java.nio.file.Path path) { return null; }
          // expect@"save" [NetworkMethod] save(java.nio.file.Path)
          void save(java.nio.file.Path path) {}
        }
        """,
        """
        @Network(input = {4}) abstract class OtherNet {
          @Linear(out = 3) abstract Weighted fc1();
          // expect@"load" [NetworkMethod] load(java.nio.file.Path)
          static void load(java.nio.file.Path path) throws java.io.IOException {}
        }
        """,
        """
        @Network(input = {4}) interface OwnLoad {
          @Linear(out = 3) Weighted fc1();
          static void load(java.nio.file.Path path) {}
          default OwnLoad load(java.nio.file.Path path, int more) { return this; }
        }
        """);
  }
}
