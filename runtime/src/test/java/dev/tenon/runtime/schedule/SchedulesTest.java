package dev.tenon.runtime.schedule;

import static dev.tenon.runtime.Fixtures.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tenon.runtime.Allocation;
import dev.tenon.runtime.Fixtures;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class SchedulesTest {
  private static final double BASE = 0.1;

  @TestFactory
  Stream<DynamicTest> matchesPyTorch() {
    return Fixtures.cases("schedules").stream()
        .map(
            test ->
                DynamicTest.dynamicTest(
                    test.get("name").asText() + " " + test.get("options"), () -> run(test)));
  }

  private static void run(JsonNode test) {
    double[] expected = Fixtures.doubles(test.get("rates"));
    double[] actual = new double[expected.length];
    if (test.get("name").asText().equals("plateau")) {
      Plateau.Tracker tracker = plateau(test.get("options")).start();
      double rate = BASE;
      for (int e = 0; e < expected.length; e++) {
        actual[e] = rate;
        rate = tracker.next(rate, test.get("metrics").get(e).asDouble());
      }
    } else {
      Schedule schedule = schedule(test.get("name").asText(), test.get("options"));
      for (int e = 0; e < expected.length; e++) {
        actual[e] = schedule.learningRate(BASE, e);
      }
    }
    // PyTorch reaches most rates by multiplying from step to step, and gathers rounding errors.
    assertClose(test.get("name").asText(), actual, expected, 1e-12, 1e-16);
  }

  private static Schedule schedule(String name, JsonNode o) {
    return switch (name) {
      case "step" -> Schedules.step(o.get("size").asInt(), o.get("gamma").asDouble());
      case "multiStep" ->
          Schedules.multiStep(o.get("gamma").asDouble(), Fixtures.ints(o.get("marks")));
      case "exponential" -> Schedules.exponential(o.get("gamma").asDouble());
      case "cosine" -> Schedules.cosine(o.get("length").asInt(), o.get("min").asDouble());
      case "linear" ->
          Schedules.linear(
              o.get("start").asDouble(), o.get("end").asDouble(), o.get("length").asInt());
      case "constant" -> Schedules.constant(o.get("factor").asDouble(), o.get("length").asInt());
      case "polynomial" -> Schedules.polynomial(o.get("length").asInt(), o.get("power").asDouble());
      case "cosineRestarts" ->
          Schedules.cosineRestarts(
              o.get("first").asInt(), o.get("factor").asInt(), o.get("min").asDouble());
      case "oneCycle" -> {
        OneCycle cycle =
            Schedules.oneCycle(o.get("max").asDouble(), o.get("total").asInt())
                .pctStart(o.get("pctStart").asDouble())
                .div(o.get("div").asDouble())
                .finalDiv(o.get("finalDiv").asDouble());
        yield o.get("linear").asBoolean() ? cycle.linear() : cycle;
      }
      default -> throw new AssertionError(name);
    };
  }

  private static Plateau plateau(JsonNode o) {
    Plateau rule =
        Schedules.plateau().factor(o.get("factor").asDouble()).patience(o.get("patience").asInt());
    rule = o.has("cooldown") ? rule.cooldown(o.get("cooldown").asInt()) : rule;
    rule = o.has("min") ? rule.min(o.get("min").asDouble()) : rule;
    rule = o.has("eps") ? rule.eps(o.get("eps").asDouble()) : rule;
    rule = o.has("threshold") ? rule.threshold(o.get("threshold").asDouble()) : rule;
    rule =
        o.has("absoluteThreshold")
            ? rule.absoluteThreshold(o.get("absoluteThreshold").asDouble())
            : rule;
    return o.has("higherIsBetter") ? rule.higherIsBetter() : rule;
  }

  /** The table of semantics 10, e from 0, base 0.1. */
  @Test
  void workedExamples() {
    assertRates(Schedules.step(2, .5), .1, .1, .05, .05, .025, .025, .0125, .0125);
    assertRates(Schedules.multiStep(.1, 2, 4), .1, .1, .01, .01, .001, .001);
    assertRates(Schedules.exponential(.5), .1, .05, .025);
    assertRates(
        Schedules.cosine(4, .01), .1, .08681981, .055, .02318019, .01, .02318019, .055, .08681981);
    assertRates(Schedules.cosine(4), .1, .08535534, .05, .01464466, 0);
    assertRates(Schedules.linear(1.0 / 3, 1, 4), .03333333, .05, .06666667, .08333333, .1, .1, .1);
    assertRates(Schedules.constant(1.0 / 3, 2), .03333333, .03333333, .1, .1);
    assertRates(Schedules.polynomial(4, 2), .1, .05625, .025, .00625, 0, 0);
    assertRates(Schedules.cosineRestarts(2, 2, 0), .1, .05, .1, .08535534, .05, .01464466, .1);
    assertRates(
        Schedules.oneCycle(1, 8),
        .04,
        .8192751,
        .97194178,
        .81174565,
        .55598401,
        .283061,
        .07664159,
        .000004);
  }

  private static void assertRates(Schedule schedule, double... expected) {
    for (int e = 0; e < expected.length; e++) {
      // The table is given to 8 digits behind the point.
      assertClose("step " + e, schedule.learningRate(BASE, e), expected[e], 0, 6e-9);
    }
  }

  @Test
  void aPeakAtTheFirstStepStartsAtTheTop() {
    assertRates(Schedules.oneCycle(1, 4).pctStart(0.25).div(10).linear(), 1, 0.66667, 0.33334);
  }

  @Test
  void cosineStaysExactFarOut() {
    Schedule cosine = Schedules.cosine(7, 0.01);
    assertThat(cosine.learningRate(BASE, 14L * 1_000_000_000_000L + 3))
        .isEqualTo(cosine.learningRate(BASE, 3));
  }

  @Test
  void oneCycleEnds() {
    OneCycle cycle = Schedules.oneCycle(1, 8);
    assertThatThrownBy(() -> cycle.learningRate(BASE, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "oneCycle: step 8 lies behind the end: the schedule was made for 8 steps, numbered"
                + " from 0. Make it for all the steps of the run.");
  }

  @Test
  void optionsAreChecked() {
    assertRefused(() -> Schedules.step(0, 0.1), "step: size must be at least 1, but is 0.");
    assertRefused(() -> Schedules.step(1, -0.1), "step: gamma");
    assertRefused(() -> Schedules.multiStep(0.1, 3, -1), "multiStep: marks");
    assertRefused(() -> Schedules.exponential(Double.NaN), "exponential: gamma");
    assertRefused(() -> Schedules.cosine(0), "cosine: steps");
    assertRefused(() -> Schedules.cosine(3, -1), "cosine: min");
    assertRefused(() -> Schedules.linear(0, 1, 5), "linear: start must be in (0, 1], but is 0.0.");
    assertRefused(() -> Schedules.linear(1, 2, 5), "linear: end must be in [0, 1], but is 2.0.");
    assertRefused(() -> Schedules.constant(2, 5), "constant: factor");
    assertRefused(() -> Schedules.polynomial(5, -1), "polynomial: power");
    assertRefused(() -> Schedules.cosineRestarts(1, 0, 0), "cosineRestarts: factor");
    assertRefused(() -> Schedules.oneCycle(0, 8), "oneCycle: max");
    assertRefused(() -> Schedules.oneCycle(1, 1), "oneCycle: total");
    assertRefused(() -> Schedules.oneCycle(1, 8).pctStart(1.1), "oneCycle: pctStart");
    assertRefused(() -> Schedules.oneCycle(1, 8).div(0), "oneCycle: div");
    assertRefused(() -> Schedules.oneCycle(1, 8).finalDiv(0), "oneCycle: finalDiv");
    assertRefused(() -> Schedules.plateau().factor(1), "plateau: factor must be in [0, 1)");
    assertRefused(() -> Schedules.plateau().patience(-1), "plateau: patience");
    assertRefused(() -> Schedules.plateau().threshold(-1), "plateau: threshold");
    assertRefused(() -> Schedules.plateau().absoluteThreshold(-1), "plateau: absoluteThreshold");
    assertRefused(() -> Schedules.plateau().cooldown(-1), "plateau: cooldown");
    assertRefused(() -> Schedules.plateau().min(-1), "plateau: min");
    assertRefused(() -> Schedules.plateau().eps(-1), "plateau: eps");
  }

  @Test
  void ratesAllocateNothing() {
    Schedule[] schedules = {
      Schedules.step(3, 0.5),
      Schedules.multiStep(0.3, 2, 5),
      Schedules.exponential(0.9),
      Schedules.cosine(7),
      Schedules.polynomial(9, 1.5),
      Schedules.cosineRestarts(2, 3, 0),
      Schedules.oneCycle(0.7, 20)
    };
    Allocation.assertNone(
        () -> {
          for (Schedule schedule : schedules) {
            schedule.learningRate(BASE, 13);
          }
        });
  }

  @Test
  void plateauTakesNanAsBad() {
    Plateau.Tracker tracker = Schedules.plateau().patience(1).factor(0.5).start();
    assertThat(tracker.next(0.1, Double.NaN)).isEqualTo(0.1);
    assertThat(tracker.next(0.1, Double.NaN)).isEqualTo(0.05);
  }

  private static void assertRefused(Runnable action, String message) {
    assertThatThrownBy(action::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
