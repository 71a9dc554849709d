package dev.tenon.processor.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.processor.fuzz.ExtremeAttributes.Case;
import dev.tenon.processor.layer.LayerType;
import dev.tenon.processor.layers.LayerTypes;
import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.TensorSpec;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.state.Parameter;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Every attribute of every layer at its extremes ends in a network or in one message that is
 * documented, and a network that comes of it computes numbers. The property {@code extremes.cases}
 * says how many are tried, {@code extremes.run} how many of those that are right go all the way
 * through javac and a step of training; the Maven profile {@code extremes} tries all.
 */
final class ExtremeAttributesTest {
  private static final int CASES = Integer.getInteger("extremes.cases", 400);
  private static final int RUN = Integer.getInteger("extremes.run", 40);

  /** Pairs and triples, of which there are countless. */
  private static final int MOST_DRAWN = 3000;

  /** Networks in one compilation. */
  private static final int TOGETHER = 200;

  /** Values of a sample and of the parameters, up to which a network is run. */
  private static final long MOST_VALUES = 100_000;

  /** Numbers above this may overflow a float on the way, as they do in PyTorch. */
  private static final Pattern HUGE = Pattern.compile("MAX_VALUE|INFINITY|e38|e300|e18");

  private static final Pattern ID = Pattern.compile("^\\[(\\w+)]");
  private static final Pattern VARIES = Pattern.compile("\\bExtreme\\d+");

  private final Set<String> documented = Corpus.documentedIds();
  private final List<String> wrong = new ArrayList<>();

  /** Those that are right and small, by the names of their types. */
  private final Map<String, Case> right = new HashMap<>();

  private int refused;

  @Test
  void everyExtremeIsANetworkOrAMessage(TestReporter reporter) throws Exception {
    ExtremeAttributes extremes = new ExtremeAttributes(2027);
    assertThat(extremes.annotations())
        .containsExactlyInAnyOrderElementsOf(
            LayerTypes.all().stream().map(LayerType::annotation).toList());
    List<Case> all = new ArrayList<>(extremes.singles());
    all.addAll(extremes.together());
    all.addAll(extremes.drawn(Math.min(CASES, MOST_DRAWN)));
    List<Case> cases = extremes.shuffled(all);
    cases = cases.subList(0, Math.min(CASES, cases.size()));
    for (int from = 0; from < cases.size(); from += TOGETHER) {
      check(cases.subList(from, Math.min(from + TOGETHER, cases.size())));
    }
    List<Case> runnable = cases.stream().filter(right::containsValue).limit(RUN).toList();
    for (int from = 0; from < runnable.size(); from += TOGETHER) {
      run(runnable.subList(from, Math.min(from + TOGETHER, runnable.size())));
    }
    reporter.publishEntry(
        "extremes",
        cases.size()
            + " networks of "
            + all.size()
            + ": "
            + refused
            + " got a message, "
            + right.size()
            + " are right and small, "
            + runnable.size()
            + " ran");
    assertThat(wrong).as(() -> String.join("\n\n", wrong)).isEmpty();
    assertThat(refused).isPositive();
    assertThat(runnable).isNotEmpty();
  }

  /** Compiles as far as sources, which javac parses, but no further. */
  private void check(List<Case> cases) {
    Set<String> small = new LinkedHashSet<>();
    // Infers what is small first: what is large is not run.
    compile(
        CompilerHarness.with(
                new TenonProcessor(
                    LayerTypes.all(),
                    (network, report) -> {
                      long values =
                          network.nodes().stream()
                              .mapToLong(
                                  node ->
                                      node.layer().output().count()
                                          + node.layer().state().stream()
                                              .mapToLong(entry -> entry.count())
                                              .sum())
                              .sum();
                      long given =
                          network.inputs().stream().mapToLong(input -> input.shape().count()).sum();
                      if (values + given <= MOST_VALUES) {
                        small.add(network.declaration().typeName());
                      }
                      return List.of();
                    }))
            .options("-proc:only"),
        cases);
    Compiled compiled =
        compile(CompilerHarness.with(new TenonProcessor()).options("-proc:only"), cases);
    Map<String, List<String>> errors = errors(compiled);
    for (Case one : cases) {
      List<String> messages = errors.getOrDefault(one.name(), List.of());
      List<String> odd = messages.stream().filter(message -> !isDocumented(message)).toList();
      if (!odd.isEmpty() || messages.size() > one.mistakes()) {
        wrong.add(one.source() + "\n" + String.join("\n", messages));
      } else if (!messages.isEmpty()) {
        refused++;
      } else if (small.contains(one.name())) {
        right.put(one.name(), one);
      }
    }
  }

  private boolean isDocumented(String message) {
    Matcher id = ID.matcher(message);
    return id.find() && !id.group(1).equals("InternalError") && documented.contains(id.group(1));
  }

  private static Compiled compile(CompilerHarness harness, List<Case> cases) {
    return harness.run(
        Stream.concat(Stream.of(ExtremeAttributes.FUNCTION), cases.stream().map(Case::source))
            .toArray(String[]::new));
  }

  /** The errors by the network of whose source, or of whose generated code, they tell. */
  private static Map<String, List<String>> errors(Compiled compiled) {
    Map<String, List<String>> errors = new HashMap<>();
    for (Diagnostic<? extends JavaFileObject> diagnostic : compiled.diagnostics()) {
      if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
        String place = diagnostic.getSource() == null ? "" : diagnostic.getSource().getName();
        Matcher name = VARIES.matcher(place);
        errors
            .computeIfAbsent(name.find() ? name.group() : place, p -> new ArrayList<>())
            .add(diagnostic.getMessage(Locale.ROOT));
      }
    }
    return errors;
  }

  // ---------------------------------------------------------------------------------- one step

  private void run(List<Case> cases) throws ReflectiveOperationException {
    Compiled compiled =
        compile(CompilerHarness.with(new TenonProcessor()).withVectorsIfPresent(), cases);
    if (!compiled.succeeded()) {
      wrong.add("Generated code does not compile:\n" + compiled.messages());
      return;
    }
    ClassLoader loader = compiled.load();
    for (Case one : cases) {
      Method create =
          loader.loadClass("test." + one.name() + "Model").getDeclaredMethod("create", long.class);
      create.setAccessible(true);
      try {
        step(one, (Model) create.invoke(null, 1L));
      } catch (RuntimeException | ReflectiveOperationException e) {
        wrong.add(one.source() + "\n" + e + (e.getCause() == null ? "" : ": " + e.getCause()));
      }
    }
  }

  private void step(Case one, Model model) {
    Tensor[] outputs = model.forward(values(model.inputs(), 1));
    List<double[]> results = new ArrayList<>(copies(outputs));
    results.addAll(copies(model.backwardToInputs(values(model.outputs(), 0.5))));
    for (Parameter parameter : model.parameters()) {
      results.add(parameter.gradient().toDoubleArray());
    }
    results.addAll(copies(model.predict(values(model.inputs(), 1))));
    boolean finite =
        results.stream().flatMapToDouble(Arrays::stream).allMatch(value -> Double.isFinite(value));
    if (!finite && !HUGE.matcher(one.source()).find()) {
      wrong.add(one.source() + "\ngives " + results.stream().map(Arrays::toString).toList());
    }
  }

  private static List<double[]> copies(Tensor[] tensors) {
    return Stream.of(tensors).filter(Objects::nonNull).map(Tensor::toDoubleArray).toList();
  }

  private static Tensor[] values(List<TensorSpec> specs, double scale) {
    return specs.stream().map(spec -> values(spec, scale)).toArray(Tensor[]::new);
  }

  /** Two samples of values that differ. */
  private static Tensor values(TensorSpec spec, double scale) {
    int[] shape = IntStream.concat(IntStream.of(2), IntStream.of(spec.shape())).toArray();
    if (spec.isIndices()) {
      return Tensor.zeros(spec.dtype(), shape);
    }
    double[] values = new double[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
    Arrays.setAll(values, i -> scale * Math.sin(i + 1.0));
    if (spec.dtype() == DType.FLOAT64) {
      return Tensor.of(values, shape);
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Tensor.of(floats, shape);
  }

  /** What PyTorch allows is no mistake, however odd. */
  @Test
  void whatPyTorchAllowsIsANetwork() {
    List<String> layers =
        List.of(
            "@Conv2d(out = 1, kernel = 3, stride = Integer.MAX_VALUE) Weighted",
            "@Conv2d(out = 1, kernel = 1, dilation = Integer.MAX_VALUE) Weighted",
            "@Conv2d(out = 1, kernel = 3, padding = 1 << 20, stride = 1 << 20) Weighted",
            "@AvgPool2d(kernel = 3, stride = Integer.MAX_VALUE, ceilMode = true) Layer",
            "@MaxPool2d(kernel = 8, stride = Integer.MAX_VALUE, ceilMode = true) Layer",
            "@MaxPool2d(kernel = 1, stride = 1 << 30, dilation = Integer.MAX_VALUE) Layer",
            "@Hardtanh(min = Double.NEGATIVE_INFINITY, max = Float.MAX_VALUE) Layer",
            "@LeakyReLU(slope = 1e-300) Layer",
            "@GroupNorm(groups = 4, eps = 0) Norm",
            "@Dropout(p = 1) Layer");
    String sources =
        IntStream.range(0, layers.size())
            .mapToObj(
                i ->
                    "@Network(input = {4, 8, 8}) interface Net%d { %s layer(); }"
                        .formatted(i, layers.get(i)))
            .collect(Collectors.joining("\n"));
    Compiled compiled = CompilerHarness.compile(sources);
    assertThat(compiled.succeeded()).as(compiled.messages()).isTrue();
  }
}
