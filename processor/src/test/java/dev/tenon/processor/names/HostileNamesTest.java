package dev.tenon.processor.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.processor.TenonProcessor;
import dev.tenon.processor.declaration.UsedTypes;
import dev.tenon.processor.testing.Compiled;
import dev.tenon.processor.testing.CompilerHarness;
import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.TensorSpec;
import dev.tenon.runtime.model.Model;
import dev.tenon.runtime.typed.TypedModel;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Whatever users call their networks, layers, blocks, functions, records, enums, packages and
 * members: the generated code compiles without a warning, and it computes the same bits as that of
 * the same network with harmless names. The property {@code names.seeds} says which networks:
 * {@code 0..99} in every build, {@code 0..4999} in the Maven profile {@code names}, and one number
 * repeats one network.
 */
final class HostileNamesTest {
  private static final String SEEDS = "names.seeds";

  /** Networks that one javac compiles, of which one is in the unnamed package. */
  private static final int TOGETHER = 20;

  /** First parts of packages; a number behind them keeps networks apart. */
  private static final List<String> HOMES =
      List.of("p", "Tensor", "dev", "state", "Math", "jdk", "\u5c42", "Net", "a.String", "List.of");

  /** First parts of the other packages. */
  private static final List<String> ABROAD =
      List.of("q", "Pass", "row", "columns", "String", "to", "LANES", "Network");

  @TestFactory
  Stream<DynamicTest> networksWithHostileNames() {
    List<Integer> seeds = seeds();
    return IntStream.iterate(0, from -> from < seeds.size(), from -> from + TOGETHER)
        .mapToObj(from -> seeds.subList(from, Math.min(from + TOGETHER, seeds.size())))
        .flatMap(HostileNamesTest::tests);
  }

  private static List<Integer> seeds() {
    String[] bounds = System.getProperty(SEEDS, "0..99").split("\\.\\.", 2);
    int from = Integer.parseInt(bounds[0]);
    return IntStream.rangeClosed(from, Integer.parseInt(bounds[bounds.length - 1]))
        .boxed()
        .toList();
  }

  private static HostileNetwork draw(int seed, boolean plain) {
    String home = seed % TOGETHER == 0 ? "" : HOMES.get(seed % HOMES.size()) + ".n" + seed;
    String abroad = ABROAD.get(seed % ABROAD.size()) + ".f" + seed;
    return HostileNetwork.draw(seed, home, abroad, plain);
  }

  private static Stream<DynamicTest> tests(List<Integer> seeds) {
    Map<Integer, HostileNetwork> drawn = new LinkedHashMap<>();
    Map<Integer, HostileNetwork> twins = new LinkedHashMap<>();
    Map<String, String> files = new LinkedHashMap<>();
    for (int seed : seeds) {
      drawn.put(seed, draw(seed, false));
      twins.put(seed, draw(seed, true));
      files.putAll(drawn.get(seed).files());
      files.putAll(twins.get(seed).files());
    }
    Compiled together = compile(files);
    ClassLoader loader =
        together.succeeded() && together.diagnostics().isEmpty() ? together.load() : null;
    return seeds.stream()
        .map(
            seed ->
                DynamicTest.dynamicTest(
                    "network " + seed, () -> run(seed, drawn.get(seed), twins.get(seed), loader)));
  }

  private static Compiled compile(Map<String, String> files) {
    return CompilerHarness.with(new TenonProcessor()).options("-Werror").runFiles(files);
  }

  /**
   * Runs a network and its twin.
   *
   * @param loader has both, or null if something did not compile: then alone, to see what
   */
  private static void run(int seed, HostileNetwork drawn, HostileNetwork twin, ClassLoader loader) {
    ClassLoader own = loader;
    if (own == null) {
      Map<String, String> files = new LinkedHashMap<>(drawn.files());
      files.putAll(twin.files());
      Compiled alone = compile(files);
      assertThat(alone.diagnostics()).as(() -> alone.messages() + sources(seed, drawn)).isEmpty();
      own = alone.load();
    }
    List<float[]> expected = results(own, twin.modelName());
    List<float[]> given = results(own, drawn.modelName());
    assertThat(given).as(() -> sources(seed, drawn)).hasSameSizeAs(expected);
    for (int i = 0; i < given.size(); i++) {
      assertThat(given.get(i)).as(() -> sources(seed, drawn)).containsExactly(expected.get(i));
    }
  }

  private static String sources(int seed, HostileNetwork drawn) {
    StringBuilder text = new StringBuilder("\nRepeat with -D" + SEEDS + "=" + seed + "\n");
    drawn.files().forEach((path, source) -> text.append("// ").append(path).append("\n" + source));
    return text.toString();
  }

  // --------------------------------------------------------------------------- unreachable

  /** What every model names, in the package java or dev. */
  private static final List<String> OF_EVERY_MODEL =
      List.of(
          "dev Tensor TensorSpec State Model SingleModel Pass Program CallBoundary WorkerPool",
          "java Path IOException List String Override Throwable Boolean");

  /**
   * A member type hides a type that is imported, and a type the beginning of a package: where both
   * do, Java has no name for it (JLS 6.4.1, 6.4.2). That is one error; each alone is none.
   */
  @TestFactory
  Stream<DynamicTest> whatHasNoNameIsOneError() {
    return OF_EVERY_MODEL.stream()
        .map(line -> List.of(line.split(" ")))
        .flatMap(
            names ->
                names.stream()
                    .skip(1)
                    .map(name -> DynamicTest.dynamicTest(name, () -> hidden(names.get(0), name))));
  }

  private static void hidden(String root, String name) {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    List<String> kinds = List.of("interface %s {}", "class %s {}", "enum %s {}", "record %s() {}");
    String member = kinds.get(random.nextInt(4)).formatted(name);
    String type = kinds.get(random.nextInt(4)).formatted(root);
    for (String around : List.of(member, type)) {
      assertThat(compile(Map.of("p/Net.java", network(around, ""))).messages()).isEmpty();
    }
    assertThat(compile(Map.of("p/Net.java", network("", type))).messages()).isEmpty();
    for (String source : List.of(network(member + type, ""), network(member, type))) {
      Compiled compiled = compile(Map.of("p/Net.java", source));
      assertThat(compiled.diagnostics()).as(() -> compiled.messages() + source).hasSize(1);
      assertThat(compiled.diagnostics().get(0).getMessage(null))
          .startsWith("[NetworkHidesPackage]")
          .contains("." + name + ", as a type " + name + " and a type " + root + " hide it here.");
    }
  }

  private static String network(String inside, String beside) {
    return "package p; import dev.tenon.annotations.Network;"
        + " import dev.tenon.annotations.Linear; import dev.tenon.runtime.layer.Weighted;\n"
        + beside
        + "\n@Network(input = 4) interface Net {\n"
        + inside
        + "\n@Linear(out = 2) Weighted head();\n}\n";
  }

  // -------------------------------------------------------------------------------- running

  /** Outputs, gradients and predictions. */
  private static List<float[]> results(ClassLoader loader, String modelName) {
    try {
      Class<?> type = loader.loadClass(modelName);
      Method create = type.getDeclaredMethod("create", long.class);
      create.setAccessible(true);
      Model model = (Model) create.invoke(null, 7L);
      SplittableRandom random = new SplittableRandom(3);
      List<float[]> results = new ArrayList<>();
      Tensor[] outputs = model.forward(tensors(model.inputs(), random));
      add(outputs, results);
      model.backward(tensors(model.outputs(), random));
      results.add(gradients(model));
      add(model.predict(tensors(model.inputs(), random)), results);
      if (model instanceof TypedModel<?, ?, ?, ?> typed) {
        results.add(predict(typed, type));
      }
      model.threads(1);
      return results;
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(modelName, e);
    }
  }

  private static Tensor[] tensors(List<TensorSpec> specs, SplittableRandom random) {
    return specs.stream().map(spec -> tensor(spec, random)).toArray(Tensor[]::new);
  }

  private static Tensor tensor(TensorSpec spec, SplittableRandom random) {
    int[] shape = IntStream.concat(IntStream.of(3), Arrays.stream(spec.shape())).toArray();
    Tensor tensor = Tensor.zeros(spec.dtype(), shape);
    if (spec.dtype() == DType.FLOAT32) {
      float[] values = tensor.floatArray();
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextDouble(-1, 1);
      }
    } else if (spec.dtype() == DType.FLOAT64) {
      double[] values = tensor.doubleArray();
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextDouble(-1, 1);
      }
    }
    return tensor;
  }

  private static void add(Tensor[] tensors, List<float[]> results) {
    for (Tensor tensor : tensors) {
      results.add(
          floats(tensor.dtype() == DType.FLOAT32 ? tensor.floatArray() : tensor.doubleArray()));
    }
  }

  private static float[] gradients(Model model) {
    return floats(
        model.dtype() == DType.FLOAT32
            ? model.state().floatGradients()
            : model.state().doubleGradients());
  }

  private static float[] floats(Object values) {
    if (values instanceof float[] floats) {
      return floats.clone();
    }
    double[] doubles = (double[]) values;
    float[] floats = new float[doubles.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) doubles[i];
    }
    return floats;
  }

  /** Predicts a record, and gives what stands in the prediction. */
  private static <F> float[] predict(TypedModel<F, ?, ?, ?> model, Class<?> type)
      throws ReflectiveOperationException {
    Class<?> features =
        Arrays.stream(type.getGenericInterfaces())
            .filter(ParameterizedType.class::isInstance)
            .map(generic -> (Class<?>) ((ParameterizedType) generic).getActualTypeArguments()[0])
            .findFirst()
            .orElseThrow();
    @SuppressWarnings("unchecked")
    F sample = (F) value(features);
    assertThat(model.predict(sample)).isNotNull();
    Tensor tensor = model.tensors(List.of(sample)).get(0);
    return floats(tensor.dtype() == DType.FLOAT32 ? tensor.floatArray() : tensor.doubleArray());
  }

  private static Object value(Class<?> type) throws ReflectiveOperationException {
    if (type == float.class) {
      return 0.5f;
    }
    if (type == double.class) {
      return -1.5;
    }
    if (type == int.class) {
      return 3;
    }
    if (type == boolean.class) {
      return true;
    }
    if (type == float[].class) {
      return new float[] {1, 2};
    }
    if (type.isEnum()) {
      return type.getEnumConstants()[1];
    }
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < values.length; i++) {
      types[i] = components[i].getType();
      values[i] = value(types[i]);
    }
    Constructor<?> constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }

  // ------------------------------------------------------------------------------ the pools

  private static final Pattern IMPORT = Pattern.compile("(?m)^import ([\\w.]+);$");
  private static final Pattern NOT_CODE =
      Pattern.compile("(?s)/\\*.*?\\*/|//[^\\n]*|\"(?:[^\"\\\\]|\\\\.)*\"|(?m)^import [^\\n]*$");
  private static final Pattern NAME = Pattern.compile("(?<![\\w.$])([A-Z]\\w*)");

  /** What generated code names and the list of these types leaves out would never be hidden. */
  @Test
  void theListOfUsedTypesIsComplete() {
    TreeSet<String> named = new TreeSet<>();
    TreeSet<String> ofJavaLang = new TreeSet<>();
    Map<String, String> files = new LinkedHashMap<>();
    for (int seed = 1; seed < TOGETHER; seed++) {
      files.putAll(draw(seed, true).files());
    }
    for (String source :
        CompilerHarness.with(new TenonProcessor())
            .withVectorsIfPresent()
            .runFiles(files)
            .generated()
            .values()) {
      Matcher imports = IMPORT.matcher(source);
      while (imports.find()) {
        if (!imports.group(1).startsWith(HostileNetwork.PLAIN_ABROAD)) {
          named.add(imports.group(1));
        }
      }
      Matcher names = NAME.matcher(NOT_CODE.matcher(source).replaceAll(" "));
      while (names.find()) {
        if (isOfJavaLang(names.group(1))) {
          ofJavaLang.add(names.group(1));
        }
      }
    }
    assertThat(UsedTypes.all().stream().map(type -> type.qualifiedName()))
        .containsAll(named)
        .containsAll(ofJavaLang.stream().map(name -> "java.lang." + name).toList());
    assertThat(UsedTypes.JAVA_LANG).containsAll(ofJavaLang);
  }

  private static boolean isOfJavaLang(String name) {
    try {
      Class.forName("java.lang." + name);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
