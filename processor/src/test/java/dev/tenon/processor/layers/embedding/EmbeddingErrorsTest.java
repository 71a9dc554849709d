package dev.tenon.processor.layers.embedding;

import static dev.tenon.processor.testing.DiagnosticsAssert.assertDiagnostics;

import org.junit.jupiter.api.Test;

/** What {@code @Embedding} says about mistakes. */
final class EmbeddingErrorsTest {
  @Test
  void sizesThatCannotBe() {
    assertDiagnostics(
        """
        @Network
        interface Net {
          @IndexInput Layer colour();
          // expect@"0" [EmbeddingSize] @Embedding on code: num must be at least 1, but is 0.
          // expect@"-2" [EmbeddingSize] @Embedding on code: dim must be at least 1, but is -2.
          @Embedding(num = 0, dim = -2) Weighted code();
        }
        """);
  }

  @Test
  void paddingThatIsNoRow() {
    assertDiagnostics(
        """
        @Network
        interface Net {
          @IndexInput Layer colour();
          // expect@"5" [EmbeddingPadding] @Embedding on code: paddingIndex must lie in [-5, 5), but is 5. Raise num, or name one of the rows.
          @Embedding(num = 5, dim = 2, paddingIndex = 5) Weighted code();
          // expect@"-6" [EmbeddingPadding] @Embedding on other: paddingIndex must lie in [-5, 5), but is -6.
          @From("colour") @Embedding(num = 5, dim = 2, paddingIndex = -6) Weighted other();
          @From({"code", "other"}) @Add Layer sum();
        }
        """);
  }

  @Test
  void numbersAreNoIndices() {
    assertDiagnostics(
        """
        @Network(input = 3)
        interface Net {
          // expect@"@Embedding" [LayerIndices] @Embedding on code: looks up indices, but the input gives real numbers.
          @Embedding(num = 5, dim = 2) Weighted code();
        }
        """);
  }
}
