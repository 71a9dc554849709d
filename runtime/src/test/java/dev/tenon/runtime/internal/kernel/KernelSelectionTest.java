package dev.tenon.runtime.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.internal.kernel.KernelSelection.Choice;
import dev.tenon.runtime.internal.kernel.KernelSelection.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

class KernelSelectionTest {
  private static final String SERVER = "OpenJDK 64-Bit Server VM";
  private static final Facts ALL = new Facts(null, true, SERVER, "mixed mode, sharing", true);

  private final Log log = new Log();

  private static int unasked() {
    throw new AssertionError("the probe must not run");
  }

  private Choice choose(Facts facts, IntSupplier probe) {
    return new KernelSelection(facts, log).decide("Net", probe);
  }

  private static Facts with(String override) {
    return new Facts(override, true, SERVER, "mixed mode, sharing", true);
  }

  @Test
  void everythingThere() {
    Choice choice = choose(ALL, () -> 16);
    assertThat(choice.vector()).isTrue();
    assertThat(choice.lanes()).isEqualTo(16);
    assertThat(log.sentences)
        .containsExactly(
            "INFO Networks run on vector kernels of up to 16 lanes: jdk.incubator.vector, C2 and"
                + " fused multiply-add are there; -Dtenon.vector=off turns vectors off.");
    assertThat(choose(ALL, () -> 4).lanes()).isEqualTo(4);
  }

  @Test
  void theModuleIsMissing() {
    assertPlain(
        new Facts(null, false, SERVER, "mixed mode, sharing", true),
        KernelSelectionTest::unasked,
        "the module jdk.incubator.vector is not there; add --add-modules jdk.incubator.vector to"
            + " the java command");
  }

  @Test
  void theCompilerIsMissing() {
    for (String info : List.of("interpreted mode, sharing", "mixed mode, emulated-client")) {
      assertPlain(
          new Facts(null, true, SERVER, info, true),
          KernelSelectionTest::unasked,
          "this virtual machine (" + SERVER + ", " + info + ") has no C2 compiler at work");
    }
    assertPlain(
        new Facts(null, true, "Eclipse OpenJ9 VM", "JRE 17", true),
        KernelSelectionTest::unasked,
        "Eclipse OpenJ9 VM");
    assertThat(choose(new Facts(null, true, SERVER, "compiled mode", true), () -> 8).vector())
        .isTrue();
  }

  @Test
  void fmaIsMissing() {
    assertPlain(
        new Facts(null, true, SERVER, "mixed mode", false),
        KernelSelectionTest::unasked,
        "there is no fused multiply-add in hardware");
  }

  @Test
  void vectorsAreNarrow() {
    assertPlain(ALL, () -> 2, "the vectors of this processor have less than 4 floats");
    assertPlain(ALL, () -> 0, "less than 4 floats");
  }

  @Test
  void theProbeFails() {
    assertPlain(
        ALL,
        () -> {
          throw new NoClassDefFoundError("jdk/incubator/vector/FloatVector");
        },
        "an operation on vectors, tried for Net, failed with java.lang.NoClassDefFoundError:"
            + " jdk/incubator/vector/FloatVector");
    assertPlain(
        ALL,
        () -> {
          throw new UnsupportedOperationException("no");
        },
        "UnsupportedOperationException: no");
  }

  private void assertPlain(Facts facts, IntSupplier probe, String reason) {
    log.sentences.clear();
    Choice choice = choose(facts, probe);
    assertThat(choice.vector()).isFalse();
    assertThat(choice.lanes()).isEqualTo(1);
    assertThat(choice.reason()).contains(reason);
    assertThat(log.sentences)
        .containsExactly("INFO Networks run on plain kernels: " + choice.reason() + ".");
  }

  @Test
  void thePropertyTurnsOff() {
    assertPlain(with("off"), KernelSelectionTest::unasked, "-Dtenon.vector=off turns vectors off");
    assertPlain(with("0"), KernelSelectionTest::unasked, "-Dtenon.vector=0 turns vectors off");
    assertThat(new KernelSelection(with("off"), log).mostLanes()).isEqualTo(16);
  }

  @Test
  void thePropertyCapsLanes() {
    assertThat(new KernelSelection(ALL, log).mostLanes()).isEqualTo(16);
    for (int lanes : new int[] {4, 8, 16}) {
      KernelSelection selection = new KernelSelection(with("" + lanes), log);
      assertThat(selection.mostLanes()).isEqualTo(lanes);
      assertThat(selection.decide("Net", selection::mostLanes))
          .extracting(Choice::vector, Choice::lanes)
          .containsExactly(true, lanes);
    }
    // A cap does not replace what is missing.
    assertPlain(
        new Facts("8", false, SERVER, "mixed mode, sharing", true),
        KernelSelectionTest::unasked,
        "is not there");
  }

  @Test
  void otherValuesOfThePropertyAreErrors() {
    for (String value : List.of("on", "", "32", "1", "OFF")) {
      KernelSelection selection = new KernelSelection(with(value), log);
      assertThatThrownBy(() -> selection.decide("Net", KernelSelectionTest::unasked))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "The system property tenon.vector must be off or 0, or the most lanes of a vector, 4,"
                  + " 8 or 16, but is \"%s\".",
              value);
      assertThatThrownBy(selection::mostLanes).isInstanceOf(IllegalArgumentException.class);
      assertThat(selection.current()).isEmpty();
    }
    assertThat(log.sentences).isEmpty();
  }

  @Test
  void theFirstNetworkDecidesForAll() {
    KernelSelection selection = new KernelSelection(ALL, log);
    assertThat(selection.current()).isEmpty();
    Choice first = selection.decide("First", () -> 8);
    assertThat(selection.decide("Second", KernelSelectionTest::unasked)).isSameAs(first);
    assertThat(selection.current()).containsSame(first);
    assertThat(log.sentences).hasSize(1);
  }

  /** These tests run without the module, on a machine with fused multiply-add. */
  @Test
  void thisProcess() {
    Facts facts = Facts.ofProcess();
    assertThat(facts.module())
        .isEqualTo(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
    assertThat(facts.vmName()).isEqualTo(System.getProperty("java.vm.name"));
    Choice choice = KernelSelection.choose("Net", () -> 16);
    assertThat(KernelSelection.chosen()).contains(choice);
    assertThat(KernelSelection.choose("Other", () -> true)).isSameAs(choice);
    assertThat(KernelSelection.maxLanes()).isBetween(4, 16);
    assertThat(choice.vector()).isEqualTo(facts.module() && facts.optimises() && facts.fma());
  }

  /** Keeps what is logged, with its level. */
  private static final class Log implements System.Logger {
    final List<String> sentences = new ArrayList<>();

    @Override
    public String getName() {
      return "test";
    }

    @Override
    public boolean isLoggable(Level level) {
      return true;
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
      throw new AssertionError("not used");
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... params) {
      assertThat(params).isNullOrEmpty();
      sentences.add(level + " " + format);
    }
  }
}
