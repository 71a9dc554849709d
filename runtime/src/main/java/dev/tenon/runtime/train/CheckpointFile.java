package dev.tenon.runtime.train;

import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.file.WeightInfo;
import dev.tenon.runtime.file.Weights;
import dev.tenon.runtime.file.WeightsException;
import dev.tenon.runtime.state.CheckpointSection;
import dev.tenon.runtime.text.Quoted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A checkpoint as a file of safetensors: the model's state under its own names, and what else a
 * training run remembers under names that begin with {@code checkpoint/}, texts as metadata.
 */
final class CheckpointFile {
  /** The newest checkpoint of a folder. */
  static final String LAST = "last.safetensors";

  /** The checkpoint after the best epoch. */
  static final String BEST = "best.safetensors";

  private static final String SECTION = "checkpoint";
  private static final String FORMAT = CheckpointSection.FORMAT;
  private static final String FORMAT_NUMBER = "1";

  /** What is written: other types in a file are not of this class. */
  private static final Set<String> TYPES = Set.of("F32", "F64", "I32", "I64");

  private CheckpointFile() {}

  static Path in(Path path) {
    return Files.isDirectory(path) ? path.resolve(LAST) : path;
  }

  static void write(TrainerMemory<?> trainer, Path path) throws IOException {
    CheckpointSection all = CheckpointSection.empty();
    trainer.model().state().tensors().forEach(all::put);
    trainer.write(all.section(SECTION));
    Map<String, String> metadata = new TreeMap<>(trainer.model().state().metadata());
    metadata.putAll(all.texts());
    metadata.put(FORMAT, FORMAT_NUMBER);
    Weights.of(all.tensors()).withMetadata(metadata).write(path);
  }

  /** Compares, reads, and hands over: the trainer changes as a whole or not at all. */
  static void read(TrainerMemory<?> trainer, Path path) throws IOException {
    Weights weights = Weights.read(path);
    requireFormat(weights, path);
    List<String> problems = new ArrayList<>();
    compare(problems, weights, trainer.model().state().tensors());
    CheckpointSection all =
        CheckpointSection.of(path.toString(), weights.tensors(weights.names()), weights.metadata());
    CheckpointSection own = all.section(SECTION);
    problems.addAll(0, trainer.differences(own));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "Trainer: "
              + path
              + " does not fit this trainer, nothing was changed:\n  "
              + String.join("\n  ", problems)
              + "\nResume with a trainer that is built as the one of the checkpoint was. To train on"
              + " with other settings, load the model alone: model.state().load(...).");
    }
    trainer.read(all, own);
  }

  private static void requireFormat(Weights weights, Path path) throws WeightsException {
    String format = weights.metadata().get(FORMAT);
    if (format == null) {
      throw new WeightsException(
          path
              + " is no checkpoint: its metadata have no entry \""
              + FORMAT
              + "\". A checkpoint is what Trainer.checkpoint writes; a model alone is loaded by its"
              + " load method.");
    }
    if (!format.equals(FORMAT_NUMBER)) {
      throw new WeightsException(
          path
              + " is a checkpoint of format "
              + Quoted.of(format)
              + ", and this version of Tenon reads format "
              + FORMAT_NUMBER
              + ".");
    }
    for (String name : weights.names()) {
      WeightInfo info = weights.info(name);
      if (!TYPES.contains(info.type())) {
        throw new WeightsException(
            path
                + ": "
                + Quoted.of(name)
                + " has elements of type "
                + Quoted.plain(info.type())
                + ", but checkpoints have only "
                + String.join(", ", new TreeSet<>(TYPES))
                + ".");
      }
    }
  }

  /** The state, name by name. */
  private static void compare(List<String> problems, Weights weights, Map<String, Tensor> state) {
    Set<String> saved = new TreeSet<>(weights.names());
    saved.removeIf(name -> name.startsWith(CheckpointSection.PREFIX));
    Map<String, Tensor> both = new LinkedHashMap<>(state);
    both.keySet().retainAll(saved);
    state.forEach(
        (name, value) -> {
          if (!saved.remove(name)) {
            problems.add(
                name + ": the checkpoint has no such tensor, the model " + value.describe());
          }
        });
    both.forEach(
        (name, value) -> {
          WeightInfo info = weights.info(name);
          long[] shape = IntStream.of(value.shape()).asLongStream().toArray();
          boolean same =
              Arrays.equals(shape, info.shape())
                  && info.tensorType().filter(value.dtype()::equals).isPresent();
          if (!same) {
            problems.add(
                name
                    + ": the checkpoint has "
                    + info.type()
                    + " "
                    + Arrays.toString(info.shape())
                    + ", the model "
                    + value.describe());
          }
        });
    saved.stream()
        .limit(100)
        .forEach(
            name ->
                problems.add(
                    Quoted.plain(name) + ": the checkpoint has this tensor, the model does not"));
  }
}
