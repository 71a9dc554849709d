package dev.tenon.processor.read;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.testing.CompilerHarness;
import org.junit.jupiter.api.Test;

/** Networks where javac shows them to no processor, or where no other class can name them. */
class HiddenNetworksTest {
  @Test
  void networksWithinMethods() {
    assertDiagnostics(
        """
        class Program {
          void run() {
            // expect@"interface Net" [NetworkLocal] @Network on Net: it is declared within a method, where javac shows
            //   it to no annotation processor. Move it out of the method
            @Network(input = 4) interface Net { @Linear(out = 3) Weighted fc(); }
          }

          Runnable lambda = () -> {
            class Local {
              // expect@"interface InLambda" [NetworkLocal]
              @Network(input = 4) interface InLambda { @Linear(out = 3) Weighted fc(); }
            }
          };

          Object anonymous = new Object() {
            // expect@"class InAnonymous" [NetworkLocal]
            @Network(input = 4) abstract class InAnonymous { @Linear(out = 3) abstract Weighted fc(); }
          };

          @Network(input = 4) interface Member { @Linear(out = 3) Weighted fc(); }
          Object model = Program_MemberModel.create(1);
        }
        """);
  }

  /** A file of methods without a class: it is a class that nobody can name. Java 25 has them. */
  @Test
  void networksInAFileWithoutAClass() {
    String source =
        """
        import dev.tenon.annotations.*;
        import dev.tenon.runtime.layer.*;
        @Network(input = 4) interface Net { @Linear(out = 3) Weighted fc(); }
        void main() {}
        """;
    String messages = CompilerHarness.compile(source).messages();
    if (Runtime.version().feature() < 25) {
      assertThat(messages).contains("class, interface, enum, or record expected");
    } else {
      assertThat(messages)
          .contains(
              " [NetworkImplicit] @Network on Net: the generated model cannot name it, as the file has methods"
                  + " that stand in no class. Write `class ")
          .doesNotContain("does not exist");
    }
  }
}
