package dev.tenon.runtime.state;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.NamedTensors;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.text.ClosestName;
import dev.tenon.runtime.text.Quoted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Loads a state. First everything is compared, then everything is read, then it is copied: whatever
 * is wrong is found before the first value changes.
 */
final class StateLoader {
  /** So many unexpected tensors are listed in a message, and looked through for a closest name. */
  private static final int LISTED = 500;

  private final State state;
  private final NamedTensors file;
  private final LoadOptions options;

  /** The file's names by what they are called here. */
  private final Map<String, String> names;

  private final List<String> loaded = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private final List<String> unexpected = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  StateLoader(State state, NamedTensors file, LoadOptions options) {
    this.state = state;
    this.file = file;
    this.options = options;
    boolean checkpoint = file.metadata().containsKey(CheckpointSection.FORMAT);
    names =
        options.renamed(
            file.origin(),
            file.names().stream()
                .filter(name -> !(checkpoint && name.startsWith(CheckpointSection.PREFIX)))
                .toList());
  }

  LoadReport load() throws IOException {
    options.requireMatches(file.origin(), state.tensors().keySet(), names.keySet());
    requireSameEnds();
    compare();
    takeOldCounters();
    requireFit();
    Map<String, Tensor> tensors = read();
    requireValues(tensors);
    for (String name : loaded) {
      copy(tensors.get(names.get(name)), state.tensors().get(name));
    }
    return new LoadReport(loaded, missing, unexpected, refused, warnings);
  }

  // ---------------------------------------------------------------------- Java types at the ends

  private void requireSameEnds() {
    List<String> problems = new ArrayList<>();
    if (!options.takesOtherLabels()) {
      compareEnd(problems, "labels", StateMetadata.LABELS, state.labels(), "otherLabels()");
    }
    if (!options.takesOtherFeatures()) {
      compareEnd(problems, "features", StateMetadata.FEATURES, state.features(), "otherFeatures()");
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          title() + " is of other types, nothing was changed:" + String.join("", problems));
    }
  }

  /** Both lists, if they differ: a value that moved would be taken for its neighbour, silently. */
  private void compareEnd(
      List<String> problems, String end, String key, Optional<EndType> now, String option) {
    String saved = file.metadata().get(key);
    if (now.isEmpty() || saved == null) {
      return;
    }
    List<String> before = EndType.valuesOf(saved);
    List<String> values = now.get().values();
    if (before.equals(values)) {
      return;
    }
    int first = 0;
    while (first < Math.min(before.size(), values.size())
        && before.get(first).equals(values.get(first))) {
      first++;
    }
    problems.add(
        "\n  "
            + end
            + " of the file:  "
            + Quoted.list(saved)
            + "\n  "
            + end
            + " of the model: "
            + now.get()
            + "\n  They differ from number "
            + first
            + " on: "
            + (first < before.size() ? Quoted.plain(before.get(first)) : "nothing")
            + " in the file, "
            + (first < values.size() ? values.get(first) : "nothing")
            + " in the model. Put them in the file's order, or, if what the file learned of them is"
            + " left out, load with LoadOptions."
            + option
            + ".");
  }

  // -------------------------------------------------------------------------------- comparison

  private void compare() {
    for (StateEntry entry : state.entries()) {
      String name = entry.name();
      if (!options.selects(name)) {
        continue;
      }
      String inFile = names.get(name);
      if (inFile == null) {
        missing.add(name);
        continue;
      }
      Optional<String> problem = problem(entry, inFile);
      if (problem.isEmpty()) {
        loaded.add(name);
      } else {
        refused.add(name + ": " + problem.get());
      }
    }
    names.keySet().stream()
        .filter(name -> options.selects(name) && !state.tensors().containsKey(name))
        .forEach(unexpected::add);
  }

  /** What keeps a tensor of the file from being an entry. */
  private Optional<String> problem(StateEntry entry, String inFile) {
    Tensor value = entry.value();
    String both =
        "the model has " + value.describe() + ", the file " + Quoted.plain(file.describe(inFile));
    long[] shape = IntStream.of(value.shape()).asLongStream().toArray();
    if (!Arrays.equals(shape, file.shape(inFile))) {
      return Optional.of("shapes differ: " + both);
    }
    Optional<DType> type = file.dtype(inFile);
    if (type.isPresent() && type.get() == value.dtype()) {
      return Optional.empty();
    }
    if (entry instanceof Counter) {
      return Optional.of("a counter is int64 and nothing else: " + both);
    }
    boolean widened = type.equals(Optional.of(DType.FLOAT32));
    boolean rounded = type.equals(Optional.of(DType.FLOAT64));
    if (widened || (rounded && options.rounds())) {
      return Optional.empty();
    }
    if (rounded) {
      return Optional.of(
          "float64 is rounded only when asked for, by LoadOptions.rounding(): " + both);
    }
    return Optional.of("types differ: " + both);
  }

  /** Files that are older than the counter have all but it. */
  private void takeOldCounters() {
    boolean onlyCounters =
        unexpected.isEmpty()
            && refused.isEmpty()
            && !missing.isEmpty()
            && missing.stream().allMatch(this::isBatchCounter);
    if (onlyCounters) {
      for (String name : missing) {
        warnings.add(
            name
                + " is not in the file and keeps its value "
                + state.counter(name).get()
                + ": files written before PyTorch 0.4.1 have no such counters.");
      }
      missing.clear();
    }
  }

  private boolean isBatchCounter(String name) {
    return name.endsWith(".num_batches_tracked")
        && state.counterList().stream().anyMatch(counter -> counter.name().equals(name));
  }

  private void requireFit() {
    boolean fits = missing.isEmpty() && unexpected.isEmpty() && refused.isEmpty();
    if (fits || !options.isStrict()) {
      return;
    }
    StringBuilder text = new StringBuilder(title()).append(" does not fit, nothing was changed:");
    for (String name : missing) {
      text.append("\n  missing: ")
          .append(name)
          .append(" (")
          .append(state.tensors().get(name).describe())
          .append(')')
          .append(closest("the file has", name, unexpected));
    }
    for (String name : unexpected.subList(0, Math.min(LISTED, unexpected.size()))) {
      text.append("\n  unexpected: ")
          .append(Quoted.plain(name))
          .append(" (")
          .append(Quoted.plain(file.describe(names.get(name))))
          .append(')')
          .append(closest("the model has", name, missing));
    }
    if (unexpected.size() > LISTED) {
      text.append("\n  unexpected: ").append(unexpected.size() - LISTED).append(" more");
    }
    refused.forEach(line -> text.append("\n  ").append(line));
    throw new IllegalArgumentException(text.append(remedy()).toString());
  }

  private static String closest(String who, String name, List<String> others) {
    if (others.size() > LISTED) {
      return "";
    }
    return ClosestName.of(name, others)
        .map(close -> "; " + who + " " + Quoted.of(close))
        .orElse("");
  }

  /** What helps most often: a prefix that all names have in the file. */
  private String remedy() {
    if (!missing.isEmpty() && !unexpected.isEmpty()) {
      String first = missing.get(0);
      for (String name : unexpected) {
        String prefix = name.substring(0, Math.max(0, name.length() - first.length()));
        boolean all =
            name.endsWith(first)
                && !prefix.isEmpty()
                && missing.stream().allMatch(m -> names.containsKey(prefix + m));
        if (all) {
          return "\nIn the file these names begin with "
              + Quoted.of(prefix)
              + ": load with LoadOptions.strict().strip(...).";
        }
      }
    }
    return "\nLoadOptions has strip, rename, only and except; LoadOptions.lenient() takes what fits.";
  }

  /** The model and the file, with the network that the file is of if it is another one. */
  private String title() {
    Optional<String> network = state.network();
    String saved = file.metadata().get(StateMetadata.NETWORK);
    boolean other = saved != null && !Objects.equals(saved, network.orElse(null));
    return network.map(name -> name + ": ").orElse("")
        + file.origin()
        + (other ? ", a file of the network " + Quoted.plain(saved) + "," : "");
  }

  // ------------------------------------------------------------------------------------ values

  private Map<String, Tensor> read() throws IOException {
    List<String> wanted = loaded.stream().map(names::get).toList();
    return new LinkedHashMap<>(file.tensors(wanted));
  }

  /** What no training gives, but a damaged file has. */
  private void requireValues(Map<String, Tensor> tensors) {
    List<String> problems = new ArrayList<>();
    for (String name : loaded) {
      Tensor tensor = tensors.get(names.get(name));
      boolean counter = tensor.dtype() == DType.INT64;
      boolean variance = name.endsWith(".running_var");
      boolean deviation = isDeviationOfData(name);
      if (!counter && !variance && !deviation) {
        continue;
      }
      double[] values = tensor.toDoubleArray();
      for (int i = 0; i < values.length; i++) {
        if (values[i] < 0 || (deviation && values[i] == 0)) {
          problems.add(
              "\n  "
                  + name
                  + ": "
                  + (counter ? "a counter" : deviation ? "a deviation" : "a variance")
                  + (deviation ? " is above 0, but " : " is at least 0, but ")
                  + (counter ? "it" : "value " + i)
                  + " is "
                  + (counter ? Long.toString((long) values[i]) : Double.toString(values[i])));
          break;
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          title() + " is damaged, nothing was changed:" + String.join("", problems));
    }
  }

  /** What records are divided by. */
  private boolean isDeviationOfData(String name) {
    return name.endsWith(".std")
        && state.runningStats().stream()
            .anyMatch(stat -> !stat.isOfLayer() && stat.name().equals(name));
  }

  private static void copy(Tensor from, Tensor to) {
    if (from.dtype() == to.dtype()) {
      to.copyFrom(from);
    } else if (to.dtype() == DType.FLOAT32) {
      to.copyFrom(Tensor.of(from.toFloatArray(), from.shape()));
    } else {
      to.copyFrom(Tensor.of(from.toDoubleArray(), from.shape()));
    }
  }
}
