package dev.tenon.processor;

import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The option {@code -Atenon.kernels}: which kernels to generate. {@code auto}, the default,
 * generates vector kernels where the compilation has been given {@code jdk.incubator.vector};
 * {@code plain} never does; {@code vector} demands them where it is visible at all. Plain kernels
 * are generated in any case, and one of both is chosen when the program starts.
 */
record KernelsOption(
    String written, Optional<Choice> choice, boolean isModuleVisible, boolean isModuleGiven) {
  /** The option has a value that means nothing. */
  static final Problem UNKNOWN = Problem.error("KernelsOptionUnknown");

  /** Vector kernels are demanded where they would not compile. */
  static final Problem NO_MODULE = Problem.error("VectorModuleMissing");

  private static final String NAME = "tenon.kernels";

  /** What is visible to a compilation if the module is. */
  static final String VECTOR_TYPE = "jdk.incubator.vector.FloatVector";

  /**
   * A type of the module that is not API. {@code --release} with the number of the JDK shows the
   * module to every compilation, asked or not, but nothing that is not API.
   */
  static final String INTERNAL_TYPE = "jdk.incubator.vector.Float256Vector";

  /** What to generate. */
  enum Choice {
    AUTO,
    PLAIN,
    VECTOR
  }

  /**
   * Reads the option.
   *
   * @param options all options of processors
   * @param isModuleVisible whether the compilation sees {@link #VECTOR_TYPE}
   * @param isModuleGiven whether it does because it has asked for the module
   */
  static KernelsOption of(
      Map<String, String> options, boolean isModuleVisible, boolean isModuleGiven) {
    String written = options.getOrDefault(NAME, "auto");
    Optional<Choice> choice = Optional.empty();
    for (Choice known : Choice.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(written)) {
        choice = Optional.of(known);
      }
    }
    return new KernelsOption(written, choice, isModuleVisible, isModuleGiven);
  }

  boolean wantsVectors() {
    return switch (choice.orElse(Choice.PLAIN)) {
      case AUTO -> isModuleGiven;
      case PLAIN -> false;
      case VECTOR -> isModuleVisible;
    };
  }

  /** Reports an option that cannot be obeyed. */
  void check(String subject, Report report) {
    if (choice.isEmpty()) {
      report.add(
          UNKNOWN,
          SourceRef.OF_TYPE,
          subject + ": -A" + NAME + "=" + written + " is not known.",
          "Use auto, plain or vector.");
    } else if (choice.get() == Choice.VECTOR && !isModuleVisible) {
      report.add(
          NO_MODULE,
          SourceRef.OF_TYPE,
          subject
              + ": -A"
              + NAME
              + "=vector needs the module jdk.incubator.vector, which is not visible here.",
          "Compile with --add-modules jdk.incubator.vector, or use auto.");
    }
  }
}
