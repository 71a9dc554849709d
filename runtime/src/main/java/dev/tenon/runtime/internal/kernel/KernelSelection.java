package dev.tenon.runtime.internal.kernel;

import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Decides, once for a process, whether networks run on their vector kernels or on the plain ones.
 * Vector kernels need the module {@code jdk.incubator.vector}, an optimising compiler (C2), because
 * each vector operation is slow without it, fused multiply-add in hardware for the same reason, and
 * vectors of at least four floats. What is missing is no error: plain kernels run everywhere. One
 * sentence in the log of {@value #LOGGER} says which kernels run, why, and what would turn vectors
 * on.
 *
 * <p>The system property {@value #PROPERTY} overrides: {@code off} or {@code 0} turns vectors off;
 * {@code 4}, {@code 8} or {@code 16} is the most lanes that a vector may have.
 */
public final class KernelSelection {
  /** The system property that overrides the choice. */
  public static final String PROPERTY = "tenon.vector";

  /** Name of the logger. */
  public static final String LOGGER = "dev.tenon";

  private static final int LEAST_LANES = 4;
  private static final int MOST_LANES = 16;

  private static final KernelSelection PROCESS =
      new KernelSelection(Facts.ofProcess(), System.getLogger(LOGGER));

  private final Facts facts;
  private final System.Logger log;
  private Choice choice;

  KernelSelection(Facts facts, System.Logger log) {
    this.facts = facts;
    this.log = log;
  }

  /**
   * Which kernels run.
   *
   * @param vector whether vector kernels do
   * @param lanes floats in one vector; 1 for plain kernels
   * @param reason a clause that says why
   */
  public record Choice(boolean vector, int lanes, String reason) {
    /**
     * A choice.
     *
     * @param vector whether vector kernels run
     * @param lanes floats in one vector; 1 for plain kernels
     * @param reason a clause that says why
     */
    public Choice {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /**
   * The choice for this process. The first network that asks brings it about; its probe is the last
   * thing asked, and only if nothing else is missing, so that without the module no class that
   * needs it is touched.
   *
   * @param network its name, for the log
   * @param probe does one real operation with vectors of at most {@link #maxLanes} and says how
   *     many lanes they have; whatever it throws, and a number below 4, means plain kernels
   * @return the same choice at every call, whoever asks
   * @throws IllegalArgumentException if the system property has a value that means nothing
   */
  public static Choice choose(String network, IntSupplier probe) {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(probe, "probe");
    return PROCESS.decide(network, probe);
  }

  /**
   * As {@link #choose(String, IntSupplier)}, with a probe that does not count. The lanes of the
   * choice are {@link #maxLanes} then.
   *
   * @param network its name, for the log
   * @param probe does one real operation and says whether vectors have at least 4 lanes
   * @return the same choice at every call, whoever asks
   * @throws IllegalArgumentException if the system property has a value that means nothing
   */
  public static Choice choose(String network, BooleanSupplier probe) {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(probe, "probe");
    return choose(network, () -> probe.getAsBoolean() ? maxLanes() : 0);
  }

  /**
   * What was chosen, for tests and benchmarks that must know.
   *
   * @return empty until a network has asked
   */
  public static Optional<Choice> chosen() {
    return PROCESS.current();
  }

  /**
   * The most lanes that vector kernels may use.
   *
   * @return 16, or less if the system property says so
   * @throws IllegalArgumentException if the system property has a value that means nothing
   */
  public static int maxLanes() {
    return PROCESS.mostLanes();
  }

  synchronized Choice decide(String network, IntSupplier probe) {
    if (choice == null) {
      choice = judge(network, probe);
      log.log(System.Logger.Level.INFO, sentence(choice));
    }
    return choice;
  }

  synchronized Optional<Choice> current() {
    return Optional.ofNullable(choice);
  }

  int mostLanes() {
    int lanes = lanes();
    return lanes == 0 ? MOST_LANES : lanes;
  }

  /** What the property says: 0 for off. */
  private int lanes() {
    String override = facts.override();
    if (override == null) {
      return MOST_LANES;
    }
    return switch (override) {
      case "off", "0" -> 0;
      case "4" -> 4;
      case "8" -> 8;
      case "16" -> 16;
      default ->
          throw new IllegalArgumentException(
              "The system property "
                  + PROPERTY
                  + " must be off or 0, or the most lanes of a vector, 4, 8 or 16, but is \""
                  + override
                  + "\".");
    };
  }

  private Choice judge(String network, IntSupplier probe) {
    if (lanes() == 0) {
      return plain("-D" + PROPERTY + "=" + facts.override() + " turns vectors off");
    }
    if (!facts.module()) {
      return plain(
          "the module jdk.incubator.vector is not there; add --add-modules jdk.incubator.vector to"
              + " the java command, and to that of javac, to turn vectors on");
    }
    if (!facts.optimises()) {
      return plain(
          "this virtual machine ("
              + facts.vmName()
              + ", "
              + facts.vmInfo()
              + ") has no C2 compiler at work; run HotSpot's Server VM without -Xint or"
              + " -XX:TieredStopAtLevel to turn vectors on");
    }
    if (!facts.fma()) {
      return plain(
          "there is no fused multiply-add in hardware, or -XX:-UseFMA hides it; a processor that"
              + " has it turns vectors on");
    }
    int found;
    try {
      found = probe.getAsInt();
    } catch (Throwable e) {
      // Whatever is wrong with vectors here, the plain kernels run.
      return plain("an operation on vectors, tried for " + network + ", failed with " + e);
    }
    if (found < LEAST_LANES) {
      return plain("the vectors of this processor have less than " + LEAST_LANES + " floats");
    }
    return new Choice(
        true,
        found,
        "jdk.incubator.vector, C2 and fused multiply-add are there; -D"
            + PROPERTY
            + "=off turns vectors off");
  }

  private static Choice plain(String reason) {
    return new Choice(false, 1, reason);
  }

  private static String sentence(Choice choice) {
    return (choice.vector()
            ? "Networks run on vector kernels of up to " + choice.lanes() + " lanes: "
            : "Networks run on plain kernels: ")
        + choice.reason()
        + ".";
  }

  /**
   * What the choice depends on.
   *
   * @param override the system property, or null
   * @param module whether the vector module is in the boot layer
   * @param vmName name of the virtual machine
   * @param vmInfo what it says about how it runs code
   * @param fma whether fused multiply-add is an instruction
   */
  record Facts(String override, boolean module, String vmName, String vmInfo, boolean fma) {
    static Facts ofProcess() {
      return new Facts(
          System.getProperty(PROPERTY),
          ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
          System.getProperty("java.vm.name", ""),
          System.getProperty("java.vm.info", ""),
          hasFma());
    }

    /**
     * HotSpot says "mixed mode" or "compiled mode", "interpreted mode" for -Xint, and adds
     * "emulated-client" for -XX:TieredStopAtLevel=1. Levels 2 and 3, which serve to debug the
     * virtual machine, cannot be told.
     */
    boolean optimises() {
      return vmName.contains("Server VM")
          && !vmInfo.contains("interpreted mode")
          && !vmInfo.contains("emulated-client");
    }

    /**
     * The flag that tells is in a module that the runtime does not need otherwise. But the
     * instruction hands on the payload of a NaN, while the Java code that stands in for it returns
     * the one NaN that Java knows: {@code Math.fma} gives away which of them ran, at once and on
     * every tier. Where the instruction drops payloads too, as on RISC-V, the answer is no, and
     * plain kernels run.
     */
    private static boolean hasFma() {
      long payload = 0x7ff8000000012345L;
      double nan = Double.longBitsToDouble(payload);
      return Double.doubleToRawLongBits(Math.fma(nan, 1.0, 1.0)) == payload;
    }
  }
}
