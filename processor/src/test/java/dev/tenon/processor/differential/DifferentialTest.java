package dev.tenon.processor.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.processor.graph.Network;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layers.LayerTypes;
import dev.tenon.processor.reference.Networks;
import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import dev.tenon.runtime.internal.kernel.KernelSelection;
import dev.tenon.runtime.model.Model;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestReporter;

/**
 * Interpreter and generated code on networks that nobody thought of. Every seed is a network and
 * its data, always the same. The property {@code differential.seeds} says which: {@code 0..99} in
 * every build, {@code 0..1999} in the Maven profile {@code differential}, and one number repeats
 * one network. Every build runs them twice, with plain kernels and with those for vectors.
 */
final class DifferentialTest {
  private static final String SEEDS = "differential.seeds";

  /** The seed of the models: the reference's. */
  private static final long MODEL_SEED = 42;

  /** Networks that one javac compiles. */
  private static final int TOGETHER = 50;

  private static final Comparison.Statistics FLOAT32 = new Comparison.Statistics();
  private static final Comparison.Statistics FLOAT64 = new Comparison.Statistics();

  @TestFactory
  Stream<DynamicTest> generatedCodeIsTheInterpretersEqual() {
    List<Integer> seeds = seeds();
    Stream<DynamicTest> networks =
        IntStream.iterate(0, from -> from < seeds.size(), from -> from + TOGETHER)
            .mapToObj(from -> seeds.subList(from, Math.min(from + TOGETHER, seeds.size())))
            .flatMap(DifferentialTest::tests);
    return Stream.concat(
        networks,
        Stream.of(
            DynamicTest.dynamicTest(
                "few tensors needed disturbed runs", DifferentialTest::fewWereDisturbed),
            DynamicTest.dynamicTest(
                "ran on the kernels that were meant", DifferentialTest::ranOnTheKernelsMeant)));
  }

  /** No run that is for vectors passes on plain kernels; networks of float64 have no others. */
  private static void ranOnTheKernelsMeant() {
    boolean vectors = KernelSelection.chosen().filter(KernelSelection.Choice::vector).isPresent();
    assertThat(vectors)
        .as("%s", KernelSelection.chosen())
        .isEqualTo(Boolean.getBoolean("tenon.test.vectors") && FLOAT32.tensors > 0);
  }

  /** Else the tolerance, not the networks, would be the reason. */
  private static void fewWereDisturbed() {
    for (Comparison.Statistics all : List.of(FLOAT32, FLOAT64)) {
      // The ten are for single networks.
      assertThat(all.disturbed).as(all.toString()).isLessThanOrEqualTo(10 + all.tensors / 20);
      assertThat(all.undetermined).as(all.toString()).isLessThanOrEqualTo(4 + all.steps / 500);
    }
  }

  private static List<Integer> seeds() {
    String[] bounds = System.getProperty(SEEDS, "0..99").split("\\.\\.", 2);
    int from = Integer.parseInt(bounds[0]);
    return IntStream.rangeClosed(from, Integer.parseInt(bounds[bounds.length - 1]))
        .boxed()
        .toList();
  }

  private static Stream<DynamicTest> tests(List<Integer> seeds) {
    Map<Integer, Network> networks = new LinkedHashMap<>();
    Map<Integer, RandomNetwork> drawn = draw(seeds, networks);
    String[] sources = drawn.values().stream().map(RandomNetwork::source).toArray(String[]::new);
    CompilerHarness harness = CompilerHarness.with(new TenonProcessor()).withVectorsIfPresent();
    Compiled compiled =
        (CompilerHarness.hasVectors() ? harness : harness.options("-Werror")).run(sources);
    ClassLoader loader = compiled.load();
    return seeds.stream()
        .map(
            seed ->
                DynamicTest.dynamicTest(
                    "network " + seed,
                    () -> run(seed, drawn.get(seed), networks.get(seed), loader)));
  }

  /** Draws until all are right. */
  private static Map<Integer, RandomNetwork> draw(
      List<Integer> seeds, Map<Integer, Network> networks) {
    Map<Integer, RandomNetwork> drawn = new LinkedHashMap<>();
    for (int attempt = 0; networks.size() < seeds.size(); attempt++) {
      for (int seed : seeds) {
        if (!networks.containsKey(seed)) {
          drawn.put(seed, RandomNetwork.draw("Net" + seed, random(seed, attempt)));
        }
      }
      List<Integer> open = seeds.stream().filter(seed -> !networks.containsKey(seed)).toList();
      Map<String, Network> right =
          Networks.ofValid(open.stream().map(seed -> drawn.get(seed).source()).toList());
      for (int seed : open) {
        Network network = right.get(drawn.get(seed).name());
        if (network != null) {
          networks.put(seed, network);
        }
      }
    }
    return drawn;
  }

  private static SplittableRandom random(int seed, int attempt) {
    return new SplittableRandom(1_000_003L * attempt + seed);
  }

  private static void run(int seed, RandomNetwork drawn, Network network, ClassLoader loader)
      throws ReflectiveOperationException {
    Method create =
        loader.loadClass("test." + drawn.name() + "Model").getDeclaredMethod("create", long.class);
    create.setAccessible(true);
    Model model = (Model) create.invoke(null, MODEL_SEED);
    boolean isDouble = drawn.source().contains("FLOAT64");
    try {
      new Trial(network, model, drawn.work(), random(seed, -1), isDouble ? FLOAT64 : FLOAT32).run();
    } catch (RuntimeException | AssertionError failure) {
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "%s%nRepeat with -D%s=%d%n%s",
              failure.getMessage(),
              SEEDS,
              seed,
              drawn.source()),
          failure);
    }
  }

  @AfterAll
  static void say(TestReporter reporter) {
    reporter.publishEntry("float32", FLOAT32.toString());
    reporter.publishEntry("float64", FLOAT64.toString());
  }

  /** A layer that is never drawn is never compared. */
  @Test
  void everyLayerCanBeDrawn() {
    assertThat(RandomLayers.annotations())
        .containsExactlyInAnyOrderElementsOf(
            LayerTypes.all().stream().map(LayerType::annotation).toList());
  }
}
