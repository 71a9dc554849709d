package dev.tenon.runtime.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How a batch is cut. */
class BlocksTest {
  @Test
  void blocksOfASizeHoldTheBatch() {
    assertThat(Blocks.number(0, 8)).isZero();
    assertThat(Blocks.number(1, 8)).isEqualTo(1);
    assertThat(Blocks.number(8, 8)).isEqualTo(1);
    assertThat(Blocks.number(9, 8)).isEqualTo(2);
    assertThat(Blocks.number(16, 8)).isEqualTo(2);
  }

  @Test
  void partsAreOfEqualSizeButForTheLast() {
    assertThat(Blocks.sizeOfParts(32, 16)).isEqualTo(2);
    assertThat(Blocks.numberOfParts(32, 16)).isEqualTo(16);
    assertThat(Blocks.sizeOfParts(33, 16)).isEqualTo(3);
    // 33 samples by threes are eleven parts, not sixteen.
    assertThat(Blocks.numberOfParts(33, 16)).isEqualTo(11);
    assertThat(Blocks.numberOfParts(3, 16)).isEqualTo(3);
  }

  @Test
  void anEmptyBatchHasNoBlocks() {
    assertThat(Blocks.sizeOfParts(0, 16)).isEqualTo(1);
    assertThat(Blocks.numberOfParts(0, 16)).isZero();
  }

  @Test
  void everySampleIsInOneBlockAndNoBlockIsEmpty() {
    for (int batch = 0; batch <= 100; batch++) {
      for (int parts = 1; parts <= 20; parts++) {
        int size = Blocks.sizeOfParts(batch, parts);
        int number = Blocks.numberOfParts(batch, parts);
        assertThat(number).isLessThanOrEqualTo(parts);
        assertThat(number * size).isGreaterThanOrEqualTo(batch);
        assertThat((number - 1) * size).isLessThan(Math.max(batch, 1));
      }
    }
  }
}
