package dev.tenon.processor.graph;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.testing.CompilerHarness;
import org.junit.jupiter.api.Test;

/** What a message about a size suggests to change on an earlier layer, and when it does not. */
class SuggestedChangesTest {
  @Test
  void theRemedyOfASizeNamesTheEarlierLayerToo() {
    assertDiagnostics(
        """
        @Network(input = {3, 32, 32})
        interface Net {
          @Conv2d(out = 32, kernel = 3) Weighted conv1();
          // expect@"16" [BatchNorm2dChannels] channels = 16, but its input has 32 channels.
          //   input    3x32x32
          //   conv1    @Conv2d(out = 32, kernel = 3)   -> 32x30x30
          //   > bn1      @BatchNorm2d(channels = 16)
          //   Set channels = 32 here, or out = 16 on conv1.
          @BatchNorm2d(channels = 16) BatchNorm bn1();
        }
        """);
  }

  /** Found by the fuzz test, seed 3714. */
  @Test
  void indicesHaveNoChannelsToChange() {
    assertDiagnostics(
        """
        @Network
        interface Net {
          @IndexInput Layer island();
          @Embedding(num = 3, dim = 2) Weighted code();
          // expect@"5" [LinearIn] @Linear on head: in = 5, but its input has 2 features.
          @Linear(in = 5, out = 2) Weighted head();
        }
        """);
  }

  @Test
  void theEarlierLayerMayLieBehindLayersThatKeepTheChannels() {
    assertDiagnostics(
        """
        @Network(input = {3, 32, 32})
        interface Net {
          @Conv2d(out = 32, kernel = 3, bias = false) Weighted conv1();
          @BatchNorm2d BatchNorm bn1();
          @ReLU Layer relu1();
          @MaxPool2d(kernel = 2) Layer pool1();
          // expect@"16" [Conv2dChannels] Set in = 32 here, or out = 16 on conv1.
          @Conv2d(in = 16, out = 8, kernel = 3) Weighted conv2();
        }
        """,
        """
        @Network(input = {3, 32, 32})
        interface Pooled {
          @Conv2d(out = 32, kernel = 3) Weighted conv1();
          @GlobalAvgPool Layer pool1();
          @Dropout Layer drop1();
          // expect@"64" [LinearIn] Set in = 32 here, or out = 64 on conv1.
          @Linear(in = 64, out = 10) Weighted head();
        }
        """,
        """
        @Network(input = {3})
        interface Vectors {
          @Linear(out = 4) Weighted fc1();
          // expect@"5" [LinearIn] Set in = 4 here, or out = 5 on fc1.
          @Linear(in = 5, out = 2) Weighted fc2();
        }
        """);
  }

  @Test
  void aChangeThatWouldBeWrongElsewhereIsNotSuggested() {
    assertThat(
            messageOf(
                """
                @Network(input = {3, 8, 8})
                interface GroupsDoNotDivide {
                  @Conv2d(in = 3, out = 6, kernel = 3, groups = 3) Weighted conv1();
                  @BatchNorm2d(channels = 8) BatchNorm bn1();
                }
                """))
        .endsWith("Set channels = 6 here.");
    assertThat(
            messageOf(
                """
                @Network(input = {3, 8, 8})
                interface BetweenThem {
                  @Conv2d(out = 6, kernel = 3, bias = false) Weighted conv1();
                  @BatchNorm2d(channels = 6) BatchNorm bn1();
                  @Conv2d(in = 8, out = 8, kernel = 3) Weighted conv2();
                }
                """))
        .endsWith("Set in = 6 here.");
    assertThat(
            messageOf(
                """
                @Network(input = {3, 8, 8})
                interface BehindThem {
                  @Conv2d(out = 6, kernel = 3, bias = false) Weighted conv1();
                  @BatchNorm2d(channels = 8) BatchNorm bn1();
                  @Conv2d(in = 6, out = 8, kernel = 3) Weighted conv2();
                }
                """))
        .endsWith("Set channels = 6 here.");
    assertThat(
            messageOf(
                """
                @Network(input = {3, 8, 8})
                interface AnotherMistakeStays {
                  @Conv2d(out = 6, kernel = 3) Weighted conv1();
                  @Flatten Layer flatten();
                  @Linear(in = 6, out = 8) Weighted fc();
                }
                """))
        .endsWith("Set in = 216 here.");
  }

  /** Found by a differential test, seed 107: the names are shorter than what stands for others. */
  @Test
  void layersAreLeftOutBehindTheShortestNames() {
    assertThat(
            messageOf(
                """
                @Network
                interface Short {
                  @Input(4) Layer x();
                  @ReLU Layer a();
                  @ReLU Layer b();
                  @ReLU Layer c();
                  @ReLU Layer d();
                  @ReLU Layer e();
                  @ReLU Layer f();
                  @ReLU Layer g();
                  @ReLU Layer h();
                  @Linear(in = 5, out = 2) Weighted i();
                }
                """))
        .contains(" x      4\n      ...    2 layers left out\n      c      @ReLU   -> 4\n");
  }

  private static String messageOf(String source) {
    return CompilerHarness.compile(source).onlyMessage();
  }
}
