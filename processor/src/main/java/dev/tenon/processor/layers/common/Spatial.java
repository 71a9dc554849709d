package dev.tenon.processor.layers.common;

import dev.tenon.processor.shape.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How many axes a value has behind its channels, and what messages call it and them. */
public enum Spatial {
  /** {@code [channels, length]}. */
  ONE("1d", "sequences", "length"),
  /** {@code [channels, height, width]}. */
  TWO("2d", "images", "height", "width"),
  /** {@code [channels, depth, height, width]}. */
  THREE("3d", "volumes", "depth", "height", "width");

  private static final List<String> NUMBERS = List.of("one", "two", "three");

  private final String suffix;
  private final String values;
  private final List<String> names;

  Spatial(String suffix, String values, String... names) {
    this.suffix = suffix;
    this.values = values;
    this.names = List.of(names);
  }

  /** The number of spatial axes. */
  public int axes() {
    return names.size();
  }

  /** How the names of annotations end: {@code 2d}. */
  public String suffix() {
    return suffix;
  }

  /** What they work on, in words: {@code images, channels x height x width}. */
  public String works() {
    List<String> all = new ArrayList<>(List.of("channels"));
    all.addAll(names);
    return values + ", " + String.join(" x ", all);
  }

  /** How many values an attribute takes: {@code one value for height and width, or two, ...}. */
  public String oneOrAll() {
    return axes() == 1
        ? "one value"
        : "one value for "
            + String.join(", ", names.subList(0, axes() - 1))
            + " and "
            + names.get(axes() - 1)
            + ", or "
            + NUMBERS.get(axes() - 1)
            + ", {"
            + String.join(", ", names)
            + "}";
  }

  /** The spatial axes, in words. */
  List<String> names() {
    return names;
  }

  /** What they work on: {@code images of three channels}. */
  String ofChannels(int channels) {
    return values + " of " + NUMBERS.get(channels - 1) + (channels == 1 ? " channel" : " channels");
  }

  /** Whether this shape has so many axes behind its channels. */
  public boolean takes(Shape input) {
    return input.rank() == 1 + axes();
  }

  /** The number of spatial axes of a shape, if it has at least one and at most three. */
  public static Optional<Spatial> of(Shape input) {
    return Stream.of(values()).filter(spatial -> spatial.takes(input)).findFirst();
  }
}
