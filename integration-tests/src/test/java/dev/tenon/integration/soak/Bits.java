package dev.tenon.integration.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The hashes of steps that several runs of {@link Soak} gave, and where they differ. */
final class Bits {
  /** What a step gave where it was first made. */
  private record Step(String hash, String run) {}

  private final Map<String, Step[]> expected = new LinkedHashMap<>();
  private final List<String> differences = new ArrayList<>();
  private int compared;

  /**
   * Takes the bits of a run, compares them with those of runs before it, and repeated steps with
   * each other.
   */
  void compare(String run, List<String> lines) {
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      Step[] steps = expected.computeIfAbsent(words[0], name -> new Step[Soak.PERIOD]);
      boolean differs = false;
      for (int i = 1; i < words.length; i++) {
        int step = (i - 1) % Soak.PERIOD;
        if (steps[step] == null) {
          steps[step] = new Step(words[i], run);
          continue;
        }
        compared++;
        // One message for a network and a run: what comes after a difference differs too.
        if (!differs && !steps[step].hash().equals(words[i])) {
          differs = true;
          differences.add(
              String.format(
                  "%s, step %d (%d of its %d): %s in %s, but %s in %s",
                  words[0],
                  i - 1,
                  step,
                  Soak.PERIOD,
                  words[i],
                  run,
                  steps[step].hash(),
                  steps[step].run()));
        }
      }
    }
  }

  Set<String> networks() {
    return expected.keySet();
  }

  List<String> differences() {
    return differences;
  }

  /** How many steps were compared with another. */
  int compared() {
    return compared;
  }
}
