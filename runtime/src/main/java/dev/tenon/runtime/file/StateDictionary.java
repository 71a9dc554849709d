package dev.tenon.runtime.file;

import dev.tenon.runtime.text.Quoted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The state dictionary of what a file of PyTorch has: the whole, or one of the entries of a
 * checkpoint, beside which there may be an epoch, an optimiser and more.
 *
 * @param tensors by name, in the order of the dictionary
 * @param skipped what else there is
 */
record StateDictionary(Map<String, TensorView> tensors, List<String> skipped) {
  /** What people call the model's dictionary in a checkpoint. */
  private static final List<String> USUAL =
      List.of(
          "state_dict",
          "model_state_dict",
          "model",
          "module",
          "net",
          "network",
          "weights",
          "params");

  private static final int SHOWN = 20;

  static StateDictionary of(String origin, Object value, ReadOptions options)
      throws WeightsException {
    if (!(value instanceof Pickle.Dictionary top)) {
      throw new WeightsException(
          origin
              + ": the file holds "
              + kind(value)
              + ", but no state dictionary. Save one: torch.save(model.state_dict(), path).");
    }
    Map<String, Object> entries = entries(origin, top);
    Map<String, Pickle.Dictionary> candidates = new LinkedHashMap<>();
    entries.forEach(
        (key, entry) -> {
          if (entry instanceof Pickle.Dictionary inner && hasTensors(inner)) {
            candidates.put(key, inner);
          }
        });
    Optional<String> chosen = choose(origin, entries, candidates, hasTensors(top), options);
    List<String> skipped = new ArrayList<>();
    if (chosen.isEmpty()) {
      return new StateDictionary(tensors(entries, skipped, ""), List.copyOf(skipped));
    }
    for (String key : entries.keySet()) {
      if (!key.equals(chosen.get())) {
        skipped.add(key);
      }
    }
    Map<String, Object> inner = entries(origin, candidates.get(chosen.get()));
    return new StateDictionary(tensors(inner, skipped, chosen.get() + ": "), List.copyOf(skipped));
  }

  /** The key of the dictionary that is meant; nothing for the file's own. */
  private static Optional<String> choose(
      String origin,
      Map<String, Object> entries,
      Map<String, Pickle.Dictionary> candidates,
      boolean itself,
      ReadOptions options)
      throws WeightsException {
    Optional<String> wanted = options.dictionary();
    if (wanted.isPresent()) {
      if (!candidates.containsKey(wanted.get())) {
        throw new WeightsException(
            origin
                + ": no state dictionary "
                + Quoted.of(wanted.get())
                + "; there are "
                + shown(candidates.keySet())
                + ".");
      }
      return wanted;
    }
    List<String> usual = USUAL.stream().filter(candidates::containsKey).toList();
    if (usual.size() == 1) {
      return Optional.of(usual.get(0));
    }
    if (usual.isEmpty() && (itself || candidates.isEmpty())) {
      if (!itself && !entries.isEmpty()) {
        throw new WeightsException(
            origin
                + ": the file holds a dictionary without tensors; its keys are "
                + shown(entries.keySet())
                + ".");
      }
      return Optional.empty();
    }
    if (usual.isEmpty() && candidates.size() == 1) {
      return Optional.of(candidates.keySet().iterator().next());
    }
    throw new WeightsException(
        origin
            + ": the file has several state dictionaries: "
            + shown(usual.isEmpty() ? candidates.keySet() : usual)
            + ". Choose one: ReadOptions.defaults().dictionary(\"...\").");
  }

  private static Map<String, Object> entries(String origin, Pickle.Dictionary dictionary)
      throws WeightsException {
    Map<String, Object> entries = new LinkedHashMap<>();
    for (int i = 0; i < dictionary.pairs.size(); i += 2) {
      Object key = dictionary.pairs.get(i);
      if (!(key instanceof String name)) {
        throw new WeightsException(
            origin + ": a state dictionary has texts as keys, but one is " + kind(key) + ".");
      }
      if (name.length() > SafetensorsHeader.LONGEST_NAME) {
        throw new WeightsException(
            origin
                + ": the name "
                + Quoted.of(name)
                + " is longer than "
                + SafetensorsHeader.LONGEST_NAME
                + " characters.");
      }
      if (entries.put(name, dictionary.pairs.get(i + 1)) != null) {
        throw new WeightsException(
            origin + ": the key " + Quoted.of(name) + " is there twice, but keys are unique.");
      }
    }
    return entries;
  }

  private static Map<String, TensorView> tensors(
      Map<String, Object> entries, List<String> skipped, String prefix) {
    Map<String, TensorView> tensors = new LinkedHashMap<>();
    entries.forEach(
        (name, value) -> {
          if (value instanceof TensorView view) {
            tensors.put(name, view);
          } else {
            skipped.add(prefix + name);
          }
        });
    return tensors;
  }

  private static boolean hasTensors(Pickle.Dictionary dictionary) {
    for (int i = 1; i < dictionary.pairs.size(); i += 2) {
      if (dictionary.pairs.get(i) instanceof TensorView) {
        return true;
      }
    }
    return false;
  }

  private static String kind(Object value) {
    if (value instanceof TensorView) {
      return "a tensor";
    }
    if (value instanceof Pickle.PyList || value instanceof Pickle.Tuple) {
      return "a list or tuple";
    }
    if (value instanceof Pickle.Dictionary) {
      return "a dictionary";
    }
    return value instanceof Number || value instanceof Boolean ? "a number" : "something else";
  }

  private static String shown(Iterable<String> keys) {
    StringBuilder text = new StringBuilder();
    int count = 0;
    for (String key : keys) {
      if (count == SHOWN) {
        return text.append(", ...").toString();
      }
      text.append(count == 0 ? "" : ", ").append(Quoted.of(key));
      count++;
    }
    return count == 0 ? "none" : text.toString();
  }
}
