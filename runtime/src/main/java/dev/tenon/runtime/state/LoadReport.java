package dev.tenon.runtime.state;

import java.util.List;

/**
 * What came of loading a state.
 *
 * @param loaded names of the entries that were loaded, in the state's order
 * @param missing names of the entries that the file lacks; they keep their values
 * @param unexpected names of the file's tensors that the state has no entry for
 * @param refused one line for each tensor that does not fit its entry, with both shapes or types;
 *     the entry keeps its values
 * @param warnings what is no error, but worth knowing
 */
public record LoadReport(
    List<String> loaded,
    List<String> missing,
    List<String> unexpected,
    List<String> refused,
    List<String> warnings) {
  /**
   * A report.
   *
   * @param loaded names of the entries that were loaded, in the state's order
   * @param missing names of the entries that the file lacks; they keep their values
   * @param unexpected names of the file's tensors that the state has no entry for
   * @param refused one line for each tensor that does not fit its entry
   * @param warnings what is no error, but worth knowing
   */
  public LoadReport {
    loaded = List.copyOf(loaded);
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
    refused = List.copyOf(refused);
    warnings = List.copyOf(warnings);
  }

  /**
   * Whether everything fitted.
   *
   * @return true if nothing is missing, unexpected or refused
   */
  public boolean isComplete() {
    return missing.isEmpty() && unexpected.isEmpty() && refused.isEmpty();
  }

  /** Returns lines for people: how many were loaded, and all that was not. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(loaded.size()).append(loaded.size() == 1 ? " entry" : " entries").append(" loaded");
    missing.forEach(name -> text.append("\n  missing: ").append(name));
    unexpected.forEach(name -> text.append("\n  unexpected: ").append(name));
    refused.forEach(line -> text.append("\n  refused: ").append(line));
    warnings.forEach(line -> text.append("\n  warning: ").append(line));
    return text.toString();
  }
}
