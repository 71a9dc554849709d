package dev.tenon.processor.testing;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The harness rejects what it should: otherwise no error test proves anything. */
class DiagnosticsAssertTest {
  private static void assertRejected(String source, String... reasons) {
    assertThatThrownBy(() -> assertDiagnostics(source))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(reasons);
  }

  @Test
  void aDiagnosticThatNobodyExpects() {
    assertRejected(
        """
        @Network(input = {4}) interface Net {
          @Linear(out = 0) Weighted fc1();
        }
        """,
        "missing:\n  (nothing)\nUnexpected:\n  ERROR ",
        "line 2 at \"0) Weighted fc1();\": [LinearRange] @Linear on fc1");
  }

  @Test
  void anExpectationThatNothingMeets() {
    assertRejected(
        """
        @Network(input = {4}) interface Net {
          // expect [LinearRange] out
          @Linear(out = 1) Weighted fc1();
        }
        """,
        "missing:\n  line 3: [LinearRange] out\nUnexpected:\n  (nothing)");
  }

  @Test
  void anotherId() {
    assertRejected(
        """
        @Network(input = {4}) interface Net {
          // expect [LinearOther]
          @Linear(out = 0) Weighted fc1();
        }
        """,
        "[LinearOther]", "[LinearRange]");
  }

  @Test
  void anotherText() {
    assertRejected(
        """
        @Network(input = {4}) interface Net {
          // expect [LinearRange] out must be at least 1,
          //   but is 1
          @Linear(out = 0) Weighted fc1();
        }
        """,
        "out must be at least 1, but is 1");
  }

  @Test
  void anotherLine() {
    assertRejected(
        """
        // expect [LinearRange]
        @Network(input = {4}) interface Net {
          @Linear(out = 0) Weighted fc1();
        }
        """,
        "line 2: [LinearRange]");
  }

  @Test
  void anotherColumn() {
    assertRejected(
        """
        @Network(input = {4}) interface Net {
          // expect@"out" [LinearRange]
          @Linear(out = 0) Weighted fc1();
        }
        """,
        "line 3 at \"out\": [LinearRange]");
  }

  @Test
  void twoExpectationsNeedTwoDiagnostics() {
    assertRejected(
        """
        @Network(input = {4}) interface Net {
          // expect [LinearRange]
          // expect [LinearRange]
          @Linear(out = 0) Weighted fc1();
        }
        """,
        "missing:\n  line 4: [LinearRange]");
  }

  @Test
  void aWarningOfJavacs() {
    assertRejected(
        """
        class Code { java.util.List<String> list = new java.util.ArrayList(); }
        """,
        "Unexpected:",
        "raw type",
        "unchecked");
  }
}
