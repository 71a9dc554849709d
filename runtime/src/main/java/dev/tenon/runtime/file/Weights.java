package dev.tenon.runtime.file;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.NamedTensors;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.text.ClosestName;
import dev.tenon.runtime.text.Quoted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Named tensors of a file, or to be written to one. {@link #read(Path)} takes safetensors and the
 * state dictionaries that PyTorch saves ({@code .pt}, {@code .pth}), and tells them apart by what
 * is in them; {@link #write} writes safetensors.
 *
 * <pre>{@code
 * Weights weights = Weights.read(Path.of("model.safetensors"));
 * System.out.println(weights.describe());
 * Tensor bias = weights.tensor("fc.bias");
 * }</pre>
 *
 * <p>Reading lists names, types, shapes and metadata; a tensor's elements are read when the tensor
 * is asked for. Nothing stays open in between. If the file has been written anew since, asking says
 * so.
 *
 * <p>A file may come from anybody: nothing in it is ever run, and a file that is damaged or lies
 * ends in a {@link WeightsException}. What reading needs of memory is at most twice the size of the
 * file, and what a tensor needs is its own size in memory, in addition to that of its elements in
 * the file if they do not lie in row-major order.
 *
 * <p>Immutable: {@link #strip}, {@link #rename}, {@link #only}, {@link #except} and {@link
 * #withMetadata} give new weights that read from the same place. Thread-safe.
 */
public final class Weights implements NamedTensors {
  private final Source source;

  private Weights(Source source) {
    this.source = source;
  }

  /**
   * Lists what is in a file, with {@link ReadOptions#defaults}.
   *
   * @param path a file of safetensors, or a state dictionary that PyTorch has saved
   * @return its weights
   * @throws WeightsException if it is damaged, of another format, or more than a state dictionary
   * @throws IOException if it cannot be read
   */
  public static Weights read(Path path) throws IOException {
    Objects.requireNonNull(path, "path");
    return read(path, ReadOptions.defaults());
  }

  /**
   * Lists what is in a file.
   *
   * @param path a file of safetensors, or a state dictionary that PyTorch has saved
   * @param options how
   * @return its weights
   * @throws WeightsException if it is damaged, of another format, or more than a state dictionary
   * @throws IOException if it cannot be read
   */
  public static Weights read(Path path, ReadOptions options) throws IOException {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(options, "options");
    return read(Origin.of(path), options);
  }

  /**
   * Lists what is in a file that is in memory, such as a resource of a jar.
   *
   * @param name how messages call it
   * @param content the whole file; not to be changed afterwards
   * @param options how
   * @return its weights
   * @throws WeightsException if it is damaged, of another format, or more than a state dictionary
   */
  public static Weights read(String name, byte[] content, ReadOptions options)
      throws WeightsException {
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(content, "content");
    try {
      return read(Origin.of(Objects.requireNonNull(name, "name"), content), options);
    } catch (WeightsException e) {
      throw e;
    } catch (IOException e) {
      throw new IllegalStateException("An array can be read.", e);
    }
  }

  private static Weights read(Origin origin, ReadOptions options) throws IOException {
    try (Bytes bytes = origin.open()) {
      Source source =
          TorchFile.looksLike(bytes)
              ? TorchFile.read(origin, bytes, options)
              : SafetensorsFile.read(origin, bytes, options);
      return new Weights(source);
    }
  }

  /**
   * Weights of tensors in memory.
   *
   * @param tensors by name, in an order that {@link #names} keeps; the tensors are not copied
   * @return the weights, without metadata
   * @throws IllegalArgumentException if a name is {@code __metadata__}, longer than 65,536
   *     characters, or no valid text
   */
  public static Weights of(Map<String, Tensor> tensors) {
    Objects.requireNonNull(tensors, "tensors");
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      requireName(entry.getKey());
      Objects.requireNonNull(entry.getValue(), entry.getKey());
    }
    return new Weights(new TensorsInMemory(tensors));
  }

  private static String requireName(String name) {
    if (name.equals("__metadata__")) {
      throw new IllegalArgumentException(
          "A tensor cannot be called __metadata__, which is where safetensors keep their metadata.");
    }
    if (name.length() > SafetensorsHeader.LONGEST_NAME) {
      throw new IllegalArgumentException(
          "The name "
              + Quoted.of(name)
              + " has more than "
              + SafetensorsHeader.LONGEST_NAME
              + " characters.");
    }
    return SafetensorsWriter.requireText("The name", name);
  }

  /**
   * Where the weights come from.
   *
   * @return the file's path as it was given; {@code Weights} for tensors in memory
   */
  @Override
  public String origin() {
    return source.origin();
  }

  /**
   * The names, in the order of the file.
   *
   * @return an unmodifiable list
   */
  @Override
  public List<String> names() {
    return source.names();
  }

  /**
   * Whether there is a tensor.
   *
   * @param name such as {@code conv1.weight}
   * @return true if there is one of that name
   */
  public boolean contains(String name) {
    Objects.requireNonNull(name, "name");
    return source.contains(name);
  }

  /**
   * What is known of a tensor without reading its elements.
   *
   * @param name such as {@code conv1.weight}
   * @return type, shape and size
   * @throws NoSuchElementException if there is none of that name; the message has the closest
   */
  public WeightInfo info(String name) {
    return source.info(required(name));
  }

  @Override
  public Optional<DType> dtype(String name) {
    return info(name).tensorType();
  }

  @Override
  public long[] shape(String name) {
    return info(name).shape();
  }

  @Override
  public String describe(String name) {
    WeightInfo info = info(name);
    return info.type() + " " + Arrays.toString(info.shape());
  }

  /**
   * Reads a tensor. F16 and BF16 are widened to float32; BOOL, I8, U8, I16 and U16 to int32, U32 to
   * int64; F32, F64, I32 and I64 are what they are. Every value is exactly that of the file.
   *
   * @param name such as {@code conv1.weight}
   * @return a tensor on an array of its own; of {@link #of(Map) weights in memory}, the very tensor
   * @throws NoSuchElementException if there is none of that name; the message has the closest
   * @throws WeightsException if its type is not read, it is larger than memory, or the file has
   *     changed since it was listed
   * @throws IOException if the file cannot be read
   */
  public Tensor tensor(String name) throws IOException {
    required(name);
    try (Source.Reader reader = source.open()) {
      return reader.read(name);
    }
  }

  /**
   * Reads all tensors.
   *
   * @return by name, in the order of {@link #names}; a map of the caller's own
   * @throws WeightsException as {@link #tensor}
   * @throws IOException if the file cannot be read
   */
  public Map<String, Tensor> tensors() throws IOException {
    return tensors(names());
  }

  /**
   * Reads some tensors, the file opened once.
   *
   * @param names which
   * @return by name, in the order asked for; a map of the caller's own
   * @throws NoSuchElementException if there is none of a name; the message has the closest
   * @throws WeightsException as {@link #tensor}
   * @throws IOException if the file cannot be read
   */
  @Override
  public Map<String, Tensor> tensors(List<String> names) throws IOException {
    Objects.requireNonNull(names, "names");
    names.forEach(this::required);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (Source.Reader reader = source.open()) {
      for (String name : names) {
        tensors.put(name, reader.read(name));
      }
    }
    return tensors;
  }

  private String required(String name) {
    Objects.requireNonNull(name, "name");
    if (!source.contains(name)) {
      throw new NoSuchElementException(
          source.origin()
              + ": no tensor "
              + Quoted.of(name)
              + "."
              + ClosestName.of(name, names())
                  .map(close -> " Did you mean " + Quoted.of(close) + "?")
                  .orElse(""));
    }
    return name;
  }

  /**
   * Texts that say what the file is. PyTorch's own files have none.
   *
   * @return an unmodifiable map in the order of the file
   */
  @Override
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(source.metadata());
  }

  /**
   * The same tensors with other metadata.
   *
   * @param metadata texts by name, in place of those that there are
   * @return new weights
   * @throws IllegalArgumentException if a text is not valid
   */
  public Weights withMetadata(Map<String, String> metadata) {
    Objects.requireNonNull(metadata, "metadata");
    Map<String, String> copy = new LinkedHashMap<>();
    metadata.forEach(
        (key, value) ->
            copy.put(
                SafetensorsWriter.requireText("The metadata key", key),
                SafetensorsWriter.requireText("The metadata value", value)));
    Map<String, String> same = new LinkedHashMap<>();
    names().forEach(name -> same.put(name, name));
    return new Weights(new SelectedWeights(source, same, Collections.unmodifiableMap(copy)));
  }

  /**
   * The same tensors without a prefix of their names, such as the {@code module.} that PyTorch's
   * {@code DataParallel} puts before them. Names that do not begin with it stay as they are.
   *
   * @param prefix with its dot
   * @return new weights
   * @throws IllegalArgumentException if two tensors would have the same name then
   */
  public Weights strip(String prefix) {
    Objects.requireNonNull(prefix, "prefix");
    return renamed(name -> name.startsWith(prefix) ? name.substring(prefix.length()) : name);
  }

  /**
   * The same tensors under other names: {@code rename("^layers\\.(\\d+)\\.", "block$1.")}.
   *
   * @param pattern a regular expression; each of its occurrences in a name is replaced
   * @param replacement as for {@link String#replaceAll}
   * @return new weights
   * @throws IllegalArgumentException if two tensors would have the same name then
   */
  public Weights rename(String pattern, String replacement) {
    Objects.requireNonNull(pattern, "pattern");
    Objects.requireNonNull(replacement, "replacement");
    Pattern compiled = Pattern.compile(pattern);
    return renamed(name -> compiled.matcher(name).replaceAll(replacement));
  }

  private Weights renamed(UnaryOperator<String> newName) {
    Map<String, String> chosen = new LinkedHashMap<>();
    for (String name : names()) {
      String renamed = requireName(newName.apply(name));
      String other = chosen.put(renamed, name);
      if (other != null) {
        throw new IllegalArgumentException(
            source.origin()
                + ": "
                + Quoted.of(other)
                + " and "
                + Quoted.of(name)
                + " would both be called "
                + Quoted.of(renamed)
                + ".");
      }
    }
    return new Weights(new SelectedWeights(source, chosen, source.metadata()));
  }

  /**
   * Some of the tensors: {@code only("encoder\\..*")}.
   *
   * @param pattern a regular expression that the whole name must match
   * @return new weights
   * @throws IllegalArgumentException if no name matches, which is a slip
   */
  public Weights only(String pattern) {
    Objects.requireNonNull(pattern, "pattern");
    return selected(pattern, true);
  }

  /**
   * The tensors but some: {@code except("head\\..*")}.
   *
   * @param pattern a regular expression that matches the whole name of those to leave out
   * @return new weights
   * @throws IllegalArgumentException if no name matches, which is a slip
   */
  public Weights except(String pattern) {
    Objects.requireNonNull(pattern, "pattern");
    return selected(pattern, false);
  }

  private Weights selected(String pattern, boolean matching) {
    Pattern compiled = Pattern.compile(pattern);
    Map<String, String> chosen = new LinkedHashMap<>();
    boolean any = false;
    for (String name : names()) {
      boolean matches = compiled.matcher(name).matches();
      any |= matches;
      if (matches == matching) {
        chosen.put(name, name);
      }
    }
    if (!any) {
      throw new IllegalArgumentException(
          source.origin()
              + ": none of the "
              + names().size()
              + " tensors has a name that matches \""
              + pattern
              + "\" from its first to its last character.");
    }
    return new Weights(new SelectedWeights(source, chosen, source.metadata()));
  }

  /**
   * A table for people: names, element types, shapes, sizes and totals, the metadata, and what else
   * a checkpoint of PyTorch has in it. Independent of the locale.
   *
   * @return lines
   */
  public String describe() {
    return WeightsTable.of(source);
  }

  /**
   * Writes a file of safetensors, byte for byte what Python's library writes of the same tensors.
   * Element types of a file stay what they are. The file is written beside, forced to disk and
   * moved into place, so whatever happens, the old file or the new one is there, and whole.
   *
   * @param path where to, usually {@code .safetensors}; its directory must exist
   * @throws IllegalArgumentException if safetensors has no such element type, or the header would
   *     have more than 100,000,000 bytes
   * @throws WeightsException if these weights come from a file that has changed
   * @throws IOException if a file cannot be read or written; what was at the path is as before
   */
  public void write(Path path) throws IOException {
    Objects.requireNonNull(path, "path");
    SafetensorsWriter.write(path, source);
  }

  /** Returns where the weights come from and how many there are. */
  @Override
  public String toString() {
    return source.origin() + " (" + source.format() + ", " + names().size() + " tensors)";
  }
}
