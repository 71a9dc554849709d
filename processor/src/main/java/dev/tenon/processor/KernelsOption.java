package dev.tenon.processor;

import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import java.util.Locale;
import java.util.Optional;
import javax.annotation.processing.ProcessingEnvironment;

/**
 * The option {@code -Atenon.kernels}: which kernels to generate. {@code auto}, the default,
 * generates vector kernels where {@code jdk.incubator.vector} is visible to the compilation; {@code
 * plain} never does; {@code vector} demands them. Plain kernels are generated in any case, and one
 * of both is chosen when the program starts.
 */
record KernelsOption(String written, Optional<Choice> choice, boolean isModuleVisible) {
  /** The option has a value that means nothing. */
  static final Problem UNKNOWN = Problem.error("KernelsOptionUnknown");

  /** Vector kernels are demanded where they would not compile. */
  static final Problem NO_MODULE = Problem.error("VectorModuleMissing");

  private static final String NAME = "tenon.kernels";
  private static final String VECTOR_TYPE = "jdk.incubator.vector.FloatVector";

  /** What to generate. */
  enum Choice {
    AUTO,
    PLAIN,
    VECTOR
  }

  static KernelsOption of(ProcessingEnvironment environment) {
    String written = environment.getOptions().getOrDefault(NAME, "auto");
    Optional<Choice> choice = Optional.empty();
    for (Choice known : Choice.values()) {
      if (known.name().toLowerCase(Locale.ROOT).equals(written)) {
        choice = Optional.of(known);
      }
    }
    boolean visible = environment.getElementUtils().getTypeElement(VECTOR_TYPE) != null;
    return new KernelsOption(written, choice, visible);
  }

  boolean wantsVectors() {
    return isModuleVisible && choice.filter(c -> c != Choice.PLAIN).isPresent();
  }

  /** Reports an option that cannot be obeyed. */
  void check(String subject, Report report) {
    if (choice.isEmpty()) {
      report.add(
          UNKNOWN,
          SourceRef.OF_TYPE,
          subject + ": -A" + NAME + " = " + written + " is not known.",
          "Use auto, plain or vector.");
    } else if (choice.get() == Choice.VECTOR && !isModuleVisible) {
      report.add(
          NO_MODULE,
          SourceRef.OF_TYPE,
          subject
              + ": -A"
              + NAME
              + " = vector needs the module jdk.incubator.vector, which is not visible here.",
          "Compile with --add-modules jdk.incubator.vector, or use auto.");
    }
  }
}
