package dev.tenon.runtime.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tenon;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.file.Weights;
import dev.tenon.runtime.init.Initializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateLoadTest {
  @TempDir private Path folder;

  private static StateBuilder declare(DType dtype) {
    return State.builder(dtype)
        .network("SmallNet")
        .parameter("conv.weight", Initializer.uniform(0.5), PackingTest.CONV, 20, 6, 3, 3)
        .parameter("bn.weight", Initializer.constant(1), 2)
        .runningStat("bn.running_mean", 0, 2)
        .runningStat("bn.running_var", 1, 2)
        .counter("bn.num_batches_tracked")
        .parameter("head.weight", Initializer.normal(0.1), 3, 2)
        .dataStat("features.mean", 0.5, 4)
        .dataStat("features.std", 1, 4);
  }

  private static State state(long seed) {
    return declare(DType.FLOAT32).build(seed);
  }

  /** Another state's tensors, to be changed: copies on arrays of their own. */
  private static Map<String, Tensor> tensors(State state) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    state
        .tensors()
        .forEach(
            (name, tensor) -> {
              Tensor copy = Tensor.zeros(tensor.dtype(), tensor.shape());
              copy.copyFrom(tensor);
              copies.put(name, copy);
            });
    return copies;
  }

  private static void assertSame(State state, State other) {
    other
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(state.tensors().get(name).toDoubleArray())
                    .as(name)
                    .isEqualTo(tensor.toDoubleArray()));
  }

  private static void assertRefused(
      Map<String, Tensor> tensors, LoadOptions options, String message) {
    State state = state(1);
    assertThatThrownBy(() -> state.load(Weights.of(tensors), options))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
    assertSame(state, state(1));
  }

  @Test
  void whatWasSavedIsLoadedWithPlainShapes() throws IOException {
    State trained = state(2);
    trained.counter("bn.num_batches_tracked").set(1L << 60);
    trained.runningStat("features.mean").set(1.0 / 3, 2);
    Path file = folder.resolve("small.safetensors");
    Weights.of(trained.tensors()).withMetadata(trained.metadata()).write(file);
    Weights weights = Weights.read(file);
    assertThat(weights.shape("conv.weight")).containsExactly(20, 6, 3, 3);
    assertThat(weights.info("bn.num_batches_tracked").toString())
        .isEqualTo("bn.num_batches_tracked I64 []");
    assertThat(weights.info("features.mean").type()).isEqualTo("F64");
    State state = state(1);
    LoadReport report = state.load(weights);
    assertThat(report.isComplete()).isTrue();
    assertThat(report.loaded()).containsExactlyElementsOf(state.tensors().keySet());
    assertThat(report).hasToString("8 entries loaded");
    assertSame(state, trained);
    assertThat(state.counter("bn.num_batches_tracked").get()).isEqualTo(1L << 60);
    // The padding of the packed weight is still 0.
    assertThat(state.arrays().floatParameters()).isEqualTo(trained.arrays().floatParameters());
  }

  @Test
  void everyProblemIsInOneMessageAndNothingChanges() {
    Map<String, Tensor> tensors = tensors(state(2));
    tensors.put("bn1.weight", tensors.remove("bn.weight"));
    tensors.put("head.weight", Tensor.zeros(DType.FLOAT32, 5, 2));
    tensors.put("bn.running_mean", Tensor.zeros(DType.INT32, 2));
    tensors.put("bn.num_batches_tracked", Tensor.of(new float[] {3}));
    tensors.put("features.mean", Tensor.zeros(DType.FLOAT64, 3));
    tensors.put("classifier", Tensor.zeros(DType.FLOAT32, 1));
    assertRefused(
        tensors,
        LoadOptions.strict(),
        """
        SmallNet: Weights does not fit, nothing was changed:
          missing: bn.weight (float32 [2]); the file has "bn1.weight"
          unexpected: bn1.weight (F32 [2]); the model has "bn.weight"
          unexpected: classifier (F32 [1])
          bn.running_mean: types differ: the model has float32 [2], the file I32 [2]
          bn.num_batches_tracked: a counter is int64 and nothing else: the model has int64 [], the file F32 []
          head.weight: shapes differ: the model has float32 [3, 2], the file F32 [5, 2]
          features.mean: shapes differ: the model has float64 [4], the file F64 [3]
        LoadOptions has strip, rename, only and except; LoadOptions.lenient() takes what fits.\
        """);
  }

  @Test
  void aPrefixOfAllNamesIsSeen() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors(state(2)).forEach((name, tensor) -> tensors.put("module." + name, tensor));
    State state = state(1);
    assertThatThrownBy(() -> state.load(Weights.of(tensors)))
        .hasMessageEndingWith(
            "\nIn the file these names begin with \"module.\": load with"
                + " LoadOptions.strict().strip(...).");
    assertThat(load(state, tensors, LoadOptions.strict().strip("module.")).isComplete()).isTrue();
    assertSame(state, state(2));
  }

  private static LoadReport load(State state, Map<String, Tensor> tensors, LoadOptions options) {
    try {
      return state.load(Weights.of(tensors), options);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void lenientLoadsWhatFitsAndReportsTheRest() {
    Map<String, Tensor> tensors = tensors(state(2));
    tensors.remove("bn.weight");
    tensors.put("head.weight", Tensor.zeros(DType.FLOAT32, 5, 2));
    tensors.put("more", Tensor.zeros(DType.FLOAT32, 1));
    State state = state(1);
    LoadReport report = load(state, tensors, LoadOptions.lenient());
    assertThat(report)
        .hasToString(
            """
            6 entries loaded
              missing: bn.weight
              unexpected: more
              refused: head.weight: shapes differ: the model has float32 [3, 2], the file F32 [5, 2]\
            """);
    assertThat(state.parameter("conv.weight").value().toFloatArray())
        .isEqualTo(state(2).parameter("conv.weight").value().toFloatArray());
    assertThat(state.parameter("head.weight").value().toFloatArray())
        .isEqualTo(state(1).parameter("head.weight").value().toFloatArray());
  }

  @Test
  void everythingButTheHead() {
    Map<String, Tensor> tensors = tensors(state(2));
    tensors.put("head.weight", Tensor.zeros(DType.FLOAT32, 5, 2));
    tensors.put("head.bias", Tensor.zeros(DType.FLOAT32, 5));
    State state = state(1);
    LoadReport report = load(state, tensors, LoadOptions.strict().except("head\\..*"));
    assertThat(report.isComplete()).isTrue();
    assertThat(report.loaded()).hasSize(7).doesNotContain("head.weight");
    assertThat(state.parameter("head.weight").value().toFloatArray())
        .isEqualTo(state(1).parameter("head.weight").value().toFloatArray());
    assertThat(state.parameter("conv.weight").value().toFloatArray())
        .isEqualTo(state(2).parameter("conv.weight").value().toFloatArray());
    State other = state(1);
    assertThat(load(other, tensors, LoadOptions.strict().only("conv\\..*|bn\\..*")).loaded())
        .hasSize(5);
  }

  @Test
  void namesAreChangedInTheOrderOfTheCalls() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors(state(2)).forEach((name, tensor) -> tensors.put("net.x_" + name, tensor));
    State state = state(1);
    LoadOptions options = LoadOptions.strict().strip("net.").rename("^x_(\\w)", "$1");
    assertThat(load(state, tensors, options).isComplete()).isTrue();
    assertSame(state, state(2));
    assertRefused(
        tensors,
        LoadOptions.strict().rename("weight|running_mean", "w"),
        "Weights: \"net.x_bn.weight\" and \"net.x_bn.running_mean\" would both be called"
            + " \"net.x_bn.w\"; nothing was changed.");
  }

  @Test
  void aPatternThatMatchesNothingIsASlip() {
    assertRefused(
        tensors(state(2)),
        LoadOptions.strict().except("haed\\..*"),
        "Weights: neither the model nor the file has a name that matches \"haed\\..*\" from its"
            + " first to its last character; nothing was changed.");
  }

  @Test
  void float64IsRoundedOnlyWhenAskedForAndFloat32IsWidened() throws IOException {
    State doubles = declare(DType.FLOAT64).build(2);
    State floats = state(1);
    assertThatThrownBy(() -> floats.load(Weights.of(doubles.tensors())))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(
            "conv.weight: float64 is rounded only when asked for, by LoadOptions.rounding(): the"
                + " model has float32 [20, 6, 3, 3], the file F64 [20, 6, 3, 3]");
    assertSame(floats, state(1));
    floats.load(Weights.of(doubles.tensors()), LoadOptions.strict().rounding());
    assertThat(floats.floatParameters()).isEqualTo(toFloats(doubles.doubleParameters()));
    State wide = declare(DType.FLOAT64).build(1);
    wide.load(Weights.of(floats.tensors()));
    assertThat(toFloats(wide.doubleParameters())).isEqualTo(floats.floatParameters());
    assertThat(wide.doubleParameters()[5]).isEqualTo(floats.floatParameters()[5]);
  }

  private static float[] toFloats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  @Test
  void aFileWithoutNothingButCountersLoadsWithAWarning() {
    Map<String, Tensor> tensors = tensors(state(2));
    tensors.remove("bn.num_batches_tracked");
    State state = state(1);
    state.counter("bn.num_batches_tracked").set(7);
    LoadReport report = load(state, tensors, LoadOptions.strict());
    assertThat(report.isComplete()).isTrue();
    assertThat(report.warnings())
        .containsExactly(
            "bn.num_batches_tracked is not in the file and keeps its value 7: files written before"
                + " PyTorch 0.4.1 have no such counters.");
    assertThat(state.counter("bn.num_batches_tracked").get()).isEqualTo(7);
    tensors.remove("bn.running_var");
    assertRefused(
        tensors,
        LoadOptions.strict(),
        """
        SmallNet: Weights does not fit, nothing was changed:
          missing: bn.running_var (float32 [2])
          missing: bn.num_batches_tracked (int64 [])
        LoadOptions has strip, rename, only and except; LoadOptions.lenient() takes what fits.\
        """);
  }

  @Test
  void whatNoTrainingGivesIsRefusedEvenLeniently() {
    Map<String, Tensor> tensors = tensors(state(2));
    tensors.get("bn.running_var").set(-0.25, 1);
    tensors.get("bn.num_batches_tracked").fill(-3);
    tensors.get("features.std").set(0, 3);
    for (LoadOptions options : List.of(LoadOptions.strict(), LoadOptions.lenient())) {
      assertRefused(
          tensors,
          options,
          """
          SmallNet: Weights is damaged, nothing was changed:
            bn.running_var: a variance is at least 0, but value 1 is -0.25
            bn.num_batches_tracked: a counter is at least 0, but it is -3
            features.std: a deviation is above 0, but value 3 is 0.0\
          """);
    }
  }

  @Test
  void aFileThatIsCutChangesNothing() throws IOException {
    Path file = folder.resolve("small.safetensors");
    Weights.of(state(2).tensors()).write(file);
    Weights weights = Weights.read(file);
    Files.write(file, new byte[100]);
    State state = state(1);
    assertThatThrownBy(() -> state.load(weights)).isInstanceOf(IOException.class);
    assertSame(state, state(1));
  }

  // ---------------------------------------------------------------------- Java types at the ends

  private static State species(String... constants) {
    return declare(DType.FLOAT32)
        .features(new EndType("Flower", List.of("sepal", "petal")))
        .labels(new EndType("Species", List.of(constants)))
        .build(1);
  }

  @Test
  void labelsInAnotherOrderAreAnErrorThatShowsBothLists() throws IOException {
    State saved = species("SETOSA", "VERSICOLOR", "VIRGINICA");
    Weights weights = Weights.of(saved.tensors()).withMetadata(saved.metadata());
    State reordered = species("SETOSA", "VIRGINICA", "VERSICOLOR");
    for (LoadOptions options : List.of(LoadOptions.strict(), LoadOptions.lenient())) {
      assertThatThrownBy(() -> reordered.load(weights, options))
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              """
              SmallNet: Weights is of other types, nothing was changed:
                labels of the file:  Species: SETOSA, VERSICOLOR, VIRGINICA
                labels of the model: Species: SETOSA, VIRGINICA, VERSICOLOR
                They differ from number 1 on: VERSICOLOR in the file, VIRGINICA in the model. Put\
               them in the file's order, or, if what the file learned of them is left out, load\
               with LoadOptions.otherLabels().\
              """);
    }
    State extended = species("SETOSA", "VERSICOLOR", "VIRGINICA", "UNKNOWN");
    assertThatThrownBy(() -> extended.load(weights))
        .hasMessageContaining("from number 3 on: nothing in the file, UNKNOWN in the model");
    assertThat(extended.load(weights, LoadOptions.strict().otherLabels()).isComplete()).isTrue();
  }

  @Test
  void componentsThatWereRenamedAreAnError() {
    State saved = species("A");
    Weights weights = Weights.of(saved.tensors()).withMetadata(saved.metadata());
    State state =
        declare(DType.FLOAT32)
            .features(new EndType("Flower", List.of("petal", "sepal")))
            .labels(new EndType("Renamed", List.of("A")))
            .build(1);
    assertThatThrownBy(() -> state.load(weights))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("features of the file:  Flower: sepal, petal")
        .hasMessageContaining("features of the model: Flower: petal, sepal")
        .hasMessageContaining("LoadOptions.otherFeatures()")
        .message()
        .doesNotContain("labels");
  }

  @Test
  void anotherNetworkIsNamed() {
    State other =
        State.builder(DType.FLOAT32)
            .network("LargeNet")
            .parameter("a", Initializer.constant(1), 1)
            .build(1);
    Weights weights = Weights.of(other.tensors()).withMetadata(other.metadata());
    assertThatThrownBy(() -> state(1).load(weights))
        .hasMessageStartingWith(
            "SmallNet: Weights, a file of the network LargeNet, does not fit, nothing was"
                + " changed:");
  }

  @Test
  void metadataSayWhatAFileIs() {
    State state = species("SETOSA", "VERSICOLOR");
    assertThat(state.metadata())
        .containsEntry("format", "pt")
        .containsEntry("tenon.network", "SmallNet")
        .containsEntry("tenon.seed", "1")
        .containsEntry("tenon.precision", "float32")
        .containsEntry("tenon.version", Tenon.version())
        .containsEntry("tenon.features", "Flower: sepal, petal")
        .containsEntry("tenon.labels", "Species: SETOSA, VERSICOLOR")
        .containsEntry("tenon.normalization", "features.mean, features.std")
        .containsEntry("tenon.fingerprint", state.fingerprint())
        .hasSize(9);
    assertThat(state.only(parameter -> false).metadata()).isEqualTo(state.metadata());
    assertThat(state.sharing().metadata()).isEqualTo(state.metadata());
    assertThat(state(5).fingerprint()).isEqualTo(state(6).fingerprint()).hasSize(16);
    assertThat(declare(DType.FLOAT32).counter("more").build(1).fingerprint())
        .isNotEqualTo(state.fingerprint());
  }

  @Test
  void theVersionIsThatOfTheBuild() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    assertThat(pom).contains("<version>" + Tenon.version() + "</version>");
  }
}
