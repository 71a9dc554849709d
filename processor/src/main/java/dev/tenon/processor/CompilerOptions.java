package dev.tenon.processor;

import dev.tenon.processor.declaration.SourceRef;
import dev.tenon.processor.diagnostics.Problem;
import dev.tenon.processor.diagnostics.Report;
import dev.tenon.processor.plan.BackEnds;
import dev.tenon.processor.plan.backend.BackEnd;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The options of the processor, as they were written and as they are meant.
 *
 * <ul>
 *   <li>{@code -Atenon.kernels}: which kernels to generate. {@code auto}, the default, generates
 *       vector kernels where the compilation has been given {@code jdk.incubator.vector}; {@code
 *       plain} never does; {@code vector} demands them where it is visible at all. Plain kernels
 *       are generated in any case, and one of both is chosen when the program starts.
 *   <li>{@code -Atenon.winograd}: whether vector kernels may compute convolutions by Winograd's
 *       way. {@code auto}, the default, does where that is faster; {@code off} never does.
 *   <li>{@code -Atenon.explain}: what to print about each network. Nothing but the name, or {@code
 *       true}, is what was decided; {@code passes} is what each pass of each back end changed;
 *       {@code listing} is the loops of each layer; {@code false}, the default, is nothing.
 * </ul>
 */
public final class CompilerOptions {
  /** The option has a value that means nothing. */
  static final Problem UNKNOWN_KERNELS = Problem.error("KernelsOptionUnknown");

  /** Vector kernels are demanded where they would not compile. */
  static final Problem NO_MODULE = Problem.error("VectorModuleMissing");

  /** The option has a value that means nothing. */
  static final Problem UNKNOWN_WINOGRAD = Problem.error("WinogradOptionUnknown");

  /** The option has a value that means nothing. */
  static final Problem UNKNOWN_EXPLAIN = Problem.error("ExplainOptionUnknown");

  /** What is visible to a compilation if the module is. */
  static final String VECTOR_TYPE = "jdk.incubator.vector.FloatVector";

  /**
   * A type of the module that is not API. {@code --release} with the number of the JDK shows the
   * module to every compilation, asked or not, but nothing that is not API.
   */
  static final String INTERNAL_TYPE = "jdk.incubator.vector.Float256Vector";

  /** An option, its values, and what is reported of any other one. */
  private enum Option {
    KERNELS("tenon.kernels", "auto", List.of("auto", "plain", "vector"), UNKNOWN_KERNELS),
    WINOGRAD("tenon.winograd", "auto", List.of("auto", "off"), UNKNOWN_WINOGRAD),
    EXPLAIN(
        "tenon.explain", "false", List.of("true", "passes", "listing", "false"), UNKNOWN_EXPLAIN);

    private final String key;
    private final String byDefault;
    private final List<String> values;
    private final Problem unknown;

    Option(String key, String byDefault, List<String> values, Problem unknown) {
      this.key = key;
      this.byDefault = byDefault;
      this.values = values;
      this.unknown = unknown;
    }

    private String in(Map<String, String> options) {
      if (!options.containsKey(key)) {
        return byDefault;
      }
      String written = options.get(key);
      // Without a value, an option is on.
      return written == null || (written.isEmpty() && this == EXPLAIN) ? "true" : written;
    }

    /** {@code auto, plain or vector}. */
    private String choices() {
      int last = values.size() - 1;
      return String.join(", ", values.subList(0, last)) + " or " + values.get(last);
    }
  }

  /** What to print about each network. */
  enum Explain {
    NOTHING,
    PLAN,
    PASSES,
    LISTING
  }

  private final Map<Option, String> written = new EnumMap<>(Option.class);
  private final boolean isModuleVisible;
  private final boolean isModuleGiven;

  private CompilerOptions(
      Map<String, String> options, boolean isModuleVisible, boolean isModuleGiven) {
    for (Option option : Option.values()) {
      written.put(option, option.in(options));
    }
    this.isModuleVisible = isModuleVisible;
    this.isModuleGiven = isModuleGiven;
  }

  /**
   * Reads the options.
   *
   * @param options all options of processors
   * @param isModuleVisible whether the compilation sees {@link #VECTOR_TYPE}
   * @param isModuleGiven whether it does because it has asked for the module
   */
  public static CompilerOptions of(
      Map<String, String> options, boolean isModuleVisible, boolean isModuleGiven) {
    return new CompilerOptions(options, isModuleVisible, isModuleGiven);
  }

  /** Whether these have been read of a compilation that sees the module in the same way. */
  boolean isFor(boolean moduleVisible, boolean moduleGiven) {
    return isModuleVisible == moduleVisible && isModuleGiven == moduleGiven;
  }

  /** The back ends to run the passes of. */
  List<BackEnd> backEnds() {
    List<BackEnd> backEnds = new ArrayList<>(List.of(BackEnds.PLAIN));
    boolean vectors =
        switch (written.get(Option.KERNELS)) {
          case "auto" -> isModuleGiven;
          case "vector" -> isModuleVisible;
          default -> false;
        };
    if (vectors) {
      backEnds.add(BackEnds.vectors("auto".equals(written.get(Option.WINOGRAD))));
    }
    if (explain() == Explain.LISTING) {
      backEnds.add(BackEnds.LISTING);
    }
    return backEnds;
  }

  Explain explain() {
    return switch (written.get(Option.EXPLAIN)) {
      case "true" -> Explain.PLAN;
      case "passes" -> Explain.PASSES;
      case "listing" -> Explain.LISTING;
      default -> Explain.NOTHING;
    };
  }

  /** Reports options that cannot be obeyed. */
  void check(String subject, Report report) {
    for (Option option : Option.values()) {
      String value = written.get(option);
      if (!option.values.contains(value)) {
        report.add(
            option.unknown,
            SourceRef.OF_TYPE,
            subject + ": -A" + option.key + "=" + value + " is not known.",
            "Use " + option.choices() + ".");
      }
    }
    if ("vector".equals(written.get(Option.KERNELS)) && !isModuleVisible) {
      report.add(
          NO_MODULE,
          SourceRef.OF_TYPE,
          subject
              + ": -Atenon.kernels=vector needs the module jdk.incubator.vector, which is not"
              + " visible here.",
          "Compile with --add-modules jdk.incubator.vector, or use auto.");
    }
  }
}
