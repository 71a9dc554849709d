package dev.tenon.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.layer.Layer;
import dev.tenon.runtime.model.SingleModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * The generated text: the same bytes from the same network, whatever the locale; plain Java that a
 * person would sign; and no name of the user's that breaks it. Everything here is compiled under
 * {@code -Xlint:all -Werror}, as by {@link CompiledNetwork} always.
 */
class GeneratedSourceTest {
  /** One of everything. */
  private static final List<String> LAYERS =
      List.of(
          "@Conv2d(out = 6, kernel = 3, padding = 1, bias = false) Weighted conv1();",
          "@BatchNorm2d(eps = 1e-3, momentum = 0.25) BatchNorm bn1();",
          "@ReLU Layer relu1();",
          "@MaxPool2d(kernel = 3, stride = 2, padding = 1) Layer pool1();",
          "@Conv2d(out = 6, kernel = 3, stride = 2, groups = 2) Weighted conv2();",
          "@BatchNorm2d(cumulative = true) BatchNorm bn2();",
          "@ReLU Layer relu2();",
          "@AvgPool2d(kernel = 2, padding = 1) Layer pool2();",
          "@InstanceNorm2d(affine = true, trackRunningStats = true) InstanceNorm in();",
          "@Dropout(p = 0.125) Layer drop();",
          "@Flatten Layer flat();",
          "@Linear(out = 9) Weighted hidden();",
          "@BatchNorm1d(trackRunningStats = false) BatchNorm bn3();",
          "@Linear(out = 12) Weighted hidden2();",
          "@GroupNorm(groups = 3, eps = 1e-3) Norm gn();",
          "@Linear(out = 3) Weighted head();",
          "@LayerNorm(bias = false) Norm ln();");

  private static final Map<String, CompiledNetwork> NETWORKS = new LinkedHashMap<>();

  @BeforeAll
  static void compile() {
    for (String precision : List.of("FLOAT32", "FLOAT64")) {
      NETWORKS.put(precision, compile(precision));
    }
  }

  private static CompiledNetwork compile(String precision) {
    return CompiledNetwork.of(
        "All", "input = {2, 12, 11}, precision = Precision." + precision, LAYERS);
  }

  @Test
  void theSameNetworkGivesTheSameBytes() {
    NETWORKS.forEach(
        (precision, first) -> {
          CompiledNetwork second = compile(precision);
          assertThat(second.sources()).isEqualTo(first.sources()).isNotEmpty();
          assertThat(second.classes().keySet()).isEqualTo(first.classes().keySet());
          first
              .classes()
              .forEach((name, bytes) -> assertThat(second.classes().get(name)).isEqualTo(bytes));
        });
  }

  /** Networks beside it change nothing: no hash order, no counter that is shared. */
  @Test
  void theSameNetworkGivesTheSameTextInAnyCompany() {
    String source =
        CompiledNetwork.source("All", "input = {2, 12, 11}, precision = Precision.FLOAT32", LAYERS);
    Map<String, String> several = new LinkedHashMap<>();
    several.put("test.Before", CompiledNetwork.source("Before", "input = 3", relu()));
    several.put("test.All", source);
    several.put("test.Later", CompiledNetwork.source("Later", "input = {2, 12, 11}", LAYERS));
    Map<String, String> together =
        CompiledNetwork.ofSources(several, new TenonProcessor()).sources();
    NETWORKS
        .get("FLOAT32")
        .sources()
        .forEach((name, text) -> assertThat(together.get(name)).isEqualTo(text));
  }

  private static List<String> relu() {
    return List.of("@ReLU Layer relu();");
  }

  @Test
  @ResourceLock(Resources.LOCALE)
  void theLocaleChangesNothing() {
    Locale before = Locale.getDefault();
    // A decimal comma; Turkish, whose upper case of i is no I; and digits that are not Latin.
    for (String tag : List.of("de-DE", "tr-TR", "ar-EG-u-nu-arab")) {
      Locale.setDefault(Locale.forLanguageTag(tag));
      try {
        NETWORKS.forEach(
            (precision, network) -> {
              CompiledNetwork elsewhere = compile(precision);
              assertThat(elsewhere.sources()).as(tag).isEqualTo(network.sources());
              SingleModel here = network.create(3);
              SingleModel there = elsewhere.create(3);
              assertThat(step(there)).as(tag).isEqualTo(step(here));
            });
      } finally {
        Locale.setDefault(before);
      }
    }
  }

  private static List<String> step(SingleModel model) {
    List<String> bits = new ArrayList<>();
    bits.add(Samples.bits(model.forward(Samples.input(model, 1, 4))));
    bits.add(Samples.bits(model.backwardToInput(Samples.outputGradient(model, 2, 4))));
    bits.add(Samples.bits(model.predict(Samples.input(model, 3, 5))));
    bits.addAll(Samples.bits(model));
    return bits;
  }

  @Test
  void sourcesArePlain() {
    sources()
        .forEach(
            (name, text) ->
                assertThat(text)
                    .as(name)
                    .doesNotContain("jdk.incubator")
                    .doesNotContain("Math.fma")
                    .doesNotContain("StrictMath")
                    .doesNotContainIgnoringCase("0x")
                    .doesNotContain("sun.misc"));
  }

  @Test
  void linesAreAsAPersonWouldWriteThem() {
    Pattern odd =
        Pattern.compile(
            // two spaces inside a line, a space before punctuation or a bracket, a tab, a space at
            // the end, a cast without its space, an empty statement
            "\\S {2,}\\S| [;,)\\]]|[(\\[] |\\t| $|\\((float|double|int|long)\\)\\S|;;|\\(\\(\\(");
    sources()
        .forEach(
            (name, text) -> {
              boolean comment = false;
              String previous = "";
              for (String line : text.split("\n", -1)) {
                String code = line.strip();
                comment = comment ? !previous.endsWith("*/") : code.startsWith("/*");
                if (!comment && !code.startsWith("*") && !code.startsWith("//")) {
                  Matcher matcher = odd.matcher(code.replaceAll("\"[^\"]*\"", "\"\""));
                  assertThat(matcher.find()).as("%s: %s", name, line).isFalse();
                  int indent = line.length() - line.stripLeading().length();
                  assertThat(indent % 2).as("%s: %s", name, line).isZero();
                }
                if (code.isEmpty()) {
                  assertThat(previous).as("%s: two empty lines", name).isNotEmpty();
                }
                previous = code.isEmpty() ? "" : code;
              }
              assertThat(text).as(name).endsWith("}\n").doesNotContain("\r");
            });
  }

  /** No value of a float64 network passes through a float. */
  @Test
  void arraysHaveTheTypeOfTheNetwork() {
    NETWORKS
        .get("FLOAT64")
        .sources()
        .forEach((name, text) -> assertThat(text).as(name).doesNotContain("float["));
  }

  private static Map<String, String> sources() {
    Map<String, String> all = new LinkedHashMap<>();
    NETWORKS.forEach(
        (precision, network) ->
            network.sources().forEach((name, text) -> all.put(precision + " " + name, text)));
    assertThat(all).hasSizeGreaterThanOrEqualTo(4);
    return all;
  }

  // --------------------------------------------------------------------------- the user's names

  /** Every kind of layer in full, for sources that import nothing. */
  private static final String BODY =
      """
       @Conv2d(out = 9, kernel = 3, padding = 1) dev.tenon.runtime.layer.Weighted conv1();
        MORE
        @BatchNorm2d dev.tenon.runtime.layer.BatchNorm bn();
        @ReLU dev.tenon.runtime.layer.Layer relu();
        @MaxPool2d(kernel = 3, stride = 2, padding = 1) dev.tenon.runtime.layer.Layer pool();
        @Dropout dev.tenon.runtime.layer.Layer drop();
        @Flatten dev.tenon.runtime.layer.Layer flat();
        @Linear(out = 8) dev.tenon.runtime.layer.Weighted fc();
      """;

  private static final String IMPORT = "import dev.tenon.annotations.*;\n";
  private static final String NETWORK = "@Network(input = {3, 6, 6}) ";

  @Test
  void networksMayStandAnywhere() {
    Map<String, String> sources = new LinkedHashMap<>();
    sources.put("Unnamed", IMPORT + NETWORK + "interface Unnamed {" + body("") + "}");
    sources.put(
        "a.b.Deep", "package a.b;" + IMPORT + NETWORK + "interface Deep {" + body("") + "}");
    sources.put(
        "test.Outer",
        "package test;\n"
            + IMPORT
            + "final class Outer { private Outer() {}\n"
            + "interface Middle {"
            + NETWORK
            + "interface Inner {"
            + body("")
            + "} } }");
    sources.put(
        "test.Abstract",
        "package test;\n"
            + IMPORT
            + NETWORK
            + "abstract class Abstract {\n"
            + "  protected int parameters = 3;\n"
            + "  static Abstract create(long seed) { return AbstractModel.create(seed); }\n"
            + "  public static Abstract load(java.nio.file.Path path) throws java.io.IOException {\n"
            + "    return AbstractModel.load(path);\n  }\n"
            + "  int twice() { return 2 * parameters; }\n"
            + body("").replaceAll("(?m)^ *@", "  protected abstract @").replace("MORE", "")
            + "}");
    sources.put(
        "test.Extending",
        "package test;\n"
            + IMPORT
            + NETWORK
            + "public interface Extending extends dev.tenon.runtime.model.SingleModel {"
            + body("")
            + "}");
    sources.put(
        "test.a$b", "package test;\n" + IMPORT + NETWORK + "interface a$b {" + body("") + "}");
    sources.put(
        "test.Netz", "package test;\n" + IMPORT + NETWORK + "interface Netz {" + body("") + "}");
    CompiledNetwork networks = CompiledNetwork.ofSources(sources, new TenonProcessor());
    for (String network :
        List.of(
            "Unnamed",
            "a.b.Deep",
            "test.Outer_Middle_Inner",
            "test.Abstract",
            "test.Extending",
            "test.a$b",
            "test.Netz")) {
      assertRuns(network, networks.create(network, 1));
    }
  }

  private static String body(String more) {
    return BODY.replace("MORE", more);
  }

  /** Names of everything that generated code has itself, and of what Java allows. */
  private static final List<String> AWKWARD =
      List.of(
          ("conv1 bn input output batch n c x y p i o h w weight bias layers2 conv1Output"
                  + " conv1_output conv__1 forwardLayers backwardLayers predictLayers reserveTraining"
                  + " reservePredict declareState1 createViews1 seed step main running_mean gradients"
                  + " counters boundary trainingCapacity predictCapacity withInput outputGradient"
                  + " inputGradient kernel tile sum sums value values var record yield sealed permits"
                  + " module open with to when _1 __1 __ $ $L $$ a$b größe A URL System Math Arrays"
                  + " Tensor Model SingleModel Layer List Rows Randoms State Override String get set predictInput"
                  + " prediction predict2 mean scale averageFactor randomKey dropProbability"
                  + " evaluation padded inputLayer bnFrozen bnLayer Kernels AllModel builder"
                  + " program pass workers samples from checkTrainingBatch1"
                  + " countEmptyBatch1 Program Pass PlainProgram All0PlainProgram")
              .split(" "));

  private static final List<String> KINDS =
      List.of(
          "@Conv2d(out = 9, kernel = 3, padding = 1, bias = false) Weighted %s();",
          "@BatchNorm2d BatchNorm %s();",
          "@Dropout Layer %s();",
          "@MaxPool2d(kernel = 3, stride = 1, padding = 1) Layer %s();");

  /** Four networks of all names, so that each name is a layer of each kind. */
  @Test
  void layersMayHaveAnyName() {
    Map<String, String> sources = new LinkedHashMap<>();
    for (int turn = 0; turn < KINDS.size(); turn++) {
      List<String> layers = new ArrayList<>();
      for (int i = 0; i < AWKWARD.size(); i++) {
        layers.add(KINDS.get((i + turn) % KINDS.size()).formatted(AWKWARD.get(i)));
      }
      String network = "All" + turn;
      sources.put(
          "test." + network,
          CompiledNetwork.source(
              network, "input = {3, 4, 4}, precision = Precision.FLOAT64", layers));
    }
    CompiledNetwork networks = CompiledNetwork.ofSources(sources, new TenonProcessor());
    for (String network : sources.keySet()) {
      SingleModel model = networks.create(network, 1);
      assertThat(model.layers()).extracting(Layer::name).containsExactlyElementsOf(AWKWARD);
      assertRuns(network, model);
    }
  }

  /** Types of the user that have the names of types that generated code uses. */
  @Test
  void theUsersTypesHideNothing() {
    List<String> used =
        List.of(
            "Tensor",
            "Model",
            "SingleModel",
            "State",
            "List",
            "Layer",
            "Override",
            "String",
            "Rows",
            "Program",
            "Pass",
            "Randoms",
            "Math",
            "System",
            "Float",
            "Double",
            "Arrays",
            "Generated",
            "Weighted",
            "BatchNorm",
            "DType",
            "CallBoundary",
            "Initializer");
    String members = String.join("", used.stream().map(n -> "enum " + n + " { A }\n").toList());
    Map<String, String> sources = new LinkedHashMap<>();
    sources.put(
        "nested.Net",
        "package nested;\n" + IMPORT + NETWORK + "interface Net {\n" + members + body("") + "}");
    sources.put(
        "beside.Net", "package beside;\n" + IMPORT + NETWORK + "interface Net {" + body("") + "}");
    for (String name : used) {
      sources.put("beside." + name, "package beside;\nenum " + name + " { A }");
    }
    List<String> networkNames = List.of("Math", "Tensor", "String", "Model", "Program");
    for (String name : networkNames) {
      sources.put(
          "named." + name,
          "package named;\n" + IMPORT + NETWORK + "interface " + name + " {" + body("") + "}");
    }
    CompiledNetwork networks = CompiledNetwork.ofSources(sources, new TenonProcessor());
    assertRuns("nested", networks.create("nested.Net", 1));
    assertRuns("beside", networks.create("beside.Net", 1));
    for (String name : networkNames) {
      assertRuns(name, networks.create("named." + name, 1));
    }
  }

  private static void assertRuns(String what, SingleModel model) {
    Samples.fillParameters(model, 5);
    Tensor y = model.forward(Samples.input(model, 1, 3));
    assertThat(Fixtures.values(y)).as(what).doesNotContain(Double.NaN);
    Tensor dx = model.backwardToInput(Samples.outputGradient(model, 2, 3));
    assertThat(Fixtures.values(dx)).as(what).doesNotContain(Double.NaN);
    assertThat(Arrays.stream(Fixtures.values(dx)).filter(v -> v != 0)).as(what).isNotEmpty();
    assertThat(Fixtures.values(model.predict(Samples.input(model, 3, 2))))
        .as(what)
        .doesNotContain(Double.NaN);
  }
}
