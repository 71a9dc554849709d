package dev.tenon.processor;

import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The option {@code -Atenon.winograd}: whether vector kernels may compute convolutions by
 * Winograd's way. {@code auto}, the default, does where that is faster; {@code off} never does.
 */
record WinogradOption(String written, Optional<Choice> choice) {
  /** The option has a value that means nothing. */
  static final Problem UNKNOWN = Problem.error("WinogradOptionUnknown");

  private static final String NAME = "tenon.winograd";

  /** Whether to use it. */
  enum Choice {
    AUTO,
    OFF
  }

  /**
   * Reads the option.
   *
   * @param options all options of processors
   */
  static WinogradOption of(Map<String, String> options) {
    String written = options.getOrDefault(NAME, "auto");
    Optional<Choice> choice = Optional.empty();
    for (Choice known : Choice.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(written)) {
        choice = Optional.of(known);
      }
    }
    return new WinogradOption(written, choice);
  }

  boolean isOn() {
    return choice.filter(c -> c == Choice.AUTO).isPresent();
  }

  /** Reports a value that is not known. */
  void check(String subject, Report report) {
    if (choice.isEmpty()) {
      report.add(
          UNKNOWN,
          SourceRef.OF_TYPE,
          subject + ": -A" + NAME + "=" + written + " is not known.",
          "Use auto or off.");
    }
  }
}
