package dev.tenon.processor.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SuggestionTest {
  @Test
  void distanceCountsLettersThatDiffer() {
    assertThat(Suggestion.distance("bn1", "bn1")).isZero();
    assertThat(Suggestion.distance("bn1", "BN1")).isZero();
    assertThat(Suggestion.distance("bn1", "bn2")).isEqualTo(1);
    assertThat(Suggestion.distance("hiden", "hidden")).isEqualTo(1);
    assertThat(Suggestion.distance("hiddden", "hidden")).isEqualTo(1);
    assertThat(Suggestion.distance("hdiden", "hidden")).isEqualTo(1);
    assertThat(Suggestion.distance("", "relu")).isEqualTo(4);
  }

  @Test
  void theNearestNameIsMeantIfItIsNear() {
    List<String> known = List.of("conv1", "conv2", "bn", "shortcut");
    assertThat(Suggestion.nearest("shortct", known)).startsWith("shortcut");
    assertThat(Suggestion.nearest("conv3", known)).startsWith("conv1");
    assertThat(Suggestion.nearest("head", known)).isEmpty();
    assertThat(Suggestion.nearest("b", known)).startsWith("bn");
  }
}
