package dev.tenon.runtime.text;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What somebody may have meant who asked for a name that there is not. */
public final class ClosestName {
  private ClosestName() {}

  /**
   * The known name that differs in the fewest letters, if they are few enough for a slip.
   *
   * @param name what was asked for
   * @param known what there is
   * @return the closest of them, or nothing if none is close
   */
  public static Optional<String> of(String name, List<String> known) {
    String closest = null;
    int least = Math.max(1, name.length() / 3) + 1;
    for (String candidate : known) {
      int distance = editDistance(name, candidate);
      if (distance < least) {
        least = distance;
        closest = candidate;
      }
    }
    return Optional.ofNullable(closest);
  }

  /** Levenshtein's distance: the fewest characters to insert, delete or replace. */
  private static int editDistance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
