package dev.tenon.runtime.state;

import dev.tenon.runtime.DType;
import dev.tenon.runtime.Tensor;
import dev.tenon.runtime.internal.layout.Shapes;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Named tensors, numbers and texts that one participant of a training run has in a checkpoint, and
 * sections within it. Whoever reads asks for what it expects: another type or shape, or nothing of
 * that name, is an error that names the entry. Not synchronised.
 */
public final class CheckpointSection {
  /** What the metadata of a checkpoint's file have, and those of other files have not. */
  public static final String FORMAT = "tenon.checkpoint";

  /**
   * What the names begin with that a checkpoint has besides those of the model's state. A state
   * that is loaded from a checkpoint leaves them out.
   */
  public static final String PREFIX = "checkpoint/";

  private static final String SEPARATOR = "/";

  private final String origin;
  private final String prefix;
  private final Map<String, Tensor> tensors;
  private final Map<String, String> texts;

  private CheckpointSection(
      String origin, String prefix, Map<String, Tensor> tensors, Map<String, String> texts) {
    this.origin = origin;
    this.prefix = prefix;
    this.tensors = tensors;
    this.texts = texts;
  }

  /**
   * A section to write to, of no file yet.
   *
   * @return an empty section
   */
  public static CheckpointSection empty() {
    return of("The checkpoint", Map.of(), Map.of());
  }

  /**
   * A section with all there is.
   *
   * @param origin how messages call it, such as the path of its file
   * @param tensors by name, with the names of sections before it and slashes between them
   * @param texts by name, likewise
   * @return a section; the maps are copied, the tensors are not
   */
  public static CheckpointSection of(
      String origin, Map<String, Tensor> tensors, Map<String, String> texts) {
    Objects.requireNonNull(tensors, "tensors");
    Objects.requireNonNull(texts, "texts");
    return new CheckpointSection(
        Objects.requireNonNull(origin, "origin"),
        "",
        new LinkedHashMap<>(tensors),
        new LinkedHashMap<>(texts));
  }

  /**
   * How messages call it.
   *
   * @return such as the path of its file
   */
  public String origin() {
    return origin;
  }

  /**
   * A section within this one; what is written to one is in the other.
   *
   * @param name not empty, without a slash at its ends
   * @return the section, which may have no entries
   * @throws IllegalArgumentException if that is no name
   */
  public CheckpointSection section(String name) {
    return new CheckpointSection(origin, key(name) + SEPARATOR, tensors, texts);
  }

  /**
   * Writes a tensor.
   *
   * @param name new in this section
   * @param value not copied
   * @throws IllegalArgumentException if that is no name, or there is such an entry
   */
  public void put(String name, Tensor value) {
    Objects.requireNonNull(value, "value");
    if (tensors.putIfAbsent(key(name), value) != null) {
      throw taken(name);
    }
  }

  /**
   * Writes a whole number.
   *
   * @param name new in this section
   * @param value any
   * @throws IllegalArgumentException if that is no name, or there is such an entry
   */
  public void put(String name, long value) {
    put(name, Tensor.of(new long[] {value}));
  }

  /**
   * Writes a number. Its bits are kept, those of NaN as well.
   *
   * @param name new in this section
   * @param value any
   * @throws IllegalArgumentException if that is no name, or there is such an entry
   */
  public void put(String name, double value) {
    put(name, Tensor.of(new double[] {value}));
  }

  /**
   * Writes a text: a setting, because a trainer that resumes takes a checkpoint only if its
   * optimiser and it have the same texts.
   *
   * @param name new in this section
   * @param value any
   * @throws IllegalArgumentException if that is no name, or there is such an entry
   */
  public void put(String name, String value) {
    Objects.requireNonNull(value, "value");
    if (texts.putIfAbsent(key(name), value) != null) {
      throw taken(name);
    }
  }

  /**
   * Writes everything of another section.
   *
   * @param other its entries become entries here, under their names there
   * @throws IllegalArgumentException if there is such an entry
   */
  public void putAll(CheckpointSection other) {
    Objects.requireNonNull(other, "other");
    other.tensors().forEach(this::put);
    other.texts().forEach(this::put);
  }

  private IllegalArgumentException taken(String name) {
    return new IllegalArgumentException(
        origin + " has an entry \"" + key(name) + "\" already: give each a name of its own.");
  }

  /**
   * Whether there is an entry or a section.
   *
   * @param name in this section
   * @return true for tensors, numbers, texts, and sections that are not empty
   */
  public boolean contains(String name) {
    String key = key(name);
    return tensors.containsKey(key) || texts.containsKey(key) || !section(name).isEmpty();
  }

  /**
   * Whether there is nothing in it.
   *
   * @return true if it has no entries, and no section of it has
   */
  public boolean isEmpty() {
    return tensors.keySet().stream().noneMatch(key -> key.startsWith(prefix))
        && texts.keySet().stream().noneMatch(key -> key.startsWith(prefix));
  }

  /**
   * A tensor.
   *
   * @param name in this section
   * @param dtype its element type
   * @param shape its extents
   * @return the tensor, not a copy
   * @throws IllegalArgumentException if there is none, or one of another type or shape
   */
  public Tensor tensor(String name, DType dtype, int... shape) {
    Objects.requireNonNull(dtype, "dtype");
    Objects.requireNonNull(shape, "shape");
    Tensor tensor = anyTensor(name);
    if (tensor.dtype() != dtype || !Arrays.equals(tensor.shape(), shape)) {
      throw new IllegalArgumentException(
          origin
              + ": \""
              + key(name)
              + "\" must be "
              + dtype
              + " "
              + Shapes.text(shape)
              + ", but is "
              + tensor.describe()
              + ".");
    }
    return tensor;
  }

  /**
   * A tensor of whatever type and shape.
   *
   * @param name in this section
   * @return the tensor, not a copy
   * @throws IllegalArgumentException if there is none
   */
  public Tensor anyTensor(String name) {
    Tensor tensor = tensors.get(key(name));
    if (tensor == null) {
      throw missing(name);
    }
    return tensor;
  }

  /**
   * A whole number.
   *
   * @param name in this section
   * @return the number
   * @throws IllegalArgumentException if there is none, or something else
   */
  public long integer(String name) {
    return tensor(name, DType.INT64).toLongArray()[0];
  }

  /**
   * A whole number within bounds, which a damaged file may not keep.
   *
   * @param name in this section
   * @param least the lowest that makes sense
   * @param most the highest that makes sense
   * @return the number
   * @throws IllegalArgumentException if there is none, something else, or one out of bounds
   */
  public long integer(String name, long least, long most) {
    long value = integer(name);
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          origin
              + ": \""
              + key(name)
              + "\" must be from "
              + least
              + " to "
              + most
              + ", but is "
              + value
              + ".");
    }
    return value;
  }

  /**
   * A number.
   *
   * @param name in this section
   * @return the number, to the bit
   * @throws IllegalArgumentException if there is none, or something else
   */
  public double number(String name) {
    return tensor(name, DType.FLOAT64).toDoubleArray()[0];
  }

  /**
   * A text.
   *
   * @param name in this section
   * @return the text
   * @throws IllegalArgumentException if there is none
   */
  public String text(String name) {
    String text = texts.get(key(name));
    if (text == null) {
      throw missing(name);
    }
    return text;
  }

  private IllegalArgumentException missing(String name) {
    return new IllegalArgumentException(origin + " has no entry \"" + key(name) + "\".");
  }

  /**
   * What is wrong with an entry that was read, as an exception that names it.
   *
   * @param name in this section
   * @param what such as {@code must be at least 0, but is -1}
   * @return an exception to throw
   */
  public IllegalArgumentException wrong(String name, String what) {
    Objects.requireNonNull(what, "what");
    return new IllegalArgumentException(origin + ": \"" + key(name) + "\" " + what + ".");
  }

  /**
   * The tensors and numbers of this section and of those within it.
   *
   * @return by name as seen from here, in the order in which they were written
   */
  public Map<String, Tensor> tensors() {
    return within(tensors);
  }

  /**
   * The texts of this section and of those within it.
   *
   * @return by name as seen from here, in the order in which they were written
   */
  public Map<String, String> texts() {
    return within(texts);
  }

  /**
   * The names of the sections directly within this one.
   *
   * @return without those that are empty
   */
  public List<String> sections() {
    Set<String> names = new LinkedHashSet<>();
    for (Map<String, ?> map : List.of(tensors(), texts())) {
      for (String name : map.keySet()) {
        int end = name.indexOf(SEPARATOR);
        if (end > 0) {
          names.add(name.substring(0, end));
        }
      }
    }
    return List.copyOf(names);
  }

  /**
   * This section by itself, with copies of its tensors.
   *
   * @return a section that shares nothing with this one
   */
  public CheckpointSection copy() {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    tensors().forEach((name, tensor) -> copies.put(name, tensor.copy()));
    return new CheckpointSection(origin, "", copies, new LinkedHashMap<>(texts()));
  }

  private <V> Map<String, V> within(Map<String, V> all) {
    Map<String, V> map = new LinkedHashMap<>();
    all.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            map.put(key.substring(prefix.length()), value);
          }
        });
    return Collections.unmodifiableMap(map);
  }

  private String key(String name) {
    Optional<String> fault =
        Objects.requireNonNull(name, "name").isEmpty()
            ? Optional.of("is empty")
            : name.startsWith(SEPARATOR) || name.endsWith(SEPARATOR)
                ? Optional.of("begins or ends with a slash")
                : Optional.empty();
    if (fault.isPresent()) {
      throw new IllegalArgumentException(
          origin + ": the name \"" + name + "\" " + fault.get() + ".");
    }
    return prefix + name;
  }

  /** Returns where it comes from and the names of its entries. */
  @Override
  public String toString() {
    return origin + " " + prefix + ": " + tensors().keySet() + " " + texts();
  }
}
