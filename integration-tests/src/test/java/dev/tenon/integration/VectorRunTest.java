package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.runtime.internal.kernel.KernelSelection;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * That a run of the tests is on the kernels that it is meant for, so that no test of vectors passes
 * on plain kernels. {@code tenon.test.lanes} says which: a number of lanes, {@code preferred}, or
 * nothing for plain kernels.
 */
class VectorRunTest {
  @Test
  void runsOnTheKernelsThatThisRunIsFor() {
    CompiledNetwork.of("Chosen", "input = {3}", List.of("@Linear(out = 2) Weighted layer();"))
        .create(1);
    KernelSelection.Choice choice = KernelSelection.chosen().orElse(null);
    String lanes = System.getProperty("tenon.test.lanes");
    if (lanes == null) {
      assertThat(choice).as("nobody asks without vector kernels").isNull();
    } else {
      assertThat(choice).isNotNull();
      assertThat(choice.vector()).as(choice.reason()).isTrue();
      if (lanes.equals("preferred")) {
        assertThat(choice.lanes()).isIn(4, 8, 16);
      } else {
        assertThat(choice.lanes()).isEqualTo(Integer.parseInt(lanes));
      }
    }
  }
}
