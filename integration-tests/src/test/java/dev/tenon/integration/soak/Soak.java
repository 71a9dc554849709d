package dev.tenon.integration.soak;

import dev.tenon.runtime.internal.kernel.KernelSelection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Trains every network in a virtual machine of its own and writes the bits of each step. After
 * {@link #PERIOD} steps a network starts again where it began: the same step must then give the
 * same bits, whatever compiler has got to its code in the meantime.
 */
final class Soak {
  /** Steps from start to start. */
  static final int PERIOD = 3;

  private Soak() {}

  /**
   * Writes a line that says which kernels ran, then a line for each network, of its name and the
   * hash of every step.
   *
   * @param args a file, and the number of steps
   */
  public static void main(String[] args) throws IOException {
    // Without C2, models leave vector kernels alone, because they are slow there. Their bits
    // matter.
    System.setProperty("java.vm.info", "mixed mode");
    Path file = Path.of(args[0]);
    int steps = Integer.parseInt(args[1]);
    StringBuilder text = new StringBuilder();
    for (SoakNetwork network : EveryLayer.networks()) {
      text.append(network.name());
      Training training = new Training(network);
      for (int call = 0; call < steps; call++) {
        if (call % PERIOD == 0) {
          training.restart();
        }
        training.step(call % PERIOD);
        text.append(' ').append(Long.toHexString(training.hash()));
      }
      text.append('\n');
    }
    Files.writeString(file, kernels() + "\n" + text);
  }

  /** Which kernels ran. */
  static String kernels() {
    return KernelSelection.chosen()
        .filter(KernelSelection.Choice::vector)
        .map(choice -> "vector")
        .orElse("plain");
  }
}
